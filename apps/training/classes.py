"""The trainings that bring a licence anew, and the registration of who holds it (T-06)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from . import planning
from .models import Course, Licence, Participant, Retraining, Session


def courses_for(licence: Licence) -> Any:
    """The courses whose certificate brings this kind of licence."""
    return Course.objects.taught().filter(licence_kind=licence.kind).order_by("pk")


def classes_for(licence: Licence, *, now: datetime, with_seats: bool = False) -> Any:
    """The coming trainings that bring this kind of licence; ``with_seats`` those open before it ends, with a place."""
    rows = Session.objects.coming().filter(course__in=courses_for(licence), starts_at__gt=now)
    rows = rows.select_related("course", "trainer").order_by("starts_at", "pk")
    if not with_seats:
        return rows
    taken = Count("participants", filter=Q(participants__status=Participant.Status.REGISTERED))
    rows = rows.annotate(taken=taken).filter(Q(seats=None) | Q(taken__lt=F("seats")))
    rows = rows.filter(status=Session.Status.OPEN, project=None)
    return rows.filter(starts_at__date__lte=licence.expires_on) if licence.expires_on else rows


def place_in(session: Session, user: Any) -> Participant | None:
    """Return the place that a person has in a training, or waits for."""
    places = session.participants.exclude(status=Participant.Status.WITHDRAWN)
    place: Participant | None = places.filter(user=user).first()
    return place


def register_holder(row: Retraining, session: Session, *, actor: Any, now: datetime) -> Participant:
    """Register the holder; one who is in that training already stays there."""
    user = row.licence.user
    return place_in(session, user) or planning.register(session=session, user=user, actor=actor, now=now)
