"""Who may set up how the portal reaches out, and who may know of an event: named predicates."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.projects.models import Project

#: Set in the data of an event that a step of the escalation ladder tells (R-15).
LADDER = "ladder"


def may_operate(user: Any) -> bool:
    """Defaults, senders, outgoing items: the administrator."""
    return user.has_role(Role.ADMINISTRATOR)


def may_know(event: Event, person: Any) -> bool:
    """Say whether the event's audience includes the person."""
    if event.audience == Audience.OWNER:
        return True
    if event.audience == Audience.STAFF or event.subject is None:
        return bool(person.is_staff_side) and (event.audience == Audience.STAFF or person.sees_restricted)
    if event.data.get(LADDER):
        return bool(event.subject.is_told_when_late(person))
    return bool(event.subject.is_known_to(person))


def may_read(event: Event, person: Any) -> bool:
    """Say whether somebody who is told of an event may know more of what it is about than the number."""
    if event.audience != Audience.RESTRICTED or not event.data.get(LADDER) or event.subject is None:
        return True
    return bool(event.subject.is_known_to(person))


def may_be_sent(event: Event, person: Any) -> bool:
    """Say whether the person may know of the event still, now that it leaves the portal."""
    if not person.is_active or not may_know(event, person):
        return False
    return event.project_id is None or Project.objects.visible_to(person).filter(pk=event.project_id).exists()
