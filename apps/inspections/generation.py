"""From plans to visits: each occurrence once, whoever asks, however often, after however long a silence (V-04)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event, record
from apps.core.numbering import next_numbers
from apps.projects.services import ensure_serves

from .models import ChecklistItem, Visit, VisitCheck, VisitPlan
from .rules import AHEAD, due_occurrences, how_many_due

logger = logging.getLogger(__name__)

PLANNED = declare_event("inspections.visit.planned", _("Visit planned"), icon="calendar")
SERIES = {VisitPlan.Kind.REVISIT: "HF", VisitPlan.Kind.PATROL: "XJ"}
PLANS_AT_ONCE = 1000

Due = tuple[int, date]


def generate_visits(*, until: date | None = None, now: datetime, limit: int | None = None) -> list[Visit]:
    """Make every visit that is due up to ``until`` (30 days ahead unless given) and is not there yet.

    A plan is locked while its visits are made, so a second run beside this one finds them and adds none; the unique
    constraint stands behind that. Missed ones are made too, and are overdue. A plan that fails is logged and leaves
    the others. At most ``limit`` visits are made.
    """
    until = until or timezone.localdate(now) + AHEAD
    made: list[Visit] = []
    for plan_id in _plans_with_missing(until):
        room = None if limit is None else limit - len(made)
        if room is not None and room <= 0:
            break
        try:
            made += _make_visits(plan_id, until=until, now=now, limit=room)
        except Exception:
            logger.exception("Visits of plan %s could not be made.", plan_id)
    return made


def _plans_with_missing(until: date) -> Iterator[int]:
    """Yield the plans that lack a visit, without locks: most runs find none and write nothing.

    Those whose count is right are passed over by counting; where a change of period made it differ, days tell.
    """
    last = 0
    while plans := list(
        VisitPlan.objects.active().counting_made(until).filter(pk__gt=last).order_by("pk")[:PLANS_AT_ONCE]
    ):
        for plan in plans:
            due = how_many_due(plan.anchor, plan.months, starts_on=plan.first_day, ends_on=plan.ends_on, until=until)
            if due != plan.made and _missing(plan, until):
                yield plan.pk
        last = plans[-1].pk


def _missing(plan: VisitPlan, until: date) -> list[Due]:
    """Return the due occurrences without a visit.

    A visit counts as made by its number in the present count, or by its planned day: after a change of period the
    new count may fall on days the old one has served. Where it was moved to, or that somebody skipped it, does not
    matter; one dropped by such a change served no day.
    """
    made = list(plan.visits.filter(is_dropped=False).values_list("series", "occurrence", "planned_on"))
    numbers = {n for series, n, day in made if series == plan.series}
    days = {day for series, n, day in made}
    due = due_occurrences(plan.anchor, plan.months, starts_on=plan.first_day, ends_on=plan.ends_on, until=until)
    return [(n, day) for n, day in due if n not in numbers and day not in days]


def _make_visits(plan_id: int, *, until: date, now: datetime, limit: int | None) -> list[Visit]:
    with transaction.atomic():
        plan = VisitPlan.objects.active().select_for_update(of=("self",)).filter(pk=plan_id).first()
        if plan is None:
            return []
        due = _missing(plan, until)[:limit]
        if not due:
            return []
        engineer = plan.assigned_to if plan.assigned_to and plan.assigned_to.is_active else None
        numbers = next_numbers(SERIES[VisitPlan.Kind(plan.kind)], len(due), now=now)
        visits = Visit.objects.bulk_create(
            _visit(plan, occurrence, number, engineer) for occurrence, number in zip(due, numbers, strict=True)
        )
        _copy_checklist(plan, visits)
        if engineer is not None:
            ensure_serves(project=plan.project, user=engineer, actor=None, now=now)
        for visit in visits:
            note = f"{visit.number} {visit.planned_on}"
            record(visit, PLANNED, actor=None, now=now, data={"note": note}, tells=[engineer])
    return visits


def _visit(plan: VisitPlan, occurrence: Due, number: str, engineer: Any) -> Visit:
    n, day = occurrence
    return Visit(
        number=number,
        plan=plan,
        series=plan.series,
        occurrence=n,
        project=plan.project,
        kind=plan.kind,
        planned_on=day,
        scheduled_on=day,
        window_ends_on=day + timedelta(days=plan.tolerance_days),
        assigned_to=engineer,
        status=Visit.Status.ASSIGNED if engineer else Visit.Status.PLANNED,
    )


def _copy_checklist(plan: VisitPlan, visits: list[Visit]) -> None:
    """Give each visit its own copy of the points, so that later edits of the list change nothing."""
    if plan.checklist_id is None:
        return
    items = list(ChecklistItem.objects.filter(checklist=plan.checklist_id).order_by("position"))
    VisitCheck.objects.bulk_create(
        VisitCheck(
            visit=visit, position=item.position, text=item.text, unit=item.unit, lower=item.lower, upper=item.upper
        )
        for visit in visits
        for item in items
    )
