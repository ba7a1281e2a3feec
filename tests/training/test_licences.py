"""Licences of our people: asked for before somebody is sent, told of before they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.inspections import licensing
from apps.inspections import lifecycle as visits
from apps.inspections.models import Visit
from apps.notifications.models import Notification
from apps.tickets import services as tickets
from apps.tickets.models import WorkOrder
from apps.training import licences
from apps.training.models import Licence, LicenceKind, LicenceNeed
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def _dispatch(engineer: Any, dispatcher: Any, ticket: Any, mode: str = "field") -> WorkOrder:
    return tickets.dispatch(
        ticket=ticket,
        mode=mode,
        engineer=engineer,
        appointment_from=NOW + timedelta(hours=1),
        appointment_to=NOW + timedelta(hours=3),
        briefing="",
        actor=dispatcher,
        now=NOW,
    )


def test_dispatch_is_refused_for_an_expired_licence_and_possible_again_after_renewal() -> None:
    """R-19, T-06."""
    project = make.make_project(trade="street_lighting")
    engineer, dispatcher = make.make_engineer(project), make.make_staff(Role.CUSTOMER_SERVICE)
    ticket = make.make_ticket(project=project, status="acknowledged")
    assert _dispatch(engineer, dispatcher, ticket)
    make.make_licence_need(trade="street_lighting", kind="electrician", blocks=True)
    make.make_licence(user=engineer, expires_on=NOW.date() - timedelta(days=1))
    with pytest.raises(DomainError) as refused:
        _dispatch(engineer, dispatcher, ticket)
    assert refused.value.field == "engineer"
    assert _dispatch(engineer, dispatcher, ticket, mode="remote")
    licences.save_licence(
        user=engineer,
        kind="electrician",
        number="T-2",
        issued_by="应急管理局",
        issued_on=NOW.date(),
        expires_on=NOW.date() + timedelta(days=2000),
        actor=make.make_staff(Role.MANAGER),
        now=NOW,
    )
    assert _dispatch(engineer, dispatcher, ticket)
    other = make.make_ticket(project=make.make_project(trade="furniture"), status="acknowledged")
    assert _dispatch(make.make_engineer(), dispatcher, other)


def test_equipment_model_needs_a_licence_of_its_own_and_the_refusal_says_why(client_of: Any) -> None:
    """R-19: a high-voltage cabinet needs its licence whatever the trade; which, for what and since when is said."""
    cabinet = make.make_equipment_model(name="高压环网柜")
    project = make.make_project(trade="mep")
    equipment = make.make_equipment(project=project, model=cabinet)
    engineer, dispatcher = make.make_engineer(project), make.make_staff(Role.CUSTOMER_SERVICE)
    licences.set_need(equipment_model=cabinet, kind="high_voltage", blocks=True, actor=None, now=NOW)
    make.make_licence(user=engineer, kind="high_voltage", expires_on=NOW.date() - timedelta(days=1))
    ticket = make.make_ticket(project=project, equipment=equipment, status="acknowledged")
    with pytest.raises(DomainError) as refused:
        _dispatch(engineer, dispatcher, ticket)
    for words in (engineer.name, "高压环网柜", f"{NOW.date() - timedelta(days=1)}"):
        assert words in str(refused.value)
    page = client_of(dispatcher).get(reverse("tickets:dispatch", args=[ticket.pk]))
    assert "高压环网柜" in page.text
    assert _dispatch(engineer, dispatcher, ticket, mode="remote")
    assert _dispatch(engineer, dispatcher, make.make_ticket(project=project, status="acknowledged"))
    make.make_licence(user=engineer, kind="high_voltage")
    assert _dispatch(engineer, dispatcher, make.make_ticket(equipment=equipment, status="acknowledged"))


def test_visits_are_given_to_who_holds_what_they_need() -> None:
    """R-19: the need of one kind of work holds for that kind alone."""
    project = make.make_project(trade="mep")
    manager, engineer = make.make_staff(Role.MANAGER), make.make_engineer(project)
    licences.set_need(trade="mep", work=licences.VISIT, kind="refrigeration", blocks=True, actor=manager, now=NOW)
    visit = make.make_visit(project=project, status="planned", assigned_to=None)
    values = {"assigned_to": engineer, "scheduled_on": NOW.date() + timedelta(days=1), "actor": manager, "now": NOW}
    with pytest.raises(DomainError) as refused:
        visits.assign(visit, **values)
    assert refused.value.field == "assigned_to"
    ticket = make.make_ticket(project=project, status="acknowledged")
    assert _dispatch(engineer, make.make_staff(Role.CUSTOMER_SERVICE), ticket)
    licences.set_need(trade="mep", work=licences.VISIT, kind="refrigeration", blocks=False, actor=manager, now=NOW)
    assert visits.assign(visit, **values).assigned_to == engineer
    told = Event.objects.get(name="inspections.visit.assign").data["note"]
    assert str(LicenceKind.REFRIGERATION.label) in told


def test_needs_are_kept_on_screen(client_of: Any) -> None:
    cabinet = make.make_equipment_model()
    manager = client_of(make.make_staff(Role.MANAGER))
    url = reverse("training:licence_needs")
    values = {"equipment_model": cabinet.pk, "work": "repair", "kind": "high_voltage", "blocks": "on"}
    both = manager.post(url, values | {"trade": "mep", "submission_key": "both"})
    assert both.status_code == 422
    for key, blocks in (("one", True), ("two", False)):
        sent = values if blocks else {name: value for name, value in values.items() if name != "blocks"}
        assert manager.post(url, sent | {"submission_key": key}).status_code == 302
        assert LicenceNeed.objects.get().blocks is blocks
    assert str(cabinet) in manager.get(url).text


def test_dispatch_sees_for_many_people_what_each_lacks() -> None:
    first, second = make.make_engineer(), make.make_engineer()
    make.make_licence_need(trade="mep", kind="electrician", blocks=True)
    make.make_licence_need(trade="", kind="height", blocks=False)
    make.make_licence(user=first, kind="electrician")
    make.make_licence(user=second, kind="height", expires_on=NOW.date() - timedelta(days=1))
    found = licences.lacking_of_many([first, second], trade="mep", day=NOW.date())
    named = {key: {(need.kind, need.blocks) for need in needs} for key, needs in found.items()}
    assert named == {first.pk: {("height", False)}, second.pk: {("electrician", True), ("height", False)}}
    assert {need.kind for need in licences.lacking(second, trade="mep", day=NOW.date())} == {"electrician", "height"}


def test_licence_that_does_not_block_is_warned_of() -> None:
    engineer = make.make_engineer()
    make.make_licence_need(trade="", kind="height", blocks=False)
    assert licences.must_hold(engineer, trade="mep", day=NOW.date())
    make.make_licence(user=engineer, kind="height")
    assert licences.must_hold(engineer, trade="mep", day=NOW.date()) == ""
    with pytest.raises(DomainError):
        licences.save_licence(
            user=make.make_owner_admin(),
            kind="height",
            number="1",
            issued_by="",
            issued_on=NOW.date(),
            expires_on=None,
            actor=None,
            now=NOW,
        )


def test_licences_that_end_are_shown_and_told_before_it_happens() -> None:
    manager = make.make_staff(Role.MANAGER)
    soon = make.make_licence(expires_on=NOW.date() + timedelta(days=25))
    later = make.make_licence(expires_on=NOW.date() + timedelta(days=80))
    renewed = make.make_licence(expires_on=NOW.date() + timedelta(days=10))
    make.make_licence(user=renewed.user, expires_on=NOW.date() + timedelta(days=900))
    today = NOW.date()
    assert list(Licence.objects.ending(today, today + timedelta(days=30))) == [soon]
    assert set(Licence.objects.ending(today, today + timedelta(days=90))) == {soon, later}
    assert [licences.remind_of_ends(now=NOW) for _run in range(2)] == [1, 0]
    assert Notification.objects.filter(user=manager).count() == 1


def test_withdrawn_certificate_takes_its_licence_along() -> None:
    """R-19: what was withdrawn lets nobody be sent, and the end of an older licence is no longer covered by it."""
    engineer = make.make_engineer()
    certificate = make.make_certificate(user=engineer)
    older = make.make_licence(user=engineer, kind="service", expires_on=NOW.date() + timedelta(days=20))
    make.make_licence(user=engineer, kind="service", certificate=certificate)
    make.make_licence_need(kind="service", blocks=True)
    later = NOW.date() + timedelta(days=30)
    assert licences.must_hold(engineer, trade="mep", day=later) == ""
    assert list(Licence.objects.ending(NOW.date(), later)) == []
    type(certificate).objects.filter(pk=certificate.pk).update(status="withdrawn")
    with pytest.raises(DomainError):
        licences.must_hold(engineer, trade="mep", day=later)
    assert list(Licence.objects.ending(NOW.date(), later)) == [older]


def test_visit_from_a_plan_shows_what_its_engineer_lacks(client_of: Any) -> None:
    """R-19: on the visit, its plan, the list and the pages of who dispatches, as long as it is so; never to the owner."""
    project = make.make_project(trade="mep")
    engineer, manager = make.make_engineer(project), make.make_staff(Role.MANAGER)
    owner = make.make_owner_admin(project.owner)
    plan = make.make_plan(project=project, assigned_to=engineer)
    make.make_licence_need(trade="mep", work="visit", kind="lift", blocks=True)
    make.make_licence_need(trade="furniture", kind="welding", blocks=True)
    today = timezone.localdate()
    visit = make.make_visit(
        plan=plan, project=project, status="assigned", assigned_to=engineer, scheduled_on=today + timedelta(days=2)
    )
    listed = f"{reverse('inspections:list')}?tab=unlicensed"
    lift, welding = str(LicenceKind.LIFT.label), str(LicenceKind.WELDING.label)
    for url in (visit.get_absolute_url(), plan.get_absolute_url()):
        page = client_of(manager).get(url).text
        assert lift in page, url
        assert welding not in page
    for url in (listed, "/?part=side"):
        assert visit.number in client_of(manager).get(url).text
    assert lift not in client_of(owner).get(visit.get_absolute_url()).text
    make.make_licence(user=engineer, kind="lift", expires_on=today + timedelta(days=1))
    assert list(licensing.unlicensed(Visit.objects.all())) == [visit]
    make.make_licence(user=engineer, kind="lift", expires_on=None)
    assert list(licensing.unlicensed(Visit.objects.all())) == []
    assert lift not in client_of(manager).get(visit.get_absolute_url()).text


def test_what_visits_lack_is_asked_with_two_queries_however_many(django_assert_num_queries: Any) -> None:
    make.make_licence_need(trade="", kind="lift", blocks=True)
    rows = [make.make_visit(status="assigned", assigned_to=make.make_engineer()) for _n in range(5)]
    visits = list(Visit.objects.filter(pk__in=[row.pk for row in rows]).select_related("project", "assigned_to"))
    with django_assert_num_queries(2):
        assert len(licensing.lacks_of(visits)) == 5
