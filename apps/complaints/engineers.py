"""Asking for another engineer: the owner asks, a dispatcher decides by a step (R-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.tickets.models import Ticket

from . import access
from .models import EngineerRequest

ASKED_ENGINEER = declare_event(
    "complaints.engineerrequest.asked", gettext_lazy("Another engineer asked for"), icon="user-question", tone="warn"
)


def ask_for_engineer(*, ticket: Ticket, reason: str, actor: Any, now: datetime) -> EngineerRequest:
    """Ask, for the owner, that another engineer comes; a dispatcher decides (R-14)."""
    if not access.may_ask_engineer(ticket, actor):
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(ticket)
        if ticket.engineer_requests.filter(status=EngineerRequest.Status.ASKED).exists():
            raise DomainError(_("You have asked already. We answer as soon as we can."))
        request = EngineerRequest.objects.create(ticket=ticket, reason=reason, asked_by=actor, asked_at=now)
        tells = User.objects.with_role(Role.CUSTOMER_SERVICE)
        record(request, ASKED_ENGINEER, actor=actor, now=now, data={"note": ticket.number}, tells=tells)
    return request
