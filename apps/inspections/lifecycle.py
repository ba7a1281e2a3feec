"""The states of a visit: planned → assigned → under way → done → reported → approved; or skipped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.documents import services as documents
from apps.projects.access import project_manager
from apps.projects.services import ensure_serves
from apps.surveys.models import Occasion
from apps.surveys.services import request_answer
from apps.training import licences

from . import access
from .models import Visit, VisitCheck
from .recording import open_repairs
from .rules import gaps

S = Visit.Status
REPORT = "revisit_report"
#: Where a step that takes a visit away notes, for the rest of it, from whom.
RELIEVED = "relieved_engineer"


def _engineer(visit: Visit) -> list[Any]:
    return [visit.assigned_to]


def _engineer_and_relieved(visit: Visit) -> list[Any]:
    return [visit.assigned_to, getattr(visit, RELIEVED, None)]


def _supervisor(visit: Visit) -> list[Any]:
    return [project_manager(visit.project)]


@transition(
    Visit,
    gettext_lazy("Start"),
    sources={S.ASSIGNED},
    target=S.UNDER_WAY,
    allowed=access.is_assigned_engineer,
    title=gettext_lazy("Visit started"),
    icon="walk",
    style="primary",
    takes_device_time=True,
)
def start(visit: Visit, *, actor: Any, now: datetime) -> None:
    """Begin the visit, or take one over: its beginning stays."""
    visit.started_at = visit.started_at or now


@transition(
    Visit,
    gettext_lazy("Assign the visit"),
    sources={S.PLANNED, S.ASSIGNED},
    target=S.ASSIGNED,
    allowed=access.may_dispatch,
    title=gettext_lazy("Visit assigned"),
    form="AssignForm",
    icon="user-check",
    tells=_engineer,
)
def assign(visit: Visit, *, actor: Any, now: datetime, assigned_to: Any, scheduled_on: date) -> dict[str, Any]:
    """Say who does the visit and on which day; moving it leaves the plan's series as it is (V-04)."""
    warning = _give_to(visit, assigned_to, scheduled_on, actor=actor, now=now)
    return {"note": f"{assigned_to.name} · {scheduled_on} {warning}".strip()}


def _give_to(visit: Visit, assigned_to: Any, scheduled_on: date, *, actor: Any, now: datetime) -> str:
    """Give the visit to one of ours who holds what the work needs (R-19); return a warning about what they lack."""
    if assigned_to is None or not assigned_to.is_staff_side or not assigned_to.is_active:
        raise DomainError(_("Choose one of ours who may sign in."), field="assigned_to")
    if scheduled_on < timezone.localdate(now) and scheduled_on != visit.scheduled_on:
        raise DomainError(_("This day is past. Choose today or a later day."), field="scheduled_on")
    warning = licences.must_hold(
        assigned_to, trade=visit.project.trade, day=scheduled_on, work=licences.VISIT, field="assigned_to"
    )
    visit.assigned_to = assigned_to
    visit.scheduled_on = scheduled_on
    ensure_serves(project=visit.project, user=assigned_to, actor=actor, now=now)
    return warning


@transition(
    Visit,
    gettext_lazy("Interrupt and reassign"),
    sources={S.UNDER_WAY},
    target=S.ASSIGNED,
    allowed=access.may_dispatch,
    title=gettext_lazy("Visit interrupted and reassigned"),
    form="InterruptForm",
    icon="user-share",
    tone="warn",
    tells=_engineer_and_relieved,
)
def interrupt(
    visit: Visit, *, actor: Any, now: datetime, assigned_to: Any, scheduled_on: date, reason: str
) -> dict[str, Any]:
    """Have a visit under way finished by somebody else, or on another day; what was recorded is kept."""
    if not reason.strip():
        raise DomainError(_("Write why the visit is interrupted."), field="reason")
    if assigned_to != visit.assigned_to:
        setattr(visit, RELIEVED, visit.assigned_to)
    warning = _give_to(visit, assigned_to, scheduled_on, actor=actor, now=now)
    return {"note": f"{assigned_to.name} · {scheduled_on} · {reason.strip()} {warning}".strip()}


