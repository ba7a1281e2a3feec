"""One project with everybody around it, and complaints about a request of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from apps.accounts.models import Role
from apps.complaints.models import Complaint
from apps.complaints.services import open_complaint
from apps.projects.models import Project
from apps.tickets.models import Ticket
from tests import factories as make

NOW = make.NOW


@dataclass
class Scene:
    """A project, its people by the name of what they are to it, a request that an engineer worked on."""

    project: Project
    ticket: Ticket
    people: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name.replace("_", " ")]
        except KeyError:
            raise AttributeError(name) from None

    def complain(self, **values: Any) -> Complaint:
        """Open a complaint of the owner's, as the portal does."""
        given = {
            "channel": Complaint.Channel.PORTAL,
            "title": "保养迟到且未提前告知",
            "project": self.project,
            "complainant": self.owner,
            "actor": self.owner,
            "now": NOW,
        }
        return open_complaint(**given | values)


@pytest.fixture
def scene(db: None) -> Scene:
    make.make_company()
    owner = make.make_owner()
    project = make.make_project(owner=owner)
    staff = {
        role.value.replace("_", " "): make.make_staff(role)
        for role in Role
        if role not in {Role.ENGINEER, Role.AUDITOR}
    }
    people = staff | {
        "engineer": make.make_engineer(project, name="周启明"),
        "other engineer": make.make_engineer(project, name="王海涛"),
        "second manager": make.make_staff(Role.MANAGER),
        "investigator": make.make_staff(Role.TECHNICAL_SUPPORT, name="赵雪梅"),
        "auditor": make.make_staff(Role.AUDITOR, Role.MANAGER),
        "owner": make.make_owner_admin(owner),
        "colleague": make.make_owner_admin(owner),
        "other owner": make.make_owner_admin(make.make_owner()),
    }
    ticket = make.make_ticket(project=project, status=Ticket.Status.AWAITING_CONFIRMATION)
    make.make_work_order(ticket=ticket, engineer=people["engineer"], status="signed")
    return Scene(project, ticket, people)
