"""From a file's bytes to a header and rows of plain text, whatever the file's name says."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from .columns import recognise
from .problems import Problem, Unreadable

MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_UNPACKED = 150 * 1024 * 1024
#: A title may stand above the header.
HEADER_WITHIN = 20
SEPARATORS = ",;\t"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})

Cells = list[str]
Line = tuple[int, Cells]

#: Control, direction and zero-width characters: nobody sees them, and they make equal names unequal.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass
class Table:
    """A file opened as a table. ``lines`` are its rows below the header with their row numbers, read as one goes."""

    header: list[str]
    lines: Iterator[Line]
    kind: str
    #: How many rows there seem to be, for the progress; the file's own word.
    estimate: int = 0
    notes: list[Problem] = field(default_factory=list)


def kind_of(content: bytes) -> str:
    """Return "xlsx" or "csv", decided by the content. Raises ``Unreadable`` for anything else."""
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_excel")
    if content.startswith(b"PK\x03\x04"):
        _check_archive(content)
        return "xlsx"
    _decode(content)
    return "csv"


def open_table(content: bytes) -> Table:
    """Open a file as a table; the header is the row whose names are recognised best, among the first ones.

    Raises ``Unreadable``; so may ``Table.lines`` while they are read.
    """
    kind = kind_of(content)
    return _open_workbook(content) if kind == "xlsx" else _open_text(content)


def _check_archive(content: bytes) -> None:
    """Refuse what is no workbook, what unpacks to too much, and XML with definitions of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise Unreadable("not_a_table")
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise Unreadable("unpacks_too_large", limit=MAX_UNPACKED // 1024 // 1024)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        if b"<!DOCTYPE" in part.read(1024):
                            raise Unreadable("damaged")
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("damaged") from error


def first_sheet(content: bytes) -> Iterator[Line]:
    """Return the rows of a workbook's first sheet that holds something, with their numbers, read as one goes.

    Raises ``Unreadable``, at once or while they are read.
    """
    if kind_of(content) != "xlsx":
        raise Unreadable("not_a_table")
    return _sheet_lines(_filled_sheets(content)[0])


def _open_workbook(content: bytes) -> Table:
    filled = _filled_sheets(content)
    sheet = filled[0]
    table = _table("xlsx", _sheet_lines(sheet), estimate=sheet.max_row or 0)
    if len(filled) > 1:
        table.notes.append(Problem("other_sheets", value=sheet.title))
    return table


def _filled_sheets(content: bytes) -> list[Any]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        filled = [sheet for sheet in sheets if any(any(line) for _, line in itertools.islice(_sheet_lines(sheet), 50))]
    except Unreadable:
        raise
    except Exception as error:
        # The library raises whatever the damage happens to cause.
        raise Unreadable("damaged") from error
    if not filled:
        raise Unreadable("empty")
    return filled


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise Unreadable("damaged") from error
        number += 1
        yield number, [_plain(value) for value in row]


def _open_text(content: bytes) -> Table:
    text = _decode(content)
    separator = max(SEPARATORS, key=lambda candidate: _fit(text, candidate))
    return _table("csv", _text_lines(text, separator), estimate=text.count("\n"))


def _fit(text: str, separator: str) -> tuple[int, int]:
    """Say how well a separator suits: columns recognised in the best of the first rows, then columns at all."""
    head = [cells for _, cells in itertools.islice(_text_lines(text, separator), HEADER_WITHIN)]
    return max(((len(recognise(cells)[0]), len(cells)) for cells in head), default=(0, 0))


def _text_lines(text: str, separator: str) -> Iterator[Line]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            yield number, [_plain(cell) for cell in cells]
    except csv.Error as error:
        raise Unreadable("not_a_table") from error


def _decode(content: bytes) -> str:
    """Read text as UTF-8 with or without mark, as UTF-16 with a mark, or as GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise Unreadable("not_a_table")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_a_table")


def _table(kind: str, lines: Iterator[Line], *, estimate: int) -> Table:
    head = list(itertools.islice(lines, HEADER_WITHIN))
    filled = [index for index, (_, cells) in enumerate(head) if any(cells)]
    if not filled:
        raise Unreadable("empty")
    chosen = max(filled, key=lambda index: (len(recognise(head[index][1])[0]), -index))
    header = _trimmed(head[chosen][1])
    if len(header) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", limit=MAX_COLUMNS)
    rest = itertools.chain(head[chosen + 1 :], lines)
    return Table(header, _counted(rest), kind, estimate=max(estimate - head[chosen][0], 0))


def _counted(lines: Iterator[Line]) -> Iterator[Line]:
    """Pass on the rows that hold something, up to the limit; blank ones in between are skipped."""
    count = 0
    for number, cells in lines:
        if not any(cells):
            if number > MAX_ROWS * 4:
                raise Unreadable("too_many_rows", limit=MAX_ROWS)
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable("too_many_rows", limit=MAX_ROWS)
        yield number, _trimmed(cells)


def _trimmed(cells: Sequence[str]) -> Cells:
    """Return the cells without the blank ones at the end."""
    last = next((index for index in range(len(cells), 0, -1) if cells[index - 1]), 0)
    return list(cells[:last])


def _plain(value: object) -> str:
    """Return a cell's value as text: dates as ISO, whole numbers without a fraction, nothing invisible."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = _INVISIBLE.sub("", str(value)).strip()
    # Our own exports put an apostrophe before what a spreadsheet would take for a formula.
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
