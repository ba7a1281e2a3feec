"""The way of a request as its page tells it: what happened, read from the events, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.events import kind_of
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.core.timewords import short
from apps.service_levels.models import Clock

from .models import Ticket, WorkOrder

LIMIT = 200
#: Told elsewhere on the page, or by another step of the same moment; here they would bury the steps.
NOT_A_STEP = ("tickets.ticket.message", "tickets.ticket.start")

DISPATCHED = _("Engineer dispatched")
ON_THE_WAY = _("Engineer on the way")
ON_SITE = _("Engineer on site")
FINISHED = _("Work finished")
SIGNED = _("Signed by the owner")
CONFIRMED = _("Confirmed by the owner")
ANSWERED = _("Answered")
ACKNOWLEDGED = _("Acknowledged")

FIELD_WAY = [DISPATCHED, ON_THE_WAY, ON_SITE, FINISHED, SIGNED, CONFIRMED]
REMOTE_WAY = [DISPATCHED, FINISHED, SIGNED, CONFIRMED]

O = WorkOrder.Status  # noqa: E741  the states of an order, as everywhere beside those of a request
#: What has been passed of the way when an order stands in this state.
PASSED = {
    O.ISSUED: DISPATCHED,
    O.ACCEPTED: DISPATCHED,
    O.DEPARTED: ON_THE_WAY,
    O.ARRIVED: ON_SITE,
    O.WORKING: ON_SITE,
    O.SUSPENDED: ON_SITE,
    O.FINISHED: FINISHED,
}


#: The values of a request whose change is told in words.
CHOICES: dict[str, dict[Any, Any]] = {"kind": dict(Ticket.Kind.choices), "level": dict(Ticket.Level.choices)}


@dataclass(frozen=True)
class Step:
    """One step of a request: done (with its time) or still to come."""

    title: str | Promise
    tone: str
    at: Any = None
    who: str = ""
    note: str = ""
    order: WorkOrder | None = None
    changes: tuple[str, ...] = ()
    #: Until when it was promised, and how that went.
    promised_at: Any = None
    clock_id: int | None = None
    kept: str = ""
    is_late: bool = False


def happened(ticket: Ticket, orders: Iterable[WorkOrder], user: Any) -> list[Step]:
    """Return what happened, oldest first, as far as ``user`` may see it; one query."""
    by_pk = {order.pk: order for order in orders}
    of_ticket = ContentType.objects.get_for_model(Ticket)
    of_order = ContentType.objects.get_for_model(WorkOrder)
    about = Q(subject_type=of_ticket, subject_id=ticket.pk) | Q(subject_type=of_order, subject_id__in=list(by_pk))
    events = Event.objects.visible_to(user).filter(about).exclude(name__in=NOT_A_STEP).select_related("actor")
    steps = []
    # What an order causes is written before the order's own event; told is the cause first.
    latest = sorted(
        events.order_by("-at", "-pk")[:LIMIT], key=lambda e: (e.at, e.subject_type_id == of_ticket.pk, e.pk)
    )
    for event in latest:
        kind = kind_of(event.name)
        steps.append(
            Step(
                title=kind.title,
                tone=kind.tone,
                at=event.at,
                who=str(event.actor or ""),
                note=str(event.data.get("note", "")),
                order=by_pk.get(event.subject_id) if event.subject_type_id == of_order.pk else None,
                changes=tuple(_changes(event.data.get("changes", {}))),
            )
        )
    return steps


def _changes(changes: dict[str, list[Any]]) -> Iterable[str]:
    """Say a changed kind or level in words."""
    for name, (old, new) in changes.items():
        choices = CHOICES.get(name)
        if choices:
            yield f"{choices.get(old, old)} → {choices.get(new, new)}"


def to_come(ticket: Ticket, orders: Iterable[WorkOrder]) -> Sequence[str | Promise]:
    """Return the names of the steps that are still to come; none once the request is over."""
    if not ticket.is_open:
        return []
    if ticket.status == Ticket.Status.AWAITING_CONFIRMATION:
        return [CONFIRMED]
    start = [ACKNOWLEDGED] if ticket.status == Ticket.Status.NEW else []
    current = [order for order in orders if order.status in PASSED]
    if not current and ticket.kind in {Ticket.Kind.CONSULTATION, Ticket.Kind.SUGGESTION}:
        return [*start, ANSWERED, CONFIRMED]
    if not current:
        return [*start, *FIELD_WAY]
    latest = max(current, key=lambda order: order.dispatched_at)
    way = REMOTE_WAY if latest.mode == WorkOrder.Mode.REMOTE else FIELD_WAY
    passed = PASSED[O(latest.status)]
    return way[way.index(passed) + 1 :] if passed in way else way[1:]


def public_steps(ticket: Ticket) -> tuple[list[Step], list[Clock]]:
    """Return what happened and the promises that go on, for somebody without an account.

    Titles and times of what the owner may know, no names; beside what was promised, how it went.
    """
    of_ticket = ContentType.objects.get_for_model(Ticket)
    of_order = ContentType.objects.get_for_model(WorkOrder)
    orders = ticket.work_orders.values("pk")
    about = Q(subject_type=of_ticket, subject_id=ticket.pk) | Q(subject_type=of_order, subject_id__in=orders)
    events = Event.objects.filter(about, audience=Audience.OWNER).exclude(name__in=NOT_A_STEP)
    clocks = list(Clock.objects.about(ticket).filter(audience=Audience.OWNER).select_related("target", "hours"))
    promised = {(clock.stop_event, clock.stopped_at): clock for clock in clocks if clock.stopped_at}
    return [
        _with_promise(Step(title=kind_of(event.name).title, tone=kind_of(event.name).tone, at=event.at), clock)
        for event in events.order_by("at", "pk")[:LIMIT]
        for clock in [promised.get((event.name, event.at))]
    ], sorted((clock for clock in clocks if not clock.is_over), key=lambda clock: (clock.due_at is None, clock.due_at))


def _with_promise(step: Step, clock: Clock | None) -> Step:
    """Set what was promised beside what happened, early or late in words."""
    if clock is None or clock.due_at is None or clock.state == Clock.State.CANCELLED:
        return step
    is_late = clock.due_at < step.at
    words = _("%(time)s late") if is_late else _("%(time)s early")
    kept = str(words) % {"time": short(clock.due_at - step.at)}
    return replace(step, promised_at=clock.due_at, clock_id=clock.pk, kept=kept, is_late=is_late)
