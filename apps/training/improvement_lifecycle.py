"""The states of an improvement: to do → done → found effective, or to do again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access
from .models import Improvement

I = Improvement.Status  # noqa: E741  as the other machines of this app name theirs


@transition(
    Improvement,
    gettext_lazy("Done"),
    sources={I.OPEN},
    target=I.DONE,
    allowed=access.may_finish_improvement,
    title=gettext_lazy("Improvement done"),
    form="ResultForm",
    icon="check",
    style="primary",
    audience=Audience.STAFF,
    tells=lambda row: [row.dated_by, row.course.responsible],
)
def finish(row: Improvement, *, actor: Any, now: datetime, result: str) -> dict[str, Any]:
    """Say what was done; somebody else checks whether it worked."""
    row.result, row.done_at = result, now
    return {"note": result}


@transition(
    Improvement,
    gettext_lazy("It works"),
    sources={I.DONE},
    target=I.CLOSED,
    allowed=access.may_check_improvement,
    title=gettext_lazy("Improvement found effective"),
    form="VerdictForm",
    icon="circle-check",
    style="primary",
    tone="ok",
    audience=Audience.STAFF,
    tells=lambda row: [row.responsible],
)
def confirm(row: Improvement, *, actor: Any, now: datetime, verdict: str) -> dict[str, Any]:
    """Close it with how it was seen to work."""
    row.verdict, row.checked_by, row.checked_at = verdict, actor, now
    return {"note": verdict}


@transition(
    Improvement,
    gettext_lazy("Does not work, do it again"),
    sources={I.DONE},
    target=I.OPEN,
    allowed=access.may_check_improvement,
    title=gettext_lazy("Improvement to be done again"),
    form="AgainForm",
    icon="refresh",
    tone="warn",
    audience=Audience.STAFF,
    tells=lambda row: [row.responsible],
)
def reopen(row: Improvement, *, actor: Any, now: datetime, verdict: str, due_on: date) -> dict[str, Any]:
    """Send it back with what is still wrong and another day."""
    if due_on < timezone.localdate(now):
        raise DomainError(_("Choose a day that is still to come."), field="due_on")
    row.verdict, row.checked_by, row.checked_at = verdict, actor, now
    row.due_on, row.done_at, row.reminded_at = due_on, None, None
    row.note_dated(actor, now)
    return {"note": f"{verdict} {due_on}"}
