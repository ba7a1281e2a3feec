"""What is noted on the way of a request beside its states, such as a diagnosis; promises wait for it (R-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.service_levels.models import Clock

from . import access
from .models import Ticket


@dataclass(frozen=True)
class Milestone:
    """One thing that may be noted: its event, its words, who reads it, whom it concerns among staff."""

    name: str
    title: str | Promise
    icon: str
    audience: str = Audience.OWNER
    tells: tuple[str, ...] = ()

    @property
    def event_name(self) -> str:
        return f"tickets.ticket.{self.name}"


SUPPORT, MANAGER = Role.TECHNICAL_SUPPORT, Role.MANAGER
MILESTONES = {
    one.name: one
    for one in (
        Milestone("guided", gettext_lazy("Guided by telephone"), "phone-check"),
        Milestone("handed_over", gettext_lazy("Handed over to technical support"), "user-share", "staff", (SUPPORT,)),
        Milestone("diagnosed", gettext_lazy("Preliminary diagnosis made"), "list-check"),
        Milestone("solution_given", gettext_lazy("Solution given"), "message-check"),
        Milestone("passed_on", gettext_lazy("Passed on to a department or dealer"), "user-share", "staff"),
        Milestone("escalated", gettext_lazy("Handed over to headquarters"), "user-share", "staff", (SUPPORT, MANAGER)),
        Milestone("expert_answered", gettext_lazy("Expert answered"), "message-check", "staff"),
        Milestone("plan_started", gettext_lazy("Emergency plan started"), "alert-triangle"),
        Milestone("replaced", gettext_lazy("Replaced by a new one"), "refresh"),
    )
}
for _one in MILESTONES.values():
    declare_event(_one.event_name, _one.title, icon=_one.icon, tone="info")


def awaited(ticket: Ticket) -> list[Milestone]:
    """Return the milestones, those that a running promise waits for first."""
    clocks = Clock.objects.about(ticket).going_on().select_related("target")
    names = {name for clock in clocks for name in clock.target.stop_events}
    return sorted(MILESTONES.values(), key=lambda one: one.event_name not in names)


def note_milestone(*, ticket: Ticket, name: str, note: str, actor: Any, now: datetime) -> Ticket:
    """Note what was reached on an open request; promises that wait for it are met.

    Raises ``DomainError`` for a milestone nobody knows, ``IllegalTransition`` for a request that is over.
    """
    if not access.may_note_milestone(ticket, actor):
        raise PermissionDenied
    milestone = MILESTONES.get(name)
    if milestone is None:
        raise DomainError(_("Choose what was reached."), field="name")
    with transaction.atomic():
        ticket = lock(ticket)
        if not ticket.is_open:
            raise IllegalTransition.of(_("Note progress"), ticket)
        record(
            ticket,
            milestone.event_name,
            actor=actor,
            now=now,
            audience=milestone.audience,
            data={"note": note.strip()},
            tells=_concerned(milestone, ticket),
        )
    return ticket


def _concerned(milestone: Milestone, ticket: Ticket) -> Iterable[Any]:
    people = list(User.objects.with_role(*milestone.tells)) if milestone.tells else []
    return [*people, *access.concerned_by_ticket(ticket)] if milestone.audience == Audience.OWNER else people
