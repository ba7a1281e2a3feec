"""The pure rules: the draw is fair and repeatable, codes are read as they are typed, agreement and hot spots."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.complaints import rules
from tests.factories import NOW

lines = st.lists(
    st.tuples(st.integers(1, 9999), st.sampled_from("甲乙丙丁")), unique_by=lambda line: line[0], max_size=80
)


@given(lines, st.text(max_size=8))
def test_draw_is_repeatable_whatever_the_order_and_of_the_right_size(
    population: list[tuple[int, str]], seed: str
) -> None:
    drawn = rules.draw(population, seed)
    assert drawn == rules.draw(population[::-1], seed)
    assert len(drawn) == len(set(drawn)) == rules.sample_size(len(population))
    assert set(drawn) <= {key for key, _ in population}


@given(lines, st.text(max_size=8))
def test_each_stratum_gets_its_share_to_within_one(population: list[tuple[int, str]], seed: str) -> None:
    drawn = set(rules.draw(population, seed))
    size = len(drawn)
    strata = Counter(stratum for _, stratum in population)
    for stratum, count in strata.items():
        got = sum(key in drawn for key, other in population if other == stratum)
        assert abs(got - size * count / len(population)) < 1 + 1e-9


def test_sampling_is_fair_over_many_weeks() -> None:
    """K-09: over many weeks every request has had the same chance, whatever its stratum's size."""
    population = [(key, "big") for key in range(40)] + [(key, "small") for key in range(40, 47)] + [(47, "one")]
    weeks = 6000
    seen = Counter(key for week in range(weeks) for key in rules.draw(population, f"quality:{week}", 6))
    expected = weeks * 6 / len(population)
    # Six standard deviations of a binomial count: a fair draw fails once in half a billion runs.
    tolerance = 6 * (expected * (1 - 6 / len(population))) ** 0.5
    assert all(abs(seen[key] - expected) < tolerance for key, _ in population), seen


def test_doubles_are_a_share_of_the_sample() -> None:
    keys = list(range(20))
    assert len(rules.doubles(keys, "w")) == 4
    assert rules.doubles(keys, "w") == rules.doubles(keys, "w")
    assert rules.doubles([7], "w") == {7}
    assert rules.doubles([], "w") == set()


def test_codes_differ_and_are_read_as_typed() -> None:
    codes = {rules.new_code() for _ in range(500)}
    assert len(codes) == 500
    code = codes.pop()
    assert rules.plain_code(code.lower().replace("-", " ")) == code
    assert rules.plain_code(f"  {code.replace('-', '')}  ") == code


def test_agreement_counts_every_mark() -> None:
    assert rules.agreement([(("pass", "pass", "na"), ("pass", "fail", "na"))]) == (2, 3)
    assert rules.agreement([]) == (0, 0)


def test_hot_spot_is_three_alike() -> None:
    assert rules.hot_spots(["a", "b", "a", "b", "a"]) == [("a", 3)]


def test_settled_at_once_means_within_a_day() -> None:
    """C-04."""
    assert rules.may_settle_at_once(NOW, NOW + timedelta(hours=24))
    assert not rules.may_settle_at_once(NOW, NOW + timedelta(hours=24, seconds=1))
