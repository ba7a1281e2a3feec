"""The states of a visit: who may take which step from which state, and what the step does (V-04 … V-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Role
from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.core.models import Event
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.signing import leave_unsigned
from apps.inspections import lifecycle, recording
from apps.inspections.models import Finding, Visit, VisitCheck
from apps.notifications.models import Notification
from apps.projects.models import ProjectPerson
from apps.tickets.models import Ticket
from tests import factories as make

pytestmark = pytest.mark.django_db
S = Visit.Status
NOW = make.NOW

PEOPLE = [
    "assigned engineer",
    "other engineer",
    "project manager",
    "stranger",
    *[role.value for role in Role if role != Role.ENGINEER],
    "owner",
]
DISPATCH = {"customer_service", "manager", "project manager"}
WORK = {"assigned engineer"}
NOBODY: set[str] = set()

#: Every edge: its sources, its target, and who may take it. Nobody: only other steps cause it.
EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "assign": ({S.PLANNED, S.ASSIGNED}, S.ASSIGNED, DISPATCH),
    "start": ({S.ASSIGNED}, S.UNDER_WAY, WORK),
    "interrupt": ({S.UNDER_WAY}, S.ASSIGNED, DISPATCH),
    "finish": ({S.UNDER_WAY}, S.DONE, WORK),
    "correct": ({S.DONE}, S.UNDER_WAY, WORK),
    "report": ({S.DONE}, S.REPORTED, NOBODY),
    "approve": ({S.REPORTED}, S.APPROVED, {"manager", "project manager"}),
    "skip": ({S.PLANNED, S.ASSIGNED}, S.SKIPPED, DISPATCH),
    "drop": ({S.PLANNED, S.ASSIGNED}, S.SKIPPED, NOBODY),
}


def _outcome(person: str, state: str, step: str) -> str:
    sources, target, people = EDGES[step]
    if person not in people:
        return "forbidden" if people else "not offered"
    return target if state in sources else "not now"


#: (role, state, step, outcome) for every role, every state and every step.
TABLE = [(person, state, step, _outcome(person, state, step)) for step in EDGES for state in S for person in PEOPLE]


@dataclass
class Scene:
    visit: Visit
    people: dict[str, Any]

    def data(self, step: str) -> dict[str, Any]:
        given = {"assigned_to": self.people["assigned engineer"], "scheduled_on": NOW.date()}
        why = given | {"reason": "工程师生病"}
        return {"assign": given, "interrupt": why, "skip": {"reason": "业主停工"}, "drop": {"reason": "计划调整"}}.get(
            step, {}
        )


@pytest.fixture
def scene() -> Scene:
    owner = make.make_owner()
    manager, engineer = make.make_staff(Role.ENGINEER), make.make_staff(Role.ENGINEER)
    project = make.make_project(owner=owner, manager=manager, engineers=[engineer])
    people = {role.value: make.make_staff(role) for role in Role if role != Role.ENGINEER} | {
        "assigned engineer": engineer,
        "other engineer": make.make_engineer(project),
        "project manager": manager,
        "stranger": make.make_engineer(),
        "owner": make.make_owner_admin(owner),
    }
    make.make_project_person(project=project, user=people["trainer"], role=ProjectPerson.Role.OTHER)
    make.make_company()
    visit = make.make_visit(project=project, assigned_to=engineer, running_state="运行正常")
    return Scene(visit, people)


def test_table_names_every_edge_with_its_sources_and_target() -> None:
    edges = edges_of(Visit)
    assert {name: (set(edge.sources), edge.target) for name, edge in edges.items()} == {
        name: (sources, target) for name, (sources, target, _) in EDGES.items()
    }
    assert {name for name, edge in edges.items() if edge.allowed is None} == {
        name for name, (_, _, people) in EDGES.items() if not people
    }


@pytest.mark.parametrize("step", EDGES)
def test_step_does_what_the_table_says(scene: Scene, step: str) -> None:
    """Each row of the table is tried, and rolled back; the button is there exactly when the step leads on."""
    edge = edges_of(Visit)[step]
    for person, state, name, outcome in TABLE:
        if name != step:
            continue
        actor = scene.people[person]
        with transaction.atomic():
            Visit.objects.filter(pk=scene.visit.pk).update(status=state)
            visit = Visit.objects.get(pk=scene.visit.pk)
            offered = step in {one.name for one in available(visit, actor)}
            if outcome == "not offered":
                seen = "offered" if offered else "not offered"
            else:
                try:
                    seen = edge(visit, actor=actor, now=NOW, **scene.data(step)).status
                except PermissionDenied:
                    seen = "forbidden"
                except IllegalTransition:
                    seen = "not now"
                assert offered is (seen in set(S)), (person, state, step)
            assert seen == outcome, (person, state, step)
            transaction.set_rollback(True)


def test_assigning_writes_the_engineer_into_the_project_and_tells_them(scene: Scene) -> None:
    engineer = make.make_engineer()
    day = NOW.date() + timedelta(days=3)
    visit = lifecycle.assign(
        scene.visit, actor=scene.people["manager"], now=NOW, assigned_to=engineer, scheduled_on=day
    )
    assert (visit.assigned_to, visit.scheduled_on, visit.planned_on) == (engineer, day, NOW.date())
    assert Visit.objects.visible_to(engineer).filter(pk=visit.pk).exists()
    assert Notification.objects.filter(user=engineer).exists()


def test_visit_is_not_moved_into_the_past(scene: Scene) -> None:
    yesterday = NOW.date() - timedelta(days=1)
    with pytest.raises(DomainError) as refused:
        lifecycle.assign(
            scene.visit,
            actor=scene.people["manager"],
            now=NOW,
            assigned_to=scene.people["assigned engineer"],
            scheduled_on=yesterday,
        )
    assert refused.value.field == "scheduled_on"


def test_overdue_visit_can_be_assigned_on_its_old_day(scene: Scene) -> None:
    """Only the person is missing; the day need not be touched."""
    past = NOW.date() - timedelta(days=20)
    Visit.objects.update(planned_on=past, scheduled_on=past, assigned_to=None)
    visit = lifecycle.assign(
        scene.visit,
        actor=scene.people["customer_service"],
        now=NOW,
        assigned_to=scene.people["assigned engineer"],
        scheduled_on=past,
    )
    assert (visit.status, visit.scheduled_on) == (S.ASSIGNED, past)


@pytest.mark.parametrize("who", ["owner", "off"])
def test_only_our_people_who_may_sign_in_are_assigned(scene: Scene, who: str) -> None:
    person = scene.people["owner"] if who == "owner" else make.make_engineer(is_active=False)
    with pytest.raises(DomainError) as refused:
        lifecycle.assign(
            scene.visit, actor=scene.people["manager"], now=NOW, assigned_to=person, scheduled_on=NOW.date()
        )
    assert refused.value.field == "assigned_to"


def test_interrupted_visit_keeps_what_was_recorded_and_tells_both(scene: Scene) -> None:
    """Its engineer falls ill on the way: another goes on with the same record, from the same beginning."""
    ill, other = scene.people["assigned engineer"], make.make_engineer()
    visit = _under_way(scene, running_state="东段已查", assigned_to=ill)
    check = VisitCheck.objects.create(visit=visit, position=1, text="灯杆", verdict="ok", note="完好")
    day = NOW.date() + timedelta(days=1)
    visit = lifecycle.interrupt(
        visit, actor=scene.people["manager"], now=NOW, assigned_to=other, scheduled_on=day, reason="工程师生病"
    )
    assert (visit.status, visit.assigned_to, visit.scheduled_on) == (S.ASSIGNED, other, day)
    assert set(Notification.objects.values_list("user", flat=True)) == {ill.pk, other.pk}
    visit = lifecycle.start(visit, actor=other, now=NOW + timedelta(days=1))
    check.refresh_from_db()
    assert (visit.started_at, visit.running_state, check.note) == (NOW, "东段已查", "完好")


def test_interrupting_needs_a_reason(scene: Scene) -> None:
    given = {"assigned_to": scene.people["assigned engineer"], "scheduled_on": NOW.date(), "reason": " "}
    with pytest.raises(DomainError) as refused:
        lifecycle.interrupt(_under_way(scene), actor=scene.people["manager"], now=NOW, **given)
    assert refused.value.field == "reason"


def test_skipping_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(DomainError):
        lifecycle.skip(scene.visit, actor=scene.people["manager"], now=NOW, reason="  ")


def _under_way(scene: Scene, **fields: Any) -> Visit:
    values = {"status": S.UNDER_WAY, "started_at": NOW, "contact_name": "林平"} | fields
    Visit.objects.filter(pk=scene.visit.pk).update(**values)
    return Visit.objects.get(pk=scene.visit.pk)


def _finish(scene: Scene) -> Visit:
    visit = Visit.objects.get(pk=scene.visit.pk)
    return lifecycle.finish(visit, actor=scene.people["assigned engineer"], now=NOW)


def test_finishing_lists_all_that_is_missing(scene: Scene) -> None:
    """V-06: one message names every gap, and nothing has changed."""
    visit = _under_way(scene, running_state="")
    points = [
        ("未判点", {}),
        ("读数点", {"unit": "V"}),
        ("异常点", {"verdict": "abnormal"}),
        ("好点", {"verdict": "ok"}),
    ]
    for position, (text, fields) in enumerate(points, start=1):
        VisitCheck.objects.create(visit=visit, position=position, text=text, **fields)
    with pytest.raises(DomainError) as refused:
        _finish(scene)
    message = str(refused.value)
    assert all(text in message for text in ("未判点", "读数点", "异常点", "运行状况"))
    assert "好点" not in message
    assert Visit.objects.get().status == S.UNDER_WAY
    assert not Document.objects.exists()


def test_finishing_drafts_the_report_under_the_visits_number(scene: Scene) -> None:
    _under_way(scene)
    visit = _finish(scene)
    document = documents.document_of(lifecycle.REPORT, visit)
    assert document is not None
    assert (visit.status, visit.done_at, document.status) == (S.DONE, NOW, Document.Status.DRAFT)
    assert document.data["issue"]["number"] == visit.number


def _defect(scene: Scene, **fields: Any) -> Finding:
    values = {"category": Finding.Category.QUALITY, "text": "接地电阻超限", "action": "加打接地极并复测"} | fields
    return recording.add_finding(visit=Visit.objects.get(), actor=scene.people["assigned engineer"], now=NOW, **values)


def test_quality_defect_opens_one_repair_when_the_visit_is_finished(scene: Scene) -> None:
    """V-07: a corrective action and a repair ticket; finishing again after a correction opens no second one."""
    _under_way(scene)
    equipment = make.make_equipment(project=scene.visit.project)
    defect = _defect(scene, equipment=equipment)
    other = _defect(scene, category=Finding.Category.SERVICE, text="希望提前通知", action="")
    visit = _finish(scene)
    ticket = Ticket.objects.get()
    assert (ticket.project, ticket.equipment, ticket.kind, ticket.level, ticket.channel) == (
        visit.project,
        equipment,
        "fault",
        3,
        "on_site",
    )
    assert ticket.title == "接地电阻超限"
    assert "加打接地极并复测" in ticket.description
    assert (Finding.objects.get(pk=defect.pk).ticket, Finding.objects.get(pk=other.pk).ticket) == (ticket, None)
    lifecycle.correct(visit, actor=scene.people["assigned engineer"], now=NOW)
    _finish(scene)
    assert Ticket.objects.count() == 1


def test_correcting_discards_the_unsigned_report(scene: Scene) -> None:
    _under_way(scene)
    visit = lifecycle.correct(_finish(scene), actor=scene.people["assigned engineer"], now=NOW)
    assert (visit.status, visit.done_at) == (S.UNDER_WAY, None)
    assert documents.document_of(lifecycle.REPORT, visit) is None


def _left_unsigned(scene: Scene) -> Document:
    _under_way(scene)
    document = documents.document_of(lifecycle.REPORT, _finish(scene))
    assert document is not None
    leave_unsigned(
        document, reason="业主不在场", photo="", taken_at=NOW, actor=scene.people["assigned engineer"], now=NOW
    )
    return document


def test_signature_or_its_absence_passes_the_report_to_the_supervisor(scene: Scene) -> None:
    """V-07: the project's manager is told, and approves."""
    document = _left_unsigned(scene)
    document.refresh_from_db()
    visit = Visit.objects.get()
    assert (visit.status, document.status) == (S.REPORTED, Document.Status.ISSUING)
    event = Event.objects.get(name="inspections.visit.report")
    assert Notification.objects.filter(user=scene.people["project manager"], event=event).exists()
    visit = lifecycle.approve(visit, actor=scene.people["project manager"], now=NOW)
    assert (visit.approved_by, visit.approved_at) == (scene.people["project manager"], NOW)


