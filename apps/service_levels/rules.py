"""When a promise is due, how much of it is used up, when it escalates, and why: pure functions (R-04, R-15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from apps.core.recurrence import add_months
from apps.core.worktime import (
    WorkCalendar,
    add_working_days,
    add_working_time,
    is_working_day,
    windows_on,
    working_minutes_between,
    working_time_between,
)

#: A time in which the clock stood still, from and to.
Span = tuple[datetime, datetime]

LAST_SECOND = time(23, 59, 59)
#: "At once" is 0 minutes, and escalates as if it were so many.
AT_ONCE = timedelta(minutes=5)
FULL = 100


class Unit(StrEnum):
    """What a target counts. WINDOW takes the end of the subject's own window instead of counting."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    WINDOW = "window"


@dataclass(frozen=True)
class Promise:
    """What decides a due time: start, amount and unit, the calendar, the pauses that are over."""

    start: datetime
    amount: int
    unit: str
    calendar: WorkCalendar
    pauses: Sequence[Span] = ()
    #: Where the unit is WINDOW: its end.
    window_ends_at: datetime | None = None


def due(start: datetime, minutes: int, calendar: WorkCalendar, pauses: Iterable[Span] = ()) -> datetime:
    """Return when ``minutes`` of working time are used up, pauses left out.

    Pauses are (from, to) pairs that may overlap; what lies before the start is clipped. A target used up exactly at
    closing time is due then, and one of 0 minutes at its start. Raises ``NoWorkingTime`` for a calendar without any.
    """
    return _used_up(start, timedelta(minutes=minutes), calendar, pauses)


def _used_up(start: datetime, left: timedelta, calendar: WorkCalendar, pauses: Iterable[Span]) -> datetime:
    at = start
    for began, ended in merged(pauses, start):
        reached = add_working_time(at, left, calendar)
        if reached <= began:
            return reached
        left -= working_time_between(at, began, calendar)
        at = ended
    return add_working_time(at, left, calendar)


def merged(pauses: Iterable[Span], start: datetime) -> list[Span]:
    """Return the pauses after ``start`` in order, overlapping ones as one, empty ones left out."""
    found: list[Span] = []
    for began, ended in sorted((max(began, start), ended) for began, ended in pauses if ended > start):
        if ended <= began:
            continue
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def due_at(promise: Promise) -> datetime:
    """Return when a promise is due.

    Days, working days and months do not count the day of the start and are due at the end of the last day; a day that
    a pause covers from midnight to midnight is not counted.
    """
    match promise.unit:
        case Unit.MINUTES:
            return due(promise.start, promise.amount, promise.calendar, promise.pauses)
        case Unit.WINDOW:
            if promise.window_ends_at is None:
                raise ValueError("A promise for a window needs its end.")
            return promise.window_ends_at
        case _:
            return end_of(_last_day(promise), promise.calendar)


def end_of(day: date, calendar: WorkCalendar) -> datetime:
    """Return the last second of a day."""
    return datetime.combine(day, LAST_SECOND, tzinfo=calendar.zone)


def _last_day(promise: Promise) -> date:
    first = promise.start.astimezone(promise.calendar.zone).date()
    spans = merged(promise.pauses, promise.start)
    if promise.unit == Unit.MONTHS:
        planned = add_months(first, promise.amount)
        days = (planned - first).days
        return (
            planned if not spans else _walk(first, days, lambda day: day + timedelta(days=1), promise.calendar, spans)
        )
    if promise.unit == Unit.WORKING_DAYS:
        if not spans:
            return add_working_days(first, promise.amount, promise.calendar)
        return _walk(
            first, promise.amount, lambda day: add_working_days(day, 1, promise.calendar), promise.calendar, spans
        )
    return _walk(first, promise.amount, lambda day: day + timedelta(days=1), promise.calendar, spans)


def _walk(
    first: date, days: int, following: Callable[[date], date], calendar: WorkCalendar, spans: Sequence[Span]
) -> date:
    day = first
    while days > 0:
        day = following(day)
        if not _is_paused_whole(day, calendar, spans):
            days -= 1
    return day


def _is_paused_whole(day: date, calendar: WorkCalendar, spans: Sequence[Span]) -> bool:
    begins = datetime.combine(day, time(), tzinfo=calendar.zone)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=calendar.zone)
    return any(began <= begins and ended >= ends for began, ended in spans)


def used(promise: Promise, at: datetime) -> timedelta:
    """Return the time of the promise's calendar used up by ``at``, pauses left out; wall time for counted days."""
    calendar = promise.calendar if promise.unit == Unit.MINUTES else WorkCalendar.always(promise.calendar.zone)
    spans = [(began, min(ended, at)) for began, ended in merged(promise.pauses, promise.start) if began < at]
    paused = sum((working_time_between(began, ended, calendar) for began, ended in spans), timedelta())
    return working_time_between(promise.start, at, calendar) - paused


