"""An engineer's day: which jobs there are, of whatever app, and which is the one in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils import timezone

from apps.core import registry
from apps.core.registry import Badge
from apps.service_levels.standing import Standing, measure, nearest

from . import flow
from .documents import sheets_of
from .models import CoverDecision, Ticket, WorkOrder
from .wording import cover_badge, map_links

SHOWN = 100


@dataclass(frozen=True)
class Job:
    """One order of the day: its own day, its cover, and where to find the place."""

    template: ClassVar[str] = "tickets/_job.html"
    next_template: ClassVar[str] = "tickets/_next_step.html"

    order: WorkOrder
    on: date
    cover: Badge | None
    maps: list[tuple[str, str]]
    promise: Standing | None = None

    @property
    def at(self) -> datetime:
        return self.order.appointment_from

    @property
    def title(self) -> str:
        return self.order.ticket.title

    @property
    def is_in_hand(self) -> bool:
        return self.order.status in flow.IN_HAND

    @property
    def is_done(self) -> bool:
        return self.order.status == WorkOrder.Status.FINISHED

    def next_step(self, user: Any) -> dict[str, Any]:
        sheet = sheets_of([self.order.pk]).get(self.order.pk) if self.is_done else None
        return {
            "order": self.order,
            "note": self.order.ticket.project,
            "flow": flow.flow_of(self.order),
            "ahead": flow.ahead_of(self.order, user),
            "next": flow.next_of(self.order, user, sheet=sheet),
        }


def jobs_of(user: Any, *, with_promises: bool = True) -> list[Job]:
    """Return the orders of an engineer that go on, by appointment, with the promise that is nearest to breaking."""
    orders = list(
        WorkOrder.objects.visible_to(user)
        .going_on()
        .of_engineer(user)
        .select_related("ticket__project", "ticket__equipment__site__parent")
        .order_by("appointment_from", "pk")[:SHOWN]
    )
    decided = CoverDecision.objects.filter(ticket__in={order.ticket_id for order in orders}).order_by(
        "decided_at", "pk"
    )
    cover = {decision.ticket_id: cover_badge(decision) for decision in decided}
    clocks = nearest(Ticket, {order.ticket_id for order in orders}, user) if with_promises else {}
    standings = measure(list(clocks.values()), timezone.now())
    promised = {key: standings[clock.pk] for key, clock in clocks.items()}
    return [
        Job(
            order,
            timezone.localdate(order.appointment_from),
            cover.get(order.ticket_id),
            map_links(order.ticket.project.address or order.ticket.project.name),
            promised.get(order.ticket_id),
        )
        for order in orders
    ]


def all_jobs(user: Any) -> list[Any]:
    """Return everything that somebody has to do, by day and time; what has no time of the day comes last in it."""
    jobs = [job for source in registry.jobs() for job in source.jobs(user)]
    return sorted(jobs, key=lambda job: (job.on, job.at is None, job.at or 0))


def job_in_hand(jobs: Sequence[Any]) -> Any:
    """Return the job that is under way, else one that waits for the signature, else the first one."""
    in_hand = [job for job in jobs if job.is_in_hand]
    working = (job for job in in_hand if not job.is_done)
    return next(working, in_hand[0] if in_hand else jobs[0] if jobs else None)
