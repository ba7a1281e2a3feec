"""Have people trained anew before a licence ends: noted two months ahead, planned, settled by the new one (T-06)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one

from .classes import classes_for, register_holder
from .models import Licence, Retraining, Session
from .retraining_lifecycle import assign, release, renew

NOTED = declare_event("training.retraining.noted", gettext_lazy("Retraining needed"), icon="calendar-plus", tone="warn")

AHEAD = timedelta(days=60)
#: A licence that ended longer ago is not one that somebody let run out: the person does other work now.
LOOK_BACK = timedelta(days=365)


def note_ends(*, now: datetime, limit: int = 100) -> int:
    """Note a retraining for every licence that ends within two months, or has ended, and has no newer one.

    Where a class for it is open before the licence ends, the person is registered at once; else the trainers are
    told, who plan one.
    """
    today = timezone.localdate(now)
    span = {"expires_on__lte": today + AHEAD, "expires_on__gte": today - LOOK_BACK}
    trainers = list(User.objects.with_role(Role.TRAINER))

    def note(licence: Licence) -> bool:
        if Retraining.objects.filter(licence=licence).exists():
            return False
        row = Retraining.objects.create(licence=licence, noted_at=now)
        words = {"note": f"{row} {licence.expires_on}"}
        told = [*trainers, licence.user]
        record(row, NOTED, actor=None, now=now, audience=Audience.STAFF, data=words, tells=told)
        _take_first_class(row, now=now)
        return True

    due = Licence.objects.newest().filter(retraining=None, **span)
    return one_by_one(due[:limit], note)


def _take_first_class(row: Retraining, *, now: datetime) -> None:
    """Register the holder for the first class that is open in time; without one the trainer decides."""
    session = classes_for(row.licence, now=now, with_seats=True).first()
    if session is None:
        return
    try:
        with transaction.atomic():
            register_holder(row, session, actor=None, now=now)
            assign(row, actor=None, now=now, session=session)
    except DomainError:
        return  # The holder lacks what the course needs first, or the class filled up: it stays to be planned.


def free(session: Session, *, actor: Any, now: datetime, holders: Any = None) -> None:
    """Have retrainings planned anew that counted on this training: of some people, or of everybody."""
    due = Retraining.objects.waiting().filter(session=session, status=Retraining.Status.PLANNED)
    for row in due if holders is None else due.filter(licence__user__in=holders):
        release(row, actor=actor, now=now)


def settle(licence: Licence, *, now: datetime) -> int:
    """Settle what waited for this licence: retrainings of the same person and kind whose licence ends earlier.

    Its own is settled when its end was put off, so that it does not end soon any more.
    """
    ends = licence.expires_on
    renewed = ~Q(licence=licence) & (Q() if ends is None else Q(licence__expires_on__lt=ends))
    if ends is None or ends > timezone.localdate(now) + AHEAD:
        renewed |= Q(licence=licence)
    done = 0
    due = Retraining.objects.waiting().filter(renewed, licence__user=licence.user_id, licence__kind=licence.kind)
    for row in due:
        try:
            renew(row, actor=None, now=now, number=licence.number)
        except IllegalTransition:
            continue  # Settled meanwhile.
        done += 1
    return done
