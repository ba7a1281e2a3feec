"""The promise board, the explanation beside it, the month, and due times on other pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.service_levels.models import Clock, Target
from apps.tickets import services
from apps.tickets.models import Ticket
from tests import factories as make
from tests.access.watch import watched
from tests.world import World

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
BOARD = reverse("service_levels:board")
HTMX = {"HTTP_HX_REQUEST": "true"}
M = Target.Metric


@pytest.fixture
def board(world: World) -> dict[str, Clock]:
    """One promise of every kind of standing, all of project A."""
    Clock.objects.all().delete()
    now = timezone.now()
    looks: dict[str, dict[str, Any]] = {
        "overdue": {"due_at": now - timedelta(minutes=26), "state": "missed", "missed_at": now, "metric": M.ARRANGE},
        "due_soon": {"due_at": now + timedelta(minutes=15), "last_percent": 75},
        "running": {"due_at": now + timedelta(hours=3)},
        "paused": {"due_at": None, "state": "paused"},
        "over": {"due_at": now, "state": "met", "is_over": True, "stopped_at": now, "stop_event": "x.y.z"},
    }
    clocks = {}
    for name, look in looks.items():
        ticket = make.make_ticket(project=world.project, title=name)
        clocks[name] = make.make_clock(subject=ticket, audience="owner", started_at=now - timedelta(hours=1), **look)
    return clocks


def shown(page: Any) -> list[str]:
    return [row.record.title for row in page.context["table"].page.object_list]


def test_board_shows_what_is_nearest_to_breaking_first(
    board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    page = client_of(world.customer_service).get(BOARD)
    assert shown(page) == ["overdue", "due_soon", "running", "paused"]


@pytest.mark.parametrize("name", ["overdue", "due_soon", "running", "paused"])
def test_views_part_the_board_and_their_counts_add_up(
    name: str, board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    page = client_of(world.manager).get(BOARD, {"tab": name})
    assert shown(page) == [name]
    counts = {tally[0]: tally[-1] for tally in page.context["tallies"]}
    assert counts == {"all": "4", "overdue": "1", "due_soon": "1", "running": "1", "paused": "1"}
    assert page.context["table"].paginator.count == 1


def test_counts_follow_the_filters(board: dict[str, Clock], world: World, client_of: ClientOf) -> None:
    page = client_of(world.manager).get(BOARD, {"metric": M.ARRANGE})
    assert shown(page) == ["overdue"]
    assert {tally[0]: tally[-1] for tally in page.context["tallies"]}["all"] == "1"


def test_counts_and_rows_renew_themselves_together(board: dict[str, Clock], world: World, client_of: ClientOf) -> None:
    text = client_of(world.manager).get(BOARD, **HTMX).content.decode()
    assert 'id="tally"' in text and "hx-swap-oob" in text and 'id="list-rows"' in text


def test_engineer_sees_the_promises_of_their_projects(
    board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    assert len(shown(client_of(world.engineer).get(BOARD))) == 4
    assert shown(client_of(world.stranger).get(BOARD)) == []


def test_owner_has_no_board(world: World, client_of: ClientOf) -> None:
    assert client_of(world.owner_admin).get(BOARD).status_code == 403


def test_dispatcher_dispatches_from_the_board(board: dict[str, Clock], world: World, client_of: ClientOf) -> None:
    dispatch = reverse("tickets:dispatch", args=[board["overdue"].subject_id])
    assert dispatch in client_of(world.customer_service).get(BOARD).content.decode()
    assert dispatch not in client_of(world.engineer).get(BOARD).content.decode()


def test_month_puts_each_promise_on_its_day(board: dict[str, Clock], world: World, client_of: ClientOf) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    client = client_of(world.manager)
    with watched() as watch:
        page = client.get(BOARD, {"view": "calendar", "month": month})
    days = {day.on: day for week in page.context["weeks"] for day in week}
    assert days[timezone.localdate(board["overdue"].due_at)].overdue == 1
    assert sum(day.count for day in days.values()) == 3
    assert len(watch.queries) <= 12


@pytest.mark.parametrize("more", [{}, {"tab": "overdue"}, {"view": "calendar"}, {"level": 2, "kind": "fault"}])
def test_board_narrowed_by_project_and_person_keeps_within_its_queries(
    more: dict[str, Any], board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    """Budget: with both pickers set, in every view; paused and covered rows, visits and cards among them."""
    Clock.objects.update(responsible=world.engineer)
    visit = make.make_visit(project=world.project)
    make.make_clock(
        subject=visit, metric=M.VISIT, due_at=timezone.now() + timedelta(hours=2), responsible=world.engineer
    )
    client = client_of(world.manager)
    query = {"project": world.project.pk, "responsible": world.engineer.pk} | more
    client.get(BOARD, query)
    for headers in ({}, HTMX):
        with watched() as watch:
            assert client.get(BOARD, query, **headers).status_code == 200
        told = "\n".join(one[:200] for one in watch.queries)
        assert len(watch.queries) < 12, f"{len(watch.queries)} queries\n{told}"


@pytest.mark.parametrize("month", ["2026-13", "x", ""])
def test_month_that_is_none_shows_this_one(month: str, world: World, client_of: ClientOf) -> None:
    page = client_of(world.manager).get(BOARD, {"view": "calendar", "month": month})
    assert page.context["first"] == timezone.localdate().replace(day=1)


def test_card_of_the_nearest_leaves_out_what_is_not_mine(
    board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    Clock.objects.filter(pk=board["running"].pk).update(responsible=world.engineer)
    query = {"view": "nearest", "responsible": world.engineer.pk}
    page = client_of(world.engineer).get(BOARD, query, **HTMX)
    assert [line.clock.title for line in page.context["lines"]] == ["running"]


# --- one promise ---


def test_owner_and_staff_read_the_same_and_only_staff_the_escalation(
    board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    url = board["running"].get_absolute_url()
    owner, staff = client_of(world.owner_admin).get(url), client_of(world.manager).get(url)
    assert owner.context["explanation"].lines == staff.context["explanation"].lines or [
        line.kind for line in owner.context["explanation"].lines
    ] == [line.kind for line in staff.context["explanation"].lines]
    assert owner.context["explanation"].ladder == []
    assert [rung.percent for rung in staff.context["explanation"].ladder] == [75, 100, 150, 200]


def test_owner_does_not_find_an_internal_duty(world: World, client_of: ClientOf) -> None:
    clock = make.make_clock(subject=world.rows[Ticket], metric=M.CHECK, audience="staff")
    assert client_of(world.owner_admin).get(clock.get_absolute_url()).status_code == 404
    assert client_of(world.manager).get(clock.get_absolute_url()).status_code == 200


def test_explanation_beside_the_board_is_a_part(board: dict[str, Clock], world: World, client_of: ClientOf) -> None:
    text = client_of(world.manager).get(board["paused"].get_absolute_url(), **HTMX).content.decode()
    assert "<html" not in text and board["paused"].title in text


# --- where due times appear ---


def test_due_times_open_their_explanation_wherever_they_stand(
    board: dict[str, Clock], world: World, client_of: ClientOf
) -> None:
    clock = board["running"]
    ticket = Ticket.objects.get(pk=clock.subject_id)
    order = make.make_work_order(ticket=ticket, engineer=world.engineer, status="working")
    manager, engineer = client_of(world.manager), client_of(world.engineer)
    pages = [
        (manager, f"{reverse('tickets:list')}?tab=all"),
        (manager, ticket.get_absolute_url()),
        (manager, f"{ticket.get_absolute_url()}?part=side"),
        (engineer, f"{reverse('tickets:today')}?tab=all"),
        (engineer, order.get_absolute_url()),
        (client_of(world.owner_admin), f"{ticket.get_absolute_url()}?part=side"),
    ]
    for client, url in pages:
        client.get(url)
        with watched() as watch:
            assert clock.get_absolute_url() in client.get(url).content.decode(), url
        assert len(watch.queries) <= 12, (url, len(watch.queries), "\n".join(query[:150] for query in watch.queries))


def test_tracking_page_names_what_was_promised_without_a_link(board: dict[str, Clock], client: Client) -> None:
    clock = board["overdue"]
    ticket = Ticket.objects.get(pk=clock.subject_id)
    text = client.get(reverse("tickets:track", args=[ticket.tracking_token])).content.decode()
    assert f"{timezone.localtime(clock.due_at):%m-%d %H:%M}" in text
    assert clock.get_absolute_url() not in text


def test_queue_of_customer_service_begins_with_the_nearest_promise(world: World, client_of: ClientOf) -> None:
    now = timezone.now()
    late = make.make_ticket(project=world.project, level=4, reported_at=now)
    grave = make.make_ticket(project=world.project, level=1, reported_at=now - timedelta(hours=5))
    make.make_clock(subject=late, due_at=now + timedelta(minutes=5))
    make.make_clock(subject=grave, due_at=now + timedelta(hours=5))
    cards = {card.name: data for card, data in client_of(world.customer_service).get("/").context["cards"]}
    assert [ticket.pk for ticket in cards["to_dispatch"]["lines"]][:2] == [late.pk, grave.pk]


def test_a_request_shows_our_people_their_late_duty_and_the_owner_what_was_promised_to_them(
    world: World, client_of: ClientOf
) -> None:
    """R-15: a blue "10 h left" must not stand where the dispatch is two days late."""
    now = timezone.now()
    ticket = make.make_ticket(project=world.project)
    duty = make.make_clock(subject=ticket, metric=M.ARRANGE, audience="staff", due_at=now - timedelta(days=2))
    promised = make.make_clock(subject=ticket, due_at=now + timedelta(hours=10))
    for person, shown, hidden in ((world.manager, duty, promised), (world.owner_admin, promised, duty)):
        page = client_of(person).get(reverse("tickets:list"), {"q": ticket.number}).content.decode()
        assert f'href="{shown.get_absolute_url()}"' in page
        assert f'href="{hidden.get_absolute_url()}"' not in page


# --- R-03 at locate-and-plan ---


def test_engineer_says_at_locate_and_plan_that_a_repair_is_complex(world: World, client_of: ClientOf) -> None:
    """R-03: the change is the one that triage makes, so the promises follow it."""
    ticket = make.make_ticket(project=world.project, status=Ticket.Status.IN_PROGRESS)
    order = make.make_work_order(ticket=ticket, engineer=world.engineer, status="arrived")
    url = reverse("tickets:order_complexity", args=[order.pk])
    assert client_of(world.manager).post(url, {"is_complex": "1"}).status_code == 403
    assert client_of(world.engineer).post(url, {"is_complex": "1"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.is_complex


def test_complexity_is_settled_once_the_work_is_finished(world: World, client_of: ClientOf) -> None:
    order = make.make_work_order(
        ticket=make.make_ticket(project=world.project), engineer=world.engineer, status="finished"
    )
    with pytest.raises(services.IllegalTransition):
        services.set_complexity(order=order, is_complex=True, actor=world.engineer, now=timezone.now())
