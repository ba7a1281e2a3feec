"""Who could be sent, in the order in which they should be asked, with the reasons (R-07)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.projects.models import ProjectPerson
from apps.training import licences

from . import access, appointments
from .models import Ticket, WorkOrder
from .rules import Standing, rank

USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True)
class Candidate:
    """One person who could be sent, and why."""

    user: Any
    standing: Standing
    reasons: list[str | Promise]
    busy: list[WorkOrder]
    #: Licences this work needs and the person has not; ``is_barred`` when one of them keeps them from being sent.
    lacks: str = ""
    is_barred: bool = False


def usual_appointment(now: datetime) -> tuple[datetime, datetime]:
    """Return the appointment offered first: from the next full hour, two hours long."""
    begin = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return begin, begin + USUAL_LENGTH


def candidates(ticket: Ticket, begin: datetime, end: datetime) -> list[Candidate]:
    """Return who could be sent in the order of R-07; five queries however many they are."""
    serving = dict(ProjectPerson.objects.filter(project=ticket.project_id).values_list("user", "role"))
    day = timezone.localtime(begin).replace(hour=0, minute=0, second=0, microsecond=0)
    orders: dict[int, list[WorkOrder]] = defaultdict(list)
    for order in WorkOrder.objects.overlapping(day, day + timedelta(days=1)).order_by("appointment_from"):
        orders[order.engineer_id].append(order)
    knowing = _who_knows(ticket)
    found = []
    people = list(access.people_to_send().order_by("name", "pk"))
    lacking = licences.lacking_of_many(people, day=timezone.localdate(begin), **appointments.needs_of(ticket))
    for user in people:
        busy = [order for order in orders[user.pk] if order.appointment_from < end and order.appointment_to > begin]
        standing = Standing(
            is_manager=serving.get(user.pk) == ProjectPerson.Role.MANAGER,
            is_designated=serving.get(user.pk) == ProjectPerson.Role.DESIGNATED_ENGINEER,
            serves=user.pk in serving,
            knows_equipment=user.pk in knowing,
            load=len(orders[user.pk]),
            is_free=not busy,
        )
        lacks = lacking[user.pk]
        barred = any(need.blocks for need in lacks)
        found.append(Candidate(user, standing, list(_reasons(standing)), busy, licences.in_words(lacks), barred))
    return sorted(found, key=lambda candidate: (candidate.is_barred, rank(candidate.standing)))


def suggested(found: list[Candidate]) -> Candidate | None:
    """Return the first who is free then, else the first of all (R-07: if one is gone, the next)."""
    free = (candidate for candidate in found if candidate.standing.is_free and not candidate.is_barred)
    return next(free, found[0] if found else None)


def _who_knows(ticket: Ticket) -> set[int]:
    if ticket.equipment_id is None:
        return set()
    done = WorkOrder.objects.ended_by_work().filter(ticket__equipment=ticket.equipment_id)
    return set(done.values_list("engineer", flat=True))


def _reasons(standing: Standing) -> Any:
    if standing.is_manager:
        yield _("Project manager")
    elif standing.is_designated:
        yield _("Designated engineer of this project")
    elif standing.serves:
        yield _("Serves this project")
    if standing.knows_equipment:
        yield _("Has repaired this equipment")
    if standing.load:
        yield gettext("Jobs that day: %(count)s") % {"count": standing.load}
    else:
        yield _("No other job that day")
