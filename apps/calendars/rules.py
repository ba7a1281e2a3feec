"""What a notice about holidays and a line of windows must look like: pure functions of text and dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

WEEKDAYS = 7
SATURDAY = 5
LONGEST_RUN = 7
FEWEST_WORKDAYS, MOST_WORKDAYS = 248, 251
DECEMBER = 12
LONGEST_NAME = 60
OFF_WORDS = {"off", "休", "放假", "休息", "holiday", "false", "0"}
WORK_WORDS = {"work", "班", "上班", "补班", "调休上班", "workday", "true", "1"}

_DASHES = re.compile(r"\s*[-–—~～至到]+\s*")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")

Stored = Mapping[str, Sequence[Sequence[str]]]


class Unreadable(ValueError):
    """The text is not what it should be; the message is translated and says where."""


@dataclass(frozen=True)
class NoticeDay:
    """One line of a notice: a date that is off or worked, and for what."""

    on: date
    is_working: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """What a notice says about a year."""

    year: int
    days: tuple[NoticeDay, ...]
    source: str = ""


def parse_windows(text: str) -> list[list[str]]:
    """Read “08:30-12:00 13:30-17:30” as stored windows; no text, no windows. 24:00 and 00:00 at the end are midnight.

    Raises ``Unreadable`` for what is no window and for windows that overlap.
    """
    found: list[list[str]] = []
    for part in re.split(r"[\s,，;；、]+", _DASHES.sub("-", text.strip())):
        if not part:
            continue
        begin, dash, end = part.partition("-")
        opens, closes = _CLOCK.fullmatch(begin), _CLOCK.fullmatch(end)
        if not dash or opens is None or closes is None or opens[1] == "24" or (closes[1] == "24" and closes[2] != "00"):
            raise Unreadable(_("“%(part)s” is no time span. Write it like 08:30-12:00.") % {"part": part})
        found.append([f"{int(opens[1]):02}:{opens[2]}", f"{int(closes[1]) % 24:02}:{closes[2]}"])
    found.sort()
    for (begin, end), (following, _end) in pairwise(found):
        if end <= begin or following < end:
            raise Unreadable(_("%(one)s and %(other)s overlap.") % {"one": f"{begin}-{end}", "other": following})
    return found


def windows_in_words(windows: Sequence[Sequence[str]] | None) -> str:
    """Return stored windows as people write them: “08:30-12:00 13:30-17:30”."""
    return " ".join(f"{begin}-{'24:00' if end == '00:00' else end}" for begin, end in windows or ())


def clock_windows(windows: Sequence[Sequence[str]]) -> list[tuple[time, time]]:
    """Return stored windows as times."""
    return [(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in windows]


def week_windows(windows: Stored) -> dict[int, list[tuple[time, time]]]:
    """Return a stored week as times by weekday."""
    return {int(weekday): clock_windows(spans) for weekday, spans in windows.items() if spans}


def parse_notice(text: str) -> Notice:
    """Read a holiday-cn file, or a table with a line per date: date, off or work, name.

    Raises ``Unreadable`` with the line at fault, and for a year whose notice is not out yet.
    """
    text = text.strip().lstrip("\ufeff")
    if not text:
        raise Unreadable(_("There is nothing to read. Choose a file or paste the table."))
    return _parse_json(text) if text.startswith(("{", "[")) else _parse_table(text)


def _parse_json(text: str) -> Notice:
    try:
        content = json.loads(text)
        year, days = int(content["year"]), content["days"]
        lines = [
            NoticeDay(date.fromisoformat(day["date"]), day["isOffDay"] is False, _name(day["name"])) for day in days
        ]
        papers = [paper for paper in content.get("papers") or [] if isinstance(paper, str)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            _("This is not a holiday-cn file: it has “year” and “days” with name, date, isOffDay.")
        ) from error
    if not lines:
        raise Unreadable(
            _("The file of %(year)s is empty: the State Council has not published that year yet.") % {"year": year}
        )
    return Notice(year, _in_order(lines), (papers or [""])[0][:200])


def _parse_table(text: str) -> Notice:
    lines: list[NoticeDay] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in re.split(r"[\t,，]", line)]
        on = _DATE.fullmatch(cells[0])
        if on is None and not lines:
            continue  # the heading
        try:
            if on is None or len(cells) < 2:  # noqa: PLR2004  date and word; the name may be missing
                raise ValueError
            lines.append(NoticeDay(date(int(on[1]), int(on[2]), int(on[3])), _works(cells[1]), _name(*cells[2:3])))
        except ValueError as error:
            raise Unreadable(
                _("Line %(number)s: “%(line)s”. Write date, 休 or 班, name; for example 2026-10-01, 休, 国庆节.")
                % {"number": number, "line": line.strip()[:60]}
            ) from error
    if not lines:
        raise Unreadable(
            _("No line begins with a date. Write date, 休 or 班, name; for example 2026-10-01, 休, 国庆节.")
        )
    return Notice(max(line.on.year for line in lines), _in_order(lines))


def _works(word: str) -> bool:
    if word.lower() in OFF_WORDS | WORK_WORDS:
        return word.lower() in WORK_WORDS
    raise ValueError(word)


def _name(name: Any = "") -> str:
    return str(name).strip()[:LONGEST_NAME]


def _in_order(lines: Iterable[NoticeDay]) -> tuple[NoticeDay, ...]:
    return tuple(sorted(lines, key=lambda line: line.on))


def problems(notice: Notice, others: Mapping[date, bool]) -> list[str]:
    """Return what speaks against a notice, in words; nothing when it may stand.

    ``others`` are national days of the neighbouring notices. Dates belong to the year or the December before;
    make-up days fall on weekends; no run of workdays is longer than 7; a year has 248 to 251 workdays.
    """
    found = []
    seen: set[date] = set()
    for line in notice.days:
        if line.on.year != notice.year and (line.on.year, line.on.month) != (notice.year - 1, DECEMBER):
            found.append(
                _("%(day)s is neither in %(year)s nor in the December before.") % {"day": line.on, "year": notice.year}
            )
        if line.is_working and line.on.weekday() < SATURDAY:
            found.append(_("%(day)s is a make-up workday, but no Saturday or Sunday.") % {"day": line.on})
        if line.on in seen:
            found.append(_("%(day)s is there twice.") % {"day": line.on})
        seen.add(line.on)
    return found or _problems_of_the_year(notice, others)


def _problems_of_the_year(notice: Notice, others: Mapping[date, bool]) -> list[str]:
    said = {**others, **{line.on: line.is_working for line in notice.days}}
    workdays = run = 0
    found = []
    day = date(notice.year - 1, DECEMBER, 1)
    while day.year <= notice.year:
        works = said.get(day, day.weekday() < SATURDAY)
        run = run + 1 if works else 0
        workdays += works and day.year == notice.year
        if run == LONGEST_RUN + 1:
            since = day - timedelta(days=LONGEST_RUN)
            found.append(_("From %(day)s on there are more than 7 workdays in a row.") % {"day": since})
        day += timedelta(days=1)
    if not FEWEST_WORKDAYS <= workdays <= MOST_WORKDAYS:
        found.append(
            _("%(year)s would have %(count)s workdays; it is always 248 to 251.")
            % {"year": notice.year, "count": workdays}
        )
    return found


def week_in_words(windows: Stored) -> str:
    """Return a stored week as people say it: days in a row with the same windows together."""
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    spans = [windows_in_words(windows.get(str(weekday))) for weekday in range(WEEKDAYS)]
    parts, weekday = [], 0
    while weekday < WEEKDAYS:
        last = weekday
        while last + 1 < WEEKDAYS and spans[last + 1] == spans[weekday]:
            last += 1
        if spans[weekday]:
            days = names[weekday] if last == weekday else f"{names[weekday]}–{names[last]}"
            parts.append(f"{days} {spans[weekday]}")
        weekday = last + 1
    return "; ".join(parts)


@dataclass(frozen=True)
class Difference:
    """One date of an import against what is stored: None where there is nothing."""

    on: date
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Return the dates on which two lists of national days differ, in order."""
    old, new = {line["on"]: line for line in before}, {line["on"]: line for line in after}
    return [
        Difference(date.fromisoformat(on), old.get(on), new.get(on))
        for on in sorted(old.keys() | new.keys())
        if old.get(on) != new.get(on)
    ]