def test_report_says_what_was_found(scene: Scene) -> None:
    """V-06: running state, experience, readings with limits, findings with class, action, person and day."""
    visit = _under_way(
        scene, experience="亮度满意", suggestions="冬季早开灯", conclusion="总体正常", contact_phone="139-0000-2208"
    )
    VisitCheck.objects.create(visit=visit, position=1, text="灯杆", verdict="ok")
    VisitCheck.objects.create(
        visit=visit, position=2, text="接地电阻", unit="Ω", upper=Decimal(4), value=Decimal("5.20"), verdict="abnormal",
        note="5 号箱",
    )  # fmt: skip
    _defect(scene, responsible=scene.people["assigned engineer"], due_on=NOW.date())
    _finish(scene)
    document = documents.document_of(lifecycle.REPORT, visit)
    assert document is not None
    data = document.data
    assert data["running"][0]["note"] == "运行正常"
    assert [line["item"] for line in data["running"]] == ["总体", "灯杆"]
    (reading,) = data["readings"]
    assert (reading["limit"], reading["value"], reading["verdict"]["text"]) == ("≤ 4 Ω", "5.2 Ω", "超限")
    assert reading["mark"] > reading["band_start"] + reading["band_width"]
    defect, suggestion = data["findings"]
    assert (defect["kind"], defect["due_on"]) == ("质量", "2026-11-16")
    assert Ticket.objects.get().number in defect["action"]
    assert (suggestion["kind"], suggestion["text"]) == ("建议", "冬季早开灯")
    assert (data["experience"], data["conclusion"]["text"]) == ("亮度满意", "总体正常")
    assert data["status"]["tone"] == "warn"
    html = documents.preview_html(lifecycle.REPORT, Visit.objects.get(), now=NOW)
    assert all(text in html for text in ("接地电阻超限", "冬季早开灯", "5.2 Ω", "139-0000-2208"))


def test_report_of_a_visit_to_come_shows_what_it_will_ask(scene: Scene) -> None:
    assert (scene.visit.started_at, scene.visit.done_at) == (None, None)
    assert "首次到访" in documents.preview_html(lifecycle.REPORT, scene.visit, now=NOW)


def test_report_tells_of_the_time_since_the_last_visit(scene: Scene) -> None:
    before = NOW - timedelta(days=90)
    last = make.make_visit(project=scene.visit.project, status=S.APPROVED, done_at=before, started_at=before)
    make.make_ticket(project=scene.visit.project, status="closed", reported_at=NOW - timedelta(days=10))
    make.make_ticket(project=scene.visit.project, status="closed", reported_at=NOW - timedelta(days=200))
    _under_way(scene)
    _finish(scene)
    words = Document.objects.get().data["project"]["since_last"]
    assert last.number in words
    assert "报修 1 次" in words
