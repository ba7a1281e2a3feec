"""When visits are, how readings are judged, what a visit lacks: properties and tables (V-01, V-04 … V-08)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inspections import rules

#: A busy machine is no failure.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
MONTHS = st.sampled_from([1, 2, 3, 6, 12])


@pytest.mark.parametrize(
    ("anchor", "months", "n", "day"),
    [
        ("2026-01-31", 1, 1, "2026-02-28"),
        ("2026-01-31", 1, 2, "2026-03-31"),
        ("2026-01-31", 1, 3, "2026-04-30"),
        ("2023-11-30", 3, 1, "2024-02-29"),
        ("2024-02-29", 12, 1, "2025-02-28"),
        ("2024-02-29", 12, 4, "2028-02-29"),
        ("2025-06-30", 3, 2, "2025-12-30"),
        ("2026-12-31", 2, 1, "2027-02-28"),
    ],
)
def test_occurrence_is_clamped_to_the_months_end_and_counted_from_the_anchor(
    anchor: str, months: int, n: int, day: str
) -> None:
    """V-01: on the 31st and on 29 February."""
    assert rules.occurrence_on(date.fromisoformat(anchor), months, n) == date.fromisoformat(day)


@calmly
@given(DAYS, MONTHS, st.integers(1, 200))
def test_occurrence_keeps_the_anchors_day_or_is_the_last_of_its_month(anchor: date, months: int, n: int) -> None:
    """V-01: one clamped day never shifts the ones after it."""
    day = rules.occurrence_on(anchor, months, n)
    assert day.day == min(anchor.day, monthrange(day.year, day.month)[1])
    assert (day.year - anchor.year) * 12 + day.month - anchor.month == months * n


@calmly
@given(DAYS, MONTHS, st.integers(1, 60))
def test_occurrences_rise(anchor: date, months: int, n: int) -> None:
    assert rules.occurrence_on(anchor, months, n) < rules.occurrence_on(anchor, months, n + 1)


@pytest.mark.parametrize(("months", "n"), [(0, 1), (-1, 1), (1, 0), (1, -3)])
def test_interval_zero_and_occurrence_zero_are_refused(months: int, n: int) -> None:
    """The anchor itself is no visit; a period is at least a month."""
    with pytest.raises(ValueError, match=r"period|Occurrences"):
        rules.occurrence_on(date(2026, 1, 1), months, n)


@calmly
@given(DAYS, MONTHS, st.integers(-400, 4000), st.integers(0, 1500), st.one_of(st.none(), st.integers(-50, 1500)))
def test_due_occurrences_are_exactly_those_between_the_bounds(
    anchor: date, months: int, offset: int, length: int, end: int | None
) -> None:
    """V-04: both bounds included, none left out, none twice, none past the plan's last day."""
    starts_on = anchor + timedelta(days=offset)
    until = starts_on + timedelta(days=length)
    ends_on = None if end is None else starts_on + timedelta(days=end)
    due = list(rules.due_occurrences(anchor, months, starts_on=starts_on, ends_on=ends_on, until=until))
    last = until if ends_on is None else min(until, ends_on)
    expected = [(n, day) for n in range(1, 200) if starts_on <= (day := rules.occurrence_on(anchor, months, n)) <= last]
    assert due == expected
    assert rules.how_many_due(anchor, months, starts_on=starts_on, ends_on=ends_on, until=until) == len(due)


@pytest.mark.parametrize(
    ("value", "lower", "upper", "outside"),
    [
        ("15.2", None, "15.2", False),
        ("15.21", None, "15.2", True),
        ("198", "198", "242", False),
        ("197.99", "198", "242", True),
        ("0", "0", None, False),
        ("-0.01", "0", None, True),
        ("99999", None, None, False),
    ],
)
def test_limits_themselves_are_inside(value: str, lower: str | None, upper: str | None, outside: bool) -> None:
    """V-08."""
    bounds = [Decimal(bound) if bound is not None else None for bound in (lower, upper)]
    assert rules.is_outside_limits(Decimal(value), *bounds) is outside


@pytest.mark.parametrize(
    ("verdict", "value", "limits", "judged"),
    [
        ("", "10", (None, "15"), "ok"),
        ("ok", "20", (None, "15"), "abnormal"),
        ("abnormal", "10", (None, "15"), "ok"),
        ("not_applicable", "20", (None, "15"), "not_applicable"),
        ("ok", None, (None, "15"), ""),
        ("not_applicable", None, (None, "15"), "not_applicable"),
        ("", "10", (None, None), "ok"),
        ("abnormal", "10", (None, None), "abnormal"),
    ],
)
def test_reading_is_judged_by_its_limits(
    verdict: str, value: str | None, limits: tuple[str | None, str | None], judged: str
) -> None:
    """V-08: a person's verdict cannot talk a reading back inside."""
    lower, upper = (Decimal(bound) if bound is not None else None for bound in limits)
    assert rules.judged(verdict, Decimal(value) if value else None, lower, upper) == judged


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "words"),
    [
        ("198.00", "242.00", "V", "198–242 V"),
        (None, "15.20", "A", "≤ 15.2 A"),
        ("0.90", None, "", "≥ 0.9"),
        (None, None, "A", ""),
        ("0.00", "100.00", "%", "0–100 %"),
    ],
)
def test_limits_read_as_an_engineer_writes_them(lower: str | None, upper: str | None, unit: str, words: str) -> None:
    bounds = [Decimal(bound) if bound is not None else None for bound in (lower, upper)]
    assert rules.limits_in_words(*bounds, unit) == words


NUMBERS = st.decimals(-1000, 1000, places=2)


@calmly
@given(NUMBERS, st.one_of(st.none(), NUMBERS), st.one_of(st.none(), NUMBERS))
def test_mark_stands_in_the_band_exactly_when_the_reading_is_inside(
    value: Decimal, lower: Decimal | None, upper: Decimal | None
) -> None:
    """The picture and the verdict never disagree, rounding to a percent aside."""
    if lower is not None and upper is not None and lower > upper:
        lower, upper = upper, lower
    ruler = rules.scale(lower, upper)
    if ruler is None:
        assert lower is upper is None
        return
    mark = ruler.mark(value)
    assert 2 <= mark <= 98
    if not rules.is_outside_limits(value, lower, upper) and lower != upper:
        assert ruler.band_start - 1 <= mark <= ruler.band_start + 51


def _point(**fields: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{"pk": 1, "position": 1, "text": "泵体", "asks_reading": False, "value": None, "verdict": "", "note": ""}
        | fields
    )


@pytest.mark.parametrize(
    ("point", "lacking"),
    [
        (_point(), "未判定"),
        (_point(verdict="ok"), ""),
        (_point(verdict="not_applicable"), ""),
        (_point(verdict="abnormal"), "未说明"),
        (_point(verdict="abnormal", note="  "), "未说明"),
        (_point(verdict="abnormal", note="卡死"), ""),
        (_point(asks_reading=True), "未填读数"),
        (_point(asks_reading=True, verdict="not_applicable"), ""),
        (_point(asks_reading=True, value=Decimal(0), verdict="ok"), ""),
    ],
)
def test_gap_of_a_point(point: SimpleNamespace, lacking: str) -> None:
    """V-06: what keeps a visit from being finished, and where to go."""
    found = rules.gaps([point], "正常")
    assert bool(found) is bool(lacking)
    if lacking:
        assert lacking in found[0].text
        assert found[0].anchor == "check-1"


def test_running_state_is_asked_for_last() -> None:
    assert [gap.anchor for gap in rules.gaps([_point()], " ")] == ["check-1", "running-state"]
