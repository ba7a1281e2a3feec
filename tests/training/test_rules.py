"""Papers, marks, seen seconds, terms: properties of the pure rules."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training import rules
from tests.factories import SHANGHAI

PARTS = ["principle", "installation", "operation", "upkeep", "troubleshooting"]
weights = st.dictionaries(st.sampled_from(PARTS), st.integers(0, 9), min_size=1).filter(lambda w: sum(w.values()) > 0)


@given(weights, st.integers(1, 60), st.integers())
def test_drawn_paper_meets_its_weights(weighed: dict[str, int], total: int, seed: int) -> None:
    """T-07: of each part its share, to within one question; none twice; as many as asked for."""
    pool = {part: range(n * 1000, n * 1000 + total) for n, part in enumerate(PARTS)}
    paper = rules.draw(pool, weighed, total, random.Random(seed))
    assert len(paper) == len(set(paper)) == total
    whole = sum(weighed.values())
    for part in PARTS:
        count = sum(question in pool[part] for question in paper)
        assert abs(count - total * weighed.get(part, 0) / whole) < 1
        assert weighed.get(part) or not count


@given(weights, st.integers(1, 60))
def test_apportioned_parts_make_the_whole(weighed: dict[str, int], total: int) -> None:
    assert sum(rules.apportion(weighed, total).values()) == total


def test_paper_is_not_drawn_from_too_small_a_bank() -> None:
    with pytest.raises(ValueError, match="too few"):
        rules.draw({"operation": [1, 2]}, {"operation": 1}, 3, random.Random(1))
    assert rules.lacking({"operation": [1, 2]}, {"operation": 1}, 3) == {"operation": 1}


intervals = st.lists(st.tuples(st.floats(-50, 700), st.floats(-50, 700)), max_size=12)


@given(st.lists(st.tuples(intervals, st.floats(0, 60)), max_size=8))
def test_no_more_is_seen_than_time_has_gone_by(reports: list[tuple[list[tuple[float, float]], float]]) -> None:
    """T-03: whatever a browser claims, seconds seen never outrun the server's clock, nor the video."""
    seen: list[list[float]] = []
    for claimed, elapsed in reports:
        before = rules.length(seen)
        seen = rules.add_seen(seen, claimed, elapsed=elapsed, whole=600)
        grown = rules.length(seen) - before
        assert -1e-6 <= grown <= elapsed + rules.SLACK + 1e-6
    assert all(0 <= start < end <= 600 for start, end in seen)
    assert all(one[1] < other[0] for one, other in pairwise(seen))


def test_seconds_seen_twice_count_once() -> None:
    seen = rules.add_seen([[0, 100]], [(0, 100)], elapsed=100, whole=600)
    assert rules.length(seen) == 100
    assert not rules.is_seen(seen, 600)
    assert rules.is_seen([[0, 540]], 600)


@pytest.mark.parametrize(
    ("kind", "answer", "response", "share"),
    [
        ("single", {"chosen": [1]}, {"chosen": [0]}, 1),  # shown first, it is the second
        ("single", {"chosen": [1]}, {"chosen": [1]}, 0),
        ("single", {"chosen": [1]}, {}, 0),
        ("multiple", {"chosen": [0, 2]}, {"chosen": [1, 2]}, 1),
        ("multiple", {"chosen": [0, 2]}, {"chosen": [1]}, 0),
        ("multiple", {"chosen": [0, 2]}, {"chosen": [0, 1, 2]}, 0),
        ("true_false", {"is_true": False}, {"is_true": False}, 1),
        ("true_false", {"is_true": False}, {}, 0),
        ("number", {"value": "220", "tolerance": "5"}, {"value": "２２５"}, 1),
        ("number", {"value": "220", "tolerance": "5"}, {"value": "225.1"}, 0),
        ("number", {"value": "220", "tolerance": "5"}, {"value": "nan"}, 0),
        ("text", {"words": "断电"}, {"text": "先断电"}, None),
        ("text", {"words": "断电"}, {"text": "  "}, 0),
        ("practical", {}, {}, None),
    ],
)
def test_answers_are_worth_what_they_are(kind: str, answer: dict, response: dict, share: int | None) -> None:
    found = rules.share_of(kind, answer, response, [1, 0, 2])
    assert found == (None if share is None else Decimal(share))


