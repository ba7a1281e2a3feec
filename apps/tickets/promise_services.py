"""What people do to the promises of a request: check the arrangement, let them stand still, let them go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.service_levels.models import Pause

from . import access
from .models import Ticket
from .promises import CHECKED, PAUSED, RESUMED


def check_arrangement(*, ticket: Ticket, actor: Any, now: datetime) -> Ticket:
    """Note that customer service has checked that somebody goes (R-07)."""
    if not access.may_dispatch(ticket, actor):
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(ticket)
        if ticket.status != Ticket.Status.IN_PROGRESS or not ticket.work_orders.going_on().exists():
            raise DomainError(_("Nobody has been sent yet. Dispatch an engineer first."))
        record(ticket, CHECKED, actor=actor, now=now, audience=Audience.STAFF)
    return ticket


def pause_promises(*, ticket: Ticket, reason: str, note: str, actor: Any, now: datetime) -> Ticket:
    """Let the promised times of a request stand still; the owner sees why and by whom.

    Raises ``DomainError`` when they stand still already, or when no reason is written.
    """
    if not access.may_pause(ticket, actor):
        raise PermissionDenied
    if not note.strip():
        raise DomainError(_("Write why: the owner reads it beside the promised times."), field="note")
    with transaction.atomic():
        ticket = lock(ticket)
        if not ticket.is_open:
            raise IllegalTransition.of(_("Pause the promises"), ticket)
        if Pause.objects.about(ticket).open().exists():
            raise DomainError(_("The promised times stand still already."))
        data = {"pause": reason, "note": note.strip()}
        record(ticket, PAUSED, actor=actor, now=now, data=data, tells=access.concerned_by_ticket(ticket))
    return ticket


def resume_promises(*, ticket: Ticket, actor: Any, now: datetime) -> Ticket:
    """Let the promised times go on. Nothing happens when they do already."""
    if not access.may_pause(ticket, actor):
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(ticket)
        if Pause.objects.about(ticket).open().exists():
            record(ticket, RESUMED, actor=actor, now=now, tells=access.concerned_by_ticket(ticket))
    return ticket
