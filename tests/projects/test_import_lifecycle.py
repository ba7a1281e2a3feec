"""The states of an import: every edge, who may take it, and what the worker does between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from apps.core.errors import IllegalTransition
from apps.core.models import Event, OutboxItem
from apps.core.outbox import deliver_due
from apps.projects import tasks  # noqa: F401  the outbox learns its handlers
from apps.projects.importing import lifecycle, services
from apps.projects.models import Equipment, ImportRun, Owner

from .. import factories as make
from .importing import HEADER, as_csv, file_of, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Any:
    return make.make_staff("administrator")


def uploaded(content: bytes, actor: Any, now: datetime) -> ImportRun:
    return services.start_import(upload=SimpleUploadedFile("台账.csv", content), actor=actor, now=now)


S = ImportRun.Status
REFUSED, TOO_LATE = "refused", "too late"
OTHERS = ("manager", "customer_service", "engineer", "auditor")
#: The worker's own steps are nobody's button; only the state decides.
TABLE = [
    *[("worker", state, "show", S.READY if state in {S.READING, S.APPLYING} else TOO_LATE) for state in S],
    *[("worker", state, "finish", S.APPLIED if state == S.APPLYING else TOO_LATE) for state in S],
    *[("worker", state, "fail", S.FAILED if state in {S.READING, S.APPLYING} else TOO_LATE) for state in S],
    *[("administrator", state, "read_again", S.READING if state == S.READY else TOO_LATE) for state in S],
    *[("administrator", state, "apply", S.APPLYING if state == S.READY else REFUSED) for state in S],
    *[
        ("administrator", state, "cancel", S.CANCELLED if state in {S.READING, S.READY, S.APPLYING} else TOO_LATE)
        for state in S
    ],
    *[(role, S.READY, step, REFUSED) for role in OTHERS for step in ("apply", "cancel")],
]
GIVEN: dict[str, dict[str, Any]] = {
    "show": {"header": ["设备名称"], "columns": {0: "name"}, "report": {}},
    "finish": {"report": {}},
    "fail": {"problem": {"code": "empty"}},
    "read_again": {"columns": {0: "name"}},
}
WOULD = {"errors": 0, "counts": {"equipment": {"created": 1, "changed": 0, "left": 0}}}


@pytest.mark.parametrize(("role", "state", "step", "outcome"), TABLE)
def test_every_edge_of_an_import(role: str, state: str, step: str, outcome: str, now: datetime) -> None:
    run = make.make_import_run(status=state, report=WOULD)
    actor = make.make_staff("administrator" if role == "worker" else role)
    edge = getattr(lifecycle, step)
    if outcome in S:
        assert edge(run, actor=actor, now=now, **GIVEN.get(step, {})).status == outcome
        assert Event.objects.about(run).get().name == f"projects.importrun.{step}"
        return
    assert not edge.is_open_to(run, actor)
    with pytest.raises(PermissionDenied if outcome == REFUSED else IllegalTransition):
        edge(run, actor=actor, now=now, **GIVEN.get(step, {}))
    run.refresh_from_db()
    assert run.status == state


def test_import_on_screen_reads_shows_and_applies(administrator: Any, now: datetime) -> None:
    run = uploaded(file_of(line(), line(name="水泵")), administrator, now)
    assert (run.status, run.original_name) == (ImportRun.Status.READING, "台账.csv")
    assert "台账" not in run.file.name
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READY
    assert (run.rows_done, run.rows_total) == (2, 2)
    assert run.report["counts"]["equipment"] == {"created": 2, "changed": 0, "left": 0}
    assert not Equipment.objects.exists()
    run = lifecycle.apply(run, actor=administrator, now=now)
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.APPLIED
    assert run.finished_at
    assert Equipment.objects.count() == 2
    assert {event.actor for event in Event.objects.all()} == {administrator}
    # Delivered once more, it changes nothing.
    services.apply_run(run.pk)
    assert Equipment.objects.count() == 2


def test_import_with_errors_or_without_anything_to_do_cannot_be_applied(administrator: Any, now: datetime) -> None:
    services.import_file(file_of(line()), name="台账.csv", now=now, dry_run=False)
    for content in (file_of(line(installed_on="昨天")), file_of(line())):
        run = uploaded(content, administrator, now)
        services.read_run(run.pk)
        run.refresh_from_db()
        assert run.status == ImportRun.Status.READY
        assert not lifecycle.apply.is_open_to(run, administrator)


def test_what_changed_since_the_dry_run_is_seen_when_applying(administrator: Any, now: datetime) -> None:
    run = uploaded(file_of(line(asset_code="ZC-1")), administrator, now)
    services.read_run(run.pk)
    run.refresh_from_db()
    lifecycle.apply(run, actor=administrator, now=now)
    make.make_equipment(asset_code="ZC-1")
    services.apply_run(run.pk)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READY
    assert [line["code"] for line in run.report["problems"]] == ["elsewhere"]
    assert Equipment.objects.count() == 1


@pytest.mark.parametrize("when", ["reading", "ready", "applying"])
def test_import_can_be_cancelled_until_it_is_written(when: str, administrator: Any, now: datetime) -> None:
    run = uploaded(file_of(line()), administrator, now)
    if when != "reading":
        services.read_run(run.pk)
    if when == "applying":
        run = lifecycle.apply(run, actor=administrator, now=now)
    run = lifecycle.cancel(run, actor=administrator, now=now)
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.CANCELLED
    assert not Owner.objects.exists()


def test_worker_stops_when_the_import_is_cancelled_under_its_hands(
    administrator: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = uploaded(file_of(*[line(name=f"灯{n}") for n in range(5)]), administrator, now)
    services.read_run(run.pk)
    run.refresh_from_db()
    lifecycle.apply(run, actor=administrator, now=now)
    seen = []

    def cancel_then_note(done: int, total: int, note: Any) -> None:
        seen.append(done)
        if done == 2:
            lifecycle.cancel(run, actor=administrator, now=now)
        note(done, total)

    read_contents = services.read_contents
    monkeypatch.setattr(services, "PROGRESS_EVERY", 2)
    monkeypatch.setattr(
        services,
        "read_contents",
        lambda content, columns, note: read_contents(content, columns, lambda d, t: cancel_then_note(d, t, note)),
    )
    services.apply_run(run.pk)
    run.refresh_from_db()
    assert seen == [0, 2]
    assert run.status == ImportRun.Status.CANCELLED
    assert not Owner.objects.exists()


def test_unreadable_file_fails_with_its_reason(administrator: Any, now: datetime) -> None:
    run = uploaded(as_csv([HEADER]), administrator, now)
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.FAILED
    assert run.report["problems"] == [{"code": "header_only"}]


def test_unexpected_failure_is_shown_and_not_tried_forever(
    administrator: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = uploaded(file_of(line()), administrator, now)
    monkeypatch.setattr(services, "plan_contents", lambda read: 1 / 0)
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.FAILED
    assert OutboxItem.objects.get(kind="projects.import_read").status == OutboxItem.Status.DONE


def test_database_failure_is_tried_again(administrator: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    run = uploaded(file_of(line()), administrator, now)

    def fail(read: Any) -> None:
        raise DatabaseError("somebody was quicker")

    with monkeypatch.context() as broken:
        broken.setattr(services, "plan_contents", fail)
        deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READING
    OutboxItem.objects.update(due_at=now)
    deliver_due(now=now)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READY
