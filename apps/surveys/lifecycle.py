"""The states of a low answer: to call → called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access
from .models import LowAnswer

S = LowAnswer.Status


@transition(
    LowAnswer,
    gettext_lazy("Note the call"),
    sources={S.OPEN},
    target=S.DONE,
    allowed=access.may_call,
    title=gettext_lazy("Called about a low evaluation"),
    form="OutcomeForm",
    icon="phone-check",
    style="primary",
    tone="ok",
    audience=Audience.RESTRICTED,
)
def finish(low: LowAnswer, *, actor: Any, now: datetime, outcome: str) -> dict[str, Any]:
    """Note what the customer said and what was done about it."""
    if not outcome.strip():
        raise DomainError(_("Write what was said and done."), field="outcome")
    low.outcome, low.done_by, low.done_at = outcome.strip(), actor, now
    return {"note": low.outcome[:200]}
