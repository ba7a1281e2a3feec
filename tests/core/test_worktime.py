"""Working time against a counter of minutes, as properties, and as tables (traps "Clocks", regulations, R-04)."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays, workdays
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.worktime import (
    NoWorkingTime,
    WorkCalendar,
    add_working_days,
    add_working_minutes,
    add_working_time,
    is_working_day,
    next_opening,
    windows_on,
    working_minutes_between,
    working_time_between,
)
from tests.factories import SHANGHAI, day

from .counted_minutes import A_DAY, BASE, HORIZON, counted, counted_due, some_calendar, some_windows

MIDNIGHT = time(0, 0)
OFFICE_DAY = [(time(8, 30), time(12, 0)), (time(13, 30), time(17, 30))]
NATIONAL = {on: False for on in holidays if on.year >= 2020} | {on: True for on in workdays if on.year >= 2020}
OFFICE = WorkCalendar(dict.fromkeys(range(5), OFFICE_DAY), NATIONAL, SHANGHAI)
NIGHTS = WorkCalendar({weekday: [(time(22, 0), time(6, 0))] for weekday in range(5)}, {}, "Asia/Shanghai")
EMPTY = WorkCalendar({}, {}, SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def minutes(text: str) -> timedelta:
    """Hours and minutes of the table."""
    hours, _, rest = text.partition(":")
    return timedelta(hours=int(hours), minutes=int(rest or 0))


# Against a counter of minutes


def test_ten_thousand_random_cases_agree_with_a_counter_of_minutes() -> None:
    rng = random.Random(20260302)
    midnight = datetime.combine(BASE, MIDNIGHT, SHANGHAI)
    reached = 0
    for case in range(2000):
        calendar = some_calendar(rng)
        open_minutes = counted(calendar)
        for _ in range(5):
            start, seconds = rng.randrange(10 * A_DAY), rng.choice([0, 0, rng.randrange(60)])
            wanted = rng.choice([rng.randrange(1, 600), rng.randrange(1, 6000)])
            began = midnight + timedelta(minutes=start, seconds=seconds)
            due = counted_due(open_minutes, start, seconds, wanted * 60)
            if due is not None:
                reached += 1
                assert add_working_minutes(began, wanted, calendar) == midnight + timedelta(seconds=due), (
                    case,
                    calendar,
                )
            until = rng.randrange(start, HORIZON * A_DAY)
            whole = open_minutes.count(1, start, until)
            found = working_minutes_between(
                midnight + timedelta(minutes=start), midnight + timedelta(minutes=until), calendar
            )
            assert found == whole, (case, calendar)
    assert reached > 6000


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/London", "America/Havana", "America/Santiago", "Asia/Shanghai"]
)
def test_days_on_which_the_clocks_change_count_what_the_clocks_show(zone: str) -> None:
    """Looks at every minute of UTC around each change of the clocks."""
    rng, tz = random.Random(zone), ZoneInfo(zone)
    hours = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    changes = [b for a, b in pairwise(hours) if a.astimezone(tz).utcoffset() != b.astimezone(tz).utcoffset()]
    assert len(changes) == (0 if zone == "Asia/Shanghai" else 2)
    for change in changes * 25:
        calendar = WorkCalendar({weekday: some_windows(rng) for weekday in range(7)}, {}, tz)
        since = change - timedelta(days=1)
        shown = [(since + timedelta(minutes=n)).astimezone(tz).replace(tzinfo=None) for n in range(2 * A_DAY)]
        is_open = [_is_open(moment, calendar) for moment in shown]
        assert working_minutes_between(since, since + timedelta(days=2), calendar) == sum(is_open), (zone, calendar)
        for _ in range(5):
            n = rng.randrange(A_DAY)
            wanted = rng.randrange(1, A_DAY)
            later = [m for m in range(n, 2 * A_DAY) if is_open[m]]
            if len(later) >= wanted:
                due = since + timedelta(minutes=later[wanted - 1] + 1)
                assert add_working_minutes(since + timedelta(minutes=n), wanted, calendar) == due, (zone, calendar)


def _is_open(moment: datetime, calendar: WorkCalendar) -> bool:
    minute = moment.hour * 60 + moment.minute
    for back in (0, 1):
        for opens, closes in calendar.windows[(moment.weekday() - back) % 7]:
            begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
            end += A_DAY if end <= begin else 0
            if begin <= minute + back * A_DAY < end:
                return True
    return False


@pytest.mark.parametrize(("on", "hours"), [("2026-03-07", 7), ("2026-10-31", 9), ("2026-07-04", 8)])
def test_night_shift_is_as_long_as_the_night(on: str, hours: int) -> None:
    """New York turns its clocks in the nights to 8 March and 1 November 2026."""
    new_york = ZoneInfo("America/New_York")
    nights = WorkCalendar({day(on).weekday(): [(time(22), time(6))]}, {}, new_york)
    opens = datetime.combine(day(on), time(22), new_york)
    assert add_working_minutes(opens, hours * 60, nights) == opens.astimezone(UTC) + timedelta(hours=hours)
    assert windows_on(day(on), nights)[0][1].hour == 6


# Tables

TABLE = [
    # name, calendar, start, working time, due
    ("inside one window", OFFICE, "2026-11-16 09:00:00", "1:00", "2026-11-16 10:00:00"),
    ("seconds are kept", OFFICE, "2026-11-16 09:00:42", "1:00", "2026-11-16 10:00:42"),
    ("over the lunch break", OFFICE, "2026-11-16 11:30:00", "1:00", "2026-11-16 14:00:00"),
    ("created in the lunch break", OFFICE, "2026-11-16 12:40:00", "1:00", "2026-11-16 14:30:00"),
    ("used up at lunch", OFFICE, "2026-11-16 11:00:00", "1:00", "2026-11-16 12:00:00"),
    ("used up at closing time", OFFICE, "2026-11-16 16:30:00", "1:00", "2026-11-16 17:30:00"),
    ("begun at closing time", OFFICE, "2026-11-16 17:30:00", "1:00", "2026-11-17 09:30:00"),
    ("a second before closing", OFFICE, "2026-11-16 17:29:59", "1:00", "2026-11-17 09:29:59"),
    ("at 23:59", OFFICE, "2026-11-16 23:59:00", "0:30", "2026-11-17 09:00:00"),
    ("before opening", OFFICE, "2026-11-16 06:00:00", "0:30", "2026-11-16 09:00:00"),
    ("over a weekend", OFFICE, "2026-11-20 17:00:00", "1:00", "2026-11-23 09:00:00"),
    ("on a make-up Saturday", OFFICE, "2026-10-10 16:30:00", "2:00", "2026-10-12 09:30:00"),
    ("over the Spring Festival", OFFICE, "2026-02-14 09:00:00", "8:00", "2026-02-24 09:30:00"),
    ("on a holiday", OFFICE, "2026-10-03 10:00:00", "1:00", "2026-10-08 09:30:00"),
    ("on a make-up Sunday", OFFICE, "2026-09-20 08:00:00", "8:00", "2026-09-21 09:00:00"),
    ("over the National Day week", OFFICE, "2026-09-30 17:00:00", "1:00", "2026-10-08 09:00:00"),
    ("over the year's end", OFFICE, "2025-12-31 17:00:00", "1:00", "2026-01-04 09:00:00"),
    ("nothing, outside hours", OFFICE, "2026-11-15 03:04:05", "0:00", "2026-11-15 03:04:05"),
    ("over midnight", NIGHTS, "2026-11-16 23:00:00", "2:00", "2026-11-17 01:00:00"),
    ("the night belongs to Friday", NIGHTS, "2026-11-20 23:00:00", "8:00", "2026-11-23 23:00:00"),
    ("in Friday's night, on Saturday", NIGHTS, "2026-11-21 05:00:00", "1:00", "2026-11-21 06:00:00"),
    ("no night from Sunday to Monday", NIGHTS, "2026-11-23 02:00:00", "1:00", "2026-11-23 23:00:00"),
    ("round the clock", WorkCalendar.always(), "2026-10-01 23:59:30", "48:00", "2026-10-03 23:59:30"),
    ("a month round the clock", WorkCalendar.always(), "2026-01-31 12:00:00", "720:00", "2026-03-02 12:00:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "start", "length", "due"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_due_time(calendar: WorkCalendar, start: str, length: str, due: str) -> None:
    found = add_working_time(at(start), minutes(length), calendar)
    assert found == at(due)
    assert found.tzinfo is SHANGHAI
    assert working_time_between(at(start), found, calendar) == minutes(length)


def test_due_time_is_told_in_the_zone_of_the_start() -> None:
    start = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    due = add_working_minutes(start, 60, OFFICE)
    assert (due, due.tzinfo) == (datetime(2026, 11, 16, 2, 0, tzinfo=UTC), UTC)


@pytest.mark.parametrize("on", sorted(on for on in NATIONAL if 2024 <= on.year <= 2026), ids=str)
def test_holiday_or_make_up_day(on: date) -> None:
    """Every one of 2024–2026, against the package that knows them."""
    works = chinese_calendar.is_workday(on)
    noon = datetime.combine(on, MIDNIGHT, SHANGHAI)
    assert is_working_day(on, OFFICE) == works
    assert working_minutes_between(noon, noon + timedelta(days=1), OFFICE) == (450 if works else 0)
    assert bool(windows_on(on, OFFICE)) == works
    assert (next_opening(noon, OFFICE).date() == on) == works
    assert (add_working_days(on - timedelta(days=1), 1, OFFICE) == on) == works


def test_every_day_of_three_years_works_as_the_state_council_says() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    assert days[-1] == date(2026, 12, 31)
    assert [on for on in days if is_working_day(on, OFFICE) != chinese_calendar.is_workday(on)] == []


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-16", 0, "2026-11-16"),
        ("2026-11-16", 1, "2026-11-17"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2025-12-30", 3, "2026-01-05"),
    ],
)
def test_working_days_do_not_count_the_first(start: str, n: int, end: str) -> None:
    assert add_working_days(day(start), n, OFFICE) == day(end)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-16 09:15:30", "2026-11-16 09:15:30"),
        ("2026-11-16 08:30:00", "2026-11-16 08:30:00"),
        ("2026-11-16 12:00:00", "2026-11-16 13:30:00"),
        ("2026-11-16 17:30:00", "2026-11-17 08:30:00"),
        ("2026-10-01 09:00:00", "2026-10-08 08:30:00"),
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    """The closing instant counts as closed."""
    assert next_opening(at(moment), OFFICE) == at(opening)


def test_exception_works_with_the_first_weekday_that_has_windows() -> None:
    calendar = WorkCalendar({3: [(time(10), time(11))], 1: [(time(9), time(12))]}, {day("2026-11-21"): True}, SHANGHAI)
    assert windows_on(day("2026-11-21"), calendar) == [(at("2026-11-21 09:00"), at("2026-11-21 12:00"))]


def test_exception_has_its_own_windows() -> None:
    calendar = WorkCalendar({0: OFFICE_DAY}, {day("2026-11-16"): [(time(20), MIDNIGHT)]}, SHANGHAI)
    assert windows_on(day("2026-11-16"), calendar) == [(at("2026-11-16 20:00"), at("2026-11-17 00:00"))]


def test_overlapping_windows_count_once() -> None:
    """Also a night that runs into the windows of the day after."""
    calendar = WorkCalendar(
        {0: [(time(9), time(12)), (time(11), time(13)), (time(20), time(8))], 1: [(time(6), time(9))]}, {}, SHANGHAI
    )
    monday = at("2026-11-16 00:00")
    assert working_minutes_between(monday, monday + timedelta(days=7), calendar) == (4 + 4 + 9) * 60
    assert add_working_minutes(at("2026-11-17 05:00"), 240, calendar) == at("2026-11-17 09:00")


def test_windows_of_a_night_belong_to_the_day_they_start() -> None:
    assert windows_on(day("2026-11-20"), NIGHTS) == [(at("2026-11-20 22:00"), at("2026-11-21 06:00"))]
    assert windows_on(day("2026-11-21"), NIGHTS) == []


def test_day_off_takes_its_night_with_it() -> None:
    calendar = WorkCalendar(NIGHTS.windows, {day("2026-11-17"): False}, SHANGHAI)
    assert add_working_minutes(at("2026-11-17 05:00"), 120, calendar) == at("2026-11-18 23:00")


# What never ends, ends with an error

OFF_FOR_EVER = WorkCalendar({0: []}, {day("2026-11-16"): False, day("2026-12-01"): True}, SHANGHAI)
TWO_DAYS = WorkCalendar(
    {}, {day("2026-11-20"): [(time(9), time(10))], day("2030-01-01"): [(time(23), time(1))]}, SHANGHAI
)


@pytest.mark.parametrize("calendar", [EMPTY, OFF_FOR_EVER], ids=["empty", "exceptions without windows"])
def test_calendar_without_working_time_is_an_error(calendar: WorkCalendar) -> None:
    """Not an endless loop."""
    start = at("2026-11-16 09:00")
    for act in (
        lambda: add_working_minutes(start, 1, calendar),
        lambda: next_opening(start, calendar),
        lambda: add_working_days(start.date(), 1, calendar),
    ):
        with pytest.raises(NoWorkingTime):
            act()
    assert issubclass(NoWorkingTime, ValueError)
    assert working_minutes_between(start, start + timedelta(days=400), calendar) == 0


def test_calendar_of_a_few_dates_ends_with_an_error_when_they_are_used_up() -> None:
    start = at("2026-11-16 09:00")
    assert add_working_minutes(start, 61, TWO_DAYS) == at("2030-01-01 23:01")
    assert add_working_minutes(start, 180, TWO_DAYS) == at("2030-01-02 01:00")
    assert add_working_days(start.date(), 2, TWO_DAYS) == day("2030-01-01")
    for act in (
        lambda: add_working_minutes(start, 181, TWO_DAYS),
        lambda: add_working_days(start.date(), 3, TWO_DAYS),
        lambda: next_opening(at("2030-01-02 01:00"), TWO_DAYS),
    ):
        with pytest.raises(NoWorkingTime):
            act()


def test_working_time_is_never_taken_away() -> None:
    with pytest.raises(ValueError, match="never taken away"):
        add_working_minutes(at("2026-11-16 09:00"), -1, OFFICE)
    with pytest.raises(ValueError, match="never taken away"):
        add_working_days(day("2026-11-16"), -1, OFFICE)
    with pytest.raises(ValueError, match="Weekdays"):
        WorkCalendar({7: OFFICE_DAY}, {}, SHANGHAI)


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert working_minutes_between(at("2026-11-17 10:00"), at("2026-11-16 10:00"), OFFICE) == 0


def test_minutes_between_are_whole_ones() -> None:
    assert working_minutes_between(at("2026-11-16 09:00:00"), at("2026-11-16 09:01:59"), OFFICE) == 1


# Properties

SEEDS = st.integers(0, 2**32)
MOMENTS = st.integers(0, 50 * A_DAY * 60).map(lambda seconds: at("2026-02-20") + timedelta(seconds=seconds))
LENGTHS = st.integers(1, 20_000)
properties = settings(max_examples=150, deadline=None)


def working_calendar(seed: int) -> WorkCalendar:
    """A calendar that works at least on Wednesdays."""
    calendar = some_calendar(random.Random(seed))
    return WorkCalendar(calendar.windows | {2: [(time(7), time(19))]}, calendar.days, SHANGHAI)


@properties
@given(SEEDS, MOMENTS, LENGTHS)
def test_due_lies_in_a_window_its_closing_instant_included(seed: int, start: datetime, length: int) -> None:
    calendar = working_calendar(seed)
    due = add_working_minutes(start, length, calendar)
    windows = [window for back in (0, 1) for window in windows_on(due.date() - timedelta(days=back), calendar)]
    assert any(opens < due <= closes for opens, closes in windows)


@properties
@given(SEEDS, MOMENTS, MOMENTS, LENGTHS)
def test_later_start_is_never_due_earlier(seed: int, one: datetime, other: datetime, length: int) -> None:
    calendar = working_calendar(seed)
    first, second = sorted([one, other])
    assert add_working_minutes(first, length, calendar) <= add_working_minutes(second, length, calendar)


@properties
@given(SEEDS, MOMENTS, LENGTHS, st.integers(0, 40))
def test_another_holiday_never_makes_it_due_earlier(seed: int, start: datetime, length: int, after: int) -> None:
    calendar = working_calendar(seed)
    holiday = start.date() + timedelta(days=after)
    with_holiday = WorkCalendar(calendar.windows, calendar.days | {holiday: False}, SHANGHAI)
    assert add_working_minutes(start, length, calendar) <= add_working_minutes(start, length, with_holiday)


@properties
@given(SEEDS, MOMENTS, LENGTHS, st.floats(0, 1))
def test_elapsed_and_remaining_make_the_target(seed: int, start: datetime, length: int, part: float) -> None:
    calendar = working_calendar(seed)
    due = add_working_minutes(start, length, calendar)
    between = start + (due - start) * part
    elapsed = working_time_between(start, between, calendar)
    assert elapsed + working_time_between(between, due, calendar) == timedelta(minutes=length)
    if elapsed < timedelta(minutes=length):
        assert add_working_time(between, timedelta(minutes=length) - elapsed, calendar) == due


@properties
@given(SEEDS, MOMENTS)
def test_opening_is_where_counting_begins(seed: int, start: datetime) -> None:
    calendar = working_calendar(seed)
    opening = next_opening(start, calendar)
    assert opening >= start
    assert working_time_between(start, opening, calendar) == timedelta()
    assert add_working_minutes(opening, 5, calendar) == add_working_minutes(start, 5, calendar)
