"""A danger that somebody names elsewhere becomes an emergency at once, whoever says so (R-18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.core.events import values_of
from apps.core.lifecycle import lock
from apps.projects.models import Project

from .models import Ticket
from .services import open_unasked, record_triage


def raise_alarm(
    *,
    project: Project,
    title: str,
    description: str,
    contact_name: str,
    contact_phone: str,
    actor: Any,
    now: datetime,
    ticket: Ticket | None = None,
) -> Ticket:
    """Make an open request an emergency of level 1, or open one; a danger is refused to nobody for want of a role."""
    with transaction.atomic():
        if ticket is not None and (raised := _raised(ticket, actor=actor, now=now)):
            return raised
        return open_unasked(
            project=project,
            equipment=ticket.equipment if ticket else None,
            place=ticket.place if ticket else "",
            kind=Ticket.Kind.EMERGENCY,
            level=Ticket.Level.CRITICAL,
            title=title,
            description=description,
            channel=Ticket.Channel.PORTAL,
            contact_name=contact_name,
            contact_phone=contact_phone,
            began_at=None,
            actor=actor,
            now=now,
        )


def _raised(ticket: Ticket, *, actor: Any, now: datetime) -> Ticket | None:
    """Raise a request that is open; None for one that is over."""
    ticket = lock(ticket)
    if not ticket.is_open:
        return None
    before = values_of(ticket)
    ticket.kind, ticket.level = Ticket.Kind.EMERGENCY, Ticket.Level.CRITICAL
    ticket.save()
    record_triage(ticket, before, actor=actor, now=now)
    return ticket
