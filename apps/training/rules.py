"""Papers, marks, seen seconds, terms: pure functions of plain values (T-02 … T-05)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar

from apps.core.recurrence import add_months

Key = TypeVar("Key", bound=Hashable)
Interval = list[float]

#: A video counts as seen when so much of it was.
SEEN_ENOUGH = 0.9
#: Seconds by which a report may be early: clocks and timers are not exact.
SLACK = 2.0
#: Numbers with more digits before or after the point than this are no answers: reckoning with them overflows.
MAX_DIGITS = 30
#: The share of the best and of the worst papers that tell whether a question divides them.
OUTER = 0.27
CLASS_AHEAD = timedelta(days=30)
#: Hours taught that make a day of training: eight lessons of 45 minutes.
DAY_HOURS = 6


def apportion(weights: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Divide ``total`` among the parts by their weights, largest remainders first; who weighs nothing gets nothing."""
    whole = sum(weights.values())
    if whole <= 0:
        return dict.fromkeys(weights, 0)
    shares = {part: divmod(total * weight, whole) for part, weight in weights.items()}
    counts = {part: share for part, (share, _) in shares.items()}
    by_rest = sorted(weights, key=lambda part: -shares[part][1])
    for part in by_rest[: total - sum(counts.values())]:
        counts[part] += 1
    return counts


