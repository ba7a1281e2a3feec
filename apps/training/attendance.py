"""Who was there, shown how: signed on the trainer's device, on one's own phone, or on the printed sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.client import counted_as
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile
from apps.documents.signing import Drawing

from . import lifecycle
from .models import Participant, Session, SessionFile
from .planning import register

SIGNED_IN = declare_event("training.session.signed_in", gettext_lazy("Was there"), icon="writing-sign", tone="ok")
SHEET_KEPT = declare_event("training.session.sheet_kept", gettext_lazy("Signed sheet kept"), icon="paperclip")
HOURS_SET = declare_event("training.session.hours_set", gettext_lazy("Hours corrected"), icon="clock")

WINDOW_SECONDS = 3600
TRIES_AN_ADDRESS = 30


def sign_in(
    *,
    participant: Participant,
    method: str,
    actor: Any,
    now: datetime,
    drawing: Drawing | None = None,
) -> Participant:
    """Note that a person is there; the first time counts. Their hours are the session's until corrected."""
    with transaction.atomic():
        participant = lock(participant)
        session = participant.session
        if session.status in {Session.Status.CLOSED, Session.Status.CANCELLED}:
            raise DomainError(_("The training is closed; its attendance does not change any more."))
        if participant.attended_at is not None:
            return participant
        if participant.status == Participant.Status.WAITING:
            participant = lifecycle.admit(participant, actor=actor, now=now)
        participant.attended_at, participant.method, participant.hours = now, method, session.hours
        if drawing is not None:
            digest = hashlib.sha256(drawing.png).hexdigest()[:16]
            participant.signature.save(f"{digest}.png", ContentFile(drawing.png), save=False)
            participant.strokes = drawing.strokes
        participant.save()
        data = {"note": f"{participant.name} · {participant.get_method_display()}"}
        record(session, SIGNED_IN, actor=actor, now=now, audience=Audience.STAFF, data=data)
    return participant


def sign_in_at_the_door(
    *, session: Session, name: str, phone: str, owner: Any, drawing: Drawing, actor: Any, now: datetime, email: str = ""
) -> Participant:
    """Take in somebody who was not registered, with their signature."""
    with transaction.atomic():
        participant = register(session=session, name=name, phone=phone, email=email, owner=owner, actor=actor, now=now)
        return sign_in(
            participant=participant, method=Participant.Method.SIGNATURE, drawing=drawing, actor=actor, now=now
        )


def sign_in_by_link(*, session: Session, name: str, phone: str, address: str | None, now: datetime) -> Participant:
    """Note that somebody is there who holds the session's code and says name and telephone as registered.

    Raises ``DomainError`` outside the hours of the training, for a person who is not registered, and when too many
    wrong tries come from one address: a whole class may sit behind the same one.
    """
    _refuse_guessing(address)
    if not session.takes_attendance(now):
        raise DomainError(_("Signing in is open from two hours before the training to two hours after it."))
    rows = session.participants.exclude(status=Participant.Status.WITHDRAWN)
    digits = "".join(sign for sign in phone if sign.isdigit())
    for row in rows.filter(name=name.strip()):
        if digits and digits == "".join(sign for sign in row.phone if sign.isdigit()):
            return _sign_in_own(row, actor=row.user, now=now)
    _count_wrong(address)
    raise DomainError(_("Nobody is registered with this name and telephone number. Ask the trainer to take you in."))


def sign_in_oneself(*, session: Session, actor: Any, now: datetime) -> Participant:
    """Note that a person who is signed in and registered is there, by the session's code."""
    if not session.takes_attendance(now):
        raise DomainError(_("Signing in is open from two hours before the training to two hours after it."))
    row = session.participants.filter(user=actor).exclude(status=Participant.Status.WITHDRAWN).first()
    if row is None:
        raise DomainError(_("You are not registered for this training. Ask the trainer to take you in."))
    return _sign_in_own(row, actor=actor, now=now)


def _sign_in_own(row: Participant, *, actor: Any, now: datetime) -> Participant:
    """Note it on the person's own phone; only the trainer takes in who waits for a place."""
    if row.status == Participant.Status.WAITING:
        raise DomainError(_("You are still on the waiting list. Ask the trainer to take you in."))
    return sign_in(participant=row, method=Participant.Method.OWN_PHONE, actor=actor, now=now)


def _refuse_guessing(address: str | None) -> None:
    if address and cache.get(_key(address), 0) >= TRIES_AN_ADDRESS:
        raise DomainError(_("Too many tries came from here. Wait an hour, or ask the trainer."))


def _count_wrong(address: str | None) -> None:
    if address:
        cache.add(_key(address), 0, timeout=WINDOW_SECONDS)
        cache.incr(_key(address))


def _key(address: str) -> str:
    return f"training-attend:{counted_as(address)}"


def keep_sheet(
    *, session: Session, present: Iterable[Participant], files: Iterable[AcceptedFile], actor: Any, now: datetime
) -> Session:
    """Keep the scan of the signed sheet and note who signed on it."""
    kept = list(files)
    people = list(present)
    if not kept and not session.files.exists():
        raise DomainError(_("Attach the scan of the signed sheet."), field="files")
    with transaction.atomic():
        session = lock(session)
        for file in kept:
            SessionFile.keep(file, actor=actor, now=now, session=session)
        if kept:
            note = ngettext("%(n)s file", "%(n)s files", len(kept)) % {"n": len(kept)}
            record(session, SHEET_KEPT, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
        for participant in people:
            sign_in(participant=participant, method=Participant.Method.SHEET, actor=actor, now=now)
    return session


def set_hours(*, session: Session, hours: dict[int, Decimal], actor: Any, now: datetime) -> Session:
    """Correct the hours of single people while the training is not closed; nobody gets more than were taught."""
    with transaction.atomic():
        session = lock(session)
        if session.status in {Session.Status.CLOSED, Session.Status.CANCELLED}:
            raise DomainError(_("The training is closed; its attendance does not change any more."))
        for participant in session.participants.present():
            wanted = hours.get(participant.pk)
            if wanted is None or wanted == participant.hours:
                continue
            if not 0 <= wanted <= session.hours:
                raise DomainError(_("Hours lie between 0 and the hours taught (%(hours)s).") % {"hours": session.hours})
            participant.hours = wanted
            participant.save(update_fields=["hours"])
            note = {"note": f"{participant.name} {wanted} h"}
            record(session, HOURS_SET, actor=actor, now=now, audience=Audience.STAFF, data=note)
    return session
