"""Ask those who were at a training how it was, about its trainer (T-01)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.surveys.models import Occasion
from apps.surveys.services import request_answer

from .models import Session


def ask_participants(*, session: Session, actor: Any, now: datetime) -> int:
    """Ask everybody of the owner who was at a project's training; return how many were asked."""
    if session.project is None:
        return 0
    asked = 0
    for row in session.participants.present().select_related("user"):
        if row.user is not None and row.user.is_staff_side:
            continue
        request = request_answer(
            occasion=Occasion.TRAINING,
            subject=session,
            project=session.project,
            person=row.user,
            name=row.name,
            phone=row.phone,
            about_people=[session.trainer] if session.trainer else [],
            actor=actor,
            now=now,
        )
        asked += request is not None
    return asked
