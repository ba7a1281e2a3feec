"""An engineer's jobs: which there are, and which is the one in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from apps.core.registry import Badge
from apps.service_levels.standing import Standing, measure, nearest

from .flow import IN_HAND
from .models import CoverDecision, Ticket, WorkOrder
from .wording import cover_badge, map_links

SHOWN = 100


@dataclass(frozen=True)
class Job:
    """One order of the day: its own day, its cover, and where to find the place."""

    order: WorkOrder
    on: date
    cover: Badge | None
    maps: list[tuple[str, str]]
    promise: Standing | None = None

    @property
    def is_in_hand(self) -> bool:
        return self.order.status in IN_HAND


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


def job_in_hand(jobs: Sequence[Job]) -> Job | None:
    """Return the job that is under way, else one that waits for the signature, else the first one."""
    in_hand = [job for job in jobs if job.is_in_hand]
    working = (job for job in in_hand if job.order.status != WorkOrder.Status.FINISHED)
    return next(working, in_hand[0] if in_hand else jobs[0] if jobs else None)
