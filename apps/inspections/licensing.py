"""Whether who is to make a visit holds the licences its work needs (R-19).

Giving somebody a visit asks for them. A visit that comes from its plan is given to the plan's engineer unasked, and a
licence may end before the day: what is missing is shown until somebody else goes or the licence is renewed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.training import licences
from apps.training.licences import Job, Lack

from .models import Visit, VisitPlan

#: Given to somebody and not done.
TO_MAKE = [Visit.Status.ASSIGNED, Visit.Status.UNDER_WAY]


def unlicensed(visits: Any) -> Any:
    """Narrow to visits on site that somebody is to make without a licence they need on that day, the next first."""
    lacked = licences.lacked(person="assigned_to", day="scheduled_on", trade="project__trade", work=licences.VISIT)
    given = visits.filter(status__in=TO_MAKE, way=Visit.Way.ON_SITE, assigned_to__isnull=False)
    return given.filter(lacked).order_by("scheduled_on", "pk")


def lacks_of(visits: Iterable[Visit]) -> dict[int, list[Lack]]:
    """Return by the visits' keys what their engineers lack, with two queries however many they are."""
    jobs = {
        visit.pk: Job(visit.assigned_to_id, visit.project.trade, visit.scheduled_on)
        for visit in visits
        if visit.status in TO_MAKE and visit.way == Visit.Way.ON_SITE and visit.assigned_to_id is not None
    }
    found = licences.lacking_on(jobs.values(), work=licences.VISIT)
    return {key: found[job] for key, job in jobs.items() if found[job]}


def lacks_of_plan(plan: VisitPlan, day: date) -> list[Lack]:
    """Return what a plan's engineer lacks for a visit on a day."""
    if plan.assigned_to is None:
        return []
    return licences.lacking(plan.assigned_to, trade=plan.project.trade, day=day, work=licences.VISIT)
