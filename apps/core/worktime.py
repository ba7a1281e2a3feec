"""Working time: which moments count, when so much of it is used up, how much lies between two moments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

Windows = list[tuple[time, time]]
#: Stretches of time in microseconds, in order, none touching the next: since a midnight or since the epoch.
Spans = tuple[tuple[int, int], ...]

DEFAULT_ZONE = "Asia/Shanghai"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _TICK
_TOMORROW = timedelta(days=1)
_NEXT_WEEK = timedelta(days=7)


class NoWorkingTime(ValueError):
    """The calendar has no working time any more: nothing ever becomes due in it."""


@dataclass(frozen=True)
class WorkCalendar:
    """When work is done: windows by weekday (0 is Monday), dated exceptions, and the zone whose clocks they mean.

    A window that does not end after it starts runs over midnight and belongs to the day it starts; an end at 00:00 is
    midnight. An exception is ``False`` (off), ``True`` (works, with the windows of the first weekday that has any), or
    the date's own windows. Windows may overlap, over midnight too: time counts once. A calendar never changes.
    """

    windows: dict[int, Windows]
    days: dict[date, bool | Windows]
    tz: tzinfo | str = DEFAULT_ZONE
    zone: tzinfo = field(init=False, repr=False, compare=False)
    _own: dict[int, Spans] = field(init=False, repr=False, compare=False)
    _plain: dict[int, Spans] = field(init=False, repr=False, compare=False)
    _each_week: int = field(init=False, repr=False, compare=False)
    _unusual: list[int] = field(init=False, repr=False, compare=False)
    _known: dict[date, Spans] = field(init=False, repr=False, compare=False)
    _offsets: dict[date, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not set(self.windows) <= set(range(7)):
            raise ValueError("Weekdays are 0 (Monday) to 6 (Sunday).")
        own = {weekday: _from_midnight(self.windows.get(weekday, ())) for weekday in range(7)}
        plain = {weekday: _of_one_day(own[weekday], own[(weekday - 1) % 7]) for weekday in range(7)}
        derived = {
            "zone": ZoneInfo(self.tz) if isinstance(self.tz, str) else self.tz,
            "_own": own,
            "_plain": plain,
            "_each_week": sum(end - start for spans in plain.values() for start, end in spans),
            # A window over midnight makes the day after an exception an unusual one too.
            "_unusual": sorted({day.toordinal() + more for day in self.days for more in (0, 1)}),
            "_known": {},
            "_offsets": {},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @classmethod
    def always(cls, tz: tzinfo | str = DEFAULT_ZONE) -> WorkCalendar:
        """Return the calendar in which every moment counts (7×24)."""
        return cls({weekday: [(time(), time())] for weekday in range(7)}, {}, tz)

    def own_spans(self, day: date) -> Spans:
        """Return the windows that start on ``day``, in microseconds from its midnight; some may end after the next."""
        exception = self.days.get(day)
        if exception is None:
            return self._own[day.weekday()]
        if exception is True:
            return next((spans for spans in self._own.values() if spans), ())
        return _from_midnight(exception or ())

    def spans_of(self, day: date) -> Spans:
        """Return the working time between the midnights of ``day``, in microseconds since the epoch."""
        spans = self._known.get(day)
        if spans is None:
            spans = self._known[day] = self._reckon(day)
        return spans

    def _reckon(self, day: date) -> Spans:
        number = day.toordinal()
        if _is_in(self._unusual, number, number + 1):
            spans = _of_one_day(self.own_spans(day), self.own_spans(day - _TOMORROW))
        else:
            spans = self._plain[day.weekday()]
        if not spans:
            return ()
        midnight = (number - _EPOCH_DAY) * _DAY
        before, after = self._ahead(day), self._ahead(day + _TOMORROW)
        if before == after:
            return tuple((midnight + start - before, midnight + end - before) for start, end in spans)
        # The clocks change on this day: what counts is what they show, first by the one offset, then by the other.
        change = self._change(midnight - before - 1, midnight + _DAY - after, after)
        return _united(
            [
                *((midnight + start - before, min(midnight + end - before, change)) for start, end in spans),
                *((max(midnight + start - after, change), midnight + end - after) for start, end in spans),
            ]
        )

    def _ahead(self, day: date) -> int:
        """How far the clocks are ahead of UTC at the midnight that begins ``day``."""
        offset = self._offsets.get(day)
        if offset is None:
            at = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            offset = self._offsets[day] = (at.utcoffset() or timedelta()) // _TICK
        return offset

    def _change(self, first: int, last: int, ahead: int) -> int:
        """The moment between two others from which the clocks are so far ahead."""
        while last - first > 1:
            middle = (first + last) // 2
            offset = _moment(middle).astimezone(self.zone).utcoffset() or timedelta()
            first, last = (first, middle) if offset // _TICK == ahead else (middle, last)
        return last

    def week_from(self, day: date) -> int | None:
        """Return the working time of the seven days from ``day``, None unless it is a week like any other."""
        number = day.toordinal()
        if _is_in(self._unusual, number, number + 7) or self._ahead(day) != self._ahead(day + _NEXT_WEEK):
            return None
        return self._each_week

    def check_goes_on(self, day: date) -> None:
        """Raise ``NoWorkingTime`` when no day from ``day`` on can have working time."""
        if not self._each_week and not _is_in(self._unusual, day.toordinal(), date.max.toordinal()):
            raise NoWorkingTime(f"The calendar has no working time from {day} on.")


def _from_midnight(windows: Iterable[tuple[time, time]]) -> Spans:
    found = []
    for start, end in windows:
        begins, ends = _of_clock(start), _of_clock(end)
        found.append((begins, ends if ends > begins else ends + _DAY))
    return _united(found)


def _of_clock(at: time) -> int:
    return (timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)) // _TICK


def _united(spans: Iterable[tuple[int, int]]) -> Spans:
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _of_one_day(own: Spans, day_before: Spans) -> Spans:
    """What lies between a day's midnights: of its own windows, and of the day before's that run over midnight."""
    return _united(
        [
            *((start, min(end, _DAY)) for start, end in own),
            *((max(start - _DAY, 0), end - _DAY) for start, end in day_before),
        ]
    )


def _is_in(numbers: list[int], first: int, end: int) -> bool:
    """Whether one of the sorted ``numbers`` is from ``first`` to before ``end``."""
    at = bisect_left(numbers, first)
    return at < len(numbers) and numbers[at] < end


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK


def _day_of(at: datetime, calendar: WorkCalendar) -> date:
    return at.astimezone(calendar.zone).date()


def add_working_time(start: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    """Return when ``left`` of working time is used up, counted from ``start``; in the zone of ``start``.

    What is used up exactly at closing time is due at closing time; nothing is due at its start, whatever the hour.
    Raises ``NoWorkingTime`` when the calendar has not so much of it, ``ValueError`` for less than nothing.
    """
    remaining = left // _TICK
    if remaining < 0:
        raise ValueError("Working time is added, never taken away.")
    begin = _ticks(start)
    if remaining == 0:
        return start
    day = first = _day_of(start, calendar)
    while True:
        calendar.check_goes_on(day)
        a_week = calendar.week_from(day) if day > first else None
        if a_week is not None and a_week < remaining:
            remaining -= a_week
            day += _NEXT_WEEK
            continue
        for opens, closes in calendar.spans_of(day):
            since = max(opens, begin)
            if remaining <= closes - since:
                return _moment(since + remaining).astimezone(start.tzinfo)
            remaining -= max(closes - since, 0)
        day += _TOMORROW


def add_working_minutes(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """Return when ``minutes`` of working time are used up: ``add_working_time`` in minutes (R-04)."""
    return add_working_time(start, timedelta(minutes=minutes), calendar)


def working_time_between(a: datetime, b: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the working time from ``a`` to ``b``; none when ``b`` is not after ``a``."""
    begin, end = _ticks(a), _ticks(b)
    total = 0
    day = first = _day_of(a, calendar)
    last = _day_of(b, calendar)
    while day <= last and begin < end:
        a_week = calendar.week_from(day) if first < day and day + _NEXT_WEEK <= last else None
        if a_week is not None:
            total += a_week
            day += _NEXT_WEEK
            continue
        for opens, closes in calendar.spans_of(day):
            total += max(min(closes, end) - max(opens, begin), 0)
        day += _TOMORROW
    return total * _TICK


