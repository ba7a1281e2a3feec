"""From whom answers are kept: people they are about see no restricted event, promise or paper of them, either."""

from __future__ import annotations

from typing import Any

from apps.core.scoping import keep_from

from .models import Answer, LowAnswer


def declare() -> None:
    """Have every page leave out what was said about a person, and the call that followed."""
    keep_from("surveys.answer", lambda user: _about(Answer, user))
    keep_from("surveys.lowanswer", lambda user: _about(LowAnswer, user))


def _about(model: Any, user: Any) -> Any:
    return model.objects.filter(**{f"{model.request_path}about_people": user}).order_by().values("pk")
