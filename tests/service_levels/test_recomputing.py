"""Running promises follow the calendars; what is missed stays missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.calendars.models import CalendarDay, CalendarYear, ServiceHours
from apps.core import events, outbox
from apps.core.models import Event, OutboxItem
from apps.service_levels import recomputing
from apps.service_levels.models import Clock
from apps.service_levels.rules import Unit
from tests.world import World

from .policies import ARRIVED, M, clock_of, give_policy, minutes
from .test_clocks import report

pytestmark = pytest.mark.django_db
WEEK = {str(day): [["08:30", "12:00"], ["13:30", "17:30"]] for day in range(5)}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def hours(db: None) -> ServiceHours:
    return ServiceHours.objects.create(key="shop", name="工作时间", windows=WEEK)


def publish(year: int, *holidays: str, now: datetime) -> CalendarYear:
    """Publish a year with these days off, as an import does, and let the worker do what it asks."""
    row, _made = CalendarYear.objects.update_or_create(year=year, defaults={"published_at": now})
    for day in holidays:
        CalendarDay.objects.create(
            layer="national", year=row, on=date.fromisoformat(day), is_working=False, name="元旦"
        )
    with events.transaction.atomic():
        events.record(row, recomputing.PUBLISHED, actor=None, now=now, data={"year": year})
    for item in OutboxItem.objects.filter(kind=recomputing.KIND, status="waiting"):
        outbox.deliver_item(item.pk, now=now + timedelta(days=1))
    return row


def test_due_time_in_an_unpublished_year_is_provisional_and_set_anew(world: World, hours: ServiceHours) -> None:
    now = moment("2026-12-31T16:30")
    publish(2026, now=now)
    CalendarDay.objects.create(
        layer="national",
        year=CalendarYear.objects.get(year=2026),
        on=date(2026, 10, 1),
        is_working=False,
        name="国庆节",
    )
    give_policy(world.project, minutes(M.ARRIVE, 120, ARRIVED, hours=hours))
    ticket = report(world, now)
    clock = clock_of(ticket, M.ARRIVE)
    assert (clock.due_at, clock.is_provisional) == (moment("2027-01-01T09:30"), True)
    publish(2027, "2027-01-01", "2027-01-02", "2027-01-03", now=now)
    clock.refresh_from_db()
    assert (clock.due_at, clock.is_provisional) == (moment("2027-01-04T09:30"), False)
    event = Event.objects.about(ticket).get(name=recomputing.RECOMPUTED)
    told = [datetime.fromisoformat(event.data[name]) for name in ("old", "new")]
    assert told == [moment("2027-01-01T09:30"), moment("2027-01-04T09:30")]


def test_missed_paused_and_round_the_clock_stay_as_they_are(world: World, hours: ServiceHours) -> None:
    now = moment("2026-12-31T16:30")
    give_policy(
        world.project,
        minutes(M.ARRIVE, 120, ARRIVED, hours=hours),
        minutes(M.REPAIR, 2880, "tickets.ticket.repaired"),
        {"metric": M.REPORT, "amount": 2, "unit": Unit.WORKING_DAYS, "stop_events": [], "start_events": ["x"]},
    )
    ticket = report(world, now)
    Clock.objects.about(ticket).filter(metric=M.ARRIVE).update(state="missed", missed_at=moment("2027-01-01T09:30"))
    before = list(Clock.objects.about(ticket).order_by("pk").values_list("state", "due_at"))
    publish(2027, "2027-01-01", now=now)
    assert list(Clock.objects.about(ticket).order_by("pk").values_list("state", "due_at")) == before


def test_publishing_twice_changes_nothing_more(world: World, hours: ServiceHours) -> None:
    now = moment("2026-12-31T16:30")
    give_policy(world.project, minutes(M.ARRIVE, 120, ARRIVED, hours=hours))
    ticket = report(world, now)
    publish(2027, "2027-01-01", now=now)
    publish(2027, now=now)
    assert Event.objects.about(ticket).filter(name=recomputing.RECOMPUTED).count() == 1


def test_working_days_follow_too(world: World, now: datetime) -> None:
    give_policy(
        world.project,
        {
            "metric": M.REPORT,
            "amount": 2,
            "unit": Unit.WORKING_DAYS,
            "stop_events": ["inspections.visit.report"],
            "start_events": [OPENED],
        },
    )
    ticket = report(world, moment("2026-12-31T16:30"))
    assert clock_of(ticket, M.REPORT).due_at == moment("2027-01-04T23:59:59")
    publish(2027, "2027-01-01", now=now)
    assert clock_of(ticket, M.REPORT).due_at == moment("2027-01-05T23:59:59")


OPENED: Any = "tickets.ticket.opened"
