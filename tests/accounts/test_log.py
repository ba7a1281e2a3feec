"""The log: who may read it, what it says, how it is narrowed, and that whoever exports it stands in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.core.models import Event
from apps.core.naming import names_of
from apps.projects.models import Project
from apps.tickets.models import Ticket
from tests import factories as make

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
LOG = "/account/log/"
READERS = {Role.ADMINISTRATOR, Role.AUDITOR}


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def auditor(client_of: ClientOf) -> Client:
    return client_of(make.make_staff(Role.AUDITOR))


def shown(client: Client, **query: Any) -> list[Event]:
    response = client.get(LOG, query)
    assert response.status_code == 200
    return [row.record for row in response.context["table"].page.object_list]


@pytest.mark.parametrize("role", list(Role))
def test_auditor_and_administrator_read_the_log_and_nobody_else(client_of: ClientOf, role: Role) -> None:
    client, event = client_of(make.make_staff(role)), make.make_event()
    assert (client.get(LOG).status_code == 200) is (role in READERS)
    assert (client.get(f"{LOG}{event.pk}/").status_code == 302) is (role in READERS)
    assert (f'href="{LOG}"' in client.get("/").content.decode()) is (role in READERS)


def test_owner_reads_no_log(client_of: ClientOf) -> None:
    client = client_of(make.make_owner_admin(make.make_owner()))
    assert client.get(LOG).status_code == 403
    assert client.get(f"{LOG}{make.make_event().pk}/").status_code == 403


def test_line_says_when_who_what_on_which_row_and_leads_there(auditor: Client) -> None:
    ticket = make.make_ticket(title="泵房积水")
    actor = make.make_staff(Role.CUSTOMER_SERVICE, name="何静")
    event = make.make_event(
        subject=ticket,
        name="tickets.ticket.acknowledge",
        actor=actor,
        at=at("2025-03-04 05:06"),
        data={"note": "已电联"},
    )
    page = auditor.get(LOG).content.decode()
    for words in ("2025-03-04 05:06", "已受理", "何静", f"{ticket.number} 泵房积水", ticket.project.name, "已电联"):
        assert words in page, words
    assert auditor.get(f"{LOG}{event.pk}/")["Location"] == ticket.get_absolute_url()


def test_change_of_master_data_says_old_and_new(auditor: Client) -> None:
    project = make.make_project()
    old, new = make.make_owner(), make.make_owner()
    make.make_event(subject=project, name="projects.project.changed", data={"changes": {"owner_id": [old.pk, new.pk]}})
    assert f"{old.name} → {new.name}" in auditor.get(LOG).content.decode()


def test_days_of_the_period_are_whole_days_of_here(auditor: Client) -> None:
    moments = ("2025-03-03 23:59", "2025-03-04 00:00", "2025-03-05 23:59", "2025-03-06 00:00")
    first, second, third, fourth = (make.make_event(at=at(moment)) for moment in moments)
    assert shown(auditor, since="2025-03-04", until="2025-03-05") == [third, second]
    assert shown(auditor, until="2025-03-03") == [first]
    assert fourth in shown(auditor, since="2025-03-06")


def test_log_is_narrowed_by_person_project_and_kind(auditor: Client) -> None:
    ticket = make.make_ticket()
    person = make.make_staff(Role.MANAGER)
    wanted = make.make_event(subject=ticket, actor=person, name="tickets.ticket.acknowledge")
    make.make_event(actor=make.make_staff(Role.MANAGER), name="tickets.ticket.cancel")
    assert shown(auditor, actor=person.pk) == [wanted]
    assert shown(auditor, project=ticket.project_id) == [wanted]
    assert shown(auditor, name="tickets.ticket.acknowledge") == [wanted]


def test_log_keeps_what_is_restricted_from_the_auditor(auditor: Client) -> None:
    event = make.make_event(audience="restricted")
    assert event not in shown(auditor)
    assert auditor.get(f"{LOG}{event.pk}/").status_code == 404


def test_row_that_is_not_for_the_reader_is_neither_named_nor_linked(auditor: Client) -> None:
    """A complaint is for those who keep its file, even where something about it was noted for all staff."""
    complaint = make.make_complaint(title="丙秘投诉")
    event = make.make_event(subject=complaint, audience="staff")
    page = auditor.get(LOG).content.decode()
    assert event in shown(auditor)
    assert "丙秘投诉" not in page
    assert f"{LOG}{event.pk}/" not in page
    assert auditor.get(f"{LOG}{event.pk}/").status_code == 404


def test_who_exports_the_log_stands_in_it(client_of: ClientOf) -> None:
    person = make.make_staff(Role.AUDITOR, name="严正")
    client = client_of(person, language="en")
    ticket = make.make_ticket(title="泵房积水")
    make.make_event(subject=ticket, actor=make.make_staff(Role.MANAGER), data={"note": "已电联"})
    export = client.get(LOG, {"export": "csv", "project": ticket.project_id}).content.decode()
    assert f"{ticket.number} 泵房积水" in export
    assert "已电联" in export
    noted = Event.objects.get(name="core.exported")
    assert (noted.actor, noted.data["list"], noted.data["rows"]) == (person, "core.event", 1)
    page = client.get(LOG, {"name": "core.exported"}).content.decode()
    assert f"events · 1 row · export=csv&amp;project={ticket.project_id}" in page


def test_rows_of_many_kinds_are_named_in_one_query_as_far_as_the_reader_sees_them() -> None:
    ticket, foreign = make.make_ticket(), make.make_ticket()
    manager = make.make_staff(Role.MANAGER)
    wanted = {Ticket: {ticket.pk, foreign.pk}, Project: {ticket.project_id}, User: {manager.pk}}
    with CaptureQueriesContext(connection) as queries:
        named = names_of(wanted, manager)
    assert named[Ticket, foreign.pk] == f"{foreign.number} {foreign.title}"
    assert len(named) == 4
    owner = make.make_owner_admin(ticket.project.owner)
    assert set(names_of(wanted, owner)) == {(Ticket, ticket.pk), (Project, ticket.project_id)}
    assert len([query for query in queries if "UNION" in query["sql"]]) == 1
    assert names_of({}, owner) == {}


def test_page_of_a_person_leads_to_what_they_did(auditor: Client) -> None:
    person = make.make_staff(Role.ENGINEER)
    assert f'href="{LOG}?actor={person.pk}"' in auditor.get(person.get_absolute_url()).content.decode()


def test_home_of_the_auditor_shows_exports_voids_and_changed_roles(auditor: Client, client_of: ClientOf) -> None:
    manager = make.make_staff(Role.MANAGER, name="顾明远")
    client_of(manager).get(reverse("tickets:list"), {"export": "csv"})
    paper = make.make_document(status="void")
    make.make_event(subject=paper, name="documents.document.void", actor=manager, data={"note": f"{paper.number} 写错"})
    person = make.make_staff(Role.ENGINEER, name="冯博")
    make.make_event(subject=person, name="accounts.user.roles_changed", actor=manager, data={"note": "工程师、讲师"})
    home = auditor.get("/").content.decode()
    for words in ("服务请求", "写错", paper.get_absolute_url(), f"{LOG}?name=core.exported"):
        assert words in home, words
    side = auditor.get("/?part=side").content.decode()
    assert "冯博" in side
    assert "工程师、讲师" in side


@pytest.mark.postgres
def test_every_filter_of_the_log_is_served_by_an_index() -> None:
    """Whatever is asked for, the latest come out of an index in order: nothing is sorted."""
    person, project = make.make_staff(Role.MANAGER), make.make_project()
    since = timezone.now() - timedelta(days=30)
    asked: tuple[dict[str, Any], ...] = ({}, {"at__gte": since}, {"actor": person}, {"project": project}, {"name": "x"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    for filters in asked:
        plan = Event.objects.filter(**filters).order_by("-at", "-pk")[:25].explain()
        assert "Index" in plan, (filters, plan)
        assert "Sort" not in plan, (filters, plan)