@transition(
    Visit,
    gettext_lazy("Finish the visit"),
    sources={S.UNDER_WAY},
    target=S.DONE,
    allowed=access.is_assigned_engineer,
    title=gettext_lazy("Visit finished"),
    icon="flag-check",
    style="primary",
)
def finish(visit: Visit, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Close the record: refuse while something is missing, open repairs for defects, draft the report (V-06, V-07)."""
    missing = gaps(visit.checks.all(), visit.running_state)
    if missing:
        lines = _("; ").join(gap.text for gap in missing)
        raise DomainError(_("Before it is finished, this is missing: %(lines)s.") % {"lines": lines})
    visit.done_at = now
    open_repairs(visit, actor=actor, now=now)
    documents.draft(REPORT, visit, actor=actor, now=now)
    counted = dict(visit.checks.values_list("verdict").annotate(Count("pk")))
    abnormal = counted.get(VisitCheck.Verdict.ABNORMAL, 0)
    note = _("%(checked)s points, %(abnormal)s abnormal") % {"checked": sum(counted.values()), "abnormal": abnormal}
    return {"note": note} if counted else {}


@transition(
    Visit,
    gettext_lazy("Correct the record"),
    sources={S.DONE},
    target=S.UNDER_WAY,
    allowed=access.is_assigned_engineer,
    title=gettext_lazy("Back to the record, before anybody signed"),
    icon="pencil",
)
def correct(visit: Visit, *, actor: Any, now: datetime) -> None:
    """Go back to the record while the owner has not signed; the draft of the report is discarded."""
    document = documents.document_of(REPORT, visit)
    if document is not None:
        documents.discard_draft(document, actor=actor, now=now)
    visit.done_at = None


@transition(
    Visit,
    gettext_lazy("Report"),
    sources={S.DONE},
    target=S.REPORTED,
    allowed=None,
    title=gettext_lazy("Revisit report issued"),
    icon="file-check",
    tells=_supervisor,
)
def report(visit: Visit, *, actor: Any, now: datetime) -> None:
    """Pass the report on to the supervisor: the owner has signed it, or nobody was there to sign (V-07)."""


@transition(
    Visit,
    gettext_lazy("Approve"),
    sources={S.REPORTED},
    target=S.APPROVED,
    allowed=access.may_approve,
    title=gettext_lazy("Report approved"),
    icon="circle-check",
    style="primary",
    tone="ok",
    tells=_engineer,
)
def approve(visit: Visit, *, actor: Any, now: datetime) -> None:
    """Approve the report (V-07), and ask the person visited how it was."""
    visit.approved_at = now
    visit.approved_by = actor
    request_answer(
        occasion=Occasion.VISIT,
        subject=visit,
        project=visit.project,
        name=visit.contact_name,
        phone=visit.contact_phone,
        about_people=[visit.assigned_to] if visit.assigned_to else [],
        actor=actor,
        now=now,
    )


@transition(
    Visit,
    gettext_lazy("Skip the visit"),
    sources={S.PLANNED, S.ASSIGNED},
    target=S.SKIPPED,
    allowed=access.may_dispatch,
    title=gettext_lazy("Visit skipped"),
    form="SkipForm",
    icon="ban",
    style="danger",
    tone="idle",
    tells=_engineer,
)
def skip(visit: Visit, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Leave this visit out, with the reason; the series goes on and does not make it again (V-04)."""
    if not reason.strip():
        raise DomainError(_("Write why the visit is left out."), field="reason")
    visit.reason = reason.strip()
    return {"note": visit.reason}


@transition(
    Visit,
    gettext_lazy("Drop"),
    sources={S.PLANNED, S.ASSIGNED},
    target=S.SKIPPED,
    allowed=None,
    title=gettext_lazy("Visit dropped with the old plan"),
    icon="calendar-off",
    tone="idle",
    tells=_engineer,
)
def drop(visit: Visit, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Leave out a coming visit because its plan counts otherwise from now on."""
    visit.reason = reason
    visit.is_dropped = True
    return {"note": reason}
