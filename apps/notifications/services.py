"""Tell people what happened, in the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.core.events import Told
from apps.core.models import Event
from apps.core.scoping import Audience

from .models import Notification


def tell(told: Told) -> None:
    """Tell events to the people whom they concern, within each event's audience; called for every event."""
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(user=person, event=event, created_at=min(event.at, now))
            for event, people in told
            for person in people
            if person.is_active and _may_know(event, person)
        ],
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
