"""When cover ends and what is covered (W-01, W-02, W-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.warranties.rules import Decision, Ground, Term, card_due, cover_end, covers, decide

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))
months = st.integers(min_value=1, max_value=600)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2024, 3, 15), 24, date(2026, 3, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 12, 31), 36, date(2027, 12, 31)),
        (date(2024, 9, 30), 12, date(2025, 9, 30)),
        (date(2025, 2, 28), 12, date(2026, 2, 28)),
    ],
)
def test_last_covered_day_is_the_corresponding_day(start: date, term: int, end: date) -> None:
    """W-01: the corresponding day of the last month, or that month's last day; a holiday does not move it."""
    assert cover_end(start, term) == end


@given(days, months)
def test_cover_ends_in_the_right_month_on_the_same_or_the_last_day(start: date, term: int) -> None:
    """W-01 (民法典 art. 201, 202)."""
    end = cover_end(start, term)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == term
    is_last_of_month = (end + timedelta(days=1)).month != end.month
    assert end.day == start.day or (end.day < start.day and is_last_of_month)


@given(days, months, months)
def test_longer_term_never_ends_earlier(start: date, one: int, other: int) -> None:
    """W-01."""
    assert (one <= other) == (cover_end(start, one) <= cover_end(start, other)) or one == other


@pytest.mark.parametrize("term", [0, -1])
def test_term_of_less_than_a_month_is_refused(term: int) -> None:
    """W-01."""
    with pytest.raises(ValueError, match="at least one month"):
        cover_end(date(2026, 1, 1), term)


@pytest.mark.parametrize(
    ("fault", "covered"),
    [(date(2024, 3, 14), False), (date(2024, 3, 15), True), (date(2026, 3, 15), True), (date(2026, 3, 16), False)],
)
def test_fault_on_the_first_and_on_the_last_day_is_covered(fault: date, covered: bool) -> None:
    """W-01: a fault on the start day itself is covered."""
    assert covers(date(2024, 3, 15), date(2026, 3, 15), fault) is covered


def test_card_is_due_within_one_month_of_completion() -> None:
    """W-05."""
    assert card_due(date(2026, 1, 31)) == date(2026, 2, 28)


WHOLE = Term(1, date(2024, 1, 1), date(2026, 1, 1))
PIECE = Term(2, date(2025, 1, 1), date(2028, 1, 1), is_specific=True)
SHORT_PIECE = Term(4, date(2025, 1, 1), date(2025, 12, 31), is_specific=True)
OLD = Term(3, date(2020, 1, 1), date(2022, 1, 1))


@pytest.mark.parametrize(
    ("terms", "fault", "decision"),
    [
        ([WHOLE], date(2025, 6, 1), Decision(True, Ground.IN_FORCE, 1)),
        ([WHOLE, PIECE], date(2025, 6, 1), Decision(True, Ground.IN_FORCE, 2)),
        ([SHORT_PIECE, WHOLE], date(2025, 6, 1), Decision(True, Ground.IN_FORCE, 4)),
        ([WHOLE, PIECE], date(2024, 6, 1), Decision(True, Ground.IN_FORCE, 1)),
        ([WHOLE, PIECE], date(2027, 6, 1), Decision(True, Ground.IN_FORCE, 2)),
        ([WHOLE, OLD], date(2026, 1, 2), Decision(False, Ground.EXPIRED, 1)),
        ([WHOLE], date(2023, 12, 31), Decision(False, Ground.NOT_STARTED, 1)),
        ([OLD, WHOLE], date(2023, 1, 1), Decision(False, Ground.EXPIRED, 3)),
        ([], date(2026, 1, 1), Decision(False, Ground.NO_WARRANTY)),
    ],
)
def test_most_specific_warranty_in_force_on_the_day_of_the_fault_decides(
    terms: list[Term], fault: date, decision: Decision
) -> None:
    """W-02, traps "Warranty": by the fault's date; no warranty at all; before the start; two at once."""
    assert decide(terms, fault) == decision
