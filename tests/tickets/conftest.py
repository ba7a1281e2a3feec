"""One project with everybody around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from apps.accounts.models import Role
from apps.projects.models import Equipment, Project, ProjectPerson
from tests import factories as make


@dataclass
class Scene:
    """A project in warranty, its equipment, and people by the name of what they are to it."""

    project: Project
    equipment: Equipment
    people: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name.replace("_", " ")]
        except KeyError:
            raise AttributeError(name) from None


@pytest.fixture
def scene(db: None) -> Scene:
    make.make_company()
    owner = make.make_owner()
    project = make.make_project(owner=owner)
    make.make_warranty(project=project)
    staff = {
        role.value.replace("_", " "): make.make_staff(role)
        for role in Role
        if role not in {Role.ENGINEER, Role.AUDITOR}
    }
    people = staff | {
        "engineer": make.make_engineer(project, name="周启明"),
        "other engineer": make.make_engineer(project, name="王海涛"),
        "stranger": make.make_engineer(make.make_project()),
        "auditor": make.make_staff(Role.AUDITOR, Role.MANAGER),
        "owner": make.make_owner_admin(owner),
        "other owner": make.make_owner_admin(make.make_owner()),
    }
    make.make_project_person(
        project=project, user=make.make_staff(Role.ENGINEER, name="陈国栋"), role=ProjectPerson.Role.MANAGER
    )
    return Scene(project, make.make_equipment(project=project), people)
