"""Months on a calendar: pure functions of dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date


def add_months(start: date, months: int) -> date:
    """Return the corresponding day ``months`` later, or that month's last day where it has none (民法典 art. 202)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def occurrence(anchor: date, months: int, n: int) -> date:
    """Return occurrence ``n`` ≥ 1 of a plan: anchor + n periods, counted from the anchor and never from a clamped day.

    Raises ``ValueError`` for a period of less than a month and for n < 1 (the anchor itself is no occurrence).
    """
    if months < 1:
        raise ValueError("A period is at least one month.")
    if n < 1:
        raise ValueError("Occurrences count from 1.")
    return add_months(anchor, months * n)


def occurrences_between(anchor: date, months: int, first: date, last: date) -> Iterator[tuple[int, date]]:
    """Yield (n, date) of every occurrence from ``first`` to ``last``, both included."""
    apart = (first.year - anchor.year) * 12 + first.month - anchor.month
    n = max(1, apart // months)  # the occurrence of that month may still lie before ``first``
    while (day := occurrence(anchor, months, n)) <= last:
        if day >= first:
            yield n, day
        n += 1
