"""Analyses of months, reviews of years, what they resolve, and proposals to departments (ISO 10002, C-07)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.models import Event
from apps.core.recurrence import add_months
from apps.core.scoping import Audience
from apps.tickets.models import Ticket

from . import access
from .concealment import forget_events
from .models import Analysis, Proposal, Resolution
from .rules import MONTHS, span_of

PREPARED = declare_event("complaints.analysis.prepared", gettext_lazy("Analysis prepared"), icon="list-check")
OUTCOME = declare_event("complaints.resolution.changed", gettext_lazy("Outcome noted"), icon="checks")
GIVEN = declare_event("complaints.resolution.given", gettext_lazy("Resolved for you to carry out"), icon="flag-check")
CONCLUDED = declare_event("complaints.analysis.concluded", gettext_lazy("Conclusion written"), icon="pencil")
RESOLVED = declare_event("complaints.analysis.resolved", gettext_lazy("Resolved"), icon="flag-check", tone="info")
DROPPED = declare_event("complaints.analysis.dropped", gettext_lazy("Resolution dropped"), icon="trash")
PROPOSED = declare_event("complaints.proposal.made", gettext_lazy("Proposal made"), icon="send", tone="info")

#: How many periods back a run looks: what was missed is caught up.
BACK = {Analysis.Kind.MONTH: 3, Analysis.Kind.YEAR: 1}


def periods_over(kind: str, *, now: datetime, back: int | None = None) -> list[date]:
    """Return the first days of the periods that are over, the newest first, since the first request came in."""
    first = Ticket.objects.aggregate(first=Min("reported_at"))["first"]
    begin, _end = span_of(kind, timezone.localdate(now))
    days = [add_months(begin, -MONTHS[kind] * n) for n in range(1, (back or BACK[Analysis.Kind(kind)]) + 1)]
    return [day for day in days if first is not None and span_of(kind, day)[1] > timezone.localdate(first)]


def prepare_analyses(*, now: datetime) -> int:
    """Make the drafts for the periods that are over and have none; return how many. Run twice, nothing more happens."""
    made = 0
    for kind in Analysis.Kind:
        for day in periods_over(kind, now=now):
            if not Analysis.objects.filter(kind=kind, begins_on=day).exists():
                made += _prepare(kind, day, now=now) is not None
    return made


def _prepare(kind: str, day: date, *, now: datetime, actor: Any = None) -> Analysis | None:
    try:
        with transaction.atomic():
            analysis = Analysis.objects.create(kind=kind, begins_on=day, made_at=now)
            told = User.objects.with_role(Role.MANAGER if kind == Analysis.Kind.YEAR else Role.QUALITY)
            data = {"note": str(analysis)}
            record(analysis, PREPARED, actor=actor, now=now, audience=Audience.RESTRICTED, data=data, tells=told)
    except IntegrityError:
        return None  # another scheduler, or somebody by hand, has made it in this very moment
    return analysis


def prepare_by_hand(*, kind: str, begins_on: date, actor: Any, now: datetime) -> Analysis:
    """Return the analysis of a period that is over, made now unless it is there."""
    if not access.may_see_summary(actor):
        raise PermissionDenied
    day, end = span_of(kind, begins_on)
    if timezone.localdate(now) < end:
        raise DomainError(_("This period is not over yet."), field="period")
    return _prepare(kind, day, now=now, actor=actor) or Analysis.objects.get(kind=kind, begins_on=day)


def conclude(*, analysis: Analysis, conclusion: str, actor: Any, now: datetime) -> Analysis:
    """Write what quality concludes from the figures."""
    with transaction.atomic():
        analysis = _to_write(analysis, actor)
        analysis.conclusion = conclusion.strip()
        analysis.save(update_fields=["conclusion"])
        note = {"note": analysis.conclusion[:200]}
        record(analysis, CONCLUDED, actor=actor, now=now, audience=Audience.RESTRICTED, data=note)
    return analysis


def resolve(
    *, analysis: Analysis, kind: str, text: str, responsible: Any, due_on: date | None, actor: Any, now: datetime
) -> Resolution:
    """Add a goal, a decision or an improvement, as long as the paper is not issued."""
    with transaction.atomic():
        analysis = _to_write(analysis, actor)
        line = analysis.resolutions.create(
            kind=kind, text=text.strip(), responsible=responsible, due_on=due_on, dated_by=actor, dated_at=now
        )
        note = {"note": line.text[:200]}
        record(analysis, RESOLVED, actor=actor, now=now, audience=Audience.RESTRICTED, data=note)
    return line


def tell_responsible(analysis: Analysis, *, actor: Any, now: datetime) -> None:
    """Tell those who are to carry something out what an issued paper resolves, each line once."""
    for line in analysis.resolutions.filter(responsible__isnull=False).select_related("responsible"):
        if not Event.objects.about(line).filter(name=GIVEN).exists():
            note = {"note": f"{line.due_on or ''} {line.text}".strip()[:200]}
            tells = [line.responsible]
            record(line, GIVEN, actor=actor, now=now, audience=Audience.RESTRICTED, data=note, tells=tells)


def drop(*, line: Resolution, actor: Any, now: datetime) -> Analysis:
    """Take a resolution out again, as long as the paper is not issued."""
    with transaction.atomic():
        analysis = _to_write(line.analysis, actor)
        note = {"note": line.text[:200]}
        forget_events(line)
        line.delete()
        record(analysis, DROPPED, actor=actor, now=now, audience=Audience.RESTRICTED, data=note)
    return analysis


def note_outcome(*, line: Resolution, outcome: str, actor: Any, now: datetime) -> Resolution:
    """Note, at any later time, what came of a resolution; the next review reports it."""
    if not access.may_note_outcome(line, actor):
        raise PermissionDenied
    with transaction.atomic():
        line = lock(line)
        before = values_of(line)
        line.outcome = outcome.strip()
        line.save(update_fields=["outcome"])
        record_change(line, before, actor=actor, now=now, audience=Audience.RESTRICTED)
    return line


def _to_write(analysis: Analysis, actor: Any) -> Analysis:
    analysis = lock(analysis)
    if not access.may_see_summary(actor):
        raise PermissionDenied
    if not analysis.is_open:
        raise DomainError(_("It is issued already. Let a manager take it up again first."))
    return analysis


def make_proposal(*, month: date, department: str, text: str, actor: Any, now: datetime) -> Proposal:
    """Propose something to a department out of a month's complaints (C-07)."""
    if not access.may_see_summary(actor):
        raise PermissionDenied
    with transaction.atomic():
        proposal = Proposal.objects.create(
            month=month.replace(day=1), department=department, text=text, made_by=actor, made_at=now
        )
        data = {"note": department}
        record(proposal, PROPOSED, actor=actor, now=now, audience=Audience.STAFF, data=data)
    return proposal
