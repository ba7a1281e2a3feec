"""From cells of text to the values of a row: nothing, dates, choices, lengths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .columns import BY_FIELD, Column, choice_of
from .problems import Problem
from .reading import ERROR_VALUES

#: People write these where they mean that there is nothing.
NOTHING = frozenset({"", "0", "无"})

EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
#: Day 0 of a spreadsheet's calendar (with its leap day that never was).
SHEET_EPOCH = date(1899, 12, 30)

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}[:时].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")

Value = str | date


@dataclass(frozen=True)
class Row:
    """One row of the file: what it says, by field. What it does not say is not there."""

    number: int
    values: Mapping[str, Value]

    def text(self, field: str) -> str:
        """Return what the row says in a column of text, or ""."""
        return str(self.values.get(field, ""))

    def says_any(self, fields: Sequence[str]) -> bool:
        return any(field in self.values for field in fields)


def parse_date(text: str) -> date | None:
    """Return the date that ``text`` means, in the Chinese, ISO and spreadsheet forms, or None."""
    folded = unicodedata.normalize("NFKC", text).strip()
    try:
        if match := _DATE.fullmatch(folded) or _COMPACT.fullmatch(folded):
            found = date(*(int(part) for part in match.groups()))
        elif match := _SERIAL.fullmatch(folded):
            found = SHEET_EPOCH + timedelta(days=int(match[1]))
        else:
            return None
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def row_of(number: int, cells: Sequence[str], columns: Mapping[int, str], width: int) -> tuple[Row, list[Problem]]:
    """Return what one row says in the chosen columns, and what is wrong with it.

    ``width`` is the number of the header's columns: a cell beyond it means that the row's cells are shifted.
    """
    if len(cells) > width:
        return Row(number, {}), [Problem("too_many_cells", number)]
    values: dict[str, Value] = {}
    problems = []
    for position, name in columns.items():
        text = cells[position] if position < len(cells) else ""
        column = BY_FIELD[name]
        if not column.is_multiline:
            text = " ".join(text.split())
        if text in NOTHING:
            continue
        value = _value(column, text, number)
        if isinstance(value, Problem):
            problems.append(value)
        else:
            values[name] = value
    return Row(number, values), problems


def _value(column: Column, text: str, number: int) -> Value | Problem:
    if text in ERROR_VALUES:
        return Problem("cell_error", number, column.field, text)
    if column.is_date:
        return parse_date(text) or Problem("invalid_date", number, column.field, text)
    if column.choices is not None:
        return choice_of(column, text) or Problem("unknown_choice", number, column.field, text)
    if len(text) > column.max_length:
        return Problem("too_long", number, column.field, text, limit=column.max_length)
    return text
