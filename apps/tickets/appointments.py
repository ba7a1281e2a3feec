"""What holds of every appointment, whoever makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from apps.core.errors import DomainError
from apps.training import licences

from . import access
from .models import Ticket, WorkOrder


def must_be_sendable(engineer: Any, ticket: Ticket, *, mode: str, begin: datetime) -> str:
    """Raise ``DomainError`` for somebody who is not sent to jobs, or lacks a licence that this work needs (R-19).

    Return a warning in words about licences whose lack does not keep them from being sent. Remote work needs none.
    """
    if not access.may_be_sent(engineer):
        raise DomainError(
            gettext("%(name)s cannot be given a job. Choose an engineer.") % {"name": engineer}, field="engineer"
        )
    if mode != WorkOrder.Mode.FIELD:
        return ""
    return licences.must_hold(engineer, day=timezone.localdate(begin), **needs_of(ticket))


def needs_of(ticket: Ticket) -> dict[str, Any]:
    """Say by what a repair may need licences: the project's trade, and the equipment it is about."""
    return {
        "trade": ticket.project.trade,
        "work": licences.REPAIR,
        "equipment_model": ticket.equipment.model_id if ticket.equipment else None,
    }


def must_end_after_begin(begin: datetime, end: datetime) -> None:
    """Raise ``DomainError`` for an appointment that ends before it begins."""
    if end <= begin:
        raise DomainError(gettext("The appointment must end after it begins."), field="appointment_to")