@given(st.lists(st.tuples(st.integers(1, 10), st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)])), min_size=1))
def test_result_is_a_percentage_rounded_down(marks: list[tuple[int, Decimal]]) -> None:
    points, percent = rules.result(marks)
    whole = sum(worth for worth, _ in marks)
    assert 0 <= percent <= 100
    assert percent <= points * 100 / whole < percent + 1


@pytest.mark.parametrize(
    ("day", "term"),
    [
        ("2026-02-01", "2026-spring"),
        ("2026-07-31", "2026-spring"),
        ("2026-08-01", "2026-autumn"),
        ("2027-01-31", "2026-autumn"),
    ],
)
def test_term_of_the_yearly_classes(day: str, term: str) -> None:
    """T-04."""
    assert rules.term_of(date.fromisoformat(day)) == term


def test_class_is_never_sooner_than_a_month() -> None:
    assert rules.class_day("2026-spring", date(2026, 2, 1)) == date(2026, 4, 15)
    assert rules.class_day("2026-autumn", date(2026, 11, 16)) == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([("16 09:00", "16 10:00", 1)], "0.1"),
        ([("16 09:00", "16 12:00", 3)], "0.5"),
        ([("16 09:00", "16 12:00", 3), ("16 13:00", "16 16:00", 3)], "1"),
        ([("16 09:00", "16 12:00", 3), ("17 09:00", "17 12:00", 3)], "1"),
        ([("16 08:00", "16 18:00", 9)], "1"),
        ([("16 08:00", "16 18:00", 9), ("17 09:00", "17 11:00", 2)], "1.3"),
        ([("16 09:00", "17 17:00", 14)], "2"),
        ([("16 09:00", "18 17:00", 9)], "1.5"),
        ([("16 09:00", "17 00:00", 6)], "1"),
        ([("16 22:00", "17 01:00", 3)], "0.5"),
        ([("16 09:00", "16 14:50", 0)], "0.9"),
        ([("16 09:00", "16 15:00", 0)], "1"),
        ([], "0"),
    ],
)
def test_days_of_training_are_made_of_hours(spans: list[tuple[str, str, float]], days: str) -> None:
    """T-02: an hour is no working day; what a day has beyond six hours makes no second one."""
    taught = rules.days_taught((_moment(start), _moment(end), Decimal(hours)) for start, end, hours in spans)
    assert rules.tenths(sum(taught.values(), Fraction(0))) == Decimal(days)


def _moment(text: str) -> datetime:
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


lessons = st.lists(st.tuples(st.integers(0, 9 * 24), st.integers(1, 60), st.integers(0, 60)), max_size=12)


@given(lessons)
def test_day_of_training_is_never_more_than_a_day_and_never_comes_of_nothing(drawn: list[tuple[int, int, int]]) -> None:
    """T-02: each day on which something was taught counts, at most once, and in all no more than was taught."""
    begin = datetime(2026, 11, 16, tzinfo=SHANGHAI)
    spans = [
        (begin + timedelta(hours=start), begin + timedelta(hours=start + lasts), Decimal(half) / 2)
        for start, lasts, half in drawn
    ]
    taught = rules.days_taught(spans)
    hours = sum(
        (hours or Decimal(lasts) for (_, lasts, _), (_, _, hours) in zip(drawn, spans, strict=True)), Decimal(0)
    )
    assert all(0 < share <= 1 for share in taught.values())
    assert sum(taught.values()) <= Fraction(hours) / rules.DAY_HOURS
    for day in taught:
        assert any(start.date() <= day <= end.date() for start, end, _ in spans)


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("林平", "林**"), ("", ""), ("欧阳建国华", "欧***")])
def test_public_sees_a_masked_name(name: str, shown: str) -> None:
    assert rules.masked(name) == shown


def test_question_that_good_papers_get_right_divides() -> None:
    good = [(90 - n, 1.0) for n in range(5)]
    bad = [(30 - n, 0.0) for n in range(5)]
    assert rules.discrimination([*good, *bad]) == 1
    assert rules.discrimination([(score, 1 - share) for score, share in [*good, *bad]]) == -1
    assert rules.discrimination(good[:2]) is None
