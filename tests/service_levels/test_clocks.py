"""Clocks started, paused, re-targeted and ended by events alone (R-04, and the meanings of clocks)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.calendars.models import ServiceHours
from apps.core.models import OutboxItem
from apps.notifications.models import Sender
from apps.service_levels.models import Clock, Pause, Target
from apps.service_levels.rules import Unit
from apps.tickets import lifecycle, order_lifecycle, promise_services, services
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make
from tests.world import World

from .policies import ARRIVED, ISSUED, M, clock_of, give_policy, minutes

pytestmark = pytest.mark.django_db
S = Clock.State
ACKNOWLEDGED = "tickets.ticket.acknowledge"
REPAIRED = "tickets.ticket.repaired"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def plan(world: World) -> Any:
    """A policy with the usual promises, two classes of arrival, and a follow-up in days."""
    return give_policy(
        world.project,
        minutes(M.ACKNOWLEDGE, 30, ACKNOWLEDGED),
        minutes(M.ARRANGE, 120, ISSUED, audience="staff"),
        minutes(M.ARRIVE, 240, ARRIVED, levels=[3, 4], kinds=["fault"]),
        minutes(M.ARRIVE, 120, ARRIVED, levels=[1, 2], kinds=["fault"]),
        minutes(M.REPAIR, 480, REPAIRED, complexity="general", start_events=[ARRIVED]),
        minutes(M.REPAIR, 1440, REPAIRED, complexity="complex", start_events=[ARRIVED]),
        minutes(M.REPLACE, None, "tickets.ticket.replaced"),
        {
            "metric": M.FOLLOW_UP,
            "amount": 3,
            "unit": Unit.DAYS,
            "start_events": [REPAIRED],
            "stop_events": ["tickets.ticket.confirm"],
        },
    )


def report(world: World, now: datetime, **values: Any) -> Ticket:
    return services.open_ticket(
        **(
            {
                "project": world.project,
                "equipment": None,
                "kind": "fault",
                "level": 3,
                "title": "路灯不亮",
                "description": "",
                "channel": "portal",
                "contact_name": "林平",
                "contact_phone": "13900002208",
                "began_at": None,
                "photos": (),
                "actor": world.owner_admin,
                "now": now,
            }
            | values
        )
    )


def send(world: World, ticket: Ticket, now: datetime) -> WorkOrder:
    return services.dispatch(
        ticket=ticket,
        mode="field",
        engineer=world.engineer,
        appointment_from=now + HOUR,
        appointment_to=now + 2 * HOUR,
        briefing="",
        actor=world.customer_service,
        now=now,
    )


def go(order: WorkOrder, *steps: str, now: datetime) -> WorkOrder:
    for step in steps:
        order = getattr(order_lifecycle, step)(order, actor=order.engineer, now=now)
    return order


def complete(order: WorkOrder, now: datetime, result: str = "restored") -> WorkOrder:
    make.make_order_photo(work_order=order, slot="before")
    make.make_order_photo(work_order=order, slot="after")
    values = {"cause": "ageing", "work_done": "更换", "result": result}
    services.record_work(order=order, values=values, actor=order.engineer, now=now)
    return order_lifecycle.finish(order, actor=order.engineer, now=now)


def test_report_starts_the_promises_of_its_class(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    assert {clock.metric: clock.due_at - now for clock in Clock.objects.about(ticket)} == {
        M.ACKNOWLEDGE: 30 * MINUTE,
        M.ARRANGE: 2 * HOUR,
        M.ARRIVE: 4 * HOUR,
    }


def test_project_without_policy_has_no_clock(world: World, now: datetime) -> None:
    """The plan is silent: no promise, rather than an invented one."""
    assert not Clock.objects.about(report(world, now)).exists()


@pytest.mark.parametrize("robots", [0, 3])
def test_opening_a_request_takes_fewer_than_twelve_queries(robots: int, world: World, plan: Any) -> None:
    """With all its clocks and events, the people told and the groups whose robots follow, at the time on the wall."""
    Sender.objects.all().delete()
    for _n in range(robots):
        make.make_sender(topics=["requests"]).projects.set([world.project])
    now = timezone.now()
    report(world, now)
    with CaptureQueriesContext(connection) as queries:
        report(world, now)
    real = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(real) < 12, "\n".join(real)
    assert OutboxItem.objects.filter(kind="notify.robot").count() == 2 * robots


def test_stop_event_meets_the_promise_at_the_time_it_happened(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    lifecycle.acknowledge(ticket, actor=world.customer_service, now=now + 30 * MINUTE)
    clock = clock_of(ticket, M.ACKNOWLEDGE)
    assert (clock.state, clock.stopped_at, clock.is_over) == (S.MET, now + 30 * MINUTE, True)
    assert clock.next_check_at is None


def test_late_stop_says_how_late(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    lifecycle.acknowledge(ticket, actor=world.customer_service, now=now + 45 * MINUTE)
    clock = clock_of(ticket, M.ACKNOWLEDGE)
    assert (clock.state, clock.late_minutes) == (S.MET_LATE, 15)


def test_editing_the_policy_never_redates_what_was_promised(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    Target.objects.filter(version=plan, metric=M.ACKNOWLEDGE).update(amount=5)
    lifecycle.acknowledge(ticket, actor=world.customer_service, now=now + 20 * MINUTE)
    assert clock_of(ticket, M.ACKNOWLEDGE).state == S.MET


def test_whole_way_of_a_repair(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    order = send(world, ticket, now + HOUR)
    assert clock_of(ticket, M.ARRANGE).state == S.MET
    assert clock_of(ticket, M.ARRIVE).responsible == world.engineer
    go(order, "accept", "depart", "arrive", now=now + 3 * HOUR)
    assert clock_of(ticket, M.ARRIVE).state == S.MET
    repair = clock_of(ticket, M.REPAIR)
    assert repair.due_at == now + 11 * HOUR
    order = go(order, "start", now=now + 3 * HOUR)
    complete(order, now + 4 * HOUR)
    assert clock_of(ticket, M.REPAIR).state == S.MET
    follow_up = clock_of(ticket, M.FOLLOW_UP)
    assert follow_up.due_at.astimezone(make.SHANGHAI).date() == (now + 4 * HOUR).astimezone(
        make.SHANGHAI
    ).date() + timedelta(days=3)


def test_record_opened_again_lets_the_repair_go_on_to_its_old_due_time(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    order = go(send(world, ticket, now), "accept", "depart", "arrive", "start", now=now + HOUR)
    order = complete(order, now + 2 * HOUR)
    due_at = clock_of(ticket, M.REPAIR).due_at
    order_lifecycle.correct(order, actor=world.engineer, now=now + 3 * HOUR)
    clock = clock_of(ticket, M.REPAIR)
    assert (clock.state, clock.due_at, clock.stop_event) == (S.RUNNING, due_at, "")


def test_level_raised_counts_from_the_original_start(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    services.triage(ticket=ticket, kind="fault", level=2, actor=world.customer_service, now=now + HOUR)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.due_at, clock.level, clock.state) == (now + 2 * HOUR, 2, S.RUNNING)


def test_level_raised_too_late_is_missed_by_reclassification(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    services.triage(ticket=ticket, kind="fault", level=1, actor=world.customer_service, now=now + 3 * HOUR)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.is_reclassified, clock.missed_at) == (S.MISSED, True, now + 2 * HOUR)
    assert clock not in Clock.objects.settled()


def test_lowered_level_never_unmisses(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now, level=1)
    services.triage(ticket=ticket, kind="fault", level=1, is_complex=True, actor=world.customer_service, now=now)
    Clock.objects.about(ticket).filter(metric=M.ARRIVE).update(state=S.MISSED, missed_at=now + 2 * HOUR)
    services.triage(ticket=ticket, kind="fault", level=4, actor=world.customer_service, now=now + 3 * HOUR)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.missed_at, clock.level) == (S.MISSED, now + 2 * HOUR, 4)


def test_complex_repair_takes_the_longer_target(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    go(send(world, ticket, now), "accept", "depart", "arrive", now=now + HOUR)
    services.triage(
        ticket=ticket, kind="fault", level=3, is_complex=True, actor=world.customer_service, now=now + 2 * HOUR
    )
    assert clock_of(ticket, M.REPAIR).due_at == now + 25 * HOUR


def test_another_kind_cancels_what_it_does_not_promise_and_takes_it_back(
    world: World, plan: Any, now: datetime
) -> None:
    ticket = report(world, now)
    services.triage(ticket=ticket, kind="consultation", level=3, actor=world.customer_service, now=now + MINUTE)
    assert clock_of(ticket, M.ARRIVE).state == S.CANCELLED
    services.triage(ticket=ticket, kind="fault", level=3, actor=world.customer_service, now=now + 2 * MINUTE)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.due_at) == (S.RUNNING, now + 4 * HOUR)


def test_reopening_starts_the_repair_side_anew(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    lifecycle.acknowledge(ticket, actor=world.customer_service, now=now)
    order = go(send(world, ticket, now), "accept", "depart", "arrive", "start", now=now + HOUR)
    order = complete(order, now + 2 * HOUR)
    order_lifecycle.sign(order, actor=world.engineer, now=now + 2 * HOUR)
    again = now + 5 * HOUR
    lifecycle.not_fixed(ticket, actor=world.owner_admin, now=again, reason="又灭了")
    assert clock_of(ticket, M.ARRIVE, 2).due_at == again + 4 * HOUR
    assert clock_of(ticket, M.ARRIVE, 1).state == S.MET
    assert clock_of(ticket, M.FOLLOW_UP, 1).state == S.CANCELLED
    assert not Clock.objects.about(ticket).filter(metric=M.ACKNOWLEDGE, round=2).exists()


def test_pause_takes_the_due_time_away_and_gives_the_rest_back(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    began, ended = now + HOUR, now + 26 * HOUR
    words = "业主要求改期"
    promise_services.pause_promises(
        ticket=ticket, reason="other_time", note=words, actor=world.customer_service, now=began
    )
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.due_at, clock.next_check_at) == (S.PAUSED, None, None)
    clock.save()  # a save while paused does not turn it missed
    assert clock_of(ticket, M.ARRIVE).state == S.PAUSED
    pause = Pause.objects.about(ticket).get()
    assert (pause.note, pause.began_by) == (words, world.customer_service)
    promise_services.resume_promises(ticket=ticket, actor=world.customer_service, now=ended)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.due_at) == (S.RUNNING, now + 29 * HOUR)
    # What was past before the pause stays missed.
    assert clock_of(ticket, M.ACKNOWLEDGE).state == S.MISSED


def test_pause_that_ends_before_it_began_changes_nothing(world: World, plan: Any, now: datetime) -> None:
    """Traps, "Queue": the clock is set back while the promises stand still. No due time comes nearer by it."""
    ticket = report(world, now)
    due = clock_of(ticket, M.ARRIVE).due_at
    person = world.customer_service
    promise_services.pause_promises(ticket=ticket, reason="other_time", note="改期", actor=person, now=now + HOUR)
    promise_services.resume_promises(ticket=ticket, actor=person, now=now + 30 * MINUTE)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.state, clock.due_at) == (S.RUNNING, due)


def test_suspending_for_parts_pauses_only_where_the_policy_says_so(world: World, now: datetime) -> None:
    give_policy(
        world.project,
        minutes(M.REPAIR, 480, REPAIRED),
        minutes(M.RESTORE, 480, "tickets.ticket.restored", pauses_for_parts=True),
        minutes(M.ARRIVE, 480, "tickets.ticket.guided", is_pausable=False),
    )
    ticket = report(world, now)
    order = go(send(world, ticket, now), "accept", "depart", "arrive", "start", now=now + HOUR)
    order_lifecycle.suspend(order, actor=world.engineer, now=now + 2 * HOUR, reason="等断路器到货", pause="parts")
    assert clock_of(ticket, M.REPAIR).state == S.RUNNING
    assert clock_of(ticket, M.ARRIVE).state == S.RUNNING
    assert clock_of(ticket, M.RESTORE).state == S.PAUSED
    order_lifecycle.resume(order, actor=world.engineer, now=now + 4 * HOUR)
    assert clock_of(ticket, M.RESTORE).due_at == now + 10 * HOUR


def test_cancelled_request_cancels_its_clocks_and_missed_ones_stay(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    lifecycle.cancel(ticket, actor=world.customer_service, now=now + HOUR, reason="重复报修")
    assert clock_of(ticket, M.ARRIVE).state == S.CANCELLED
    clock = clock_of(ticket, M.ACKNOWLEDGE)
    assert (clock.state, clock.is_over, clock.next_check_at) == (S.MISSED, True, None)
    assert not Clock.objects.about(ticket).going_on().exists()


def test_same_event_twice_starts_one_clock(world: World, plan: Any, now: datetime) -> None:
    ticket = report(world, now)
    send(world, ticket, now)
    send(world, ticket, now + MINUTE)
    assert Clock.objects.about(ticket).filter(metric=M.ARRANGE).count() == 1


def test_promise_in_service_hours_waits_for_the_morning(world: World, now: datetime) -> None:
    office = ServiceHours.objects.create(
        key="shop", name="工作时间", windows={str(day): [["08:30", "12:00"], ["13:30", "17:30"]] for day in range(5)}
    )
    give_policy(world.project, minutes(M.ARRIVE, 120, ARRIVED, hours=office))
    evening = datetime.fromisoformat("2026-11-20T17:00+08:00")  # a Friday
    ticket = report(world, evening)
    assert clock_of(ticket, M.ARRIVE).due_at == datetime.fromisoformat("2026-11-23T10:00+08:00")
