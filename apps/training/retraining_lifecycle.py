"""The states of a retraining (T-06)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access
from .classes import classes_for, register_holder
from .models import Retraining, Session

R = Retraining.Status


@transition(
    Retraining,
    gettext_lazy("Registered for a training"),
    sources={R.OPEN},
    target=R.PLANNED,
    allowed=None,
    title=gettext_lazy("Registered for the retraining"),
    icon="user-check",
    tone="ok",
    audience=Audience.STAFF,
    tells=lambda row: [row.licence.user],
)
def assign(row: Retraining, *, actor: Any, now: datetime, session: Session) -> dict[str, Any]:
    """Note the class that was open in time, found by the worker."""
    row.session = session
    return {"note": str(session)}


@transition(
    Retraining,
    gettext_lazy("Choose the training"),
    sources={R.OPEN, R.PLANNED},
    target=R.PLANNED,
    allowed=access.may_plan_retraining,
    title=gettext_lazy("Registered for the retraining"),
    form="RetrainingForm",
    icon="calendar-plus",
    style="primary",
    audience=Audience.STAFF,
    tells=lambda row: [row.licence.user],
)
def plan(row: Retraining, *, actor: Any, now: datetime, session: Session) -> dict[str, Any]:
    """Register the holder for a training that brings the licence anew."""
    if not classes_for(row.licence, now=now).filter(pk=session.pk).exists():
        raise DomainError(_("Choose a coming training that brings this licence."), field="session")
    register_holder(row, session, actor=actor, now=now)
    row.session = session
    return {"note": str(session)}


@transition(
    Retraining,
    gettext_lazy("Without a place again"),
    sources={R.PLANNED},
    target=R.OPEN,
    allowed=None,
    title=gettext_lazy("Retraining without a place again"),
    icon="calendar-off",
    tone="warn",
    audience=Audience.STAFF,
    tells=lambda row: list(User.objects.with_role(Role.TRAINER)),
)
def release(row: Retraining, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Have it planned anew: the class was called off, or the place given back."""
    note = {"note": str(row.session)}
    row.session = None
    return note


@transition(
    Retraining,
    gettext_lazy("Not needed any more"),
    sources={R.OPEN, R.PLANNED},
    target=R.DROPPED,
    allowed=access.may_plan_retraining,
    title=gettext_lazy("Retraining not needed any more"),
    form="ReasonForm",
    icon="ban",
    style="danger",
    audience=Audience.STAFF,
)
def drop(row: Retraining, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Say why the person needs this licence no more."""
    row.reason, row.settled_at = reason, now
    return {"note": reason}


@transition(
    Retraining,
    gettext_lazy("Renewed"),
    sources={R.OPEN, R.PLANNED},
    target=R.RENEWED,
    allowed=None,
    title=gettext_lazy("Licence renewed"),
    icon="circle-check",
    tone="ok",
    audience=Audience.STAFF,
)
def renew(row: Retraining, *, actor: Any, now: datetime, number: str) -> dict[str, Any]:
    """Settle it by the licence that takes the place of the old one."""
    row.settled_at = now
    return {"note": number}
