"""What the clocks must know of visits: each is promised inside its window, and its report soon after (V-04, V-10)."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from apps.core.models import Event
from apps.service_levels.models import Target
from apps.service_levels.sources import Facts, Source, register

from .models import Visit

LAST_SECOND = time(23, 59, 59)
PLANNED = "inspections.visit.planned"


def _of_visit(visit: Visit, event: Event) -> Facts:
    zone = timezone.get_current_timezone()
    is_new = event.name == PLANNED
    return Facts(
        subject=visit,
        project_id=visit.project_id,
        number=visit.number,
        title=f"{visit.get_kind_display()} {visit.planned_on}",
        kind=visit.kind,
        responsible_id=visit.assigned_to_id,
        is_new=is_new,
        started_at=datetime.combine(visit.planned_on, time(), tzinfo=zone) if is_new else None,
        window_ends_at=datetime.combine(visit.window_ends_on, LAST_SECOND, tzinfo=zone),
    )


register(
    Source(
        model=Visit,
        facts=_of_visit,
        ends={
            "inspections.visit.skip": frozenset(),
            "inspections.visit.drop": frozenset(),
            "inspections.visit.finish": frozenset({Target.Metric.REPORT}),
        },
        withdraws={"inspections.visit.correct": frozenset({"inspections.visit.finish"})},
    )
)
