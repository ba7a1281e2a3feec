"""Document numbers: one counter row per series and year, locked by the statement that raises it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from .models import Counter

#: The year of a series that counts through, such as asset codes.
NO_YEAR = 0

#: Makes or raises the counter and holds its row until the transaction ends; the same on SQLite and PostgreSQL.
RAISE = f"""
    INSERT INTO {Counter._meta.db_table} AS counter (series, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (series, year) DO UPDATE SET last = counter.last + excluded.last
    RETURNING last
"""  # noqa: S608  the table's name is ours


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
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [series, year, count])
        last = cursor.fetchone()[0]
    prefix = f"{series}-{year}" if yearly else series
    return [f"{prefix}-{number:06d}" for number in range(last - count + 1, last + 1)]
