"""The states of complaints and what follows from them: every role × every state × every step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.complaints.models import Action, Complaint, EngineerRequest, FollowUp, Proposal
from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.tickets.models import WorkOrder
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
C, A, P, E, F = Complaint.Status, Action.Status, Proposal.Status, EngineerRequest.Status, FollowUp.Status

ROLES = [
    "owner",
    "colleague",
    "customer service",
    "technical support",
    "manager",
    "second manager",
    "quality",
    "investigator",
    "engineer",
    "administrator",
    "auditor",
]
KEEPERS = {"manager", "second manager", "quality"}
WORKERS = KEEPERS | {"investigator"}
SPEAKERS = WORKERS | {"owner"}
DISPATCH = {"customer service", "manager", "second manager"}
CALLERS = DISPATCH | {"quality"}
NOBODY: set[str] = set()

#: Every edge: its sources, its target, who may take it of those who are not complained of.
EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "acknowledge": ({C.RECEIVED}, C.ACKNOWLEDGED, NOBODY),
    "settle_at_once": ({C.ACKNOWLEDGED, C.INVESTIGATING}, C.SETTLED, WORKERS),
    "investigate": ({C.ACKNOWLEDGED}, C.INVESTIGATING, WORKERS),
    "entrust": ({C.INVESTIGATING}, C.INVESTIGATING, KEEPERS),
    "decide": ({C.INVESTIGATING}, C.DECIDED, WORKERS),
    "decide_above": ({C.ESCALATED}, C.DECIDED, {"second manager"}),
    "tell": ({C.DECIDED}, C.TOLD, WORKERS),
    "accept": ({C.TOLD}, C.SETTLED, SPEAKERS),
    "reject": ({C.TOLD}, C.ESCALATED, SPEAKERS),
    "end_unaccepted": ({C.TOLD}, C.CLOSED, NOBODY | {"at the last instance"}),
    "satisfied": ({C.SETTLED}, C.CLOSED, SPEAKERS),
    "not_satisfied": ({C.SETTLED, C.CLOSED}, C.ACKNOWLEDGED, SPEAKERS),
    "withdraw": ({C.ACKNOWLEDGED, C.INVESTIGATING, C.DECIDED, C.TOLD, C.ESCALATED}, C.WITHDRAWN, SPEAKERS),
}
ACTION_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "finish_action": ({A.OPEN}, A.DONE, WORKERS),
    "find_worked": ({A.DONE}, A.WORKED, KEEPERS),
    "find_failed": ({A.DONE}, A.FAILED, KEEPERS),
}
PROPOSAL_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "adopt": ({P.MADE}, P.ADOPTED, KEEPERS),
    "decline_proposal": ({P.MADE}, P.DECLINED, KEEPERS),
    "finish_proposal": ({P.ADOPTED}, P.DONE, KEEPERS),
}
REQUEST_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "grant": ({E.ASKED}, E.GRANTED, DISPATCH),
    "decline_engineer": ({E.ASKED}, E.DECLINED, DISPATCH),
}
CALL_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "note_satisfied": ({F.PLANNED}, F.SATISFIED, CALLERS),
    "note_unsatisfied": ({F.PLANNED}, F.UNSATISFIED, NOBODY),
    "give_up": ({F.PLANNED}, F.NOT_REACHED, NOBODY),
    "drop": ({F.PLANNED}, F.DROPPED, NOBODY),
}


def _table(edges: dict[str, Any], states: Any) -> list[tuple[str, str, str, str]]:
    rows = []
    for step, (sources, target, people) in edges.items():
        for state in states:
            for role in ROLES:
                outcome = "not offered" if not people else "forbidden" if role not in people else target
                rows.append((role, state, step, outcome if outcome != target or state in sources else "not now"))
    return rows


#: (role, state, step, outcome); the complaint is in the first instance, decided by the first manager.
TABLE = _table(EDGES, C)
ACTION_TABLE = _table(ACTION_EDGES, A)
PROPOSAL_TABLE = _table(PROPOSAL_EDGES, P)
REQUEST_TABLE = _table(REQUEST_EDGES, E)
CALL_TABLE = _table(CALL_EDGES, F)


def _data(step: str, scene: Scene) -> dict[str, Any]:
    day = make.TODAY + timedelta(days=5)
    return {
        "settle_at_once": {"decision": "已致歉并当日补做保养"},
        "investigate": {"investigator": scene.technical_support, "plan": "查排程", "expected_on": day},
        "entrust": {"investigator": scene.technical_support},
        "decide": {"cause": "method", "decision": "排程未通知"},
        "decide_above": {"decision": "减免本次费用"},
        "tell": {"how": "电话"},
        "reject": {"reason": "没有说明原因"},
        "end_unaccepted": {"reason": "已告知可向主管部门反映"},
        "not_satisfied": {"reason": "又迟到了"},
        "withdraw": {"reason": "已经解决"},
        "finish_action": {"result": "已执行"},
        "find_worked": {"verdict": "一个月无迟到"},
        "find_failed": {"verdict": "仍有迟到"},
        "adopt": {"outcome": "下月起执行"},
        "decline_proposal": {"outcome": "已有规定"},
        "finish_proposal": {"outcome": "已纳入排程"},
        "grant": {"engineer": scene.other_engineer},
        "decline_engineer": {"answer": "本周只有他持高压证"},
        "note_unsatisfied": {"said": "还是不亮"},
    }.get(step, {})


def _take(edge: Any, row: Any, actor: Any, data: dict[str, Any]) -> str:
    offered = edge.name in {step.name for step in available(row, actor)}
    if edge.allowed is None:
        assert not offered
        return "not offered"
    point = transaction.savepoint()
    try:
        outcome = edge(row, actor=actor, now=NOW, **data).status
    except PermissionDenied:
        outcome = "forbidden"
    except IllegalTransition:
        outcome = "not now"
    transaction.savepoint_rollback(point)
    assert offered == (outcome not in {"forbidden", "not now"}), (edge.name, row.status, actor)
    return outcome


def _walk(table: list[tuple[str, str, str, str]], model: Any, row: Any, scene: Scene, wanted: Any) -> None:
    done: dict[str, Any] = {"closed_at": NOW} if model is Complaint else {}
    for role, state, step, outcome in table:
        model._base_manager.filter(pk=row.pk).update(
            status=state, **done, **({"done_at": NOW} if model is FollowUp else {})
        )
        fresh = wanted(model._base_manager.get(pk=row.pk))
        found = _take(edges_of(model)[step], fresh, scene.people[role], _data(step, scene))
        assert found == outcome, (role, state, step)


def test_complaint_table(scene: Scene) -> None:
    row = make.make_complaint(
        project=scene.project,
        complainant=scene.owner,
        investigator=scene.investigator,
        accused=[scene.engineer],
        decided_by=scene.manager,
    )
    table = [
        (role, state, step, "forbidden" if step == "end_unaccepted" else outcome)
        for role, state, step, outcome in TABLE
    ]
    _walk(table, Complaint, row, scene, lambda fresh: fresh)


def test_action_table(scene: Scene) -> None:
    complaint = make.make_complaint(project=scene.project, investigator=scene.investigator)
    row = make.make_action(complaint=complaint, responsible=scene.investigator)
    _walk(ACTION_TABLE, Action, row, scene, lambda fresh: fresh)


def test_proposal_table(scene: Scene) -> None:
    _walk(PROPOSAL_TABLE, Proposal, make.make_proposal(), scene, lambda fresh: fresh)


def test_engineer_request_table(scene: Scene) -> None:
    row = make.make_engineer_request(ticket=scene.ticket, asked_by=scene.owner)
    _walk(REQUEST_TABLE, EngineerRequest, row, scene, lambda fresh: fresh)


def test_follow_up_table(scene: Scene) -> None:
    _walk(CALL_TABLE, FollowUp, make.make_follow_up(subject=scene.ticket), scene, lambda fresh: fresh)


@pytest.mark.parametrize("role", ["quality", "manager", "investigator", "customer service"])
def test_accused_takes_no_step_whatever_their_role(scene: Scene, role: str) -> None:
    """C-03: whoever is complained of has no step in the matter, in any state."""
    person = scene.people[role]
    row = make.make_complaint(project=scene.project, investigator=person, accused=[person])
    for state in C:
        done = {"closed_at": NOW} if state == C.CLOSED else {}
        Complaint.objects.filter(pk=row.pk).update(status=state, instance=2, **done)
        assert not available(Complaint.objects.get(pk=row.pk), person), state


def test_last_decision_cannot_be_rejected_but_ended(scene: Scene) -> None:
    """ISO 10002: at most one step up."""
    row = make.make_complaint(status=C.TOLD, instance=2, complainant=scene.owner)
    assert "reject" not in {step.name for step in available(row, scene.owner)}
    assert "end_unaccepted" in {step.name for step in available(row, scene.manager)}
    assert edges_of(Complaint)["end_unaccepted"](row, actor=scene.manager, now=NOW, reason="已告知").status == C.CLOSED


def test_customer_service_works_on_it_until_it_is_handed_over(scene: Scene) -> None:
    row = make.make_complaint(status=C.ACKNOWLEDGED)
    names = {step.name for step in available(row, scene.customer_service)}
    assert {"investigate", "settle_at_once", "withdraw"} == names
    edges_of(Complaint)["investigate"](row, actor=scene.customer_service, now=NOW, **_data("investigate", scene))
    assert not Complaint.objects.visible_to(scene.customer_service).filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ["engineer", "accused"])
def test_investigator_is_never_somebody_complained_of_or_who_did_the_work(scene: Scene, role: str) -> None:
    """C-03."""
    person = scene.engineer if role == "engineer" else scene.finance
    row = make.make_complaint(status=C.ACKNOWLEDGED, subject=scene.ticket, accused=[scene.finance])
    with pytest.raises(DomainError):
        edges_of(Complaint)["investigate"](
            row, actor=scene.quality, now=NOW, **_data("investigate", scene) | {"investigator": person}
        )


def test_another_engineer_takes_over_what_has_not_begun(scene: Scene) -> None:
    """R-14: the order goes to another engineer at the same time; the reason is not told to engineers."""
    ticket = make.make_ticket(project=scene.project, status="in_progress")
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer)
    request = make.make_engineer_request(ticket=ticket, asked_by=scene.owner)
    edges_of(EngineerRequest)["grant"](request, actor=scene.customer_service, now=NOW, engineer=scene.other_engineer)
    assert WorkOrder.objects.get(pk=order.pk).engineer == scene.other_engineer
    assert not EngineerRequest.objects.visible_to(scene.engineer).exists()
    assert EngineerRequest.objects.visible_to(scene.owner).exists()