def left(promise: Promise, at: datetime) -> timedelta:
    """Return what is left at ``at``; negative once it is past due."""
    if promise.unit == Unit.MINUTES:
        return timedelta(minutes=promise.amount) - used(promise, at)
    return due_at(promise) - at


def late_minutes(promise: Promise, due_time: datetime, at: datetime) -> int:
    """Return by how many minutes of its calendar ``at`` is after the due time; wall minutes for counted days."""
    if promise.unit == Unit.MINUTES:
        return working_minutes_between(due_time, at, promise.calendar)
    return max(0, int((at - due_time).total_seconds() // 60))


def step_at(promise: Promise, percent: int) -> datetime:
    """Return when ``percent`` of the time is used up; for "at once" percent of five minutes, at the earliest those."""
    if promise.unit == Unit.MINUTES:
        if promise.amount == 0:
            return _used_up(promise.start, AT_ONCE * (max(percent, FULL) / FULL), promise.calendar, promise.pauses)
        part = timedelta(minutes=promise.amount) * percent / FULL
        return _used_up(promise.start, part, promise.calendar, promise.pauses)
    return promise.start + (due_at(promise) - promise.start) * percent / FULL


@dataclass(frozen=True)
class Stretch:
    """A stretch of a clock's way: ``kind`` is counted, closed, off, make_up or paused."""

    kind: str
    begins: datetime
    ends: datetime

    @property
    def days(self) -> int:
        """How many calendar days it touches."""
        last = self.ends if self.ends == self.begins else self.ends - timedelta(microseconds=1)
        return (last.date() - self.begins.date()).days + 1


def way(promise: Promise, until: datetime) -> list[Stretch]:
    """Return how the time from the start to ``until`` was counted, without gaps, neighbours of one kind as one."""
    zone = promise.calendar.zone
    start, until = promise.start.astimezone(zone), until.astimezone(zone)
    pieces = _hours(promise, start, until) if promise.unit == Unit.MINUTES else _days(promise, start, until)
    found: list[Stretch] = []
    for kind, begins, ends in _with_pauses(pieces, merged(promise.pauses, promise.start)):
        if begins >= ends:
            continue
        if found and found[-1].kind == kind and found[-1].ends == begins:
            found[-1] = Stretch(kind, found[-1].begins, ends)
        else:
            found.append(Stretch(kind, begins, ends))
    return found


Piece = tuple[str, datetime, datetime]


def _midnights(start: datetime, until: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    day = start.date()
    while (midnight := datetime.combine(day, time(), tzinfo=start.tzinfo)) < until:
        following = datetime.combine(day + timedelta(days=1), time(), tzinfo=start.tzinfo)
        yield day, max(midnight, start), min(following, until)
        day += timedelta(days=1)


def _hours(promise: Promise, start: datetime, until: datetime) -> Iterator[Piece]:
    """Minutes: what lies in a window is counted; a day without any is off, the rest of a day closed."""
    calendar = promise.calendar
    for day, begins, ends in _midnights(start, until):
        windows = [(max(opens, begins), min(closes, ends)) for opens, closes in _windows_touching(day, calendar)]
        windows = [(opens, closes) for opens, closes in windows if opens < closes]
        if not windows and not is_working_day(day, calendar):
            yield "off", begins, ends
            continue
        at = begins
        for opens, closes in windows:
            yield "closed", at, opens
            yield "counted", opens, closes
            at = closes
        yield "closed", at, ends


def _windows_touching(day: date, calendar: WorkCalendar) -> list[Span]:
    """The windows of a day and what the evening before still reaches into it."""
    spans = [*windows_on(day - timedelta(days=1), calendar), *windows_on(day, calendar)]
    midnight = datetime.combine(day, time(), tzinfo=calendar.zone)
    return merged([(begins, ends) for begins, ends in spans], midnight)


def _days(promise: Promise, start: datetime, until: datetime) -> Iterator[Piece]:
    """Days: the day of the start is not counted; of working days, neither is one that is off."""
    for day, begins, ends in _midnights(start, until):
        is_first = day == start.date()
        works = promise.unit != Unit.WORKING_DAYS or is_working_day(day, promise.calendar)
        yield "start" if is_first else "counted" if works else "off", begins, ends


def _with_pauses(pieces: Iterable[Piece], pauses: Sequence[Span]) -> Iterator[Piece]:
    for kind, begins, ends in pieces:
        at = begins
        for began, ended in pauses:
            if ended <= at or began >= ends:
                continue
            yield kind, at, max(began, at)
            yield "paused", max(began, at), min(ended, ends)
            at = min(ended, ends)
        yield kind, at, ends
