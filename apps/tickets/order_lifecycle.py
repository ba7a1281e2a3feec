"""The states of a work order. What ends one may carry its request on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.events import record
from apps.core.lifecycle import transition
from apps.documents import services as documents
from apps.projects.services import ensure_serves

from . import access, appointments, lifecycle
from .models import Ticket, WorkOrder
from .promises import REPAIRED, RESTORED, WITHDRAWN
from .rules import Work, missing

S = WorkOrder.Status
GOING_ON = {S.ISSUED, S.ACCEPTED, S.DEPARTED, S.ARRIVED, S.WORKING, S.SUSPENDED}
SHEET = "repair_sheet"
#: What the result of finished work says of the request.
DONE_BY_RESULT: dict[str, tuple[str, ...]] = {
    WorkOrder.Result.RESTORED: (RESTORED, REPAIRED),
    WorkOrder.Result.TEMPORARY: (RESTORED,),
}

MISSING_WORDS = {
    "photo_before": _("a photo from before the work"),
    "cause": _("the cause"),
    "work_done": _("the work done"),
    "result": _("the result"),
    "photo_after": _("a photo from after the work"),
}


def _missing_of(order: WorkOrder) -> list[str]:
    """Return the names of what the order lacks before it can be finished."""
    return missing(
        Work(
            is_field=order.mode == WorkOrder.Mode.FIELD,
            cause=order.cause,
            work_done=order.work_done,
            result=order.result,
            photo_slots=[photo.slot for photo in order.photos.all()],
        )
    )


@transition(
    WorkOrder,
    _("Accept"),
    sources={S.ISSUED},
    target=S.ACCEPTED,
    allowed=access.is_assigned_engineer,
    title=_("Accepted by the engineer"),
    icon="calendar-check",
    style="primary",
    tells=access.concerned_by_order,
)
def accept(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Take the order on."""
    order.accepted_at = now


