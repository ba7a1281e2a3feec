"""The promise sheet: what was promised, what counted, what paused it and why, with what result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.documents import services as documents
from apps.documents.models import Document
from apps.service_levels.models import Clock, Target
from apps.tickets.models import Ticket
from apps.tickets.promise_sheet import PROMISE_SHEET, promise_sheet
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(world: World) -> Ticket:
    """A request with a promise kept, one met late, one duty of the house, and a pause."""
    ticket = make.make_ticket(project=world.project, title="水泵停机")
    over = {"subject": ticket, "started_at": make.NOW, "is_over": True, "stop_event": "tickets.workorder.arrive"}
    make.make_clock(
        metric=Target.Metric.ACKNOWLEDGE, amount=30, audience="owner", due_at=make.NOW + HOUR / 2,
        state=Clock.State.MET, stopped_at=make.NOW + HOUR / 4, **over,
    )  # fmt: skip
    make.make_clock(
        audience="owner", due_at=make.NOW + 4 * HOUR, state=Clock.State.MET_LATE, late_minutes=60,
        stopped_at=make.NOW + 5 * HOUR, **over,
    )  # fmt: skip
    make.make_clock(
        metric=Target.Metric.CHECK, audience="staff", state=Clock.State.MISSED, stopped_at=make.NOW + HOUR, **over
    )
    make.make_pause(
        subject=ticket, began_at=make.NOW + HOUR / 10, ended_at=make.NOW + HOUR / 5, note="等业主开门",
        began_by=world.customer_service,
    )  # fmt: skip
    return ticket


def test_sheet_tells_what_was_promised_and_how_it_went(ticket: Ticket) -> None:
    data = promise_sheet.build(ticket, now=make.NOW + 6 * HOUR).data
    first, second = data["promises"]
    assert first["result"]["tone"] == "ok" and second["result"]["tone"] == "bad"
    assert first["due"] == f"{make.NOW + HOUR / 2:%m-%d %H:%M}"
    assert data["status"]["tone"] == "bad"
    assert [pause["note"] for pause in data["pauses"]] == ["等业主开门"]


def test_sheet_leaves_internal_duties_out(ticket: Ticket) -> None:
    assert len(promise_sheet.build(ticket, now=make.NOW + 6 * HOUR).data["promises"]) == 2


def test_sheet_explains_each_due_time(ticket: Ticket) -> None:
    way = promise_sheet.build(ticket, now=make.NOW + 6 * HOUR).data["ways"][1]
    assert len(way["lines"]) >= 3


def test_sheet_without_promises_says_so(world: World) -> None:
    html = documents.preview_html(PROMISE_SHEET, make.make_ticket(project=world.project), now=make.NOW)
    assert "没有计时的服务承诺" in html


def test_sheet_is_issued_under_its_series_and_once_for_two_clicks(
    ticket: Ticket, world: World, client_of: Callable[..., Client]
) -> None:
    client = client_of(world.customer_service)
    url = reverse("tickets:issue_promise_sheet", args=[ticket.pk])
    assert client.post(url).status_code == 302
    document = Document.objects.get(type=PROMISE_SHEET)
    assert document.number.startswith("ZB-")
    # A second click while it is being issued makes no second one.
    client.post(url)
    assert Document.objects.filter(type=PROMISE_SHEET).count() == 1


def test_later_sheet_replaces_the_one_before(ticket: Ticket, world: World, client_of: Callable[..., Client]) -> None:
    make.make_document(subject=ticket, type=PROMISE_SHEET, project=world.project)
    client_of(world.customer_service).post(reverse("tickets:issue_promise_sheet", args=[ticket.pk]))
    states = Document.objects.filter(type=PROMISE_SHEET).order_by("pk").values_list("status", flat=True)
    assert list(states) == [Document.Status.REPLACED, Document.Status.ISSUING]


def test_owner_reads_the_issued_sheet_and_cannot_issue_one(
    ticket: Ticket, world: World, client_of: Callable[..., Client]
) -> None:
    document = documents.issue_now(PROMISE_SHEET, ticket, actor=world.manager, now=make.NOW)
    client = client_of(world.owner_admin)
    assert client.get(document.get_absolute_url()).status_code == 200
    assert client.post(reverse("tickets:issue_promise_sheet", args=[ticket.pk])).status_code == 403