def working_minutes_between(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    """Return the whole minutes of working time from ``a`` to ``b``; 0 when ``b`` is not after ``a``."""
    return working_time_between(a, b, calendar) // timedelta(minutes=1)


def next_opening(at: datetime, calendar: WorkCalendar) -> datetime:
    """Return ``at`` itself while it is working time, else the next start of it; closing time is closed.

    Raises ``NoWorkingTime`` when none comes any more.
    """
    now = _ticks(at)
    day = _day_of(at, calendar)
    while True:
        calendar.check_goes_on(day)
        for opens, closes in calendar.spans_of(day):
            if now < closes:
                return at if opens <= now else _moment(opens).astimezone(at.tzinfo)
        day += _TOMORROW


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    """Say whether windows start on ``day``."""
    return bool(calendar.own_spans(day))


def add_working_days(start: date, n: int, calendar: WorkCalendar) -> date:
    """Return the ``n``-th working day after ``start``, which is not counted itself; ``start`` for 0.

    Raises ``NoWorkingTime`` when the calendar has not so many, ``ValueError`` for fewer than none.
    """
    if n < 0:
        raise ValueError("Working days are added, never taken away.")
    day = start
    while n:
        day += _TOMORROW
        calendar.check_goes_on(day)
        n -= is_working_day(day, calendar)
    return day


def windows_on(day: date, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    """Return the windows that start on ``day``, opening and closing in the calendar's zone."""
    midnight = datetime.combine(day, time())
    windows = (tuple(midnight + at * _TICK for at in span) for span in calendar.own_spans(day))
    found = [(_shown(opens, calendar), _shown(closes, calendar)) for opens, closes in windows]
    return [(opens, closes) for opens, closes in found if _ticks(opens) < _ticks(closes)]


def _shown(clock: datetime, calendar: WorkCalendar) -> datetime:
    """The moment at which the clocks show that time; where they skip it, they show another by then."""
    return clock.replace(tzinfo=calendar.zone).astimezone(UTC).astimezone(calendar.zone)
