"""Checklists, plans, visits, findings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.inspections.models import Checklist, ChecklistItem, Finding, Visit, VisitCheck, VisitPhoto, VisitPlan
from apps.projects.models import Project

from .base import NOW, TODAY, accepted, serial
from .projects import make_project


def make_checklist(*, points: int = 3, **fields: Any) -> Checklist:
    """Return a checklist with some points, the last of which asks for a reading."""
    checklist = Checklist.objects.create(**{"name": f"季度巡检{serial()}"} | fields)
    for position in range(1, points + 1):
        reading = {"unit": "V", "lower": 198, "upper": 242} if position == points else {}
        ChecklistItem.objects.create(checklist=checklist, position=position, text=f"检查点{position}", **reading)
    return checklist


def make_plan(*, project: Project | None = None, **fields: Any) -> VisitPlan:
    return VisitPlan.objects.create(
        **{
            "project": project or make_project(),
            "kind": VisitPlan.Kind.PATROL,
            "months": 3,
            "anchor": TODAY - timedelta(days=365),
            "starts_on": TODAY - timedelta(days=365),
            "created_at": NOW - timedelta(days=365),
        }
        | fields
    )


def make_visit(
    *, project: Project | None = None, plan: VisitPlan | None = None, points: int = 0, **fields: Any
) -> Visit:
    """Return a visit, of a plan if one is given (then ``occurrence`` too), with ``points`` to be looked at."""
    n = serial()
    status = fields.get("status", Visit.Status.PLANNED)
    day = fields.pop("scheduled_on", TODAY)
    values: dict[str, Any] = {
        "number": f"XJ-2026-9{n:05d}",
        "project": project or (plan.project if plan else make_project()),
        "plan": plan,
        "occurrence": n if plan else None,
        "kind": plan.kind if plan else VisitPlan.Kind.PATROL,
        "planned_on": day,
        "scheduled_on": day,
        "window_ends_on": day + timedelta(days=7),
    }
    if status not in {Visit.Status.PLANNED, Visit.Status.ASSIGNED, Visit.Status.SKIPPED}:
        values["started_at"] = NOW
    if status in {Visit.Status.DONE, Visit.Status.REPORTED, Visit.Status.APPROVED}:
        values |= {"done_at": NOW, "contact_name": "周主任", "running_state": "运行正常", "conclusion": "设备完好"}
    visit = Visit.objects.create(**values | fields)
    for position in range(1, points + 1):
        VisitCheck.objects.create(visit=visit, position=position, text=f"检查点{position}")
    return visit


def make_finding(*, visit: Visit | None = None, **fields: Any) -> Finding:
    return Finding.objects.create(
        visit=visit or make_visit(), **{"category": Finding.Category.QUALITY, "text": f"灯罩进水{serial()}"} | fields
    )


def make_visit_photo(*, visit: Visit | None = None, **fields: Any) -> VisitPhoto:
    return VisitPhoto.keep(accepted(), actor=None, now=NOW, visit=visit or make_visit(), **fields)
