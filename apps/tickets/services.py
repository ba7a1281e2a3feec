"""Every write to requests and work orders that is not a step of their states."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile
from apps.projects.models import Equipment, Project
from apps.projects.services import ensure_serves
from apps.warranties.services import cover_on

from . import access, appointments, lifecycle
from .models import CoverDecision, Message, PendingPhoto, Ticket, WorkOrder, WorkOrderPhoto
from .waiting_photos import keep_photos

logger = logging.getLogger(__name__)

OPENED = declare_event("tickets.ticket.opened", gettext_lazy("Request reported"), icon="inbox", tone="info")
WROTE = declare_event("tickets.ticket.message", gettext_lazy("New message"), icon="message")
TRIAGED = declare_event("tickets.ticket.changed", gettext_lazy("Kind or level changed"), icon="adjustments")
DISPATCHED = declare_event("tickets.workorder.issued", gettext_lazy("Engineer dispatched"), icon="user-plus")

RECORD_FIELDS = ("cause", "cause_note", "work_done", "result", "test_note", "prevention")
DISPATCHABLE = {Ticket.Status.NEW, Ticket.Status.ACKNOWLEDGED, Ticket.Status.IN_PROGRESS}
RECORDABLE = {WorkOrder.Status.ARRIVED, WorkOrder.Status.WORKING, WorkOrder.Status.SUSPENDED}


def open_ticket(
    *,
    project: Project,
    equipment: Equipment | None,
    kind: str,
    level: int,
    title: str,
    description: str,
    channel: str,
    contact_name: str,
    contact_phone: str,
    began_at: datetime | None,
    photos: Iterable[AcceptedFile],
    actor: Any,
    now: datetime,
    place: str = "",
    waiting: Iterable[PendingPhoto] = (),
) -> Ticket:
    """Open a request: it gets its number at once, and the cover decision of this moment is kept (R-01, W-19).

    Cover is decided by the day the fault began, else the day of the report. ``waiting`` are photos kept while the form
    was being corrected. Raises ``DomainError`` for equipment of another project and for a fault that begins in the
    future, ``PermissionDenied`` for who may not.
    """
    told = access.told_on(project)
    if not access.may_open_on(project, actor, told=told):
        raise PermissionDenied
    if equipment is not None and equipment.project_id != project.pk:
        raise DomainError(_("This equipment belongs to another project. Choose it again."), field="equipment")
    if began_at is not None and began_at > now:
        raise DomainError(_("This time is in the future. When did it begin?"), field="began_at")
    return _open(
        project=project,
        equipment=equipment,
        kind=kind,
        level=level,
        title=title,
        description=description,
        place=place or (equipment.where if equipment else ""),
        channel=channel,
        contact_name=contact_name,
        contact_phone=contact_phone,
        began_at=began_at,
        photos=photos,
        waiting=waiting,
        told=told,
        actor=actor,
        now=now,
    )


def open_from_label(equipment: Equipment, *, now: datetime, **values: Any) -> Ticket:
    """Open a request of somebody without an account, who scanned the label of this equipment (R-01)."""
    return _open(
        project=equipment.project,
        equipment=equipment,
        place=equipment.where,
        channel=Ticket.Channel.QR_CODE,
        began_at=None,
        actor=None,
        now=now,
        **values,
    )


def open_unasked(**values: Any) -> Ticket:
    """Open a request that nobody need be allowed to open: somebody is in danger (R-18)."""
    return _open(photos=(), waiting=(), **values)


def _open(
    *,
    photos: Iterable[AcceptedFile],
    waiting: Iterable[PendingPhoto],
    actor: Any,
    now: datetime,
    told: list[Any] | None = None,
    **values: Any,
) -> Ticket:
    told = access.told_on(values["project"]) if told is None else told
    with transaction.atomic():
        ticket = Ticket.objects.create(number=next_number("FW", now=now), opened_by=actor, reported_at=now, **values)
        _decide_cover(ticket, actor=actor, now=now)
        keep_photos(photos, waiting, ticket=ticket, actor=actor, now=now)
        data = {"note": ticket.title} | _urgency(ticket)
        record(ticket, OPENED, actor=actor, now=now, data=data, tells=told)
    return ticket


def _urgency(ticket: Ticket) -> dict[str, bool]:
    """An emergency reaches people at night too."""
    return {"urgent": True} if ticket.kind == Ticket.Kind.EMERGENCY else {}


def register_call(*, actor: Any, now: datetime, **values: Any) -> Ticket:
    """Open a request that somebody of ours took in person: who took it has read it, so it is acknowledged (R-04)."""
    with transaction.atomic():
        ticket = open_ticket(actor=actor, now=now, **values)
        acknowledged: Ticket = lifecycle.acknowledge(ticket, actor=actor, now=now)
    return acknowledged


def _decide_cover(ticket: Ticket, *, actor: Any, now: datetime) -> CoverDecision:
    fault_on = timezone.localdate(ticket.began_at or ticket.reported_at)
    decision, warranty = cover_on(ticket.project, ticket.equipment, fault_on)
    return CoverDecision.objects.create(
        ticket=ticket,
        is_covered=decision.is_covered,
        ground=decision.ground,
        warranty=warranty,
        fault_on=fault_on,
        covered_from=warranty.starts_on if warranty else None,
        covered_until=warranty.ends_on if warranty else None,
        decided_at=now,
        decided_by=actor,
    )


def write_message(
    *,
    ticket: Ticket,
    body: str,
    for_staff: bool,
    photos: Iterable[AcceptedFile] = (),
    waiting: Iterable[PendingPhoto] = (),
    actor: Any,
    now: datetime,
) -> Message:
    """Add a line to the conversation; a staff note is for staff alone, whoever of the owner asks."""
    if not access.may_write_message(ticket, actor):
        raise PermissionDenied
    audience = Audience.STAFF if for_staff and actor.is_staff_side else Audience.OWNER
    with transaction.atomic():
        message = Message.objects.create(ticket=ticket, author=actor, body=body, audience=audience, written_at=now)
        owner = {"ticket": ticket, "message": message, "audience": audience}
        keep_photos(photos, waiting, actor=actor, now=now, **owner)
        people = [
            person
            for person in access.concerned_by_ticket(ticket)
            if audience == Audience.OWNER or person.is_staff_side
        ]
        people += [] if actor.is_staff_side else list(access.dispatchers())
        record(ticket, WROTE, actor=actor, now=now, audience=audience, data={"note": body[:200]}, tells=people)
    return message


def triage(
    *, ticket: Ticket, kind: str, level: int, is_complex: bool | None = None, actor: Any, now: datetime
) -> Ticket:
    """Set kind and level of an open request, and whether its repair is complex (R-02, R-03)."""
    if not access.may_dispatch(ticket, actor):
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(ticket)
        if not ticket.is_open:
            raise IllegalTransition.of(_("Change kind or level"), ticket)
        before = values_of(ticket)
        ticket.kind = kind
        ticket.level = level
        ticket.is_complex = ticket.is_complex if is_complex is None else is_complex
        ticket.save()
        record_triage(ticket, before, actor=actor, now=now)
    return ticket


def record_triage(ticket: Ticket, before: dict[str, Any], *, actor: Any, now: datetime) -> None:
    """Write that kind or level changed; an emergency that is new or worse reaches people as a new one does (R-18)."""
    is_worse = before["kind"] != ticket.kind or ticket.level < before["level"]
    data = _urgency(ticket) if is_worse else {}
    tells = [*access.told_on(ticket.project), *access.concerned_by_ticket(ticket)] if data else []
    record_change(ticket, before, actor=actor, now=now, audience=Audience.OWNER, data=data, tells=tells)


def set_complexity(*, order: WorkOrder, is_complex: bool, actor: Any, now: datetime) -> WorkOrder:
    """Say at locate-and-plan whether the repair is complex; promises that tell the two apart follow (R-03)."""
    if not access.is_assigned_engineer(order, actor):
        raise PermissionDenied
    with transaction.atomic():
        order = lock(order)
        ticket = lock(order.ticket)
        order.ticket = ticket
        if not ticket.is_open or not access.may_set_complexity(order, actor):
            raise IllegalTransition.of(_("Say how complex the repair is"), order)
        before = values_of(ticket)
        ticket.is_complex = is_complex
        ticket.save(update_fields=["is_complex"])
        record_change(ticket, before, actor=actor, now=now, audience=Audience.OWNER)
    return order


def dispatch(
    *,
    ticket: Ticket,
    mode: str,
    engineer: Any,
    appointment_from: datetime,
    appointment_to: datetime,
    briefing: str,
    actor: Any,
    now: datetime,
) -> WorkOrder:
    """Send an engineer: a work order with an appointment and the technical briefing (R-07).

    The engineer serves the project from now on and keeps it in sight. Raises ``DomainError`` for an appointment that
    ends before it begins, ``IllegalTransition`` for a request that is over.
    """
    if not access.may_dispatch(ticket, actor):
        raise PermissionDenied
    warning = appointments.must_be_sendable(engineer, ticket, mode=mode, begin=appointment_from)
    appointments.must_end_after_begin(appointment_from, appointment_to)
    with transaction.atomic():
        ticket = lock(ticket)
        if ticket.status not in DISPATCHABLE:
            raise IllegalTransition.of(_("Dispatch"), ticket)
        order = WorkOrder.objects.create(
            number=next_number("WX", now=now),
            ticket=ticket,
            round=ticket.round,
            mode=mode,
            engineer=engineer,
            dispatched_by=actor,
            dispatched_at=now,
            appointment_from=appointment_from,
            appointment_to=appointment_to,
            briefing=briefing,
        )
        ensure_serves(project=ticket.project, user=engineer, actor=actor, now=now)
        if ticket.status != Ticket.Status.IN_PROGRESS:
            lifecycle.start(ticket, actor=actor, now=now)
        record(
            order,
            DISPATCHED,
            actor=actor,
            now=now,
            data={"note": f"{engineer.name} {warning}".strip()} | _urgency(ticket),
            tells=access.concerned_by_order(order),
        )
    return order


def record_work(*, order: WorkOrder, values: dict[str, Any], actor: Any, now: datetime) -> WorkOrder:
    """Keep what the engineer typed so far. Called again with the same values it changes nothing.

    Raises ``IllegalTransition`` once the order is finished: what was put before the owner is not changed.
    """
    if not access.is_assigned_engineer(order, actor):
        raise PermissionDenied
    with transaction.atomic():
        order = lock(order)
        _must_be_recordable(order)
        for name in RECORD_FIELDS:
            if name in values:
                setattr(order, name, values[name])
        order.save(update_fields=[name for name in RECORD_FIELDS if name in values])
    return order


def add_order_photos(
    *, order: WorkOrder, slot: str, photos: Iterable[AcceptedFile], actor: Any, now: datetime
) -> list[WorkOrderPhoto]:
    """Keep photos of the job; the same photo sent twice is kept once."""
    if not access.is_assigned_engineer(order, actor):
        raise PermissionDenied
    with transaction.atomic():
        order = lock(order)
        _must_be_recordable(order)
        known = {photo.sha256: photo for photo in order.photos.filter(slot=slot)}
        return [
            known.get(accepted.sha256)
            or WorkOrderPhoto.keep(accepted, actor=actor, now=now, work_order=order, slot=slot)
            for accepted in photos
        ]


def remove_order_photo(*, photo: WorkOrderPhoto, actor: Any) -> None:
    """Take back a photo before the work is finished."""
    order = photo.work_order
    if not access.is_assigned_engineer(order, actor):
        raise PermissionDenied
    with transaction.atomic():
        _must_be_recordable(lock(order))
        photo.delete()


def is_recordable(order: WorkOrder) -> bool:
    """Say whether the record is open: on site and until the work is finished; a remote order once it is accepted."""
    remote_accepted = order.mode == WorkOrder.Mode.REMOTE and order.status == WorkOrder.Status.ACCEPTED
    return order.status in RECORDABLE or remote_accepted


def _must_be_recordable(order: WorkOrder) -> None:
    if not is_recordable(order):
        raise IllegalTransition.of(_("Change the record"), order)


def close_silent(*, now: datetime, limit: int = 200) -> int:
    """Close requests whose sheet nobody signed and to which nothing was said for three days; return how many.

    One request that cannot be closed leaves the others.
    """
    closed = 0
    for ticket in Ticket.objects.silent_since(now).order_by("confirmation_asked_at")[:limit]:
        try:
            lifecycle.close_after_silence(ticket, actor=None, now=now)
            closed += 1
        except IllegalTransition:
            continue  # the owner answered in this very moment
        except Exception:
            logger.exception("Request %s could not be closed after silence.", ticket.number)
    return closed
