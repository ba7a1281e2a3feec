"""Each preset at work: a request is opened and walked, and every promise of its rows falls due when the rulebook says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.service_levels import services as policies
from apps.service_levels.models import Clock, ServicePolicy
from apps.tickets.milestones import note_milestone
from apps.tickets.models import Ticket
from apps.tickets.services import triage
from tests import factories as make
from tests.world import World

from .section_nine import ARRIVAL, CONTRACT, DONE, NAMES, PROMISES, REPORT, TO_ENGINEER, TO_SUPPORT
from .test_clocks import complete, go, report, send

pytestmark = pytest.mark.django_db
KINDS = set(Ticket.Kind.values)
SENT, ON_SITE, REPAIRED = timedelta(minutes=5), timedelta(minutes=40), timedelta(minutes=90)
NOTED = {
    TO_SUPPORT: "handed_over",
    "tickets.ticket.escalated": "escalated",
    "tickets.ticket.passed_on": "passed_on",
}
LAST_SECOND = {"hour": 23, "minute": 59, "second": 59, "microsecond": 0}


def due(start: datetime, target: str) -> datetime:
    """Reckon a target of the rulebook: min and h round the clock, days to the end of the last."""
    amount, unit = target.split()
    if unit == "d":
        return (start.astimezone(make.SHANGHAI) + timedelta(days=int(amount))).replace(**LAST_SECOND)
    return start + {"min": timedelta(minutes=1), "h": timedelta(hours=1)}[unit] * int(amount)


def walk(world: World, ticket: Ticket, now: datetime, start: str) -> datetime:
    """Take a request as far as the event that starts the promise; return when that happened."""
    if start == REPORT:
        return now
    if start in NOTED:
        values = {"note": "", "actor": world.customer_service, "now": now + SENT}
        note_milestone(ticket=ticket, name=NOTED[start], **values)
        return now + SENT
    order = send(world, ticket, now + SENT)
    if start == TO_ENGINEER:
        return now + SENT
    order = go(order, "accept", "depart", "arrive", now=now + ON_SITE)
    if start == ARRIVAL:
        return now + ON_SITE
    assert start == DONE, start
    complete(go(order, "start", now=now + ON_SITE), now + REPAIRED)
    return now + REPAIRED


@pytest.mark.parametrize("key", sorted(NAMES))
def test_every_promise_of_a_preset_falls_due_as_the_rulebook_says(world: World, now: datetime, key: str) -> None:
    """Section 9; what is set per contract has no clock until somebody sets it."""
    policies.load_presets(now=now)
    policy = ServicePolicy.objects.get(key=key)
    policies.set_project_policy(project=world.project, policy=policy, actor=world.manager, now=now)
    for _key, metric, kind, complexity, level, target, start, _stop in PROMISES:
        if _key != key or kind not in KINDS:
            continue
        ticket = report(world, now, kind=kind, level=level or 3)
        if complexity == "complex":
            who = {"actor": world.manager, "now": now}
            ticket = triage(ticket=ticket, kind=kind, level=ticket.level, is_complex=True, **who)
        started = walk(world, ticket, now, start)
        clocks = Clock.objects.about(ticket).filter(metric=metric, audience="owner").exclude(state="cancelled")
        if target in {CONTRACT, "X wd"}:
            assert not clocks.exists(), (metric, kind)
        else:
            assert [clock.due_at for clock in clocks] == [due(started, target)], (metric, kind, complexity, start)


def test_silent_plan_promises_nothing(world: World, now: datetime) -> None:
    """The doors plan names no time: the owner is promised none, whatever the house asks of itself."""
    policies.load_presets(now=now)
    policy = ServicePolicy.objects.get(key="doors")
    policies.set_project_policy(project=world.project, policy=policy, actor=world.manager, now=now)
    assert not Clock.objects.about(report(world, now)).filter(audience="owner").exists()
