"""Two owners with two projects each, everybody's roles, and one row of every model under project A."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from apps.accounts.models import Role, User
from apps.documents.models import Document
from apps.inspections.models import Visit
from apps.projects.models import Owner, Project, ProjectPerson
from apps.tickets.models import Ticket, WorkOrder

from . import factories as make

#: Stands in every text of project A, and nowhere in project B.
MARK_A = "甲秘"
MARK_B = "乙露"


@dataclass
class World:
    """What the sweeps walk through. ``rows`` has a row of every model that hangs under project A."""

    owner: Owner
    other: Owner
    project: Project
    second_project: Project
    other_project: Project
    other_second_project: Project
    people: dict[str, User] = field(default_factory=dict)
    rows: dict[type[models.Model], Any] = field(default_factory=dict)
    foreign: dict[type[models.Model], Any] = field(default_factory=dict)
    #: A document of project A that waits for the owner's signature.
    draft: Any = None

    def __getattr__(self, name: str) -> User:
        """Let ``world.owner_admin`` be a person."""
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def row(self, model: type[models.Model]) -> Any:
        """Return project A's row of a model as it stands now."""
        return model._base_manager.get(pk=self.rows[model].pk)


def build() -> World:
    """Write the world."""
    owner = make.make_owner(name=f"江州市{MARK_A}管理处")
    other = make.make_owner(name=f"江州市{MARK_B}中学")
    world = World(
        owner=owner,
        other=other,
        project=make.make_project(owner=owner, name=f"{MARK_A}大道照明工程", number="GC-2026-000001"),
        second_project=make.make_project(owner=owner, name=f"{MARK_A}公园绿化工程", number="GC-2026-000002"),
        other_project=make.make_project(owner=other, name=f"{MARK_B}机房工程", number="GC-2026-000003"),
        other_second_project=make.make_project(owner=other, name=f"{MARK_B}装修工程", number="GC-2026-000004"),
    )
    _people(world)
    world.rows = _rows(world, world.project, MARK_A)
    world.draft = make.make_document(
        subject=world.rows[Visit], type="revisit_report", status=Document.Status.DRAFT, data={}
    )
    world.foreign = _core_rows(world, world.other_project, MARK_B, world.people["stranger"])
    return world


def _people(world: World) -> None:
    staff = {role.value: make.make_staff(role, username=role.value, name=f"{role.label}员") for role in Role}
    project, other_project = world.project, world.other_project
    world.people = staff | {
        # The engineer and the trainer serve project A alone; the stranger serves project B alone.
        "project_manager": make.make_staff(Role.ENGINEER, username="project-manager", name="项目经理"),
        "stranger": make.make_engineer(other_project, username="stranger", name="外项目工程师"),
        "owner_admin": make.make_owner_admin(world.owner, username="owner-admin", name="业主管理员"),
        "owner_member": make.make_owner_member(world.owner, username="owner-member", name="业主成员"),
        "limited_member": make.make_limited_member(world.second_project, username="limited", name="受限成员"),
        "other_owner": make.make_owner_admin(world.other, username="other-owner", name="另一业主"),
    }
    roles = ProjectPerson.Role
    make.make_project_person(project=project, user=world.people["project_manager"], role=roles.MANAGER)
    make.make_project_person(project=project, user=world.people["engineer"], role=roles.DESIGNATED_ENGINEER)
    make.make_project_person(project=project, user=world.people["trainer"], role=roles.OTHER)


def _core_rows(world: World, project: Project, mark: str, engineer: User) -> dict[type[models.Model], Any]:
    """The rows that every project has: enough for lists, pickers, search."""
    site = make.make_site(project=project, name=f"{mark}一号场地")
    equipment = make.make_equipment(project=project, site=site, name=f"{mark}控制箱", place=f"{mark}东侧")
    warranty = make.make_warranty(project=project, scope_text=f"{mark}全部设备")
    ticket = make.make_ticket(
        equipment=equipment,
        title=f"{mark}路灯不亮",
        description=f"{mark}整段不亮",
        status=Ticket.Status.IN_PROGRESS,
        opened_by=world.people["customer_service"],
    )
    order = make.make_work_order(
        ticket=ticket,
        engineer=engineer,
        dispatched_by=world.people["customer_service"],
        status=WorkOrder.Status.WORKING,
        briefing=f"{mark}先查电压",
    )
    plan = make.make_plan(project=project, assigned_to=engineer)
    visit = make.make_visit(
        plan=plan, occurrence=1, assigned_to=engineer, status="under_way", points=2, suggestions=f"{mark}建议"
    )
    document = make.make_document(
        subject=order, project=project, data={"title": f"{mark}维修单"}, issued_by=world.people["manager"]
    )
    rows = [
        project.owner,
        project,
        project.people.get(user=engineer),
        site,
        equipment,
        warranty,
        make.make_card(warranty=warranty),
        ticket,
        make.make_message(ticket=ticket, body=f"{mark}已联系", author=world.people["customer_service"]),
        order,
        plan,
        visit,
        document,
    ]
    return {type(row): row for row in rows}


def _rows(world: World, project: Project, mark: str) -> dict[type[models.Model], Any]:
    people = world.people
    rows = _core_rows(world, project, mark, people["engineer"])
    by_name = {model.__name__: row for model, row in rows.items()}
    ticket, order, visit = by_name["Ticket"], by_name["WorkOrder"], by_name["Visit"]
    model = make.make_equipment_model(name="LD-200")
    checklist = make.make_checklist()
    acceptance = make.make_acceptance(project=project, recorded_by=people["project_manager"])
    finding = make.make_finding(visit=visit, text=f"{mark}灯罩进水", equipment=by_name["Equipment"])
    event = make.make_event(subject=ticket, actor=people["customer_service"], data={"note": f"{mark}备注"})
    make.make_message(ticket=ticket, body=f"{mark}内部说明", audience="staff", author=people["customer_service"])

    more = [
        people["engineer"],
        people["engineer"].staff_roles.get(),
        make.make_invitation(user=people["engineer"], invited_by=people["administrator"]),
        people["owner_member"].owner_person,
        model,
        acceptance,
        make.make_acceptance_file(acceptance=acceptance),
        make.make_import_run(started_by=people["administrator"]),
        make.make_cover_decision(ticket=ticket, warranty=by_name["Warranty"]),
        make.make_ticket_photo(ticket=ticket),
        make.make_order_photo(work_order=order),
        make.make_pending_photo(user=people["engineer"]),
        checklist,
        checklist.items.first(),
        visit.checks.first(),
        finding,
        make.make_visit_photo(visit=visit),
        make.make_company(),
        make.make_company_image(),
        make.make_signature(document=by_name["Document"]),
        make.make_signature_sample(user=people["engineer"]),
        make.make_print_run(documents=[by_name["Document"]], requested_by=people["administrator"]),
        event,
        make.make_notification(user=people["engineer"], event=event),
        make.make_outbox_item(),
    ]
    return rows | {type(row): row for row in more}
