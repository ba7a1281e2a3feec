"""Two imports of the same file at the same moment, on two real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection

from apps.projects.importing import services
from apps.projects.models import Equipment, Owner

from .importing import file_of, line

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_same_file_twice_at_once_is_written_once(now: datetime) -> None:
    """One waits for the other and then finds everything there, or is turned away and tried again by the outbox."""
    content = file_of(*(line(name=f"灯{number}") for number in range(200)))

    def work(number: int) -> Any:
        try:
            return services.import_file(content, name="台账.csv", now=now, dry_run=False).counts()["equipment"][
                "created"
            ]
        except DatabaseError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [0, 200]
    assert Equipment.objects.count() == 200
    assert Owner.objects.count() == 1
