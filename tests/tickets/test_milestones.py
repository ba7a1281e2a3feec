"""What is noted on the way of a request meets the promise that waits for it (R-04)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.errors import DomainError, IllegalTransition
from apps.core.models import Event
from apps.service_levels.models import Clock, Target
from apps.tickets import lifecycle
from apps.tickets.milestones import MILESTONES, awaited, note_milestone
from apps.tickets.models import Ticket
from tests.service_levels.policies import clock_of, give_policy, minutes
from tests.service_levels.test_clocks import report
from tests.world import World

pytestmark = pytest.mark.django_db
M = Target.Metric


@pytest.fixture
def ticket(world: World, now: datetime) -> Ticket:
    give_policy(
        world.project,
        minutes(M.DIAGNOSE, 120, "tickets.ticket.diagnosed"),
        minutes(M.EXPERT, 60, "tickets.ticket.expert_answered", start_events=["tickets.ticket.escalated"]),
    )
    return report(world, now)


def test_milestone_meets_its_promise(world: World, ticket: Ticket, now: datetime) -> None:
    at = now + timedelta(hours=1)
    note_milestone(ticket=ticket, name="diagnosed", note="疑似电源模块故障", actor=world.technical_support, now=at)
    clock = clock_of(ticket, M.DIAGNOSE)
    assert (clock.state, clock.stopped_at) == (Clock.State.MET, at)
    event = Event.objects.about(ticket).get(name="tickets.ticket.diagnosed")
    assert (event.data["note"], event.audience) == ("疑似电源模块故障", "owner")


def test_milestone_starts_the_promise_that_follows_from_it(world: World, ticket: Ticket, now: datetime) -> None:
    note_milestone(ticket=ticket, name="escalated", note="", actor=world.customer_service, now=now)
    assert clock_of(ticket, M.EXPERT).state == Clock.State.RUNNING


def test_what_is_awaited_is_offered_first(ticket: Ticket) -> None:
    assert awaited(ticket)[0].name == "diagnosed"
    assert {one.name for one in awaited(ticket)} == set(MILESTONES)


def test_unknown_milestone_and_closed_request_are_refused(world: World, ticket: Ticket, now: datetime) -> None:
    values: dict[str, Any] = {"ticket": ticket, "note": "", "actor": world.customer_service, "now": now}
    with pytest.raises(DomainError):
        note_milestone(name="repaired", **values)
    lifecycle.cancel(ticket, actor=world.customer_service, now=now, reason="误报")
    with pytest.raises(IllegalTransition):
        note_milestone(name="diagnosed", **values)


@pytest.mark.parametrize("who", ["owner_admin", "auditor", "finance", "stranger"])
def test_others_note_nothing(world: World, ticket: Ticket, now: datetime, who: str) -> None:
    with pytest.raises(PermissionDenied):
        note_milestone(ticket=ticket, name="diagnosed", note="", actor=world.people[who], now=now)
