"""Months on a calendar, as properties (V-01, V-04, W-01)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.recurrence import add_months, occurrence, occurrences_between
from tests.factories import day

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
PERIODS = st.integers(1, 24)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-03-15", 24, "2026-03-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-05-31", -1, "2026-04-30"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-06-01", 0, "2026-06-01"),
    ],
)
def test_corresponding_day_or_the_months_last(start: str, months: int, end: str) -> None:
    """民法典 art. 202."""
    assert add_months(day(start), months) == day(end)


@given(DAYS, st.integers(0, 600))
def test_months_are_counted_and_only_a_missing_day_is_clamped(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and end.day == monthrange(end.year, end.month)[1])


@given(DAYS, DAYS, st.integers(0, 300))
def test_later_start_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted([one, other])
    assert add_months(first, months) <= add_months(second, months)


def test_series_from_the_31st_comes_back_to_the_31st() -> None:
    """V-04: never counted from a clamped day."""
    days = [occurrence(day("2026-01-31"), 1, n) for n in range(1, 6)]
    assert days == [day(d) for d in ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30")]


def test_yearly_series_from_29_february_comes_back_to_it() -> None:
    days = [occurrence(day("2024-02-29"), 12, n) for n in range(1, 5)]
    assert days == [day(d) for d in ("2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29")]


@given(DAYS, PERIODS, st.integers(1, 200))
def test_occurrence_is_counted_from_the_anchor(anchor: date, months: int, n: int) -> None:
    found = occurrence(anchor, months, n)
    assert found == add_months(anchor, months * n)
    assert found > anchor
    assert occurrence(anchor, months, n + 1) > found


@given(DAYS, PERIODS, st.integers(-400, 1500), st.integers(0, 900))
def test_between_equals_looking_at_every_occurrence(anchor: date, months: int, lead: int, span: int) -> None:
    """Both ends are included, nothing is left out, nothing comes twice."""
    first = anchor + timedelta(days=lead)
    last = first + timedelta(days=span)
    brute = [
        (n, occurrence(anchor, months, n)) for n in range(1, 200) if first <= occurrence(anchor, months, n) <= last
    ]
    assert list(occurrences_between(anchor, months, first, last)) == brute


def test_between_includes_both_ends_and_leaves_the_anchor_out() -> None:
    found = list(occurrences_between(day("2026-01-10"), 1, day("2026-01-10"), day("2026-03-10")))
    assert found == [(1, day("2026-02-10")), (2, day("2026-03-10"))]


@pytest.mark.parametrize(("months", "n"), [(0, 1), (-1, 1), (1, 0), (1, -3)])
def test_no_period_and_no_count_are_errors(months: int, n: int) -> None:
    """Interval 0 must not turn into an endless series."""
    with pytest.raises(ValueError, match=r"month|count"):
        occurrence(day("2026-01-01"), months, n)
    if months < 1:
        with pytest.raises((ValueError, ZeroDivisionError)):
            list(occurrences_between(day("2026-01-01"), months, day("2026-01-01"), day("2026-12-31")))
