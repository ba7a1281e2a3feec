"""Several make the due visits at the same moment: each comes once (V-04)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection

from apps.core.models import Counter
from apps.inspections import services
from apps.inspections.models import Visit
from tests import factories as make

START = datetime(2026, 1, 15, 9, 0, tzinfo=make.SHANGHAI)
ROOT = Path(__file__).resolve().parents[2]


def _run_together(count: int) -> list[int]:
    """Have several connections generate at the same moment."""
    gate, made = threading.Barrier(count), []

    def generate() -> None:
        try:
            gate.wait()
            made.append(len(services.generate_visits(until=date(2026, 12, 31), now=START)))
        finally:
            connection.close()

    threads = [threading.Thread(target=generate) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_connections_at_once_make_each_visit_once_and_lose_no_number() -> None:
    plans = [
        make.make_plan(
            kind="patrol", anchor=date(2026, 1, 10), starts_on=START.date(), months=1, assigned_to=make.make_engineer()
        )
        for _ in range(5)
    ]
    made = _run_together(4)
    assert sum(made) == Visit.objects.count() == 5 * 11
    assert all(plan.visits.values("planned_on").distinct().count() == 11 for plan in plans)
    assert Counter.objects.get(series="XJ").last == 5 * 11


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has the test above")
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_on_one_sqlite_file(tmp_path: Path) -> None:
    """Two schedulers on one machine: no duplicate, no gap, and neither fails."""
    for _ in range(6):
        make.make_plan(anchor=date(2026, 1, 31), starts_on=date(2026, 2, 1), months=1)
    copy = sqlite3.connect(tmp_path / "portal.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.local", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "manage.py", "generate_visits", "--until", "2026-12-31"]
    runs = [
        subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    outs = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outs
    lines = [line for out, _ in outs for line in out.splitlines() if not line.endswith(" created")]
    numbers = sorted(line.split()[0] for line in lines)
    assert len(lines) == 6 * 11
    assert numbers == [f"XJ-{numbers[0].split('-')[1]}-{n:06d}" for n in range(1, 6 * 11 + 1)]
