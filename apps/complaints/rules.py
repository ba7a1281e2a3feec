"""Pure rules: codes, dates told to complainants, the fair draw of a sample, agreement of checkers, hot spots."""

from __future__ import annotations

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from apps.core.recurrence import add_months

#: Without the letters and figures that are taken for one another on the telephone.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16
WHYS = 5

#: What can be settled at once is settled within a day (C-04); afterwards the complainant is asked within a day (C-05).
AT_ONCE = timedelta(hours=24)
#: The day an answer is told to be expected by, from receipt.
EXPECTED_DAYS = 7
#: A follow-up is made within three days of completion (R-13), and given up after so many attempts.
FOLLOW_UP_DAYS = 3
ATTEMPTS = 3

#: One request in ten, at least five; one in five of those is judged twice (K-09).
SAMPLE_SHARE = Fraction(1, 10)
SAMPLE_LEAST = 5
DOUBLE_SHARE = Fraction(1, 5)

#: Stands in papers for whom they do not name.
COVERED = "某某"

#: So many complaints alike within the days make a hot spot (C-07).
HOT = 3
HOT_DAYS = 90


def new_code() -> str:
    """Return a code that is read out and typed by hand: 80 bits, in groups of four."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(signs[n : n + 4] for n in range(0, CODE_LENGTH, 4))


def plain_code(text: str) -> str:
    """Return a typed code as it is kept, whatever case and separators it was typed with."""
    signs = [sign for sign in text.upper() if sign in ALPHABET][:CODE_LENGTH]
    return "-".join("".join(signs[n : n + 4]) for n in range(0, len(signs), 4))


def expected_on(today: date) -> date:
    """Return the day by which the complainant is told to expect an answer."""
    return today + timedelta(days=EXPECTED_DAYS)


def may_settle_at_once(began_at: datetime, now: datetime) -> bool:
    return now - began_at <= AT_ONCE


def sample_size(population: int) -> int:
    return min(population, max(SAMPLE_LEAST, -(-population * SAMPLE_SHARE.numerator // SAMPLE_SHARE.denominator)))


def draw(population: Sequence[tuple[int, Hashable]], seed: str, size: int | None = None) -> list[int]:
    """Draw a sample stratified by the second part of each line: the same seed and lines give the same sample.

    Places between strata that their sizes do not decide are decided by lot, so that over the weeks everybody's turn
    comes alike.
    """
    chance = random.Random(seed)  # noqa: S311  a lot, no secret
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for key, stratum in sorted(population, key=lambda line: line[0]):
        groups[stratum].append(key)
    wanted = sample_size(len(population)) if size is None else min(size, len(population))
    names = sorted(groups, key=str)
    places = _allot_by_lot({name: len(groups[name]) for name in names}, wanted, chance)
    return sorted(key for name in names for key in chance.sample(groups[name], places[name]))


def _allot_by_lot(strata: dict[Hashable, int], size: int, chance: random.Random) -> dict[Hashable, int]:
    """Share places by size; the remainders by systematic sampling, so that each stratum's expectation is exact."""
    total = sum(strata.values())
    places = dict.fromkeys(strata, 0)
    if not total or not size:
        return places
    order = list(strata)
    chance.shuffle(order)
    start, passed = chance.random(), 0.0
    for name in order:
        before = passed
        passed += size * strata[name] / total
        places[name] = min(strata[name], _marks(passed, start) - _marks(before, start))
    missing = size - sum(places.values())
    for name in order:
        room = min(missing, strata[name] - places[name])
        places[name] += room
        missing -= room
    return places


def _marks(passed: float, start: float) -> int:
    """How many of the marks start, start + 1, … lie below a point."""
    return max(0, int(passed - start) + 1) if passed > start else 0


def doubles(keys: Sequence[int], seed: str) -> set[int]:
    """Draw those that two checkers judge: at least one of a sample."""
    count = max(1, round(len(keys) * DOUBLE_SHARE)) if keys else 0
    return set(random.Random(f"{seed}:double").sample(sorted(keys), count))  # noqa: S311


def agreement(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> tuple[int, int]:
    """Return how many of the marks that two checkers gave independently agree, and how many there are."""
    compared = [(one, other) for first, second in pairs for one, other in zip(first, second, strict=True)]
    return sum(one == other for one, other in compared), len(compared)


def hot_spots(lines: Iterable[Hashable]) -> list[tuple[Hashable, int]]:
    """Return what was complained of three times or more, the most frequent first (C-07)."""
    return [(what, count) for what, count in Counter(lines).most_common() if count >= HOT]


#: How many months the spans have over which is summed up.
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def span_of(name: str, day: date) -> tuple[date, date]:
    """Return the first day of the month, quarter or year that a day lies in, and of the next.

    Raises ``KeyError`` for a span that is none.
    """
    months = MONTHS[name]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return first, add_months(first, months)


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent; None of nothing."""
    return round(100 * part / whole) if whole else None


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text in which the names are covered, the longer ones first; a single sign is no name."""
    for name in sorted((name for name in set(names) if len(name) > 1), key=len, reverse=True):
        text = text.replace(name, COVERED)
    return text
