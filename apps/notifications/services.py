"""Tell people what happened, in the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.core.models import Event
from apps.core.scoping import Audience

from .models import Notification


def tell(event: Event, people: list[Any]) -> None:
    """Tell an event to the people whom it concerns, within its audience; called for every event."""
    told = [person for person in people if person.is_active and _may_know(event, person)]
    if told:
        now = timezone.now()
        Notification.objects.bulk_create(
            [Notification(user=person, event=event, created_at=min(event.at, now)) for person in told],
            ignore_conflicts=True,
        )


def _may_know(event: Event, person: Any) -> bool:
    if event.audience == Audience.OWNER:
        return True
    return person.is_staff_side and (event.audience == Audience.STAFF or person.sees_restricted)


def read_all(*, user: Any, now: datetime) -> int:
    """Mark everything told to a person as read; return how many were not."""
    return Notification.objects.filter(user=user, read_at__isnull=True).update(read_at=now)


def read(notification: Notification, *, now: datetime) -> None:
    """Mark one as read; the first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=now)
