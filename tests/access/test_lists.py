"""Every list: as many queries for 17 rows as for 2, nothing foreign in rows, filters, exports or search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.calendars.models import CalendarDay, CalendarImport, ServiceHours
from apps.complaints.models import Analysis, Complaint, FollowUp
from apps.core.models import Event, OutboxItem
from apps.core.pages import ListPage
from apps.core.recurrence import add_months
from apps.documents.models import Document
from apps.inspections.models import Checklist, Visit, VisitPlan
from apps.notifications.models import Notification, Sender
from apps.projects.models import Equipment, EquipmentModel, ImportRun, Owner, Project, Site
from apps.service_levels.models import Clock, ServicePolicy
from apps.surveys.models import LowAnswer, Questionnaire, SurveyRequest
from apps.tickets.models import Ticket, WorkOrder
from apps.training.models import Attempt, Certificate, Course, Improvement, Licence, Question, Retraining, Session
from apps.warranties.models import WarrantyCard
from tests import factories as make
from tests.world import MARK_A, MARK_B, World

from .addresses import Address, pages_of, urls
from .conftest import Sweep
from .watch import undone

BUDGET = 12
FEW, MANY = 2, 17
LISTS = pages_of(ListPage)
every_list = pytest.mark.parametrize("address", LISTS, ids=str)
READERS = ("administrator", "engineer", "owner_admin")
#: Lists that none of those reads.
READERS_OF = {"complaints:analyses": ("quality",)}


def _project(world: World) -> Project:
    """A new project of owner A that the engineer serves, with people, so that every row differs from its neighbour."""
    project = make.make_project(owner=world.owner, manager=make.make_staff("engineer"))
    make.make_project_person(project=project, user=world.people["engineer"])
    return project


def _equipment(world: World) -> Equipment:
    project = _project(world)
    area = make.make_site(project=project, parent=make.make_site(project=project))
    make.make_warranty(project=project)
    return make.make_equipment(project=project, site=area, model=make.make_equipment_model())


def _ticket(world: World) -> Ticket:
    ticket = make.make_ticket(equipment=_equipment(world), opened_by=make.make_staff("customer_service"))
    make.make_cover_decision(ticket=ticket)
    make.make_ticket_photo(ticket=ticket)
    return ticket


def _order(world: World) -> WorkOrder:
    return make.make_work_order(ticket=_ticket(world), engineer=world.people["engineer"])


def _clock(world: World) -> Clock:
    """Every other one stands still; each about a request with a cover decision, in service hours of its own."""
    ticket = _ticket(world)
    halted = bool(make.serial() % 2)
    if halted:
        make.make_pause(subject=ticket)
    look = {"due_at": None, "state": "paused"} if halted else {"due_at": timezone.now() + timedelta(hours=2)}
    person = make.make_staff("engineer")
    return make.make_clock(subject=ticket, responsible=person, hours=make.make_hours(), **look)


def _visit(world: World) -> Visit:
    project = _project(world)
    plan = make.make_plan(project=project, assigned_to=world.people["engineer"])
    visit = make.make_visit(plan=plan, occurrence=1, status="assigned", assigned_to=world.people["engineer"], points=2)
    make.make_finding(visit=visit)
    return visit


def _owner(world: World) -> Owner:
    owner = make.make_owner()
    make.make_owner_admin(owner)
    make.make_project_person(project=make.make_project(owner=owner), user=world.people["engineer"])
    return owner


def _session(world: World) -> Session:
    session = make.make_session(project=_project(world), trainer=make.make_staff("trainer"), status="open")
    make.make_participant(session=session, attended_at=make.NOW)
    return session


def _attempt(world: World) -> Attempt:
    return make.make_attempt(user=make.make_owner_member(world.owner), course=_course(world))


def _course(world: World) -> Course:
    course = make.make_course(responsible=make.make_staff("trainer"))
    make.make_question(course=course)
    make.make_material(course=course)
    return course


def _event(world: World) -> Event:
    """Each about a row of another kind than the one before, with a change that points to a row of a further kind."""
    kinds = {_ticket: ("opened_by_id", User), _equipment: ("site_id", Site), _visit: ("plan_id", VisitPlan)}
    pairs = [*kinds.items(), (_order, ("engineer_id", User)), (_session, ("course_id", Course))]
    how, (column, pointed_to) = pairs[Event.objects.count() % len(pairs)]
    subject = how(world)
    old, new = pointed_to.objects.order_by("-pk").values_list("pk", flat=True)[:2] if pointed_to is User else (None, 1)
    data = {"changes": {column: [old, new]}}
    return make.make_event(subject=subject, actor=make.make_staff("engineer"), at=timezone.now(), data=data)


#: How to make one more row of a listed model, each with relations of its own.
MAKERS: dict[type[Any], Callable[[World], Any]] = {
    Analysis: lambda world: make.make_analysis(begins_on=add_months(make.TODAY, -2 - Analysis.objects.count())),
    CalendarDay: lambda world: make.make_calendar_day(hours=make.make_hours()),
    CalendarImport: lambda world: make.make_calendar_import(),
    Checklist: lambda world: make.make_checklist(),
    Clock: _clock,
    Complaint: lambda world: make.make_complaint(
        project=_project(world), complainant=world.people["owner_admin"], investigator=make.make_staff("quality")
    ),
    FollowUp: lambda world: make.make_follow_up(subject=_ticket(world)),
    Document: lambda world: make.make_document(subject=_order(world)),
    Equipment: _equipment,
    Event: _event,
    EquipmentModel: lambda world: _equipment(world).model,
    ImportRun: lambda world: make.make_import_run(),
    Notification: lambda world: [
        make.make_notification(user=world.people[name], event=make.make_event(subject=_ticket(world), actor=make.make_user()))
        for name in READERS
    ],
    OutboxItem: lambda world: make.make_outbox_item(payload={"user": make.make_user().pk, "event": 1}, status="dead"),
    Owner: _owner,
    Project: _project,
    Sender: lambda world: make.make_sender(),
    ServicePolicy: lambda world: make.make_project_policy(project=_project(world)),
    ServiceHours: lambda world: make.make_hours(),
    Attempt: _attempt,
    Certificate: lambda world: make.make_certificate(course=_course(world), project=_project(world), owner=world.owner),
    Course: _course,
    Improvement: lambda world: make.make_improvement(course=_course(world), session=_session(world)),
    Retraining: lambda world: make.make_retraining(session=_session(world)),
    Licence: lambda world: make.make_licence(user=make.make_staff("engineer")),
    Question: lambda world: make.make_question(course=_course(world)),
    LowAnswer: lambda world: make.make_low_answer(
        answer=make.make_answer(request=make.make_survey(project=_project(world)), is_low=True)
    ),
    Questionnaire: lambda world: make.make_questionnaire(is_active=False),
    Session: _session,
    SurveyRequest: lambda world: make.make_answer(request=make.make_survey(project=_project(world))),
    Ticket: _ticket,
    User: lambda world: make.make_staff("engineer", "trainer"),
    Visit: _visit,
    VisitPlan: lambda world: make.make_plan(project=_project(world), checklist=make.make_checklist()),
    WarrantyCard: lambda world: make.make_card(warranty=make.make_warranty(project=_project(world))),
    WorkOrder: _order,
}  # fmt: skip


def counted(sweep: Sweep, reader: str, url: str) -> tuple[int, list[str]]:
    """Return the rows shown, and the queries it took."""
    response, watch = sweep.ask(reader, "get", url)
    assert response.status_code in {200, 403, 404}, (url, response.status_code)
    table = response.context.get("table") if response.status_code == 200 and response.context else None
    return (len(table.page.object_list) if table is not None else 0), watch.queries


def tabs_of(address: Address, sweep: Sweep, reader: str) -> list[str]:
    """Return the address of each tab of a list; some lists choose their tabs by reader."""
    [url] = urls(address, sweep.world)
    response, _ = sweep.ask(reader, "get", url)
    tabs = (response.context or {}).get("tabs", ()) if response.status_code == 200 else ()
    return [f"{url}?tab={tab.name}" for tab in tabs] or [url]


@pytest.mark.django_db  # one such test a module makes the test database; see conftest.py
def test_every_listed_model_has_a_maker() -> None:
    missing = {address.model.__name__ for address in LISTS} - {model.__name__ for model in MAKERS}
    assert not missing, f"Give MAKERS a way to make one more {missing}."


@every_list
def test_list_costs_the_same_for_two_rows_and_for_seventeen(address: Address, sweep: Sweep) -> None:
    """Every tab of every list, whoever reads it; at most 12 queries. Somebody sees the rows that were made."""
    seen: dict[tuple[str, str], list[tuple[int, list[str]]]] = {}
    with undone():
        made = 0
        for wanted in (FEW, MANY):
            while made < wanted:
                MAKERS[address.model](sweep.world)
                made += 1
            for reader in READERS_OF.get(address.name, READERS):
                for tab in tabs_of(address, sweep, reader):
                    seen.setdefault((reader, tab), []).append(counted(sweep, reader, tab))
    grown = 0
    for (reader, tab), (few, many) in seen.items():
        told = f"{tab} as {reader}: {len(few[1])} queries for {few[0]} rows, {len(many[1])} for {many[0]}\n"
        assert len(many[1]) <= BUDGET, told + "\n".join(query[:170] for query in many[1])
        if few[0] >= FEW and many[0] > few[0]:
            grown += 1
            assert len(few[1]) == len(many[1]), told + "\n".join(query[:170] for query in many[1])
    assert grown, f"Nobody saw more rows on {address} after {MANY} were made: the test proves nothing."


@every_list
def test_export_holds_nothing_foreign(address: Address, sweep: Sweep) -> None:
    hidden = {"stranger": MARK_A, "other_owner": MARK_A, "engineer": MARK_B, "owner_admin": MARK_B}
    for name, mark in hidden.items():
        for tab in tabs_of(address, sweep, name):
            for kind in ("csv", "xlsx"):
                url = f"{tab}{'&' if '?' in tab else '?'}export={kind}"
                response, _ = sweep.ask(name, "get", url)
                assert response.status_code in {200, 403, 404}, (name, url)
                assert kind == "xlsx" or mark not in response.text_shown, (name, url)


@every_list
def test_filter_by_a_foreign_row_shows_nothing_foreign(address: Address, sweep: Sweep) -> None:
    """A foreign id typed into the address of a list finds nothing, and its picker offers nothing foreign.

    Narrowed by a row of one's own, a list still keeps within its queries.
    """
    [url] = urls(address, sweep.world)
    for name, declared in address.page.filterset_class.base_filters.items():
        queryset = declared.extra.get("queryset")
        if queryset is None or callable(queryset) or queryset.model not in sweep.world.rows:
            continue
        for person in ("stranger", "other_owner"):
            response, _ = sweep.ask(person, "get", url, **{name: sweep.world.rows[queryset.model].pk})
            assert response.status_code in {200, 403, 404}, (url, name)
            assert MARK_A not in response.text_shown, (url, name)
        for person in READERS:
            response, watch = sweep.ask(person, "get", url, **{name: sweep.world.rows[queryset.model].pk})
            assert len(watch.queries) <= BUDGET, (
                f"{url}?{name}= as {person}: {len(watch.queries)} queries\n"
                + "\n".join(query[:300] for query in watch.queries)
            )


@pytest.mark.parametrize("text", [MARK_A, f"{MARK_A}路灯", f"{MARK_A}控制箱", "大道照明"])
def test_search_finds_nothing_foreign(text: str, sweep: Sweep) -> None:
    world = sweep.world
    for name in ("stranger", "other_owner"):
        response, _ = sweep.ask(name, "get", reverse("core:search"), q=text)
        for row in (world.project, world.rows[Ticket], world.rows[Equipment], world.rows[Visit]):
            assert f'"{row.get_absolute_url()}"' not in response.text_shown, (name, text)


def test_search_finds_ones_own(sweep: Sweep) -> None:
    response, _ = sweep.ask("owner_admin", "get", reverse("core:search"), q=f"{MARK_A}路灯")
    assert f'"{sweep.world.rows[Ticket].get_absolute_url()}"' in response.text_shown
