"""Document numbers: one locked counter row per series and year, given in the transaction that needs them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Counter

#: The year of a series that counts through, such as asset codes.
NO_YEAR = 0


def next_number(series: str, *, now: datetime, yearly: bool = True) -> str:
    """Return the next number of a series, ``WX-2026-000123`` (or ``SB-000123`` when it counts through).

    The year is that of ``now`` in the portal's time zone. Must be called in a transaction: if that fails, so does
    the number, and none is lost or given twice.
    """
    return next_numbers(series, 1, now=now, yearly=yearly)[0]


def next_numbers(series: str, count: int, *, now: datetime, yearly: bool = True) -> list[str]:
    """Return the next ``count`` numbers of a series."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A number is given in the transaction that uses it.")
    year = timezone.localtime(now).year if yearly else NO_YEAR
    Counter.objects.get_or_create(series=series, year=year)
    counter = Counter.objects.select_for_update().get(series=series, year=year)
    Counter.objects.filter(pk=counter.pk).update(last=F("last") + count)
    prefix = f"{series}-{year}" if yearly else series
    return [f"{prefix}-{number:06d}" for number in range(counter.last + 1, counter.last + count + 1)]
