"""Who sees a row: by its project and by its audience (model, "People and what they may do")."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import Role, User
from apps.core.scoping import Audience, stricter
from apps.documents.models import CompanyProfile, PrintRun
from apps.inspections.models import Checklist
from apps.notifications.models import Notification
from apps.projects.models import Equipment, EquipmentModel, Owner, OwnerPerson, Project
from apps.tickets.models import Message, Ticket, WorkOrder
from tests import factories as make
from tests.world import World

SEE_ALL = [
    "manager",
    "customer_service",
    "technical_support",
    "storekeeper",
    "finance",
    "quality",
    "administrator",
    "auditor",
]
A, A2, B, B2 = "project", "second_project", "other_project", "other_second_project"


@pytest.mark.parametrize(
    ("name", "seen"),
    [(name, {A, A2, B, B2}) for name in SEE_ALL]
    + [
        ("engineer", {A}),
        ("trainer", {A}),
        ("project_manager", {A}),
        ("stranger", {B}),
        ("owner_admin", {A, A2}),
        ("owner_member", {A, A2}),
        ("limited_member", {A2}),
        ("other_owner", {B, B2}),
    ],
)
def test_person_sees_projects_of_their_scope(world: World, name: str, seen: set[str]) -> None:
    projects = Project.objects.visible_to(world.people[name])
    assert set(projects) == {getattr(world, attribute) for attribute in seen}


def test_everybody_in_the_world_is_covered_by_the_table_above(world: World) -> None:
    table = {*SEE_ALL, "engineer", "trainer", "project_manager", "stranger"}
    assert table | {"owner_admin", "owner_member", "limited_member", "other_owner"} == set(world.people)


def test_engineer_with_a_second_role_sees_what_that_role_sees(world: World) -> None:
    both = make.make_staff(Role.ENGINEER, Role.FINANCE)
    assert Project.objects.visible_to(both).count() == 4


def test_person_without_a_role_sees_nothing(world: World) -> None:
    assert not Project.objects.visible_to(make.make_user()).exists()
    assert not Ticket.objects.visible_to(make.make_user()).exists()


@pytest.mark.parametrize("model", [Project, Ticket, Owner, CompanyProfile, Checklist, Message])
def test_nobody_signed_in_and_nobody_switched_off_sees_anything(world: World, model: Any) -> None:
    off = world.people["manager"]
    off.is_active = False
    assert not model.objects.visible_to(AnonymousUser()).exists()
    assert not model.objects.visible_to(off).exists()


@pytest.mark.parametrize("model", [Equipment, Ticket, WorkOrder])
def test_rows_follow_their_project(world: World, model: Any) -> None:
    row = world.rows[model]
    for name in (*SEE_ALL, "engineer", "project_manager", "owner_admin", "owner_member"):
        assert row in model.objects.visible_to(world.people[name]), name
    for name in ("stranger", "limited_member", "other_owner"):
        assert row not in model.objects.visible_to(world.people[name]), name


def test_limited_member_loses_a_project_that_changes_its_owner(world: World) -> None:
    """A list of projects never reaches beyond the organisation."""
    project = world.second_project
    project.owner = world.other
    project.save()
    assert not Project.objects.visible_to(world.people["limited_member"]).exists()


def test_staff_note_is_hidden_from_the_owner(world: World) -> None:
    note = Message.objects.get(audience=Audience.STAFF, ticket=world.rows[Ticket])
    assert note in Message.objects.visible_to(world.people["engineer"])
    for name in ("owner_admin", "owner_member"):
        assert note not in Message.objects.visible_to(world.people[name])


def test_restricted_row_is_for_quality_and_manager_alone(world: World) -> None:
    row = make.make_message(ticket=world.rows[Ticket], audience=Audience.RESTRICTED)
    seers = {name for name, person in world.people.items() if row in Message.objects.visible_to(person)}
    assert seers == {"manager", "quality"}


def test_organisation_is_seen_by_its_own_people_and_staff(world: World) -> None:
    """An owner sees its organisation and people, not another's."""
    for name in ("owner_admin", "owner_member", "limited_member"):
        assert list(Owner.objects.visible_to(world.people[name])) == [world.owner]
        assert {p.owner for p in OwnerPerson.objects.visible_to(world.people[name])} == {world.owner}
    assert Owner.objects.visible_to(world.people["manager"]).count() == 2


def test_organisations_people_are_listed_once_each(world: World) -> None:
    """The join over the organisation's people multiplies no rows."""
    seen = list(OwnerPerson.objects.visible_to(world.people["owner_admin"]))
    assert len(seen) == len(set(seen)) == 3


def test_engineers_see_no_organisation_they_do_not_serve(world: World) -> None:
    """D-04: staff see what their role needs; an engineer's owners are those of their projects."""
    assert world.owner not in Owner.objects.visible_to(world.people["stranger"])
    assert world.people["owner_admin"].owner_person not in OwnerPerson.objects.visible_to(world.people["stranger"])


def test_own_rows_are_for_their_person_alone(world: World) -> None:
    told = world.rows[Notification]
    assert told in Notification.objects.visible_to(world.people["engineer"])
    assert told not in Notification.objects.visible_to(world.people["manager"])
    assert world.rows[PrintRun] not in PrintRun.objects.visible_to(world.people["manager"])


def test_staff_rows_are_hidden_from_owners_and_reference_is_not(world: World) -> None:
    for name in ("owner_admin", "owner_member"):
        assert not User.objects.visible_to(world.people[name]).exists()
        assert not Checklist.objects.visible_to(world.people[name]).exists()
        assert EquipmentModel.objects.visible_to(world.people[name]).exists()
        assert CompanyProfile.objects.visible_to(world.people[name]).exists()


def test_stricter_audience_wins() -> None:
    assert stricter(Audience.OWNER, Audience.STAFF) == Audience.STAFF
    assert stricter(Audience.RESTRICTED, Audience.STAFF, Audience.OWNER) == Audience.RESTRICTED
    assert stricter(Audience.OWNER) == Audience.OWNER
