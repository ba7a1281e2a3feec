"""Numbers: format, year, no gap and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from apps.core.models import Counter
from apps.core.numbering import next_number, next_numbers
from tests.factories import NOW, SHANGHAI

pytestmark = pytest.mark.django_db


def test_number_has_prefix_year_and_six_digits() -> None:
    assert [next_number("WX", now=NOW) for _ in range(2)] == ["WX-2026-000001", "WX-2026-000002"]


def test_asset_codes_count_through_the_years() -> None:
    assert next_number("SB", now=NOW, yearly=False) == "SB-000001"
    assert next_number("SB", now=NOW.replace(year=2027), yearly=False) == "SB-000002"


def test_series_count_for_themselves() -> None:
    next_number("WX", now=NOW)
    assert next_number("FW", now=NOW) == "FW-2026-000001"


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "WX-2026-000001"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "WX-2027-000001"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI), "WX-2027-000001"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), "WX-2026-000001"),
    ],
)
def test_year_turns_at_midnight_in_shanghai(moment: datetime, number: str) -> None:
    assert next_number("WX", now=moment) == number


def test_many_numbers_follow_one_another() -> None:
    next_number("BX", now=NOW)
    assert next_numbers("BX", 3, now=NOW) == ["BX-2026-000002", "BX-2026-000003", "BX-2026-000004"]
    assert next_number("BX", now=NOW) == "BX-2026-000005"


def test_rollback_gives_the_number_back() -> None:
    next_number("WX", now=NOW)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert next_number("WX", now=NOW) == "WX-2026-000002"
        _ = 1 / 0
    assert next_number("WX", now=NOW) == "WX-2026-000002"


@pytest.mark.django_db(transaction=True)
def test_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        next_number("WX", now=NOW)
    assert not Counter.objects.exists()


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_no_number_twice_and_leave_no_gap(hands: ThreadPoolExecutor) -> None:
    """Two issues at once; every third transaction fails and gives its number back."""
    start = Barrier(8)

    def take(worker: int) -> list[str]:
        start.wait()
        taken = []
        for turn in range(12):
            try:
                with transaction.atomic():
                    number = next_number("WX", now=NOW)
                    if (worker + turn) % 3 == 0:
                        raise ZeroDivisionError
                    taken.append(number)
            except ZeroDivisionError:
                pass
        connections.close_all()
        return taken

    numbers = sorted(number for taken in hands.map(take, range(8)) for number in taken)
    assert connection.vendor == "postgresql"
    assert numbers == [f"WX-2026-{n:06d}" for n in range(1, 8 * 8 + 1)]
