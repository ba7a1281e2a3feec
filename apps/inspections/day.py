"""Visits in an engineer's day, beside the repairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from apps.core.lifecycle import available
from apps.service_levels.models import Clock, Target
from apps.service_levels.standing import watching
from apps.tickets.wording import map_links

from .models import Visit

SHOWN = 100
S = Visit.Status


@dataclass(frozen=True)
class VisitJob:
    """One visit of the day, at no hour of it; one that is under way, unsigned or late is of today."""

    template: ClassVar[str] = "inspections/_job.html"
    next_template: ClassVar[str] = "inspections/visit_flow.html"
    at: ClassVar[None] = None

    visit: Visit
    on: date
    maps: list[tuple[str, str]]
    clock: Clock | None

    @property
    def title(self) -> str:
        return f"{self.visit.get_kind_display()} · {self.visit.project}"

    @property
    def is_in_hand(self) -> bool:
        return self.visit.status in {S.UNDER_WAY, S.DONE}

    @property
    def is_done(self) -> bool:
        return self.visit.status == S.DONE

    def next_step(self, user: Any) -> dict[str, Any]:
        step = next((edge for edge in available(self.visit, user) if edge.name == "start"), None)
        return {"visit": self.visit, "is_engineer": True, "step": step, "goes_on": self.is_in_hand}


def jobs_of(user: Any) -> list[VisitJob]:
    """Return the visits somebody has to make or to have signed, the next first."""
    today = timezone.localdate()
    wanted = Visit.objects.visible_to(user).of_engineer(user).filter(status__in=[S.ASSIGNED, S.UNDER_WAY, S.DONE])
    visits = list(wanted.select_related("project").order_by("scheduled_on", "pk")[:SHOWN])
    clocks = watching(Target.Metric.VISIT, visits, user)
    return [
        VisitJob(
            visit,
            max(visit.scheduled_on, today) if visit.status == S.ASSIGNED else today,
            map_links(visit.project.address or visit.project.name),
            clocks.get(visit.pk),
        )
        for visit in visits
    ]
