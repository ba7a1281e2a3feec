"""Follow-up calls: planned once for what is completed, made one after another, ending in a word or in what follows."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record, record_many
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.search import normalize
from apps.tickets import lifecycle as ticket_lifecycle
from apps.tickets.models import Ticket

from . import access, call_lifecycle
from .models import Attempt, Complaint, FollowUp
from .rules import ATTEMPTS, FOLLOW_UP_WITHIN
from .services import open_complaint
from .subjects import all_subjects, subject_of

logger = logging.getLogger(__name__)

PLANNED = declare_event("complaints.followup.planned", gettext_lazy("Follow-up planned"), icon="phone")
TRIED = declare_event("complaints.followup.tried", gettext_lazy("Called, nobody reached"), icon="phone")

#: How far back a run looks: nights that were missed are caught up.
BACK = timedelta(days=14)


def plan_followups(*, now: datetime) -> int:
    """Plan a call for everything completed of late, once a subject and round (R-13); return how many are new.

    Calls that are no longer needed are left out: the owner has said how it went, or the work goes on.
    """
    _drop_settled(now)
    new = []
    with transaction.atomic():
        for subject in all_subjects():
            rows = [
                FollowUp(
                    project_id=one.row.project_id,
                    subject=one.row,
                    round=one.round,
                    number=one.number,
                    title=one.title[:160],
                    contact_name=one.contact_name,
                    contact_phone=one.contact_phone,
                    completed_at=one.at,
                    due_at=one.at + FOLLOW_UP_WITHIN,
                    search_text=normalize(f"{one.number} {one.title} {one.contact_name} {one.contact_phone}"),
                )
                for one in subject.completed(now - BACK)
            ]
            kinds = {row.subject_type_id for row in rows}
            known = set(FollowUp.objects.filter(subject_type__in=kinds).values_list("subject_id", "round"))
            new += [row for row in rows if (row.subject_id, row.round) not in known]
        FollowUp.objects.bulk_create(new, ignore_conflicts=True)
        keys = [row.number for row in new]
        made = FollowUp.objects.filter(number__in=keys, completed_at__in=[row.completed_at for row in new])
        lines = [(row, PLANNED, {"note": row.number}, ()) for row in made.select_related("project")]
        record_many(lines, actor=None, now=now, audience=Audience.STAFF)
    return len(new)


def _drop_settled(now: datetime) -> None:
    for call in FollowUp.objects.to_call().prefetch_related("subject"):
        subject = subject_of(call.subject)
        if subject is not None and subject.is_settled(call.subject, call.round):
            try:
                call_lifecycle.drop(call, actor=None, now=now)
            except IllegalTransition:
                continue  # somebody is on the telephone at this very moment


def note_unsatisfied(*, call: FollowUp, said: str, what_next: str, actor: Any, now: datetime) -> FollowUp:
    """Note that the owner is not satisfied: the request goes on under its number, or a complaint is opened (R-13)."""
    if not access.may_call(actor):
        raise PermissionDenied
    if not said.strip():
        raise DomainError(_("Write what is wrong: the next person works by it."), field="said")
    with transaction.atomic():
        call = lock(call)
        if call.status != FollowUp.Status.PLANNED:
            raise IllegalTransition.of(_("Not satisfied"), call)
        complaint = None
        if what_next == "reopen":
            _reopen(call.subject, said, actor=actor, now=now)
        else:
            complaint = _complain(call, said, actor=actor, now=now)
        done: FollowUp = call_lifecycle.note_unsatisfied(call, actor=actor, now=now, said=said, complaint=complaint)
    return done


def _reopen(subject: Any, said: str, *, actor: Any, now: datetime) -> None:
    if not isinstance(subject, Ticket):
        raise DomainError(_("Only a request can go on. Open a complaint instead."), field="what_next")
    ticket_lifecycle.not_fixed(subject, actor=actor, now=now, reason=said)


def _complain(call: FollowUp, said: str, *, actor: Any, now: datetime) -> Complaint:
    return open_complaint(
        channel=Complaint.Channel.FOLLOW_UP,
        title=call.title,
        description=said,
        project=call.project,
        subject=call.subject,
        contact_name=call.contact_name,
        contact_phone=call.contact_phone,
        actor=actor,
        now=now,
    )


def note_not_reached(*, call: FollowUp, note: str, actor: Any, now: datetime) -> FollowUp:
    """Note an attempt that reached nobody; the third ends the call."""
    if not access.may_call(actor):
        raise PermissionDenied
    with transaction.atomic():
        call = lock(call)
        if call.status != FollowUp.Status.PLANNED:
            raise IllegalTransition.of(_("Not reached"), call)
        Attempt.objects.create(follow_up=call, at=now, by=actor, note=note)
        record(call, TRIED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
        if call.attempts.count() >= ATTEMPTS:
            call = call_lifecycle.give_up(call, actor=actor, now=now)
    return call


def next_call(after: FollowUp, user: Any) -> FollowUp | None:
    """Return the call that comes after this one on the list."""
    rows = FollowUp.objects.visible_to(user).to_call().exclude(pk=after.pk)
    later: FollowUp | None = rows.filter(due_at__gte=after.due_at).first()
    return later or rows.first()
