"""Events are added, never changed, and never more open than what they tell of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import TransactionTestCase

from apps.core import events, timeline
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.projects.models import Project
from apps.tickets.models import Message, Ticket
from tests import factories as make
from tests.world import World


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a subscriber is told while the test runs."""
    heard: list[Any] = []
    monkeypatch.setattr(events, "_subscribers", [heard.extend])
    return heard


def test_event_carries_project_subject_actor_and_time(world: World, now: datetime) -> None:
    ticket, actor = world.rows[Ticket], world.people["manager"]
    event = events.record(ticket, "tickets.ticket.noted", actor=actor, now=now, data={"note": "已电话确认"})
    event = Event.objects.get(pk=event.pk)
    assert (event.project, event.subject, event.actor, event.at) == (ticket.project, ticket, actor, now)
    assert event.data == {"note": "已电话确认"}


@pytest.mark.parametrize("way", ["save", "delete", "update", "bulk_delete", "bulk_update"])
def test_event_is_never_changed(world: World, way: str) -> None:
    event = Event.objects.get(pk=world.rows[Event].pk)
    ways = {
        "save": event.save,
        "delete": event.delete,
        "update": lambda: Event.objects.filter(pk=event.pk).update(name="x"),
        "bulk_delete": lambda: Event.objects.filter(pk=event.pk).delete(),
        "bulk_update": lambda: Event.objects.bulk_update([event], ["name"]),
    }
    event.name = "something else"
    with pytest.raises(TypeError), transaction.atomic():
        ways[way]()
    assert Event.objects.get(pk=event.pk).name == world.rows[Event].name


@pytest.mark.parametrize(
    ("subject", "asked", "written"),
    [
        (Audience.OWNER, Audience.OWNER, Audience.OWNER),
        (Audience.OWNER, Audience.STAFF, Audience.STAFF),
        (Audience.STAFF, Audience.OWNER, Audience.STAFF),
        (Audience.RESTRICTED, Audience.OWNER, Audience.RESTRICTED),
        (Audience.RESTRICTED, Audience.STAFF, Audience.RESTRICTED),
    ],
)
def test_event_is_never_more_open_than_its_subject(
    world: World, now: datetime, subject: str, asked: str, written: str
) -> None:
    message = make.make_message(ticket=world.rows[Ticket], audience=subject)
    event = events.record(message, "tickets.message.noted", actor=None, now=now, audience=asked)
    assert event.audience == written


def test_owner_does_not_see_the_event_of_a_staff_note(world: World, now: datetime) -> None:
    note = Message.objects.get(audience=Audience.STAFF, ticket=world.rows[Ticket])
    event = events.record(note, "tickets.message.noted", actor=None, now=now)
    assert event in Event.objects.visible_to(world.people["engineer"])
    for name in ("owner_admin", "owner_member", "stranger", "other_owner", "limited_member"):
        assert event not in Event.objects.visible_to(world.people[name]), name


def test_subscribers_are_told_whom_it_concerns_but_not_the_actor(world: World, now: datetime, told: list[Any]) -> None:
    actor, engineer = world.people["manager"], world.people["engineer"]
    events.record(
        world.rows[Ticket], "tickets.ticket.noted", actor=actor, now=now, tells=[actor, engineer, None, engineer]
    )
    assert [people for _, people in told] == [[engineer]]


def test_change_of_master_data_keeps_old_and_new_values(world: World, now: datetime) -> None:
    project = world.row(Project)
    before = events.values_of(project)
    project.department = "工程二部"
    project.save()
    event = events.record_change(project, before, actor=None, now=now)
    assert event is not None
    assert event.data["changes"]["department"] == ["售后服务部", "工程二部"]
    assert event.audience == Audience.STAFF


def test_unchanged_master_data_writes_no_event(world: World, now: datetime) -> None:
    project = world.row(Project)
    count = Event.objects.count()
    assert events.record_change(project, events.values_of(project), actor=None, now=now) is None
    assert Event.objects.count() == count


def test_timeline_of_a_project_holds_what_its_reader_may_see(world: World, now: datetime) -> None:
    ticket = world.rows[Ticket]
    open_event = events.record(ticket, "tickets.ticket.noted", actor=None, now=now)
    closed_event = events.record(ticket, "tickets.ticket.noted", actor=None, now=now, audience=Audience.STAFF)
    for name, seen in {"owner_admin": {open_event}, "manager": {open_event, closed_event}, "stranger": set()}.items():
        lines = {line.event for line in timeline.of(world.project, world.people[name], limit=50)}
        assert lines & {open_event, closed_event} == seen, name


class OutsideATransaction(TransactionTestCase):
    """Without a transaction the change and its event could part."""

    def test_event_is_refused(self) -> None:
        project = make.make_project()
        with pytest.raises(RuntimeError):
            events.record(project, "projects.project.noted", actor=None, now=make.NOW)
        assert not Event.objects.exists()

    def test_event_goes_with_the_change_that_fails(self) -> None:
        project = make.make_project()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.record(project, "projects.project.noted", actor=None, now=make.NOW)
            _ = 1 / 0
        assert not Event.objects.exists()