@transition(
    WorkOrder,
    _("Decline"),
    sources={S.ISSUED},
    target=S.DECLINED,
    allowed=access.is_assigned_engineer,
    title=_("Declined by the engineer"),
    form="ReasonForm",
    icon="arrow-back-up",
    tone="warn",
    audience="staff",
    tells=lambda order: [order.dispatched_by, *access.dispatchers()],
)
def decline(order: WorkOrder, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Give the order back to dispatch, with the reason."""
    order.reason = reason
    return {"note": reason}


@transition(
    WorkOrder,
    _("Depart"),
    sources={S.ACCEPTED},
    target=S.DEPARTED,
    allowed=access.is_assigned_field_engineer,
    title=_("Engineer on the way"),
    icon="steering-wheel",
    style="primary",
    takes_device_time=True,
    tells=access.concerned_by_order,
)
def depart(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Set out."""
    order.departed_at = now


@transition(
    WorkOrder,
    _("Arrive"),
    sources={S.DEPARTED},
    target=S.ARRIVED,
    allowed=access.is_assigned_field_engineer,
    title=_("Engineer on site"),
    icon="map-pin-check",
    style="primary",
    takes_device_time=True,
)
def arrive(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Be there."""
    order.arrived_at = now


@transition(
    WorkOrder,
    _("Start work"),
    sources={S.ARRIVED, S.ACCEPTED},
    target=S.WORKING,
    allowed=access.may_start,
    title=_("Work started"),
    icon="player-play",
    style="primary",
    takes_device_time=True,
)
def start(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Begin the work: on site after arriving, remotely once accepted."""
    order.started_at = now


@transition(
    WorkOrder,
    _("Suspend"),
    sources={S.WORKING},
    target=S.SUSPENDED,
    allowed=access.is_assigned_engineer,
    title=_("Work suspended"),
    form="SuspendForm",
    icon="player-pause",
    tone="warn",
    tells=access.concerned_by_order,
)
def suspend(order: WorkOrder, *, actor: Any, now: datetime, reason: str, pause: str = "") -> dict[str, Any]:
    """Interrupt the work and say why (R-09). ``pause`` is the reason for which the promises stand still meanwhile."""
    order.reason = reason
    return {"note": reason, "pause": pause} if pause else {"note": reason}


@transition(
    WorkOrder,
    _("Resume"),
    sources={S.SUSPENDED},
    target=S.WORKING,
    allowed=access.is_assigned_engineer,
    title=_("Work resumed"),
    icon="player-play",
    style="primary",
)
def resume(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Go on with the work."""


@transition(
    WorkOrder,
    _("Finish"),
    sources={S.WORKING},
    target=S.FINISHED,
    allowed=access.is_assigned_engineer,
    title=_("Work finished"),
    icon="flag-check",
    style="primary",
    tone="ok",
)
def finish(order: WorkOrder, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Finish the work and draft its sheet for signing (R-11). Raises ``DomainError`` naming all that is missing."""
    if lacking := _missing_of(order):
        words = gettext("、").join(str(MISSING_WORDS[name]) for name in lacking)
        raise DomainError(gettext("Still missing: %(words)s. Nothing typed was lost.") % {"words": words})
    order.finished_at = now
    documents.draft(SHEET, order, actor=order.engineer, now=now)
    for name in DONE_BY_RESULT.get(order.result, ()):
        record(order.ticket, name, actor=actor, now=now, data={"note": order.number})
    return {"note": order.get_result_display()}


@transition(
    WorkOrder,
    _("Correct the record"),
    sources={S.FINISHED},
    target=S.WORKING,
    allowed=access.is_assigned_engineer,
    title=_("Record opened for correction"),
    icon="pencil",
    audience="staff",
)
def correct(order: WorkOrder, *, actor: Any, now: datetime) -> None:
    """Go back to the record before anybody signed; the drafted sheet is discarded."""
    order.finished_at = None
    if order.result in DONE_BY_RESULT:
        record(order.ticket, WITHDRAWN, actor=actor, now=now, audience="staff", data={"note": order.number})
    sheet = documents.document_of(SHEET, order)
    if sheet is not None:
        documents.discard_draft(sheet, actor=actor, now=now)


@transition(
    WorkOrder,
    _("Sign"),
    sources={S.FINISHED},
    target=S.SIGNED,
    allowed=None,
    title=_("Signed by the owner"),
    icon="writing-sign",
    tone="ok",
    tells=access.engineer_and_dispatcher,
)
def sign(order: WorkOrder, *, actor: Any, now: datetime, signed_by: str = "") -> dict[str, Any]:
    """The owner signed the sheet; the request awaits confirmation unless the fault remains."""
    _end(order, signed=True, actor=actor, now=now)
    return {"note": signed_by}


@transition(
    WorkOrder,
    _("Leave unsigned"),
    sources={S.FINISHED},
    target=S.UNSIGNED,
    allowed=None,
    title=_("Nobody was there to sign"),
    icon="user-off",
    tone="warn",
    tells=access.concerned_by_order,
)
def leave_unsigned(order: WorkOrder, *, actor: Any, now: datetime, reason: str, unsigned_reason: str) -> dict[str, Any]:
    """Nobody could sign; the owner is sent the sheet and has three days to object."""
    order.reason = reason[:300]
    order.unsigned_reason = unsigned_reason
    _end(order, signed=False, actor=actor, now=now)
    return {"note": reason}


def _end(order: WorkOrder, *, signed: bool, actor: Any, now: datetime) -> None:
    order.ended_at = now
    ticket = order.ticket
    is_last = not ticket.work_orders.going_on().exclude(pk=order.pk).exists()
    is_open = ticket.status == Ticket.Status.IN_PROGRESS  # an answer may have asked the owner already
    if is_last and is_open and order.result != WorkOrder.Result.NOT_FIXED:
        lifecycle.ask_confirmation(ticket, actor=actor, now=now, signed=signed)


@transition(
    WorkOrder,
    _("Reassign"),
    sources={S.ISSUED, S.ACCEPTED},
    target=S.ISSUED,
    allowed=access.may_manage_order,
    title=_("Reassigned"),
    form="ReassignForm",
    icon="user-share",
    tells=access.concerned_by_order,
)
def reassign(
    order: WorkOrder,
    *,
    actor: Any,
    now: datetime,
    engineer: Any,
    appointment_from: datetime,
    appointment_to: datetime,
    reason: str,
) -> dict[str, Any]:
    """Give the order to another engineer, or at another time (R-07, R-14). Raises ``DomainError`` for a bad choice."""
    warning = appointments.must_be_sendable(engineer, order.ticket, mode=order.mode, begin=appointment_from)
    appointments.must_end_after_begin(appointment_from, appointment_to)
    if engineer != order.engineer:
        setattr(order, access.RELIEVED, order.engineer)  # told of it, and not kept
    order.engineer = engineer
    order.appointment_from = appointment_from
    order.appointment_to = appointment_to
    order.accepted_at = None
    ensure_serves(project=order.ticket.project, user=engineer, actor=actor, now=now)
    return {"note": f"{engineer.name} {reason} {warning}".strip()}


@transition(
    WorkOrder,
    _("Cancel the order"),
    sources=GOING_ON,
    target=S.CANCELLED,
    allowed=access.may_manage_order,
    title=_("Work order cancelled"),
    form="ReasonForm",
    icon="ban",
    style="danger",
    tells=access.engineer_and_dispatcher,
)
def cancel(order: WorkOrder, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Cancel the order; the request goes back to dispatch."""
    order.reason = reason
    return {"note": reason}


@transition(
    WorkOrder,
    _("Cancel with the request"),
    sources=GOING_ON | {S.FINISHED},
    target=S.CANCELLED,
    allowed=None,
    title=_("Work order cancelled with the request"),
    icon="ban",
    tells=access.engineer_and_dispatcher,
)
def cancel_with_ticket(order: WorkOrder, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The request was cancelled, and its order with it."""
    order.reason = reason
    sheet = documents.document_of(SHEET, order)
    if sheet is not None:
        documents.discard_draft(sheet, actor=actor, now=now)
    return {"note": reason}
