"""Steps of the ladder: each once, in order, at the right hour, with two sweeps and after downtime (R-15)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.core.models import Event
from apps.notifications.models import Notification
from apps.service_levels import escalation
from apps.service_levels.models import Clock, EscalationStep, Sweep
from apps.tickets import lifecycle
from tests.world import World

from .policies import ARRIVED, ISSUED, M, clock_of, give_policy, minutes
from .test_clocks import report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def swept_before(world: World, now: datetime) -> Iterator[None]:
    """The sweep has been running, and has told nobody anything yet."""
    EscalationStep.objects.all().delete()
    Sweep.objects.create(name=escalation.SWEEP, ran_at=now)
    yield


def sweep_hourly(first: datetime, hours: int) -> None:
    for hour in range(hours + 1):
        escalation.sweep(now=first + hour * HOUR)


def told(event_name: str) -> set[str]:
    return set(Notification.objects.filter(event__name=event_name).values_list("user__username", flat=True))


def test_ladder_tells_step_by_step_each_once(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 240, ARRIVED))
    ticket = report(world, now, level=1)
    Clock.objects.about(ticket).update(responsible=world.engineer)
    heard = []
    for hour in range(13):
        escalation.sweep(now=now + hour * HOUR)
        escalation.sweep(now=now + hour * HOUR)
        heard.append(list(EscalationStep.objects.order_by("percent").values_list("percent", "who")))
    assert heard[2] == []
    assert heard[3] == [(75, "responsible")]
    assert heard[4][-1] == (100, "customer_service")
    assert heard[6][-1] == (150, "project_manager")
    assert heard[8][-1] == (200, "manager")
    assert len(heard[12]) == 4
    assert told(escalation.DUE_SOON) == {"engineer"}
    assert told(escalation.OVERDUE) == {"customer_service"}
    assert told(escalation.ESCALATED) == {"project-manager", "manager"}
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.missed_at, clock.next_check_at) == (Clock.State.MISSED, now + 4 * HOUR, None)


def test_clock_that_jumps_ahead_and_back_takes_no_step_twice(world: World, now: datetime) -> None:
    """Traps, "Queue": what is reported after the jump is escalated at its own hours."""
    give_policy(world.project, minutes(M.ARRIVE, 240, ARRIVED))
    first = report(world, now, level=1)
    escalation.sweep(now=now + 400 * timedelta(days=1))
    second = report(world, now + HOUR, level=1)
    sweep_hourly(now, 13)
    for ticket in (first, second):
        steps = EscalationStep.objects.filter(clock__subject_id=ticket.pk)
        assert sorted(steps.values_list("percent", flat=True)) == [75, 100, 150, 200]
    assert {step.taken_at for step in EscalationStep.objects.filter(clock__subject_id=second.pk, percent=75)} == {
        now + 4 * HOUR
    }


def test_lower_levels_wait_for_the_next_opening_urgent_ones_do_not(world: World) -> None:
    """Nobody is woken at midnight for a fault of level 3; it is missed at midnight all the same."""
    give_policy(world.project, minutes(M.ARRIVE, 120, ARRIVED))
    evening = datetime.fromisoformat("2026-11-20T21:00+08:00")  # a Friday
    quiet, urgent = report(world, evening, level=3), report(world, evening, level=2)
    emergency = report(world, evening, kind="emergency", level=3)
    sweep_hourly(evening, 12)
    assert clock_of(quiet, M.ARRIVE).state == Clock.State.MISSED
    assert not EscalationStep.objects.filter(clock__subject_id=quiet.pk).exists()
    assert EscalationStep.objects.filter(clock__subject_id=urgent.pk).count() == 4
    assert EscalationStep.objects.filter(clock__subject_id=emergency.pk).count() == 4
    escalation.sweep(now=datetime.fromisoformat("2026-11-23T08:29+08:00"))
    assert not EscalationStep.objects.filter(clock__subject_id=quiet.pk).exists()
    escalation.sweep(now=datetime.fromisoformat("2026-11-23T08:30+08:00"))
    assert EscalationStep.objects.filter(clock__subject_id=quiet.pk).count() == 4


def test_nothing_escalates_for_a_request_that_is_over(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 120, ARRIVED), minutes(M.ARRANGE, 60, ISSUED))
    ticket = report(world, now, level=1)
    escalation.sweep(now=now + HOUR)
    lifecycle.cancel(ticket, actor=world.customer_service, now=now + HOUR, reason="误报")
    before = EscalationStep.objects.count()
    sweep_hourly(now + HOUR, 10)
    assert EscalationStep.objects.count() == before


def test_at_once_escalates_from_five_minutes(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.GUIDE, 0, "tickets.ticket.guided", kinds=["emergency"]))
    report(world, now, kind="emergency")
    escalation.sweep(now=now + 4 * MINUTE)
    assert not EscalationStep.objects.exists()
    escalation.sweep(now=now + 5 * MINUTE)
    assert set(EscalationStep.objects.values_list("percent", flat=True)) == {75, 100}


def test_long_silence_gives_one_digest_a_person(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 60, ARRIVED))
    for _one in range(5):
        report(world, now, level=1)
    Notification.objects.all().delete()
    assert escalation.sweep(now=now + timedelta(days=3)) == 5
    assert EscalationStep.objects.count() == 20
    digests = Notification.objects.filter(event__name=escalation.DIGEST)
    assert digests.filter(user=world.manager).count() == 1
    assert not Notification.objects.exclude(event__name=escalation.DIGEST).exists()
    assert Event.objects.filter(name=escalation.ESCALATED).count() == 5


def test_house_ladder_of_a_target_counts_before_the_default(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 60, ARRIVED, ladder=[[50, "manager"]]))
    report(world, now, level=1)
    sweep_hourly(now, 5)
    assert list(EscalationStep.objects.values_list("percent", "who")) == [(50, "manager")]


def test_sweep_costs_the_same_queries_for_one_clock_and_for_thirty(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 60, ARRIVED))
    counts = []
    for number in (1, 30):
        for _one in range(number):
            report(world, now, level=1)
        with CaptureQueriesContext(connection) as queries:
            assert escalation.sweep(now=now + HOUR) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_bad_clock_leaves_the_others(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 60, ARRIVED))
    bad, good = report(world, now, level=1), report(world, now, level=1)
    Clock.objects.about(bad).update(ladder=[["broken"]])
    escalation.sweep(now=now + HOUR)
    assert clock_of(good, M.ARRIVE).state == Clock.State.MISSED
    assert clock_of(bad, M.ARRIVE).next_check_at == now + HOUR + escalation.TRY_AGAIN


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_take_each_step_once(world: World, now: datetime) -> None:
    give_policy(world.project, minutes(M.ARRIVE, 60, ARRIVED))
    for _one in range(20):
        report(world, now, level=1)
    barrier = Barrier(2)

    def run() -> int:
        try:
            barrier.wait()
            return escalation.sweep(now=now + 3 * HOUR, batch=3)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        seen = [future.result() for future in [pool.submit(run), pool.submit(run)]]
    assert sum(seen) == 20
    assert EscalationStep.objects.count() == 80
    assert Event.objects.filter(name=escalation.ESCALATED).count() == 20
