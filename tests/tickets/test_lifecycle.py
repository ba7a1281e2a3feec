"""The states of a request and of a work order: every role × every state × every step, and what the steps do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.core.models import Event
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.signing import Signer, leave_unsigned, sign_for_owner
from apps.notifications.models import Notification
from apps.tickets import lifecycle, order_lifecycle
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW
T = Ticket.Status
O = WorkOrder.Status  # noqa: E741

ROLES = [
    "owner",
    "customer service",
    "technical support",
    "manager",
    "engineer",
    "other engineer",
    "trainer",
    "storekeeper",
    "finance",
    "quality",
    "administrator",
    "auditor",
]
DISPATCH = {"customer service", "manager"}
ANSWER = DISPATCH | {"technical support"}
NOBODY: set[str] = set()
BEFORE_WORK = {T.NEW, T.ACKNOWLEDGED}
OPEN = BEFORE_WORK | {T.IN_PROGRESS, T.AWAITING_CONFIRMATION}

#: Every edge of a request: its sources, its target, who may take it. Nobody: only other steps cause it.
TICKET_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "acknowledge": ({T.NEW}, T.ACKNOWLEDGED, ANSWER),
    "start": (BEFORE_WORK, T.IN_PROGRESS, NOBODY),
    "answer": (BEFORE_WORK | {T.IN_PROGRESS}, T.AWAITING_CONFIRMATION, ANSWER),
    "ask_confirmation": ({T.IN_PROGRESS}, T.AWAITING_CONFIRMATION, NOBODY),
    "confirm": ({T.AWAITING_CONFIRMATION}, T.CLOSED, {"owner"}),
    "confirm_by_telephone": ({T.AWAITING_CONFIRMATION}, T.CLOSED, DISPATCH),
    "not_fixed": ({T.AWAITING_CONFIRMATION, T.CLOSED}, T.IN_PROGRESS, DISPATCH | {"owner"}),
    "close_after_silence": ({T.AWAITING_CONFIRMATION}, T.CLOSED, NOBODY),
    "cancel": (OPEN, T.CANCELLED, DISPATCH | {"owner"}),
}
WORKING = {O.ISSUED, O.ACCEPTED, O.DEPARTED, O.ARRIVED, O.WORKING, O.SUSPENDED}
#: Every edge of a work order on site.
ORDER_EDGES: dict[str, tuple[set[str], str, set[str]]] = {
    "accept": ({O.ISSUED}, O.ACCEPTED, {"engineer"}),
    "decline": ({O.ISSUED}, O.DECLINED, {"engineer"}),
    "depart": ({O.ACCEPTED}, O.DEPARTED, {"engineer"}),
    "arrive": ({O.DEPARTED}, O.ARRIVED, {"engineer"}),
    "start": ({O.ARRIVED}, O.WORKING, {"engineer"}),
    "suspend": ({O.WORKING}, O.SUSPENDED, {"engineer"}),
    "resume": ({O.SUSPENDED}, O.WORKING, {"engineer"}),
    "finish": ({O.WORKING}, O.FINISHED, {"engineer"}),
    "correct": ({O.FINISHED}, O.WORKING, {"engineer"}),
    "sign": ({O.FINISHED}, O.SIGNED, NOBODY),
    "leave_unsigned": ({O.FINISHED}, O.UNSIGNED, NOBODY),
    "reassign": ({O.ISSUED, O.ACCEPTED}, O.ISSUED, DISPATCH),
    "cancel": (WORKING, O.CANCELLED, DISPATCH),
    "cancel_with_ticket": (WORKING | {O.FINISHED}, O.CANCELLED, NOBODY),
}


def _outcome(edges: dict[str, Any], role: str, state: str, step: str) -> str:
    sources, target, people = edges[step]
    if not people:
        return "not offered"
    if role not in people:
        return "forbidden"
    if step == "cancel" and role == "owner" and state not in BEFORE_WORK:
        return "forbidden"  # the owner cancels as long as nobody was sent
    if step == "start" and state != O.ARRIVED:
        return "forbidden"  # on site, nobody starts before they are there
    return target if state in sources else "not now"


def _table(model: Any, edges: dict[str, Any], states: Any) -> list[tuple[str, str, str, str]]:
    return [
        (role, state, f"{model._meta.label_lower}.{step}", _outcome(edges, role, state, step))
        for step in edges
        for state in states
        for role in ROLES
    ]


#: (role, state, step, outcome) for every role, every state and every step of a request; then of a work order.
TABLE = _table(Ticket, TICKET_EDGES, T)
ORDER_TABLE = _table(WorkOrder, ORDER_EDGES, O)

REASON = {"reason": "重复报修"}


def _ticket_data(step: str) -> dict[str, Any]:
    return {
        "answer": {"answer": "每半年清洗一次"},
        "confirm_by_telephone": {"who": "张伟"},
        "not_fixed": REASON,
        "cancel": REASON,
        "ask_confirmation": {"signed": True},
    }.get(step, {})


def _order_data(step: str, scene: Scene) -> dict[str, Any]:
    appointment = {"appointment_from": NOW + timedelta(hours=5), "appointment_to": NOW + timedelta(hours=6)}
    return {
        "decline": REASON,
        "suspend": REASON,
        "cancel": REASON,
        "cancel_with_ticket": REASON,
        "reassign": {"engineer": scene.other_engineer, **REASON, **appointment},
    }.get(step, {})


def _complete(order: WorkOrder) -> None:
    for slot in ("before", "after"):
        make.make_order_photo(work_order=order, slot=slot)
    WorkOrder.objects.filter(pk=order.pk).update(cause="ageing", work_done="更换风扇", result="restored")


def _take(edge: Any, row: Any, actor: Any, data: dict[str, Any]) -> str:
    """Take a step; return the state reached, or why it was refused. Whatever it did is undone."""
    offered = edge.name in {step.name for step in available(row, actor)}
    point = transaction.savepoint()
    try:
        if edge.allowed is None:
            assert not offered
            return "not offered"
        reached = edge(row, actor=actor, now=NOW, **data).status
    except PermissionDenied:
        assert not offered
        return "forbidden"
    except IllegalTransition:
        assert not offered
        return "not now"
    else:
        assert offered, "a step that can be taken has a button"
        return str(reached)
    finally:
        transaction.savepoint_rollback(point)


def test_the_tables_name_every_edge() -> None:
    assert set(TICKET_EDGES) == set(edges_of(Ticket))
    assert set(ORDER_EDGES) == set(edges_of(WorkOrder))
    for edges, model in ((TICKET_EDGES, Ticket), (ORDER_EDGES, WorkOrder)):
        assert {name: edge.target for name, edge in edges_of(model).items()} == {n: e[1] for n, e in edges.items()}


@pytest.mark.parametrize("step", TICKET_EDGES)
def test_every_step_of_a_request(step: str, scene: Scene) -> None:
    """Role × state × step: the outcome is that of the table (model, “States”; R-05 for the answer)."""
    edge = edges_of(Ticket)[step]
    kind = Ticket.Kind.CONSULTATION if step == "answer" else Ticket.Kind.FAULT
    rows = {state: make.make_ticket(project=scene.project, status=state, kind=kind) for state in T}
    lines = [line for line in TABLE if line[2] == edge.event_name]
    assert len(lines) == len(ROLES) * len(T)
    for role, state, _step, outcome in lines:
        assert _take(edge, rows[T(state)], scene.people[role], _ticket_data(step)) == outcome, (role, state, step)


@pytest.mark.parametrize("step", ORDER_EDGES)
def test_every_step_of_a_work_order(step: str, scene: Scene) -> None:
    """Role × state × step for an order on site."""
    edge = edges_of(WorkOrder)[step]
    rows = {}
    for state in O:
        ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
        rows[state] = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=state)
        _complete(rows[state])
    lines = [line for line in ORDER_TABLE if line[2] == edge.event_name]
    assert len(lines) == len(ROLES) * len(O)
    for role, state, _step, outcome in lines:
        taken = _take(edge, rows[O(state)], scene.people[role], _order_data(step, scene))
        assert taken == outcome, (role, state, step)


def test_remote_order_starts_once_accepted_and_technical_support_may_work_it(scene: Scene) -> None:
    """R-06: nobody departs for a remote order."""
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, mode="remote", status=O.ACCEPTED)
    with pytest.raises(PermissionDenied):
        order_lifecycle.depart(order, actor=scene.engineer, now=NOW)
    assert order_lifecycle.start(order, actor=scene.technical_support, now=NOW).status == O.WORKING


def test_a_fault_is_not_answered(scene: Scene) -> None:
    """R-05: only a consultation or a suggestion ends with an answer."""
    ticket = make.make_ticket(project=scene.project, kind=Ticket.Kind.FAULT)
    with pytest.raises(PermissionDenied):
        lifecycle.answer(ticket, actor=scene.customer_service, now=NOW, answer="请重启")


def test_answer_is_read_in_the_conversation_and_silence_may_close_it(scene: Scene) -> None:
    ticket = make.make_ticket(project=scene.project, kind=Ticket.Kind.CONSULTATION)
    ticket = lifecycle.answer(ticket, actor=scene.technical_support, now=NOW, answer="每半年清洗一次")
    assert ticket.messages.get().body == "每半年清洗一次"
    assert ticket.confirmation_asked_at == NOW


def test_not_fixed_goes_on_under_the_same_number_in_the_next_round(scene: Scene) -> None:
    """R-13: reopened, the number stays, the round is raised, dispatch is told."""
    ticket = make.make_ticket(project=scene.project, status=T.CLOSED)
    number = ticket.number
    ticket = lifecycle.not_fixed(ticket, actor=scene.owner, now=NOW, reason="又停了")
    assert (ticket.number, ticket.round, ticket.closed_at) == (number, 2, None)
    event = Event.objects.about(ticket).get(name="tickets.ticket.not_fixed")
    assert event.data["note"] == "又停了" and event.data["round"] == 2
    assert Notification.objects.filter(user=scene.customer_service, event=event).exists()


def test_cancelling_a_request_cancels_its_orders_and_drops_the_drafted_sheet(scene: Scene) -> None:
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = _finished(ticket, scene)
    issued = make.make_work_order(ticket=ticket, engineer=scene.other_engineer)
    lifecycle.cancel(ticket, actor=scene.manager, now=NOW, reason="业主撤回")
    for row in (order, issued):
        row.refresh_from_db()
        assert (row.status, row.reason) == (O.CANCELLED, "业主撤回")
    assert documents.document_of(order_lifecycle.SHEET, order) is None


def test_reassigned_order_is_new_to_the_next_engineer_and_the_relieved_one_is_told(scene: Scene) -> None:
    """R-07, R-14: the reason is kept."""
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=O.ACCEPTED)
    data = _order_data("reassign", scene)
    order = order_lifecycle.reassign(order, actor=scene.customer_service, now=NOW, **data)
    assert (order.engineer, order.accepted_at, order.status) == (scene.other_engineer, None, O.ISSUED)
    told = set(Notification.objects.values_list("user", flat=True))
    assert {scene.engineer.pk, scene.other_engineer.pk} <= told
    with pytest.raises(PermissionDenied):
        order_lifecycle.accept(order, actor=scene.engineer, now=NOW)


@pytest.mark.parametrize("who", ["owner", "auditor", "finance"])
def test_nobody_but_engineers_is_given_an_order(who: str, scene: Scene) -> None:
    order = make.make_work_order(ticket=make.make_ticket(project=scene.project), engineer=scene.engineer)
    data = _order_data("reassign", scene) | {"engineer": scene.people[who]}
    with pytest.raises(DomainError) as refused:
        order_lifecycle.reassign(order, actor=scene.manager, now=NOW, **data)
    assert refused.value.field == "engineer"


# --- the end of an order ---


def _finished(ticket: Ticket, scene: Scene, **fields: Any) -> WorkOrder:
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=O.WORKING)
    _complete(order)
    WorkOrder.objects.filter(pk=order.pk).update(**fields)
    return order_lifecycle.finish(order, actor=scene.engineer, now=NOW)


def _sheet(order: WorkOrder) -> Document:
    sheet = documents.document_of(order_lifecycle.SHEET, order)
    assert sheet is not None
    return documents.ensure_content(sheet)


def _sign(order: WorkOrder, actor: Any) -> WorkOrder:
    sheet = _sheet(order)
    signer = Signer(name="张伟", role="物业主管", method="on_site")
    sign_for_owner(sheet, signer=signer, drawing=None, content_sha256=sheet.content_sha256, actor=actor, now=NOW)
    order.refresh_from_db()
    return order


def test_finish_names_all_that_is_missing_and_changes_nothing(scene: Scene) -> None:
    """R-11: one summary of everything, never one thing after the other."""
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=O.WORKING)
    with pytest.raises(DomainError) as refused:
        order_lifecycle.finish(order, actor=scene.engineer, now=NOW)
    for words in order_lifecycle.MISSING_WORDS.values():
        assert str(words) in str(refused.value)
    order.refresh_from_db()
    assert order.status == O.WORKING and order.finished_at is None


def test_signed_sheet_is_issued_and_the_owner_is_asked_to_confirm(scene: Scene) -> None:
    """R-11, D-05: the number of the sheet is that of the order; silence does not close what was signed."""
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = _sign(_finished(ticket, scene), scene.engineer)
    ticket.refresh_from_db()
    sheet = documents.document_of(order_lifecycle.SHEET, order)
    assert order.status == O.SIGNED and order.ended_at == NOW
    assert sheet is not None and (sheet.status, sheet.number) == (Document.Status.ISSUING, order.number)
    assert ticket.status == T.AWAITING_CONFIRMATION and ticket.confirmation_asked_at is None
    assert Event.objects.about(order).get(name="tickets.workorder.sign").data["note"] == "张伟 物业主管"


def test_signed_order_cannot_be_corrected(scene: Scene) -> None:
    """D-05: what was signed is what is stored."""
    order = _sign(_finished(make.make_ticket(project=scene.project, status=T.IN_PROGRESS), scene), scene.engineer)
    with pytest.raises(IllegalTransition):
        order_lifecycle.correct(order, actor=scene.engineer, now=NOW)


def test_correction_discards_the_draft_and_the_next_finish_makes_another(scene: Scene) -> None:
    order = _finished(make.make_ticket(project=scene.project, status=T.IN_PROGRESS), scene)
    first = _sheet(order)
    order = order_lifecycle.correct(order, actor=scene.engineer, now=NOW)
    assert order.finished_at is None and documents.document_of(order_lifecycle.SHEET, order) is None
    WorkOrder.objects.filter(pk=order.pk).update(work_done="更换风扇与滤网")
    order_lifecycle.finish(order, actor=scene.engineer, now=NOW)
    second = _sheet(order)
    assert second.pk != first.pk and second.data["work"]["process"] == "更换风扇与滤网"


@pytest.mark.parametrize(
    ("words", "kept"),
    [("业主不在场，电话告知", "absent"), ("已电话确认", "by_telephone"), ("业主拒签", "refused"), ("其他", "absent")],
)
def test_unsigned_order_keeps_its_reason_and_starts_the_three_days(words: str, kept: str, scene: Scene) -> None:
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    order = _finished(ticket, scene)
    leave_unsigned(_sheet(order), reason=words, photo="", taken_at=NOW, actor=scene.engineer, now=NOW)
    order.refresh_from_db()
    ticket.refresh_from_db()
    assert (order.status, order.unsigned_reason, order.reason) == (O.UNSIGNED, kept, words)
    assert (ticket.status, ticket.confirmation_asked_at) == (T.AWAITING_CONFIRMATION, NOW)


def test_owner_is_not_asked_while_the_fault_remains_or_somebody_is_still_at_it(scene: Scene) -> None:
    ticket = make.make_ticket(project=scene.project, status=T.IN_PROGRESS)
    _sign(_finished(ticket, scene, result="not_fixed"), scene.engineer)
    ticket.refresh_from_db()
    assert ticket.status == T.IN_PROGRESS and ticket in Ticket.objects.to_dispatch()

    other = make.make_work_order(ticket=ticket, engineer=scene.other_engineer, status=O.WORKING)
    _sign(_finished(ticket, scene), scene.engineer)
    ticket.refresh_from_db()
    assert ticket.status == T.IN_PROGRESS and ticket not in Ticket.objects.to_dispatch()
    assert other.status == O.WORKING


def test_order_of_an_answered_request_can_still_be_signed(scene: Scene) -> None:
    """An answer may have asked the owner while somebody was on site; the sheet is signed all the same."""
    ticket = make.make_ticket(project=scene.project, kind=Ticket.Kind.CONSULTATION, status=T.IN_PROGRESS)
    order = _finished(ticket, scene)
    lifecycle.answer(ticket, actor=scene.customer_service, now=NOW, answer="已派人检查")
    assert _sign(order, scene.engineer).status == O.SIGNED
