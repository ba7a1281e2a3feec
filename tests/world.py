"""Two owners with two projects each, everybody's roles, and one row of every model under project A."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

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
        make.make_clock(subject=ticket, audience="owner", responsible=engineer),
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

    policy = make.make_policy()

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
        make.make_hours(),
        make.make_calendar_year(),
        make.make_calendar_day(),
        make.make_calendar_import(made_by=people["administrator"]),
        policy,
        policy.current,
        make.make_target(version=policy.current),
        make.make_term(version=policy.current),
        make.make_project_policy(project=project, policy=policy),
        make.make_pause(subject=ticket, ended_at=make.NOW, began_by=people["customer_service"], note=f"{mark}等门禁"),
        make.make_escalation_step(clock=by_name["Clock"]),
        make.make_sweep(),
        make.make_company(),
        make.make_company_image(),
        make.make_signature(document=by_name["Document"]),
        make.make_signature_sample(user=people["engineer"]),
        make.make_print_run(documents=[by_name["Document"]], requested_by=people["administrator"]),
        event,
        make.make_notification(user=people["engineer"], event=event),
        make.make_outbox_item(),
        make.make_saved_view(user=people["engineer"], name=f"{mark}视图"),
        make.make_sender(),
        make.make_default_rule(),
        make.make_choice(user=people["engineer"]),
        make.make_quiet_hours(user=people["engineer"]),
        *_survey_rows(world, project, mark),
    ]
    more += _training_rows(world, project, mark)
    more += _complaint_rows(world, project, ticket, mark)
    return rows | {type(row): row for row in more}


def _survey_rows(world: World, project: Project, mark: str) -> list[Any]:
    """A request that waits for the owner's member about the engineer's work, and an answered one about another's."""
    people = world.people
    questionnaire = make.make_questionnaire(name="维修服务满意度")
    waiting = make.make_survey(
        project=project,
        questionnaire=questionnaire,
        about=f"{mark}维修",
        person=people["owner_member"],
        about_people=[people["engineer"]],
        asked_at=timezone.now(),
    )
    answered = make.make_survey(project=project, questionnaire=questionnaire, about=f"{mark}旧维修")
    answer = make.make_answer(request=answered, number=1, text=f"{mark}太慢", is_low=True)
    version = questionnaire.current
    return [
        questionnaire,
        version,
        version.questions.first(),
        waiting,
        answer,
        answer.lines.last(),
        make.make_answer_scan(answer=answer),
        make.make_low_answer(answer=answer),
    ]


def _complaint_rows(world: World, project: Project, ticket: Any, mark: str) -> list[Any]:
    """A complaint that customer service has still on its desk, with an accused engineer, and what else is asked."""
    people = world.people
    complaint = make.make_complaint(
        project=project,
        complainant=people["owner_admin"],
        accused=[people["engineer"]],
        title=f"{mark}约好不来",
        status="acknowledged",
    )
    call = make.make_follow_up(subject=ticket, title=f"{mark}路灯不亮")
    sample = make.make_sample(ticket=ticket)
    resolution = make.make_resolution()
    return [
        complaint,
        make.make_case_file(complaint=complaint),
        make.make_contact(complaint=complaint, by=people["customer_service"]),
        make.make_progress_note(complaint=complaint),
        make.make_action(complaint=complaint, responsible=people["technical_support"]),
        call,
        make.make_call_attempt(follow_up=call, by=people["customer_service"]),
        make.make_engineer_request(ticket=ticket, asked_by=people["owner_admin"]),
        make.make_proposal(made_by=people["quality"]),
        sample.sampling,
        sample,
        make.make_verdict(sample=sample, checker=people["quality"]),
        resolution.analysis,
        resolution,
    ]


def _training_rows(world: World, project: Project, mark: str) -> list[Any]:
    """A course, its session and plan in the project, an exam and what came of it, a licence."""
    people = world.people
    course = make.make_course(exam_questions=1, weights={"operation": 1}, responsible=people["trainer"])
    material = make.make_material(course=course, kind="document")
    question = make.make_question(course=course)
    session = make.make_session(
        course=course, project=project, place=f"{mark}值班室", trainer=people["trainer"], status="open"
    )
    attempt = make.make_attempt(course=course, user=people["owner_member"], session=session)
    licence = make.make_licence(user=people["engineer"])
    return [
        course,
        course.parts.first(),
        material,
        make.make_material_file(material=material),
        question,
        make.make_learning(user=people["engineer"], material=material),
        make.make_post(course=course, asked_by=people["customer_service"]),
        make.make_training_plan(project=project, need=f"{mark}值班人员会巡检"),
        session,
        make.make_participant(session=session, user=people["owner_member"]),
        make.make_session_file(session=session),
        attempt,
        make.make_attempt_question(attempt=attempt, question=question),
        make.make_certificate(
            course=course, project=project, owner=project.owner, user=people["owner_member"], name=f"{mark}学员"
        ),
        licence,
        make.make_licence_file(licence=licence),
        make.make_licence_need(kind="refrigeration", blocks=False),
        make.make_retraining(licence=make.make_licence(user=people["engineer"], kind="height")),
        make.make_improvement(course=course, session=session, responsible=people["trainer"]),
    ]