def lacking(pool: Mapping[Key, Sequence[int]], weights: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Return how many questions each part lacks for a paper of ``total``."""
    wanted = apportion(weights, total)
    return {part: count - len(pool.get(part, ())) for part, count in wanted.items() if count > len(pool.get(part, ()))}


def draw(pool: Mapping[Key, Sequence[int]], weights: Mapping[Key, int], total: int, chance: random.Random) -> list[int]:
    """Draw a paper: of each part as many questions as its weight asks for, in chance order, none twice.

    Raises ``ValueError`` when a part has too few.
    """
    if short := lacking(pool, weights, total):
        raise ValueError(f"too few questions: {short}")
    chosen = [
        question
        for part, count in apportion(weights, total).items()
        for question in chance.sample(list(pool.get(part, ())), count)
    ]
    chance.shuffle(chosen)
    return chosen


def share_of(kind: str, answer: Mapping[str, Any], response: Mapping[str, Any], order: Sequence[int]) -> Decimal | None:
    """Return what an answer is worth, 0 or 1 (several of several: wrong picks cost nothing less than all of it).

    None for what a person marks: short texts and practical tasks; an empty text is worth nothing.
    """
    if kind == "practical":
        return None
    if kind == "text":
        return None if str(response.get("text", "")).strip() else Decimal(0)
    return Decimal(int(_is_right(kind, answer, response, order)))


def _is_right(kind: str, answer: Mapping[str, Any], response: Mapping[str, Any], order: Sequence[int]) -> bool:
    if kind == "true_false":
        return response.get("is_true") is not None and response.get("is_true") == answer["is_true"]
    if kind == "number":
        value, right = as_number(response.get("value")), as_number(answer["value"])
        within = as_number(answer.get("tolerance")) or 0
        return value is not None and right is not None and abs(value - right) <= within
    chosen = {order[place] for place in response.get("chosen", []) if 0 <= place < len(order)}
    return bool(chosen) and chosen == set(answer["chosen"])


def as_number(text: Any) -> Decimal | None:
    """Read a number as people type it, full-width signs included; None for what is none, or beyond all measure."""
    plain = (
        str(text or "")
        .strip()
        .translate(str.maketrans("０１２３４５６７８９．，－", "0123456789.,-"))
        .replace(",", ".")
    )
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS else None


def result(marks: Iterable[tuple[int, Decimal]]) -> tuple[Decimal, int]:
    """Return the points reached and the percentage, rounded down, of (points, share) pairs."""
    pairs = list(marks)
    reached = sum((points * share for points, share in pairs), Decimal(0))
    whole = sum(points for points, _share in pairs)
    return reached, int(reached * 100 / whole) if whole else 0


def merged(intervals: Iterable[Sequence[float]]) -> list[Interval]:
    """Join intervals that touch or overlap, in order."""
    found: list[Interval] = []
    for start, end in sorted((float(start), float(end)) for start, end in intervals if end > start):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found


def length(intervals: Iterable[Sequence[float]]) -> float:
    return sum(end - start for start, end in intervals)


def add_seen(
    seen: Sequence[Sequence[float]], reported: Iterable[Sequence[float]], *, elapsed: float, whole: float
) -> list[Interval]:
    """Return what has been seen after a report: clipped to the video, and never more new than time has gone by.

    ``elapsed`` are the seconds since the last report by the server's clock, less what earlier ones took of the slack;
    ``whole`` is the video's length.
    """
    known = merged(seen)
    left = max(0.0, elapsed + SLACK)
    for start, end in merged([max(0.0, start), min(whole, end)] for start, end in reported):
        end = min(end, start + left)  # noqa: PLW2901  what is claimed beyond the time gone by was not seen
        left -= max(0.0, end - start)
        known = merged([*known, [start, end]])
    return known


def is_seen(seen: Iterable[Sequence[float]], whole: float) -> bool:
    """Say whether enough of a video was seen."""
    return length(seen) >= whole * SEEN_ENOUGH


def term_of(day: date) -> str:
    """Return the yearly class whose registration is open on a day: spring from February, autumn from August (T-04)."""
    if day.month == 1:
        return f"{day.year - 1}-autumn"
    return f"{day.year}-spring" if day.month < 8 else f"{day.year}-autumn"  # noqa: PLR2004  August


def class_day(term: str, today: date) -> date:
    """Return the day of a term's class: 15 April or 15 October, or a month from today when that is nearer."""
    year, season = term.split("-")
    usual = date(int(year), 4 if season == "spring" else 10, 15)
    return max(usual, today + CLASS_AHEAD)


def expiry(issued_on: date, months: int | None) -> date | None:
    """Return the last valid day of a certificate; None for one that does not end."""
    return add_months(issued_on, months) if months else None


def masked(name: str) -> str:
    """Return a name as the public sees it: its first sign and stars."""
    return name[:1] + "*" * max(2, min(len(name) - 1, 3)) if name else ""


def days_taught(spans: Iterable[tuple[datetime, datetime, Decimal]]) -> dict[date, Fraction]:
    """Return how much of a day's training was given on each day: what was taught together, one day at most (T-02).

    Spans are (begin, end, hours taught); without hours it is as long as it lasts. Hours are spread evenly over a
    span's days; midnight ends a day and begins none.
    """
    taught: dict[date, Fraction] = defaultdict(Fraction)
    for start, end, hours in spans:
        count = ((end - timedelta(microseconds=1)).date() - start.date()).days + 1
        whole = Fraction(hours) if hours else Fraction((end - start) // timedelta(seconds=1), 3600)
        for n in range(count):
            taught[start.date() + timedelta(days=n)] += whole / count / DAY_HOURS
    return {day: min(share, Fraction(1)) for day, share in taught.items()}


def tenths(number: Fraction) -> Decimal:
    """Return a number to one decimal place, rounded down: nothing is whole before it is."""
    return Decimal(int(number * 10)) / 10


def discrimination(papers: Iterable[tuple[int, float]]) -> float | None:
    """Return how well a question divides good papers from bad ones, −1 to 1; None for too few papers.

    ``papers`` are (result of the paper in percent, share of the question) pairs.
    """
    ranked = sorted(papers)
    group = round(len(ranked) * OUTER)
    if group < 1 or len(ranked) < 4:  # noqa: PLR2004  below that it says nothing
        return None
    low, high = ranked[:group], ranked[-group:]
    return sum(share for _, share in high) / group - sum(share for _, share in low) / group
