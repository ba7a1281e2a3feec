"""Who sees which project and what hangs under it: the table of the model, every person × every project."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import Role, User
from apps.projects.models import Equipment, Owner, OwnerPerson, Project, ProjectPerson, Site
from apps.projects.services import ensure_serves
from tests import factories as make

pytestmark = pytest.mark.django_db

ALL = {"a1", "a2", "b"}
TABLE = {role.value: ALL for role in Role if role not in {Role.ENGINEER, Role.TRAINER}} | {
    "engineer": set(),
    "trainer": set(),
    "engineer of a1": {"a1"},
    "trainer of a1": {"a1"},
    "designated engineer of a1": {"a1"},
    "project manager of a1": {"a1"},
    "engineer and finance": ALL,
    "owner admin of a": {"a1", "a2"},
    "owner member of a": {"a1", "a2"},
    "member limited to a2": {"a2"},
    "member limited to nothing": set(),
    "owner admin of b": {"b"},
    "switched-off manager": set(),
    "nobody": set(),
}


def person(name: str, projects: dict[str, Project]) -> Any:
    a1, a2, b = projects["a1"], projects["a2"], projects["b"]
    makers = {
        "engineer of a1": lambda: make.make_engineer(a1),
        "trainer of a1": lambda: serving(make.make_staff(Role.TRAINER), a1, ProjectPerson.Role.OTHER),
        "designated engineer of a1": lambda: serving(
            make.make_staff(Role.ENGINEER), a1, ProjectPerson.Role.DESIGNATED_ENGINEER
        ),
        "project manager of a1": lambda: serving(make.make_staff(Role.ENGINEER), a1, ProjectPerson.Role.MANAGER),
        "engineer and finance": lambda: make.make_staff(Role.ENGINEER, Role.FINANCE),
        "owner admin of a": lambda: make.make_owner_admin(a1.owner),
        "owner member of a": lambda: make.make_owner_member(a1.owner),
        "member limited to a2": lambda: make.make_limited_member(a2),
        "member limited to nothing": lambda: make.make_owner_person(owner=a1.owner, only=[]),
        "owner admin of b": lambda: make.make_owner_admin(b.owner),
        "switched-off manager": lambda: make.make_staff(Role.MANAGER, is_active=False),
        "nobody": AnonymousUser,
    }
    return makers[name]() if name in makers else make.make_staff(name)


def serving(user: User, project: Project, role: str) -> User:
    make.make_project_person(project=project, user=user, role=role)
    return user


@pytest.fixture
def projects() -> dict[str, Project]:
    owner = make.make_owner()
    return {
        "a1": make.make_project(owner=owner),
        "a2": make.make_project(owner=owner),
        "b": make.make_project(),
    }


@pytest.mark.parametrize("name", TABLE)
def test_scope(name: str, projects: dict[str, Project]) -> None:
    user = person(name, projects)
    for project in projects.values():
        make.make_equipment(project=project, site=make.make_site(project=project))
    expected = {projects[key].pk for key in TABLE[name]}
    assert {row.pk for row in Project.objects.visible_to(user)} == expected
    for model in (Equipment, Site):
        assert {row.project_id for row in model.objects.visible_to(user)} == expected


def test_limited_member_whose_project_moved_to_another_owner_sees_it_no_more(projects: dict[str, Project]) -> None:
    member = make.make_limited_member(projects["a2"])
    Project.objects.filter(pk=projects["a2"].pk).update(owner=projects["b"].owner)
    assert not Project.objects.visible_to(member).exists()


def test_dispatched_engineer_sees_the_project_for_good(projects: dict[str, Project], now: Any) -> None:
    engineer = make.make_staff(Role.ENGINEER)
    first = ensure_serves(projects["a1"], engineer, now)
    assert ensure_serves(projects["a1"], engineer, now) == first
    assert list(Project.objects.visible_to(engineer)) == [projects["a1"]]


def test_engineer_sees_owners_and_their_people_of_served_projects_alone(projects: dict[str, Project]) -> None:
    """D-04: the list of customers is not for everybody."""
    engineer = make.make_engineer(projects["a1"])
    make.make_owner_admin(projects["a1"].owner)
    make.make_owner_admin(projects["b"].owner)
    assert list(Owner.objects.visible_to(engineer)) == [projects["a1"].owner]
    assert {row.owner_id for row in OwnerPerson.objects.visible_to(engineer)} == {projects["a1"].owner_id}


def test_owner_sees_its_own_organisation_alone(projects: dict[str, Project]) -> None:
    admin = make.make_owner_admin(projects["a1"].owner)
    make.make_owner_admin(projects["b"].owner)
    assert list(Owner.objects.visible_to(admin)) == [projects["a1"].owner]
    assert [row.user for row in OwnerPerson.objects.visible_to(admin)] == [admin]
    assert not User.objects.visible_to(admin).exists()
