"""Before a fault is sent its reporter sees by when what is promised, by kind and level (R-01, R-04)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Notification, QuietHours
from apps.notifications.sending import send_mail
from apps.projects.models import Equipment
from apps.service_levels.models import Clock, Pause
from apps.tickets import services
from apps.tickets.models import Ticket
from tests import factories as make
from tests.access.watch import watched
from tests.service_levels.policies import ARRIVED, ISSUED, M, give_policy, minutes
from tests.world import World

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
ACKNOWLEDGED = "tickets.ticket.acknowledge"


@pytest.fixture
def equipment(world: World) -> Equipment:
    """A piece of equipment of a project that promises by kind and level, and has one house duty."""
    give_policy(
        world.project,
        minutes(M.ACKNOWLEDGE, 30, ACKNOWLEDGED),
        minutes(M.ARRANGE, 120, ISSUED, audience="staff"),
        minutes(M.ARRIVE, 240, ARRIVED, kinds=["fault"], levels=[3, 4]),
        minutes(M.ARRIVE, 60, ARRIVED, kinds=["fault"], levels=[1]),
        minutes(M.ARRIVE, 45, ARRIVED, kinds=["emergency"]),
    )
    found: Equipment = make.make_equipment(project=world.project)
    return found


def promised(page: Any) -> dict[str, int]:
    return {one.clock.metric: one.clock.amount for one in page.context["foreseen"]}


def test_label_page_says_what_is_promised_and_why(equipment: Equipment, client: Client) -> None:
    """Without an account: owner's promises alone, each opening how its time comes about."""
    before = Clock.objects.count()
    with watched() as watch:
        page = client.get(reverse("tickets:label", args=[equipment.label_token]))
    assert promised(page) == {M.ACKNOWLEDGE: 30, M.ARRIVE: 240}
    text = page.content.decode()
    assert text.count('<details class="why"') == 2
    assert len(watch.queries) <= 12, "\n".join(watch.queries)
    assert Clock.objects.count() == before


def test_label_page_follows_the_kind_that_is_chosen(equipment: Equipment, client: Client) -> None:
    url = reverse("tickets:label", args=[equipment.label_token])
    part = client.get(url, {"kind": "emergency"}, **HTMX)
    assert promised(part) == {M.ACKNOWLEDGE: 30, M.ARRIVE: 45}
    assert "<form" not in part.content.decode()
    assert promised(client.get(url, {"kind": "nonsense"}, **HTMX)) == {M.ACKNOWLEDGE: 30, M.ARRIVE: 240}
    assert promised(client.post(url, {"kind": "emergency"})) == {M.ACKNOWLEDGE: 30, M.ARRIVE: 45}


def test_what_was_shown_is_what_is_promised(equipment: Equipment, client: Client) -> None:
    shown = promised(client.get(reverse("tickets:label", args=[equipment.label_token])))
    values = {"kind": "fault", "title": "漏水", "contact_name": "方敏", "contact_phone": "13900005555"}
    client.post(reverse("tickets:label", args=[equipment.label_token]), values)
    ticket = Ticket.objects.get(title="漏水")
    clocks = Clock.objects.about(ticket).filter(audience="owner")
    assert {clock.metric: clock.amount for clock in clocks} == shown


def test_project_without_policy_promises_nothing(world: World, client: Client) -> None:
    """The plan is silent: no promise, rather than an invented one."""
    silent = make.make_equipment(project=make.make_project())
    page = client.get(reverse("tickets:label", args=[silent.label_token]))
    assert promised(page) == {}


@pytest.mark.parametrize(("who", "level", "minutes_"), [("customer_service", 1, 60), ("owner_admin", None, 240)])
def test_report_form_shows_it_beside_the_form(
    who: str, level: int | None, minutes_: int, equipment: Equipment, world: World, client_of: ClientOf
) -> None:
    """The hints follow kind and level; owner's people choose no level."""
    client = client_of(getattr(world, who))
    query = {"project": world.project.pk, "kind": "fault"} | ({"level": level} if level else {})
    hints = client.get(reverse("tickets:open_hints"), query).context["hints"]
    assert {one.clock.metric: one.clock.amount for one in hints["promises"]}[M.ARRIVE] == minutes_
    with watched() as watch:
        page = client.get(reverse("tickets:create"), {"equipment": equipment.pk})
    assert page.context["hints"]["promises"]
    assert len(watch.queries) <= 12, "\n".join(watch.queries)


def test_tracking_page_explains_every_time_and_names_nobody(equipment: Equipment, world: World, client: Client) -> None:
    """R-04, D-04: what is promised and kept opens its explanation; a pause says why, not who."""
    ticket = make.make_ticket(equipment=equipment)
    now = timezone.now()
    make.make_clock(subject=ticket, audience="owner", started_at=now - timedelta(hours=2), due_at=now)
    Pause.objects.create(
        project=world.project,
        subject=ticket,
        reason=Pause.Reason.values[0],
        note="王工说钥匙不在",
        began_at=now - timedelta(hours=1),
        ended_at=now - timedelta(minutes=30),
        began_by=world.engineer,
    )
    text = client.get(reverse("tickets:track", args=[ticket.tracking_token])).content.decode()
    assert '<details class="why"' in text
    assert world.engineer.name not in text and "王工说钥匙不在" not in text


def test_owner_is_told_of_what_staff_registered_with_number_and_times(equipment: Equipment, world: World) -> None:
    """R-01, R-04: the report that our people took in reaches the owner's people, with its number and promised times."""
    now = timezone.now()
    person = world.owner_admin
    User.objects.filter(pk=person.pk).update(email="owner@example.com")
    QuietHours.objects.create(user=person, is_on=False)
    ticket = services.register_call(
        project=equipment.project,
        equipment=equipment,
        kind="fault",
        level=3,
        title="路灯不亮",
        description="",
        channel="hotline",
        contact_name=person.name,
        contact_phone="13900002208",
        began_at=None,
        photos=(),
        actor=world.customer_service,
        now=now,
    )
    row = Notification.objects.get(user=person, event__name=services.OPENED, event__subject_id=ticket.pk)
    assert ticket.number in row.about
    send_mail({"event": row.event_id, "user": person.pk})
    [sent] = mail.outbox
    due = Clock.objects.about(ticket).get(metric=M.ARRIVE).due_at
    assert ticket.number in sent.subject
    assert f"{timezone.localtime(due):%Y-%m-%d %H:%M}" in sent.body
    internal = Clock.objects.about(ticket).get(metric=M.ARRANGE).due_at
    assert f"{timezone.localtime(internal):%Y-%m-%d %H:%M}" not in sent.body
