"""The index, the low answer, the response rate, the rest of 30 days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.surveys.rules import NPS, REST, SCALE, SPANS, Given, index_of, is_low, may_ask_again, response_rate, score
from tests.factories import NOW


def answers() -> st.SearchStrategy[Given]:
    """Return answers of each kind, some of them not given."""
    weights = st.integers(0, 10)
    numbers = [st.builds(Given, st.just(kind), st.none() | st.integers(*span), weights) for kind, span in SPANS.items()]
    return st.one_of(*numbers, st.builds(Given, st.sampled_from(["choice", "text"]), st.none(), weights))


@given(st.lists(answers()))
def test_index_lies_between_worst_and_best_answer(given_answers: list[Given]) -> None:
    index = index_of(given_answers)
    counted = [score(a.kind, a.number) for a in given_answers if a.number is not None and a.weight and a.kind in SPANS]
    if not counted:
        assert index is None
    else:
        assert index is not None
        assert min(counted) - Decimal("0.05") <= index <= max(counted) + Decimal("0.05")
        assert 0 <= index <= 100


@given(st.lists(answers(), min_size=1))
def test_best_answers_make_100_and_worst_make_0(given_answers: list[Given]) -> None:
    best = [Given(a.kind, SPANS[a.kind][1], a.weight) for a in given_answers if a.kind in SPANS]
    worst = [Given(a.kind, SPANS[a.kind][0], a.weight) for a in given_answers if a.kind in SPANS]
    assert index_of(best) in {None, Decimal(100)}
    assert index_of(worst) in {None, Decimal(0)}


@given(st.lists(answers()), st.integers(2, 9))
def test_index_asks_for_proportions_of_weights_alone(given_answers: list[Given], factor: int) -> None:
    heavier = [Given(a.kind, a.number, a.weight * factor) for a in given_answers]
    assert index_of(heavier) == index_of(given_answers)


@given(st.lists(answers()), answers())
def test_what_was_not_answered_drops_out_of_the_divisor(given_answers: list[Given], other: Given) -> None:
    unanswered = Given(other.kind, None, other.weight)
    assert index_of([*given_answers, unanswered]) == index_of(given_answers)


@given(st.lists(st.builds(Given, st.just(SCALE), st.integers(1, 4), st.integers(1, 10)), min_size=1), st.data())
def test_better_answer_never_lowers_the_index(given_answers: list[Given], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(given_answers) - 1))
    better = list(given_answers)
    better[at] = Given(SCALE, (better[at].number or 0) + 1, better[at].weight)
    before, after = index_of(given_answers), index_of(better)
    assert before is not None
    assert after is not None
    assert after >= before


@pytest.mark.parametrize(
    ("given_answers", "index"),
    [
        ([Given(SCALE, 5, 3), Given(SCALE, 1, 1)], "75.0"),
        ([Given(SCALE, 4), Given(NPS, 10)], "87.5"),
        ([Given(SCALE, 2), Given(SCALE, 2), Given(SCALE, 3)], "33.3"),
        ([Given(NPS, 10, 0)], None),
    ],
)
def test_index_by_example(given_answers: list[Given], index: str | None) -> None:
    assert index_of(given_answers) == (None if index is None else Decimal(index))


def test_number_outside_the_span_is_refused() -> None:
    with pytest.raises(ValueError, match="6 is not"):
        score(SCALE, 6)


@pytest.mark.parametrize(
    ("given_answers", "low"),
    [
        ([Given(SCALE, 5), Given(SCALE, 5)], False),
        ([Given(SCALE, 5, 9), Given(SCALE, 2, 1)], True),
        ([Given(SCALE, 3), Given(SCALE, 3)], True),
        ([Given(SCALE, 4), Given(SCALE, 3)], False),
        ([Given(NPS, 1), Given(SCALE, 3, 1)], True),
        ([Given("text", None)], False),
    ],
)
def test_low_by_index_or_by_one_bad_scale(given_answers: list[Given], low: bool) -> None:
    assert is_low(given_answers, index_of(given_answers), below=60, scale_at_most=2) is low


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_response_rate_is_a_share_of_those_asked(answered: int, more: int) -> None:
    rate = response_rate(answered, answered + more)
    assert rate is None if answered + more == 0 else rate is not None and 0 <= rate <= 100


def test_person_may_be_asked_again_after_30_days() -> None:
    assert may_ask_again(None, NOW)
    assert may_ask_again(NOW - REST, NOW)
    assert not may_ask_again(NOW - REST + timedelta(minutes=1), NOW)
