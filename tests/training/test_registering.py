"""Who is registered by somebody else is told so, with time and place on the list (T-01)."""

from __future__ import annotations

import pytest

from apps.notifications.models import Notification
from apps.training import planning
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_registered_by_staff_the_named_person_is_told() -> None:
    owner = make.make_owner()
    person = make.make_owner_admin(owner)
    session = make.make_session(project=make.make_project(owner=owner), status="open")
    planning.register(session=session, user=person, actor=make.make_staff("trainer"), now=make.NOW)
    row = Notification.objects.get(user=person)
    assert row.event.name == planning.PLACE_GIVEN
    assert str(session) in row.event.data["note"]


def test_who_registers_themself_is_told_nothing() -> None:
    owner = make.make_owner()
    person = make.make_owner_admin(owner)
    session = make.make_session(project=make.make_project(owner=owner), status="open")
    planning.register(session=session, user=person, actor=person, now=make.NOW)
    assert not Notification.objects.filter(user=person).exists()
