"""Plans and checklists: what the office sets up. Visits come of plans in ``generation``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.projects.models import Acceptance, Project

from . import lifecycle
from .generation import generate_visits
from .models import Checklist, ChecklistItem, Visit, VisitPlan
from .rules import due_occurrences

__all__ = [
    "ItemLine",
    "change_plan",
    "create_plan",
    "end_plan",
    "generate_visits",
    "reactivate_plan",
    "save_checklist",
]

PLAN_MADE = declare_event("inspections.visitplan.made", gettext_lazy("Visit plan made"), icon="calendar-plus")
PLAN_CHANGED = declare_event("inspections.visitplan.changed", gettext_lazy("Visit plan changed"), icon="calendar-cog")
PLAN_ENDED = declare_event("inspections.visitplan.ended", gettext_lazy("Visit plan ended"), icon="calendar-off")
PLAN_RESUMED = declare_event(
    "inspections.visitplan.reactivated", gettext_lazy("Visit plan active again"), icon="calendar-check"
)
LIST_SAVED = declare_event("inspections.checklist.saved", gettext_lazy("Checklist saved"), icon="list-check")


def create_plan(
    *,
    project: Project,
    kind: str,
    months: int,
    actor: Any,
    now: datetime,
    anchor: date | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    tolerance_days: int = 7,
    checklist: Checklist | None = None,
    assigned_to: Any = None,
) -> VisitPlan:
    """Make a standing plan of a project (V-01).

    It counts from the acceptance unless ``anchor`` is given, and has visits from today on unless ``starts_on`` is.
    Raises ``DomainError`` without a day to count from, for a period of less than a month, and for days out of order.
    """
    with transaction.atomic():
        if anchor is None:
            anchor = Acceptance.objects.filter(project=project).values_list("accepted_on", flat=True).first()
        if anchor is None:
            raise DomainError(
                _("The project is not accepted yet. Enter the day to count from, or record its acceptance first."),
                field="anchor",
            )
        if project.status == Project.Status.CLOSED:
            raise DomainError(_("The project is closed; no visits are planned for it any more."), field="project")
        plan = VisitPlan(
            project=project,
            kind=kind,
            months=months,
            anchor=anchor,
            starts_on=starts_on or timezone.localdate(now),
            ends_on=ends_on,
            tolerance_days=tolerance_days,
            checklist=checklist,
            assigned_to=assigned_to,
            created_at=now,
        )
        _check_plan(plan)
        plan.save()
        record(plan, PLAN_MADE, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(plan)})
    return plan


def change_plan(
    *,
    plan: VisitPlan,
    months: int,
    anchor: date,
    starts_on: date,
    ends_on: date | None,
    tolerance_days: int,
    checklist: Checklist | None,
    assigned_to: Any,
    actor: Any,
    now: datetime,
) -> VisitPlan:
    """Change a plan from now on; the visits it has made stay as they are (V-04).

    Another period or anchor starts a new count today: coming visits that are not in it, not begun and not moved by
    agreement are dropped with that reason, and no visit is made for the time before.
    """
    with transaction.atomic():
        plan = lock(plan)
        before = values_of(plan)
        recounted = (months, anchor) != (plan.months, plan.anchor)
        plan.months, plan.anchor = months, anchor
        plan.starts_on, plan.ends_on = starts_on, ends_on
        plan.tolerance_days, plan.checklist, plan.assigned_to = tolerance_days, checklist, assigned_to
        _check_plan(plan)
        if recounted:
            plan.series += 1
            plan.continues_on = timezone.localdate(now)
        plan.save()
        if recounted:
            _drop_visits_outside(plan, actor=actor, now=now)
        record_change(plan, before, actor=actor, now=now)
    return plan


def _check_plan(plan: VisitPlan) -> None:
    if plan.months < 1:
        raise DomainError(_("The period is at least one month."), field="months")
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        raise DomainError(_("The last day lies before the first one."), field="ends_on")


def _drop_visits_outside(plan: VisitPlan, *, actor: Any, now: datetime) -> None:
    """Drop the coming visits of the old count that the new one does not have."""
    coming = [
        visit
        for visit in Visit.objects.filter(plan=plan).upcoming(timezone.localdate(now))
        if not visit.is_moved and visit.started_at is None
    ]
    if not coming:
        return
    last = max(visit.planned_on for visit in coming)
    new = due_occurrences(plan.anchor, plan.months, starts_on=plan.first_day, ends_on=plan.ends_on, until=last)
    days = {day for n, day in new}
    for visit in coming:
        if visit.planned_on not in days:
            lifecycle.drop(visit, actor=actor, now=now, reason=_("The plan was changed"))


def end_plan(*, plan: VisitPlan, actor: Any, now: datetime) -> VisitPlan:
    """Have a plan make no more visits. Those already made stay and are done or skipped one by one."""
    with transaction.atomic():
        plan = lock(plan)
        if not plan.is_active:
            raise DomainError(_("This plan has ended already."))
        plan.is_active = False
        plan.save(update_fields=["is_active"])
        record(plan, PLAN_ENDED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(plan)})
    return plan


def reactivate_plan(*, plan: VisitPlan, actor: Any, now: datetime) -> VisitPlan:
    """Have an ended plan make visits again, from today on; the time it rested leaves none behind."""
    with transaction.atomic():
        plan = lock(plan)
        if plan.is_active:
            raise DomainError(_("This plan is active already."))
        plan.is_active = True
        plan.continues_on = timezone.localdate(now)
        plan.save(update_fields=["is_active", "continues_on"])
        record(plan, PLAN_RESUMED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(plan)})
    return plan


@dataclass(frozen=True)
class ItemLine:
    """One point of a checklist as it is entered."""

    text: str
    unit: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None


def save_checklist(
    *, name: str, items: Sequence[ItemLine], actor: Any, now: datetime, checklist: Checklist | None = None
) -> Checklist:
    """Make a checklist or replace its points. Visits hold copies: those already made do not change."""
    if not items:
        raise DomainError(_("A checklist has at least one point. Write one in the first row."))
    for position, item in enumerate(items, start=1):
        if item.lower is not None and item.upper is not None and item.lower > item.upper:
            raise DomainError(_("Point %(position)s: the lower limit is above the upper one.") % {"position": position})
    with transaction.atomic():
        if Checklist.objects.filter(name=name).exclude(pk=checklist.pk if checklist else None).exists():
            raise DomainError(_("There is a checklist of this name already."), field="name")
        checklist = lock(checklist) if checklist is not None else Checklist()
        checklist.name = name
        checklist.save()
        ChecklistItem.objects.filter(checklist=checklist).delete()
        ChecklistItem.objects.bulk_create(
            ChecklistItem(
                checklist=checklist,
                position=position,
                text=item.text,
                unit=item.unit,
                lower=item.lower,
                upper=item.upper,
            )
            for position, item in enumerate(items, start=1)
        )
        points = ngettext("%(n)s point", "%(n)s points", len(items)) % {"n": len(items)}
        note = f"{name} · {points}"
        record(checklist, LIST_SAVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
    return checklist
