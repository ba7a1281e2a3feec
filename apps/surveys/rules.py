"""How answers become an index, and when one is low: pure functions of plain values (K-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

SCALE = "scale"
NPS = "nps"
#: The worst and the best answer of each kind that counts.
SPANS = {SCALE: (1, 5), NPS: (0, 10)}
#: A person is asked at most once in so long (ISO 10004).
REST = timedelta(days=30)
#: A link is open for so long.
LINK_LIFE = timedelta(days=14)
#: A low answer is called about within so many working days.
WORKING_DAYS_TO_CALL = 1
PLACES = Decimal("0.1")


@dataclass(frozen=True)
class Given:
    """One answer as the index sees it; ``number`` is None where nothing was answered."""

    kind: str
    number: int | None
    weight: int = 1


def score(kind: str, number: int) -> Decimal:
    """Return an answer on the common measure: 0 the worst, 100 the best.

    Raises ``ValueError`` for a number outside the question's span, ``KeyError`` for a kind that has none.
    """
    worst, best = SPANS[kind]
    if not worst <= number <= best:
        raise ValueError(f"{number} is not between {worst} and {best}.")
    return Decimal(100 * (number - worst)) / (best - worst)


def index_of(answers: Iterable[Given]) -> Decimal | None:
    """Return the weighted mean of the scores, 0 to 100 with one decimal; None when nothing that counts was answered.

    What was not answered drops out of the divisor, as do texts, choices and questions of weight 0.
    """
    counted = [one for one in answers if one.kind in SPANS and one.number is not None and one.weight]
    if not counted:
        return None
    total = sum((score(one.kind, one.number) * one.weight for one in counted if one.number is not None), Decimal(0))
    return (total / sum(one.weight for one in counted)).quantize(PLACES, ROUND_HALF_UP)


def is_low(answers: Iterable[Given], index: Decimal | None, *, below: int, scale_at_most: int) -> bool:
    """Say whether an answer needs a call: its index lies below the threshold, or one scale is as bad as that."""
    bad = any(one.kind == SCALE and one.number is not None and one.number <= scale_at_most for one in answers)
    return bad or (index is not None and index < below)


def response_rate(answered: int, asked: int) -> int | None:
    """Return the share of requests that were answered in whole percent; None when nobody was asked."""
    return round(100 * answered / asked) if asked else None


def may_ask_again(last: datetime | None, now: datetime) -> bool:
    """Say whether a person who was last asked then may be asked now."""
    return last is None or now - last >= REST
