"""Licences of our people: asked for before somebody is sent, told of before they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.notifications.models import Notification
from apps.tickets import services as tickets
from apps.tickets.models import WorkOrder
from apps.training import licences
from apps.training.models import Licence
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


def test_dispatch_sees_for_many_people_what_each_lacks() -> None:
    first, second = make.make_engineer(), make.make_engineer()
    make.make_licence_need(trade="mep", kind="electrician", blocks=True)
    make.make_licence_need(trade="", kind="height", blocks=False)
    make.make_licence(user=first, kind="electrician")
    make.make_licence(user=second, kind="height", expires_on=NOW.date() - timedelta(days=1))
    found = licences.lacking_of_many([first, second], "mep", NOW.date())
    named = {key: {(need.kind, need.blocks) for need in needs} for key, needs in found.items()}
    assert named == {first.pk: {("height", False)}, second.pk: {("electrician", True), ("height", False)}}
    assert {need.kind for need in licences.lacking(second, "mep", NOW.date())} == {"electrician", "height"}


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
