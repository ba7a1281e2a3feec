"""Who people are, what they may do, how they come and go. Every write leaves an event that staff alone see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts import services
from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.core.scoping import Audience
from tests import factories as make

GOOD = "richtig-sicher-42"
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make.make_staff(Role.ADMINISTRATOR)


def events(person: User) -> list[str]:
    found = Event.objects.about(person).order_by("pk")
    assert {event.audience for event in found} <= {Audience.STAFF}
    return [event.name.removeprefix("accounts.user.") for event in found]


def add(actor: User, now: datetime, **values: Any) -> User:
    return services.create_person(**{"name": "小赵", "username": "zhao"} | values, actor=actor, now=now)


def test_new_person_cannot_sign_in_yet(administrator: User, now: datetime) -> None:
    person = add(administrator, now, roles=[Role.ENGINEER])
    assert not person.has_usable_password()
    assert events(person) == ["created", "roles_changed"]


def test_without_user_name_the_telephone_serves(administrator: User, now: datetime) -> None:
    assert add(administrator, now, username="", phone="139 0013 9000").username == "13900139000"


def test_person_needs_something_to_sign_in_by(administrator: User, now: datetime) -> None:
    with pytest.raises(DomainError) as refused:
        add(administrator, now, username="")
    assert refused.value.field == "username"


@pytest.mark.parametrize(
    "values",
    [
        {"username": "WANG"},
        {"username": "13811112222"},
        {"username": "x", "phone": "138-1111-2222"},
        {"username": "x", "email": "Wang@Example.com"},
        {"username": "wang@example.com"},
    ],
)
def test_identifier_names_one_person_in_all_three_ways(
    administrator: User, now: datetime, values: dict[str, str]
) -> None:
    add(administrator, now, username="wang", phone="13811112222", email="wang@example.com")
    with pytest.raises(DomainError):
        add(administrator, now, **values)


def test_owners_person_holds_no_role(administrator: User, now: datetime) -> None:
    with pytest.raises(DomainError):
        services.set_roles(make.make_owner_admin(), [Role.ENGINEER], actor=administrator, now=now)
    with pytest.raises(DomainError):
        add(administrator, now, kind=User.Kind.OWNER, roles=[Role.ENGINEER])
    assert not User.objects.filter(username="zhao").exists()


def test_roles_are_exactly_those_given(administrator: User, now: datetime) -> None:
    person = make.make_staff(Role.ENGINEER)
    services.set_roles(person, [Role.TRAINER, Role.ENGINEER], actor=administrator, now=now)
    services.set_roles(person, [Role.TRAINER], actor=administrator, now=now)
    services.set_roles(person, [Role.TRAINER], actor=administrator, now=now)
    assert User.objects.get(pk=person.pk).roles == {Role.TRAINER}
    assert events(person) == ["roles_changed", "roles_changed"]


def test_last_administrator_keeps_the_role(administrator: User, now: datetime) -> None:
    with pytest.raises(DomainError):
        services.set_roles(administrator, [Role.MANAGER], actor=administrator, now=now)
    assert User.objects.get(pk=administrator.pk).roles == {Role.ADMINISTRATOR}


def test_last_administrator_cannot_become_auditor(administrator: User, now: datetime) -> None:
    """An auditor changes nothing, whatever other roles they hold: nobody could undo it."""
    with pytest.raises(DomainError):
        services.set_roles(administrator, [Role.ADMINISTRATOR, Role.AUDITOR], actor=administrator, now=now)


def test_last_administrator_cannot_be_switched_off(administrator: User, now: datetime) -> None:
    with pytest.raises(DomainError):
        services.switch_off(administrator, actor=make.make_staff(Role.MANAGER), now=now)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_switched_off_administrator_does_not_count(administrator: User, now: datetime) -> None:
    other = make.make_staff(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(DomainError):
        services.set_roles(administrator, [], actor=administrator, now=now)
    services.switch_on(other, actor=administrator, now=now)
    services.set_roles(administrator, [Role.MANAGER], actor=administrator, now=now)
    assert User.objects.get(pk=administrator.pk).roles == {Role.MANAGER}


def test_nobody_switches_themselves_off(administrator: User, now: datetime) -> None:
    make.make_staff(Role.ADMINISTRATOR)
    with pytest.raises(DomainError):
        services.switch_off(administrator, actor=administrator, now=now)


def test_switching_off_withdraws_invitations(administrator: User, now: datetime) -> None:
    person = add(administrator, now)
    invitation = services.invite(person, actor=administrator, now=now)
    services.switch_off(person, actor=administrator, now=now, reason="离职")
    assert services.invitation_by(invitation.secret, now) is None
    services.switch_on(person, actor=administrator, now=now)
    assert services.invitation_by(invitation.secret, now) is None, "back on, the old link stays useless"
    assert events(person) == ["created", "invited", "switched_off", "switched_on"]


def test_invitation_sets_the_password_once(administrator: User, now: datetime) -> None:
    person = add(administrator, now)
    invitation = services.invite(person, actor=administrator, now=now)
    services.accept_invitation(invitation.secret, password=GOOD, now=now)
    with pytest.raises(DomainError):
        services.accept_invitation(invitation.secret, password="anders-sicher-42", now=now)
    person.refresh_from_db()
    assert person.check_password(GOOD)


@pytest.mark.parametrize(("days", "works"), [(13.99, True), (14, False), (400, False)])
def test_invitation_ends_after_two_weeks(administrator: User, now: datetime, days: float, works: bool) -> None:
    invitation = services.invite(add(administrator, now), actor=administrator, now=now)
    assert (services.invitation_by(invitation.secret, now + timedelta(days=days)) is not None) is works


def test_new_invitation_withdraws_the_older(administrator: User, now: datetime) -> None:
    person = add(administrator, now)
    older = services.invite(person, actor=administrator, now=now)
    newer = services.invite(person, actor=administrator, now=now)
    assert services.invitation_by(older.secret, now) is None
    assert services.invitation_by(newer.secret, now) == newer


def test_invitation_cannot_be_guessed(administrator: User, now: datetime) -> None:
    invitation = services.invite(add(administrator, now), actor=administrator, now=now)
    assert len(invitation.secret) >= 32
    for wrong in ("", invitation.secret[:-1], invitation.secret.swapcase(), "%", "x" * 300):
        assert services.invitation_by(wrong, now) is None


@pytest.mark.parametrize("weak", ["kurz", "1234567890", "password123", "小赵"])
def test_weak_first_password_is_refused(administrator: User, now: datetime, weak: str) -> None:
    invitation = services.invite(add(administrator, now), actor=administrator, now=now)
    with pytest.raises(DomainError):
        services.accept_invitation(invitation.secret, password=weak, now=now)
    assert services.invitation_by(invitation.secret, now) is not None, "the link still works"


def test_change_keeps_old_and_new_values(administrator: User, now: datetime) -> None:
    person = add(administrator, now, phone="13811112222")
    services.change_person(
        person, name="赵工", username="zhao", email="", phone="138-3333-4444", actor=administrator, now=now
    )
    event = Event.objects.about(person).first()
    assert event is not None
    assert event.data["changes"] == {"name": ["小赵", "赵工"], "phone": ["13811112222", "13833334444"]}
