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
from .classes import classes_for, place_in, register_holder
from .models import Participant, Retraining, Session

R = Retraining.Status


def _sessions(row: Retraining, session: Session) -> list[Session]:
    """The trainings between which a holder changes: whoever closes or calls one off has it before the retraining."""
    return [one for one in {session, row.session} if one is not None]


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
    lock_first=_sessions,
)
def plan(row: Retraining, *, actor: Any, now: datetime, session: Session) -> dict[str, Any]:
    """Register the holder for a training that brings the licence anew; a place chosen before is given back."""
    if not classes_for(row.licence, now=now).filter(pk=session.pk).exists():
        raise DomainError(_("Choose a coming training that brings this licence."), field="session")
    former, row.session = row.session, session
    place = register_holder(row, session, actor=actor, now=now)
    if former is not None and former != session:
        row.save()  # Else giving the former place back would free this retraining as well.
        _give_back(former, place, actor=actor, now=now)
    return {"note": str(session)}


def _give_back(former: Session, place: Participant, *, actor: Any, now: datetime) -> None:
    from .lifecycle import withdraw  # noqa: PLC0415  places know retrainings, this one way back

    given_up = place_in(former, place.user)
    if given_up is None or given_up.attended_at is not None or not former.is_open:
        return
    if given_up.status == Participant.Status.REGISTERED and place.status == Participant.Status.WAITING:
        raise DomainError(
            _("This training is full; the place in “%(former)s” would be lost. Choose one with a free place.")
            % {"former": former},
            field="session",
        )
    withdraw(given_up, actor=actor, now=now)


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
