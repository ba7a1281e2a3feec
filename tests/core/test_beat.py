"""Beat goes on whatever happens to the clock of the machine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.schedules import crontab
from kombu.utils.imports import symbol_by_name

from config.celery import app as portal
from tests.factories import NOW

SCHEDULE = {
    "sweep": {"task": "sweep", "schedule": 20.0},
    "generate": {"task": "generate", "schedule": 60.0},
    "purge": {"task": "purge", "schedule": crontab(hour="10", minute="7")},
}


class Beat:
    """A beat of the portal's kind, with a clock that can be set."""

    def __init__(self, schedule: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.sent = NOW, list[str]()
        app = Celery(set_as_current=False, broker="memory://")
        app.conf.update(timezone="Asia/Shanghai", result_expires=None, beat_schedule=SCHEDULE)
        monkeypatch.setattr(Celery, "now", lambda _app: self.now)
        kind: Any = symbol_by_name(portal.conf.beat_scheduler)
        self.scheduler = kind(app=app, schedule_filename=str(schedule))
        monkeypatch.setattr(self.scheduler, "apply_async", lambda entry, **_: self.sent.append(entry.task))

    def run(self, span: timedelta) -> set[str]:
        """Let so much time pass, and return what was sent meanwhile."""
        self.sent.clear()
        end = self.now + span
        while self.now < end:
            self.now += timedelta(seconds=max(self.scheduler.tick(), 0.001))
        return set(self.sent)


def test_clock_that_is_set_back_does_not_silence_beat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traps, "Queue": the clock was a year ahead and is put right, under beat or while it was down."""
    beat = Beat(tmp_path / "schedule", monkeypatch)
    beat.now += timedelta(days=365)
    assert beat.run(timedelta(minutes=3)) >= {"sweep", "generate"}
    beat.now -= timedelta(days=365)
    assert beat.run(timedelta(minutes=3)) == {"sweep", "generate"}
    beat.now += timedelta(days=365)
    beat.run(timedelta(minutes=3))
    beat.scheduler.close()
    again = Beat(tmp_path / "schedule", monkeypatch)
    assert again.run(timedelta(minutes=10)) == {"sweep", "generate", "purge"}
    assert [task for task in again.sent if task == "purge"] == ["purge"]
    again.scheduler.close()
