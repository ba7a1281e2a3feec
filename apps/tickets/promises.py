"""What the clocks must know of requests: which class they are in, what pauses, ends and reopens their promises."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event
from apps.core.models import Event
from apps.service_levels.models import Pause, Target
from apps.service_levels.sources import Facts, NextStep, Source, register

from . import access
from .models import Ticket, WorkOrder

RESTORED = declare_event("tickets.ticket.restored", _("Running again"), icon="circle-check", tone="ok")
REPAIRED = declare_event("tickets.ticket.repaired", _("Repaired"), icon="circle-check", tone="ok")
WITHDRAWN = declare_event("tickets.ticket.repair_withdrawn", _("Record opened again, not repaired yet"), icon="pencil")
CHECKED = declare_event("tickets.ticket.arrangement_checked", _("Arrangement checked"), icon="list-check", tone="ok")
PAUSED = declare_event("tickets.ticket.paused", _("Promises paused"), icon="player-pause", tone="warn")
RESUMED = declare_event("tickets.ticket.resumed", _("Promises go on"), icon="player-play")

OPENED = "tickets.ticket.opened"
REOPENED = "tickets.ticket.not_fixed"
#: When the matter is over, every promise ends but these.
AFTERWARDS = frozenset({Target.Metric.FOLLOW_UP})
DONE = AFTERWARDS | {Target.Metric.RESTORE, Target.Metric.REPAIR}
MAX_NOTE = 300


def _of_ticket(ticket: Ticket, event: Event, *, responsible_id: int | None = None) -> Facts:
    return Facts(
        subject=ticket,
        project_id=ticket.project_id,
        number=ticket.number,
        title=ticket.title,
        kind=ticket.kind,
        level=ticket.level,
        is_complex=ticket.is_complex,
        round=ticket.round,
        responsible_id=responsible_id,
        is_urgent=ticket.kind == Ticket.Kind.EMERGENCY,
        is_new=event.name == OPENED,
        round_began_at=ticket.reopened_at or ticket.reported_at,
    )


def _of_order(order: WorkOrder, event: Event) -> Facts | None:
    if order.round != order.ticket.round:
        return None
    return _of_ticket(order.ticket, event, responsible_id=order.engineer_id)


def _pause_of(event: Event) -> tuple[str, str] | None:
    reason = event.data.get("pause")
    return (reason, event.data.get("note", "")[:MAX_NOTE]) if reason in Pause.Reason.values else None


def _happened(facts: Facts) -> set[str]:
    """What happened to the request and its orders in the present round."""
    ticket: Any = facts.subject
    orders = ticket.work_orders.filter(round=ticket.round).values_list("pk", flat=True)
    events = Event.objects.filter(at__gte=facts.round_began_at)
    of_ticket = events.about(ticket).values_list("name", flat=True)
    of_orders = events.filter(
        subject_type=ContentType.objects.get_for_model(WorkOrder), subject_id__in=list(orders)
    ).values_list("name", flat=True)
    return {*of_ticket, *of_orders}


register(
    Source(
        model=Ticket,
        facts=_of_ticket,
        pause=_pause_of,
        resumes=frozenset({RESUMED}),
        ends={
            REPAIRED: DONE,
            "tickets.ticket.ask_confirmation": DONE,
            "tickets.ticket.answer": AFTERWARDS,
            "tickets.ticket.confirm": frozenset(),
            "tickets.ticket.confirm_by_telephone": frozenset(),
            "tickets.ticket.close_after_silence": AFTERWARDS,
            "tickets.ticket.cancel": frozenset(),
        },
        reopens={REOPENED: OPENED},
        reclassifies=frozenset({"tickets.ticket.changed"}),
        withdraws={WITHDRAWN: frozenset({RESTORED, REPAIRED})},
        opening=OPENED,
        happened=_happened,
        kinds=Ticket.Kind.choices,
        next_steps={
            Target.Metric.ARRANGE: NextStep(
                _("Dispatch"), "tickets:dispatch", icon="user-plus", shown_to=access.is_dispatcher
            )
        },
    )
)
register(Source(model=WorkOrder, facts=_of_order, pause=_pause_of, resumes=frozenset({"tickets.workorder.resume"})))
