"""Follow-up calls: planned once for what is completed, made one after another, ending in a word or in what follows."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars.due_days import Count, counted, end_of
from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record, record_many
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.search import normalize
from apps.service_levels.models import Clock, Target
from apps.service_levels.standing import watching
from apps.tickets import lifecycle as ticket_lifecycle
from apps.tickets.models import Ticket

from . import access, call_lifecycle
from .models import Attempt, Complaint, FollowUp
from .rules import ATTEMPTS, FOLLOW_UP_DAYS
from .services import open_complaint
from .subjects import all_subjects

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
                    due_at=call_by(one.at),
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


def call_by(completed_at: datetime) -> datetime:
    """Return by when a follow-up is made: the end of the third day after completion (R-13)."""
    return end_of(counted(timezone.localdate(completed_at), FOLLOW_UP_DAYS, Count.DAYS))


def _drop_settled(now: datetime) -> None:
    """Drop what needs no call any more; how many wait costs no more questions."""
    waiting = defaultdict(list)
    for call in FollowUp.objects.to_call().prefetch_related("subject"):
        waiting[type(call.subject)].append(call)
    for subject in all_subjects():
        calls = waiting[subject.model]
        settled = {(row.pk, round_) for row, round_ in subject.settled([(call.subject, call.round) for call in calls])}
        for call in calls:
            if (call.subject_id, call.round) in settled:
                _drop(call, now)


def _drop(call: FollowUp, now: datetime) -> None:
    try:
        call_lifecycle.drop(call, actor=None, now=now)
    except IllegalTransition:
        return  # somebody is on the telephone at this very moment


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


def clocks_of(calls: Iterable[FollowUp], user: Any) -> dict[Any, Clock]:
    """Return {call: the clock that watches the follow-up of its request}, as far as ``user`` may see it; one query."""
    kind = ContentType.objects.get_for_model(Ticket)
    of_tickets = [call for call in calls if call.subject_type_id == kind.pk]
    found = watching(Target.Metric.FOLLOW_UP, [Ticket(pk=call.subject_id) for call in of_tickets], user)
    clocks = {call.pk: (call, found.get(call.subject_id)) for call in of_tickets}
    return {pk: clock for pk, (call, clock) in clocks.items() if clock is not None and clock.round == call.round}


def next_call(after: FollowUp, user: Any) -> FollowUp | None:
    """Return the call that comes after this one on the list."""
    rows = FollowUp.objects.visible_to(user).to_call().exclude(pk=after.pk)
    later: FollowUp | None = rows.filter(due_at__gte=after.due_at).first()
    return later or rows.first()
