"""Due times with pauses, against a counter of minutes and by the properties that every clock must have (R-04)."""

from __future__ import annotations

import itertools
import random
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.worktime import NoWorkingTime, WorkCalendar, add_working_time, windows_on, working_time_between
from apps.service_levels import rules
from apps.service_levels.rules import Promise, Unit, due, due_at

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
OFFICE_HOURS = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
NATIONAL_DAY = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 9, 20): True, date(2026, 10, 10): True}


def office(**exceptions: object) -> WorkCalendar:
    days = NATIONAL_DAY | {
        date.fromisoformat(day.replace("d", "").replace("_", "-")): works for day, works in exceptions.items()
    }
    return WorkCalendar(dict.fromkeys(range(5), OFFICE_HOURS), days, ZONE)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


FIRST, DAYS = at("2026-09-20"), 120
#: Every minute of some months that is worked, as minutes from the first, read off window by window.
WORKED = [
    minute
    for day in range(DAYS)
    for opens, closes in windows_on(FIRST.date() + timedelta(days=day), office())
    for minute in range((opens - FIRST) // MINUTE, (closes - FIRST) // MINUTE)
]


def counted_by_hand(start: datetime, minutes: int, pauses: list[rules.Span]) -> datetime:
    """Count minute by minute: one counts when it is worked and no pause covers it."""
    if minutes == 0:
        return start
    spans = [((began - FIRST) // MINUTE, (ended - FIRST) // MINUTE) for began, ended in pauses]
    left = minutes
    for minute in WORKED[bisect_left(WORKED, (start - FIRST) // MINUTE) :]:
        if not any(began <= minute < ended for began, ended in spans):
            left -= 1
            if left == 0:
                return FIRST + (minute + 1) * MINUTE
    raise AssertionError("The table of worked minutes is too short.")


moments = st.integers(min_value=0, max_value=14 * 24 * 60).map(lambda n: at("2026-09-25") + n * MINUTE)
spans = st.tuples(moments, st.integers(min_value=0, max_value=4 * 24 * 60)).map(lambda p: (p[0], p[0] + p[1] * MINUTE))


def test_due_time_is_that_of_a_counter_of_minutes() -> None:
    """10,000 random cases, pauses overlapping and over the National Day among them."""
    chance, calendar = random.Random(20261001), office()
    for _case in range(10_000):
        start = at("2026-09-25") + chance.randrange(14 * 1440) * MINUTE
        minutes = chance.randrange(1500)
        begins = [start + chance.randrange(-1440, 7 * 1440) * MINUTE for _pause in range(chance.randrange(4))]
        pauses = [(began, began + chance.randrange(4 * 1440) * MINUTE) for began in begins]
        assert due(start, minutes, calendar, pauses) == counted_by_hand(start, minutes, pauses), (
            start,
            minutes,
            pauses,
        )


@settings(max_examples=300, deadline=None)
@given(start=moments, minutes=st.integers(1, 3000), pauses=st.lists(spans, max_size=4))
def test_due_time_lies_in_a_window_and_outside_every_pause(
    start: datetime, minutes: int, pauses: list[rules.Span]
) -> None:
    """Its closing instant included: the last minute before it was worked."""
    calendar = office()
    found = due(start, minutes, calendar, pauses)
    assert working_time_between(found - MINUTE, found, calendar) > timedelta()
    assert not any(began < found <= ended for began, ended in rules.merged(pauses, start))


@settings(max_examples=300, deadline=None)
@given(start=moments, later=st.integers(0, 5000), minutes=st.integers(0, 3000), pauses=st.lists(spans, max_size=3))
def test_later_start_is_never_due_earlier(start: datetime, later: int, minutes: int, pauses: list[rules.Span]) -> None:
    calendar = office()
    assert due(start, minutes, calendar, pauses) <= due(start + later * MINUTE, minutes, calendar, pauses)


@settings(max_examples=200, deadline=None)
@given(start=moments, minutes=st.integers(0, 3000), pauses=st.lists(spans, max_size=3), off=st.integers(0, 13))
def test_one_more_holiday_is_never_due_earlier(
    start: datetime, minutes: int, pauses: list[rules.Span], off: int
) -> None:
    day = date(2026, 9, 25) + timedelta(days=off)
    more = WorkCalendar(office().windows, {**office().days, day: False}, ZONE)
    assert due(start, minutes, office(), pauses) <= due(start, minutes, more, pauses)


@settings(max_examples=200, deadline=None)
@given(start=moments, minutes=st.integers(1, 3000), pauses=st.lists(spans, max_size=3), look=st.integers(0, 8000))
def test_used_and_left_make_the_target(start: datetime, minutes: int, pauses: list[rules.Span], look: int) -> None:
    promise = Promise(start, minutes, Unit.MINUTES, office(), pauses)
    moment = start + look * MINUTE
    assert rules.used(promise, moment) + rules.left(promise, moment) == minutes * MINUTE


@settings(max_examples=200, deadline=None)
@given(start=moments, minutes=st.integers(1, 3000))
def test_pause_without_working_minutes_changes_nothing(start: datetime, minutes: int) -> None:
    night = (at("2026-09-28T17:30"), at("2026-09-29T08:30"))
    holiday = (at("2026-10-01T00:00"), at("2026-10-08T08:00"))
    assert due(start, minutes, office(), [night, holiday]) == due(start, minutes, office())


@pytest.mark.parametrize(
    ("start", "minutes", "pauses", "expected"),
    [
        # Lunch break, make-up Saturday, holiday, 23:59, used up exactly at closing time.
        ("2026-11-18T12:10", 60, [], "2026-11-18T14:30"),
        ("2026-10-10T09:00", 60, [], "2026-10-10T10:00"),
        ("2026-10-03T09:00", 60, [], "2026-10-08T09:30"),
        ("2026-11-18T23:59", 30, [], "2026-11-19T09:00"),
        ("2026-11-18T16:30", 60, [], "2026-11-18T17:30"),
        ("2026-11-18T17:30", 1, [], "2026-11-19T08:31"),
        ("2026-11-18T20:00", 0, [], "2026-11-18T20:00"),
        # A hold over a weekend, over a holiday, longer than the target, overlapping holds.
        ("2026-11-20T16:30", 120, [("2026-11-20T17:00", "2026-11-23T09:30")], "2026-11-23T11:00"),
        ("2026-09-30T16:30", 120, [("2026-09-30T17:00", "2026-10-08T08:00")], "2026-10-08T10:00"),
        ("2026-11-18T09:00", 30, [("2026-11-18T09:10", "2026-11-20T09:10")], "2026-11-20T09:30"),
        (
            "2026-11-18T09:00",
            60,
            [("2026-11-18T09:10", "2026-11-18T10:00"), ("2026-11-18T09:30", "2026-11-18T10:30")],
            "2026-11-18T11:20",
        ),
        # Before the start it is clipped; what comes after the due time does not matter.
        ("2026-11-18T09:00", 30, [("2026-11-17T09:00", "2026-11-18T09:10")], "2026-11-18T09:40"),
        ("2026-11-18T09:00", 30, [("2026-11-18T09:30", "2026-11-18T12:00")], "2026-11-18T09:30"),
    ],
)
def test_due_time_by_hand(start: str, minutes: int, pauses: list[tuple[str, str]], expected: str) -> None:
    spans_ = [(at(began), at(ended)) for began, ended in pauses]
    assert due(at(start), minutes, office(), spans_) == at(expected)


def test_seconds_are_kept() -> None:
    pause = (at("2026-11-18T09:10"), at("2026-11-18T10:00"))
    assert due(at("2026-11-18T09:00:30"), 30, office(), [pause]) == at("2026-11-18T10:20:30")


def test_calendar_without_working_time_is_an_error() -> None:
    with pytest.raises(NoWorkingTime):
        due(at("2026-11-18T09:00"), 1, WorkCalendar({}, {}, ZONE), [(at("2026-11-18T09:00"), at("2026-11-19T09:00"))])


@pytest.mark.parametrize(
    ("start", "amount", "unit", "pauses", "expected"),
    [
        ("2026-11-18T09:00", 3, Unit.DAYS, [], "2026-11-21"),
        ("2026-11-18T23:59", 1, Unit.DAYS, [], "2026-11-19"),
        ("2026-09-29T09:00", 3, Unit.WORKING_DAYS, [], "2026-10-09"),
        ("2026-12-30T09:00", 2, Unit.WORKING_DAYS, [], "2027-01-01"),
        ("2024-01-31T09:00", 1, Unit.MONTHS, [], "2024-02-29"),
        ("2026-11-18T09:00", 3, Unit.DAYS, [("2026-11-19T00:00", "2026-11-20T00:00")], "2026-11-22"),
        # Half a day of pause is no day.
        ("2026-11-18T09:00", 3, Unit.DAYS, [("2026-11-19T08:00", "2026-11-20T00:00")], "2026-11-21"),
        ("2026-11-18T09:00", 1, Unit.MONTHS, [("2026-11-20T00:00", "2026-11-22T00:00")], "2026-12-20"),
    ],
)
def test_counted_days_end_with_the_last_day(
    start: str, amount: int, unit: Unit, pauses: list[tuple[str, str]], expected: str
) -> None:
    spans_ = [(at(began), at(ended)) for began, ended in pauses]
    assert due_at(Promise(at(start), amount, unit, office(), spans_)) == at(f"{expected}T23:59:59")


def test_at_once_escalates_from_five_minutes() -> None:
    promise = Promise(at("2026-11-18T09:00"), 0, Unit.MINUTES, WorkCalendar.always(ZONE))
    assert due_at(promise) == promise.start
    assert [rules.step_at(promise, percent) - promise.start for percent in (75, 100, 150, 200)] == [
        timedelta(minutes=5),
        timedelta(minutes=5),
        timedelta(minutes=7, seconds=30),
        timedelta(minutes=10),
    ]


def test_steps_of_the_ladder_count_working_time() -> None:
    promise = Promise(at("2026-11-20T16:30"), 120, Unit.MINUTES, office())
    assert [rules.step_at(promise, percent) for percent in (75, 100, 150)] == [
        at("2026-11-23T09:00"),
        at("2026-11-23T09:30"),
        at("2026-11-23T10:30"),
    ]


@settings(max_examples=200, deadline=None)
@given(start=moments, minutes=st.integers(1, 3000), pauses=st.lists(spans, max_size=3))
def test_way_has_no_gaps_and_counts_the_target(start: datetime, minutes: int, pauses: list[rules.Span]) -> None:
    promise = Promise(start, minutes, Unit.MINUTES, office(), pauses)
    end = due_at(promise)
    way = rules.way(promise, end)
    assert way[0].begins == start
    assert way[-1].ends == end
    assert all(one.ends == two.begins for one, two in itertools.pairwise(way))
    counted = sum(((one.ends - one.begins) for one in way if one.kind == "counted"), timedelta())
    assert counted == minutes * MINUTE


def test_due_time_equals_plain_addition_round_the_clock() -> None:
    start = at("2026-11-18T09:00")
    assert due(start, 1440, WorkCalendar.always(ZONE)) == start + timedelta(days=1)
    assert add_working_time(start, timedelta(0), WorkCalendar.always(ZONE)) == start
