"""Ask those who were at a training how it was, about its trainer (T-01)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.surveys.models import Occasion, SurveyRequest
from apps.surveys.services import request_answer

from .certificates import project_of
from .models import Participant, Session


def ask_participants(*, session: Session, actor: Any, now: datetime) -> int:
    """Ask everybody of an owner who was at a training; return how many were asked.

    Who came to an open class is asked for a project of their organisation. Who has no account gets the link by
    e-mail or telephone, or answers on the trainer's device.
    """
    asked = 0
    for row in session.participants.present().select_related("user", "owner"):
        asked += _ask(row, session, actor=actor, now=now) is not None
    return asked


def _ask(row: Participant, session: Session, *, actor: Any, now: datetime) -> SurveyRequest | None:
    """Ask one person; None for our own people, whose answers would not be a customer's."""
    if row.user is not None and row.user.is_staff_side:
        return None
    project = project_of(session, row.owner, row.user)
    if project is None:
        return None
    return request_answer(
        occasion=Occasion.TRAINING,
        subject=session,
        project=project,
        person=row.user,
        name=row.name,
        phone=row.phone,
        email=row.email,
        about_people=[session.trainer] if session.trainer else [],
        actor=actor,
        now=now,
    )
