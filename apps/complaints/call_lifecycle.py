"""The states of a follow-up call (R-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event, record
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access
from .models import FollowUp

S = FollowUp.Status

#: Written about what was followed up, so that its follow-up clock stops.
DONE = declare_event("complaints.followup.done", _("Followed up by telephone"), icon="phone-check", tone="ok")


def _reached(call: FollowUp, *, actor: Any, now: datetime, said: str) -> dict[str, Any]:
    call.said, call.done_at, call.done_by = said, now, actor
    note = {"note": str(call.get_status_display())}
    subject: Any = call.subject
    record(subject, DONE, actor=actor, now=now, audience=Audience.STAFF, data=note)
    return note


@transition(
    FollowUp,
    _("Satisfied"),
    sources={S.PLANNED},
    target=S.SATISFIED,
    allowed=access.calls,
    title=_("Called: satisfied"),
    form="SaidForm",
    icon="phone-check",
    style="primary",
    tone="ok",
    audience=Audience.STAFF,
)
def note_satisfied(call: FollowUp, *, actor: Any, now: datetime, said: str = "") -> dict[str, Any]:
    """Note that the owner was reached and is satisfied."""
    return _reached(call, actor=actor, now=now, said=said)


@transition(
    FollowUp,
    _("Not satisfied"),
    sources={S.PLANNED},
    target=S.UNSATISFIED,
    allowed=None,
    title=_("Called: not satisfied"),
    icon="alert-triangle",
    tone="bad",
    audience=Audience.STAFF,
)
def note_unsatisfied(call: FollowUp, *, actor: Any, now: datetime, said: str, complaint: Any = None) -> dict[str, Any]:
    """Note that the owner is not satisfied; the request is open again, or a complaint is (``followups``)."""
    call.complaint = complaint
    return _reached(call, actor=actor, now=now, said=said)


@transition(
    FollowUp,
    _("Give up"),
    sources={S.PLANNED},
    target=S.NOT_REACHED,
    allowed=None,
    title=_("Not reached"),
    icon="user-off",
    audience=Audience.STAFF,
)
def give_up(call: FollowUp, *, actor: Any, now: datetime) -> None:
    """End after the last attempt that reached nobody."""
    call.done_at, call.done_by = now, actor


@transition(
    FollowUp,
    _("Drop the call"),
    sources={S.PLANNED},
    target=S.DROPPED,
    allowed=None,
    title=_("Follow-up no longer needed"),
    icon="ban",
    audience=Audience.STAFF,
)
def drop(call: FollowUp, *, actor: Any, now: datetime) -> None:
    """Leave a call out: the owner has spoken already."""
