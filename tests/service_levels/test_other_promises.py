"""Promises beside those of requests: the warranty card within a month, the visit in its window, its report (W-05, V-10)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from apps.inspections import lifecycle as visits
from apps.inspections.generation import generate_visits
from apps.inspections.models import Visit
from apps.service_levels.models import Clock
from apps.service_levels.rules import Unit
from apps.warranties import lifecycle as cards
from apps.warranties import services as warranties
from tests import factories as make
from tests.world import World

from .policies import M, clock_of, give_policy

pytestmark = pytest.mark.django_db
END = time(23, 59, 59)
PLANNED, FINISHED, REPORTED = "inspections.visit.planned", "inspections.visit.finish", "inspections.visit.report"


def last_second(day: date) -> datetime:
    return datetime.combine(day, END, tzinfo=make.SHANGHAI)


def window(**values: Any) -> dict[str, Any]:
    return {
        "metric": M.VISIT,
        "unit": Unit.WINDOW,
        "is_pausable": False,
        "start_events": [PLANNED],
        "stop_events": [FINISHED],
    } | values


def test_card_is_due_a_month_after_completion_and_met_when_issued(world: World, now: datetime) -> None:
    """W-05"""
    project = make.make_project(owner=world.owner)
    give_policy(
        project,
        {
            "metric": M.CARD,
            "amount": 1,
            "unit": Unit.MONTHS,
            "start_events": ["warranties.warrantycard.due"],
            "stop_events": ["warranties.warrantycard.issue"],
        },
    )
    warranty = warranties.accept_project(
        project=project,
        basis="report_signed",
        accepted_on=date(2026, 10, 31),
        completed_on=None,
        months=24,
        reference="",
        scope_text="",
        files=(),
        actor=world.manager,
        now=now,
    )
    clock = clock_of(warranty.card, M.CARD)
    assert clock.due_at == last_second(date(2026, 11, 30))
    corrected = {"basis": "report_signed", "months": 24, "reference": "", "scope_text": "", "completed_on": None}
    for day, due, state in [
        (date(2026, 9, 1), date(2026, 10, 1), Clock.State.MISSED),
        (date(2026, 11, 1), date(2026, 12, 1), Clock.State.RUNNING),
    ]:
        warranties.correct_acceptance(
            warranty=warranty, accepted_on=day, reason="录入有误", **corrected, actor=world.manager, now=now
        )
        clock = clock_of(warranty.card, M.CARD)
        assert (clock.due_at, clock.state) == (last_second(due), state)
        assert (clock.missed_at is None) is (state == Clock.State.RUNNING)
    cards.issue(warranty.card, actor=world.manager, now=now)
    assert clock_of(warranty.card, M.CARD).state == Clock.State.MET


def test_visit_is_promised_inside_its_window(world: World, now: datetime) -> None:
    """V-04"""
    plan = make.make_plan(project=world.second_project, assigned_to=world.engineer)
    give_policy(world.second_project, window(kinds=["revisit", "patrol"]))
    generate_visits(now=now, until=make.TODAY + timedelta(days=120))
    visit = Visit.objects.filter(plan=plan, planned_on__gt=make.TODAY).order_by("planned_on").first()
    assert visit is not None
    clock = clock_of(visit, M.VISIT)
    assert clock.due_at == last_second(visit.window_ends_on)
    assert clock.responsible == world.engineer
    visits.skip(visit, actor=world.customer_service, now=now, reason="业主停业")
    assert clock_of(visit, M.VISIT).state == Clock.State.CANCELLED


def test_report_of_a_visit_is_due_in_three_working_days(world: World, now: datetime) -> None:
    """V-10; opened again the record takes the visit's promise back, and its report's with it."""
    give_policy(
        world.project,
        window(),
        {
            "metric": M.REPORT,
            "amount": 3,
            "unit": Unit.WORKING_DAYS,
            "start_events": [FINISHED],
            "stop_events": [REPORTED],
        },
    )
    plan = make.make_plan(project=world.project, assigned_to=world.engineer, checklist=None)
    visit = make.make_visit(plan=plan, occurrence=9, assigned_to=world.engineer, status="under_way", points=0)
    Visit.objects.filter(pk=visit.pk).update(running_state="正常")
    done_at = datetime(2026, 11, 18, 10, tzinfo=make.SHANGHAI)
    visit = visits.finish(visit, actor=world.engineer, now=done_at)
    assert clock_of(visit, M.REPORT).due_at == last_second(date(2026, 11, 23))
    visits.report(visit, actor=world.engineer, now=done_at + timedelta(days=1))
    assert clock_of(visit, M.REPORT).state == Clock.State.MET
