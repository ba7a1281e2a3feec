"""Visits in the engineer's day: among the repairs, in the counts, the next step in reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.inspections.models import Visit
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db
BUDGET = 12


def _of(engineer: Any, project: Any, days: int, status: str = "assigned") -> Visit:
    day = timezone.localdate() + timedelta(days=days)
    return make.make_visit(project=project, assigned_to=engineer, scheduled_on=day, planned_on=day, status=status)


def test_visits_stand_among_todays_jobs_and_in_the_counts(world: World, client_of: Callable[..., Any]) -> None:
    """Repairs have an hour, visits have the day: they come after. A late one is of today, one of next week is not."""
    Visit.objects.all().update(status=Visit.Status.APPROVED)
    WorkOrder.objects.all().update(status=WorkOrder.Status.SIGNED)
    engineer = world.engineer
    now = timezone.now()
    late, today, coming = (_of(engineer, world.project, days) for days in (-5, 0, 7))
    _of(world.stranger, world.project, 0)
    order = make.make_work_order(
        ticket=world.row(Ticket), engineer=engineer, appointment_from=now, appointment_to=now + timedelta(hours=1)
    )
    client = client_of(engineer)
    page = client.get(reverse("tickets:today"))
    shown = [page.context["in_hand"], *page.context["jobs"]]
    assert [getattr(job, "order", None) or job.visit for job in shown] == [order, late, today]
    assert [count for _name, _label, count in page.context["tabs"]] == [3, 0, 4]
    text = page.content.decode()
    assert today.get_absolute_url() in text and coming.get_absolute_url() not in text
    assert coming.get_absolute_url() in client.get(reverse("tickets:today") + "?tab=all").content.decode()


@pytest.mark.parametrize(
    ("status", "leads_to"),
    [("assigned", "core:step"), ("under_way", "inspections:visit_detail"), ("done", "inspections:visit_detail")],
)
@pytest.mark.parametrize("where", ["core:home", "tickets:today"])
def test_next_step_of_the_visit_in_hand_is_in_the_bar_of_the_phone(
    where: str, status: str, leads_to: str, world: World, client_of: Callable[..., Any]
) -> None:
    Visit.objects.all().update(status=Visit.Status.APPROVED)
    WorkOrder.objects.all().update(status=WorkOrder.Status.SIGNED)
    visit = _of(world.engineer, world.project, 0, status)
    args = ["inspections.visit", visit.pk, "start"] if leads_to == "core:step" else [visit.pk]
    page = client_of(world.engineer).get(reverse(where)).content.decode()
    bar = page[page.index('class="sticky') :]
    assert f'="{reverse(leads_to, args=args)}"' in bar and "step-btn" in bar


def test_day_costs_the_same_however_many_jobs(world: World, client_of: Callable[..., Any]) -> None:
    for _n in range(12):
        _of(world.engineer, world.project, 0)
        make.make_work_order(ticket=make.make_ticket(project=world.project), engineer=world.engineer)
    for address in (reverse("tickets:today"), reverse("core:home")):
        client = client_of(world.engineer)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= BUDGET, [query["sql"][:90] for query in asked]
