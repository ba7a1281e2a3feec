"""Who hears of an event: in the portal at once, by the other channels as rules and choices say."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, User
from apps.core import events
from apps.core.models import Event, OutboxItem
from apps.core.scoping import Audience
from apps.notifications import services
from apps.notifications.models import Choice, DefaultRule, Notification, QuietHours
from apps.notifications.spreading import send_digests, spread
from apps.tickets.models import Ticket
from tests import factories as make

pytestmark = pytest.mark.django_db
Tell = Callable[..., Event]


def keys() -> set[str]:
    return set(OutboxItem.objects.values_list("dedupe_key", flat=True))


def test_line_says_what_it_is_about(tell: Tell, dispatcher: User, ticket: Ticket) -> None:
    tell(dispatcher)
    row = Notification.objects.get()
    assert (row.about, row.topic) == (f"{ticket.number} 路灯不亮", "requests")


def test_line_about_an_order_names_the_request(tell: Tell, dispatcher: User, ticket: Ticket) -> None:
    order = make.make_work_order(ticket=ticket)
    tell(dispatcher, name="tickets.workorder.issued", subject=order)
    assert Notification.objects.get().about == f"{order.number} 路灯不亮"


@pytest.mark.parametrize("people", [1, 3])
def test_hundred_events_cost_as_many_statements_as_one(
    people: int, ticket: Ticket, now: datetime, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_subscribers", [services.tell])
    audience = [make.make_staff(Role.MANAGER, email=f"m{n}@example.com") for n in range(people)]
    make.make_sender(topics=["requests"])

    def cost(count: int) -> int:
        lines = [(ticket, "tickets.ticket.opened", {"n": n}, audience) for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            events.record_many(lines, actor=None, now=now)
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    cost(1)
    few, many = cost(2), cost(100)
    assert few <= 6
    # SQLite takes only so many values in one statement; nothing else grows.
    assert many <= few + (0 if connection.vendor == "postgresql" else 8)
    with CaptureQueriesContext(connection) as seen:
        spread(now=now)
    assert len(seen) <= 16 + (0 if connection.vendor == "postgresql" else 4)


def test_defaults_by_role_decide(tell: Tell, dispatcher: User, now: datetime) -> None:
    finance = make.make_staff(Role.FINANCE, email="f@example.com")
    event = tell(dispatcher, finance)
    assert spread(now=now) == 2
    assert keys() == {f"notify:email:{event.pk}:{dispatcher.pk}"}
    assert Notification.objects.get(user=finance).awaits_digest


def test_rule_of_the_administrator_beats_the_default(tell: Tell, dispatcher: User, now: datetime) -> None:
    DefaultRule.objects.create(group=Role.CUSTOMER_SERVICE, topic="requests", channel="email", mode="off")
    tell(dispatcher)
    spread(now=now)
    assert not keys()


def test_choice_beats_the_rule(tell: Tell, dispatcher: User, now: datetime) -> None:
    DefaultRule.objects.create(group=Role.CUSTOMER_SERVICE, topic="requests", channel="email", mode="off")
    Choice.objects.create(user=dispatcher, topic="requests", channel="email", mode="at_once")
    event = tell(dispatcher)
    spread(now=now)
    assert keys() == {f"notify:email:{event.pk}:{dispatcher.pk}"}


def test_topic_switched_off_stays_out_of_the_bell_unless_urgent(tell: Tell, dispatcher: User, now: datetime) -> None:
    Choice.objects.create(user=dispatcher, topic="requests", channel="portal", mode="off")
    calm, urgent = tell(dispatcher), tell(dispatcher, data={"urgent": True})
    spread(now=now)
    shown = dict(Notification.objects.values_list("event", "is_shown"))
    assert shown == {calm.pk: False, urgent.pk: True}


def test_sms_goes_out_only_where_a_provider_is_in_use(tell: Tell, now: datetime, ticket: Ticket) -> None:
    engineer = make.make_engineer(ticket.project)
    tell(engineer, name="tickets.workorder.issued")
    spread(now=now)
    assert not keys()
    make.make_sender(kind="sms")
    event = tell(engineer, name="tickets.workorder.issued")
    spread(now=now)
    assert keys() == {f"notify:sms:{event.pk}:{engineer.pk}"}


def test_run_twice_spreads_once(tell: Tell, dispatcher: User, now: datetime) -> None:
    tell(dispatcher)
    assert [spread(now=now), spread(now=now)] == [1, 0]
    assert OutboxItem.objects.count() == 1


def test_old_news_stand_in_the_portal_alone(tell: Tell, dispatcher: User, now: datetime) -> None:
    make.make_sender(topics=["requests"])
    tell(dispatcher, at=now - timedelta(days=2))
    assert spread(now=now) == 0
    assert Notification.objects.filter(user=dispatcher).exists()
    assert not keys()


@pytest.mark.parametrize("hour", [22, 23, 0, 6])
def test_quiet_hours_hold_mail_back(tell: Tell, dispatcher: User, now: datetime, hour: int, clock: Any) -> None:
    at = now.replace(hour=hour, minute=30)
    clock(at)
    tell(dispatcher, at=at)
    spread(now=at)
    due = OutboxItem.objects.get().due_at.astimezone(make.SHANGHAI)
    assert (due.hour, due.minute) == (7, 0)
    assert timedelta(0) < due - at < timedelta(hours=9)


def test_urgent_knows_no_quiet_hours_and_no_digest(tell: Tell, now: datetime, clock: Any) -> None:
    finance = make.make_staff(Role.FINANCE, email="f@example.com")
    at = now.replace(hour=23)
    clock(at)
    tell(finance, at=at, data={"urgent": True})
    spread(now=at)
    assert OutboxItem.objects.get().due_at == at


def test_own_quiet_hours_count(tell: Tell, dispatcher: User, now: datetime) -> None:
    QuietHours.objects.create(user=dispatcher, starts_at="09:00", ends_at="11:00")
    tell(dispatcher)
    spread(now=now)
    assert OutboxItem.objects.get().due_at == now.replace(hour=11)


def test_quiet_hours_can_be_switched_off(tell: Tell, dispatcher: User, now: datetime, clock: Any) -> None:
    QuietHours.objects.create(user=dispatcher, is_on=False)
    at = now.replace(hour=23)
    clock(at)
    tell(dispatcher, at=at)
    spread(now=at)
    assert OutboxItem.objects.get().due_at == at


def test_digest_collects_once_a_day_and_leaves_out_what_was_read(tell: Tell, now: datetime) -> None:
    finance, nobody = (
        make.make_staff(Role.FINANCE, email="f@example.com"),
        make.make_staff(Role.FINANCE, email="n@example.com"),
    )
    first, second, third = tell(finance), tell(finance), tell(finance, nobody)
    spread(now=now)
    services.read(Notification.objects.get(user=finance, event=second), now=now)
    services.read_all(user=nobody, now=now)
    assert send_digests(now=now) == 0, "today's eight o'clock was before"
    tomorrow = (now + timedelta(days=1)).replace(hour=8)
    assert [send_digests(now=tomorrow), send_digests(now=tomorrow + timedelta(hours=3))] == [1, 0]
    item = OutboxItem.objects.get()
    assert item.dedupe_key == f"notify:digest:{finance.pk}:{tomorrow:%Y-%m-%d}"
    assert item.payload["events"] == [first.pk, third.pk]


def test_missed_digest_is_caught_up(tell: Tell, now: datetime) -> None:
    tell(make.make_staff(Role.FINANCE, email="f@example.com"))
    spread(now=now)
    assert send_digests(now=now + timedelta(days=5)) == 1


def test_digest_too_long_for_one_mail_goes_on_the_next_day(
    tell: Tell, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.notifications.spreading.DIGEST_LINES", 2)
    finance = make.make_staff(Role.FINANCE, email="f@example.com")
    told = [tell(finance).pk for _ in range(3)]
    spread(now=now)
    for day in (1, 2, 3):
        send_digests(now=now + timedelta(days=day))
    assert [item.payload["events"] for item in OutboxItem.objects.order_by("pk")] == [told[:2], told[2:]]


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.RESTRICTED])
def test_owner_is_never_told_what_is_not_for_owners(
    tell: Tell, owner: User, dispatcher: User, now: datetime, audience: str
) -> None:
    make.make_sender(kind="sms")
    make.make_sender(members="owner")
    quality = make.make_staff(Role.QUALITY)
    tell(owner, dispatcher, quality, audience=audience)
    spread(now=now)
    told = set(Notification.objects.values_list("user", flat=True))
    assert told == ({dispatcher.pk, quality.pk} if audience == Audience.STAFF else {quality.pk})
    assert not [key for key in keys() if key.endswith(f":{owner.pk}") or ":robot:" in key]


def test_robot_hears_its_topics_and_projects(tell: Tell, dispatcher: User, ticket: Ticket) -> None:
    all_projects = make.make_sender(topics=["requests"])
    here = make.make_sender(topics=["requests"])
    here.projects.set([ticket.project, make.make_project()])
    elsewhere = make.make_sender(topics=["requests"])
    elsewhere.projects.set([make.make_project()])
    make.make_sender(topics=["messages"])
    make.make_sender(topics=["requests"], is_on=False)
    event = tell(dispatcher)
    assert keys() == {f"notify:robot:{event.pk}:{sender.pk}" for sender in (all_projects, here)}


def test_robot_hears_also_what_concerns_nobody_else(tell: Tell) -> None:
    sender = make.make_sender(topics=["requests"])
    event = tell()
    assert keys() == {f"notify:robot:{event.pk}:{sender.pk}"}


def test_switched_off_person_is_told_nothing(tell: Tell, now: datetime) -> None:
    tell(make.make_staff(Role.CUSTOMER_SERVICE, email="x@example.com", is_active=False))
    assert spread(now=now) == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_spread_each_notification_once(now: datetime) -> None:
    event = make.make_event()
    for n in range(40):
        make.make_notification(
            user=make.make_staff(Role.CUSTOMER_SERVICE, email=f"m{n}@example.com"), event=event, topic="requests"
        )

    def sweep(_: int) -> int:
        try:
            return spread(now=now, limit=15)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        seen = sum(hands.map(sweep, range(4)))
    seen += spread(now=now)
    assert (seen, OutboxItem.objects.count()) == (40, 40)
