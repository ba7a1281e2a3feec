"""What stands behind a journey: the people and things it begins with, and time that passes without anybody waiting.

Runs beside the portal, in a process of its own: ``Portal.tell`` calls a function by its name, with plain values.
What people do themselves they do in the browser; here nobody acts.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.db import close_old_connections
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.calendars.models import ServiceHours
from apps.calendars.services import load_calendars
from apps.complaints.models import Complaint
from apps.complaints.models import Progress as PromisedNote
from apps.core.models import Event
from apps.documents.company import is_set_up
from apps.projects.models import Project
from apps.projects.services import ensure_serves
from apps.service_levels.models import Clock, ServicePolicy, Target
from apps.service_levels.services import load_presets, set_project_policy
from apps.surveys.services import load_questionnaires
from apps.tickets import promise_services, services
from apps.tickets.models import Ticket, WorkOrder
from apps.training.models import Attempt, Course, Session
from tests import factories as make


def a_company() -> dict[str, Any]:
    """Return who works where: our people and an owner's, a project served by the preset for building services."""
    now = _now()
    load_calendars(now=now)
    load_presets(now=now)
    load_questionnaires(now=now)
    if not is_set_up():
        make.make_company()
    owner = make.make_owner(name="江州市承诺管理处")
    project = make.make_project(owner=owner, name="承诺大厦机电安装工程", number="GC-2026-900001", trade="mep")
    boss = make.make_staff("manager", username="p-boss", name="郑岚")
    make.make_staff("customer_service", username="p-service", name="何静")
    make.make_staff("quality", username="p-quality", name="秦朗")
    make.make_staff("trainer", username="p-trainer", name="许文")
    leader = make.make_staff("engineer", username="p-leader", name="孙倩")
    engineer = make.make_staff("engineer", username="p-engineer", name="江浩")
    make.make_project_person(project=project, user=leader, role="manager")
    make.make_project_person(project=project, user=engineer)
    make.make_owner_admin(owner, username="p-owner", name="林平")
    policy = ServicePolicy.objects.get(key="mep_installation")
    set_project_policy(project=project, policy=policy, actor=boss, now=now)
    return {"project": project.pk, "owner": owner.pk}


# Promises


def let_pass(ticket: int, minutes: int) -> None:
    """Everything about a request's promises happened so many minutes earlier.

    It is a fault of the first level: whatever the hour at which this runs, nobody waits for an opening.
    """
    gone = timedelta(minutes=minutes)
    row = Ticket.objects.get(pk=ticket)
    Ticket.objects.filter(pk=ticket).update(level=1, reported_at=F("reported_at") - gone)
    clocks = Clock.objects.about(row)
    moved = {name: F(name) - gone for name in ("started_at", "due_at", "next_check_at")}
    clocks.update(level=1, **moved)
    beat("apps.service_levels.tasks.escalate")


def a_pause_over_the_national_day(project: int) -> int:
    """Return the clock of a request from before the holiday, held from its last evening to the first morning after."""
    person = User.objects.get(username="p-service")
    row = Project.objects.get(pk=project)
    office = ServiceHours.objects.get(is_default=True)
    Target.objects.create(
        version=row.service_policy.policy.current,
        position=99,
        metric="solution",
        amount=240,
        hours=office,
        start_events=["tickets.ticket.opened"],
        stop_events=["tickets.ticket.solution_given"],
        kinds=["maintenance"],
    )
    ticket = services.open_ticket(
        project=row,
        equipment=None,
        kind="maintenance",
        level=3,
        title="配电柜例行检修",
        description="",
        channel="hotline",
        contact_name="林平",
        contact_phone="13900002208",
        began_at=None,
        photos=(),
        actor=person,
        now=_at("2026-09-30T15:30"),
    )
    promise_services.pause_promises(
        ticket=ticket, reason="no_access", note="节日期间机房封闭", actor=person, now=_at("2026-09-30T16:30")
    )
    promise_services.resume_promises(ticket=ticket, actor=person, now=_at("2026-10-08T09:00"))
    return int(Clock.objects.about(ticket).get(metric="solution").pk)


# Complaints


def days_pass_for_complaint(number: str, days: int) -> None:
    """Everything about a complaint happened so many days earlier, its promised progress notes too."""

    gone = timedelta(days=days)
    rows = Complaint.objects.filter(number=number)
    rows.update(opened_at=F("opened_at") - gone, round_began_at=F("round_began_at") - gone)
    PromisedNote.objects.filter(complaint__number=number).update(promised_by=F("promised_by") - gone)
    beat("apps.complaints.tasks.escalate_missed_progress")


def a_job_to_confirm(project: int) -> dict[str, Any]:
    """Return a request that the engineer has settled and the owner has still to confirm."""
    owner = User.objects.get(username="p-owner")
    ticket = make.make_ticket(
        project=Project.objects.get(pk=project),
        status="awaiting_confirmation",
        title="三层风机盘管漏水",
        contact_name=owner.name,
        contact_phone=owner.phone,
        opened_by=owner,
        reported_at=_now() - timedelta(hours=5),
    )
    engineer = User.objects.get(username="p-engineer")
    make.make_work_order(ticket=ticket, engineer=engineer, status="signed")
    return {"ticket": ticket.pk, "number": ticket.number}


# Work orders


def a_job_at_hand(project: int, title: str, status: str = "accepted") -> int:
    """Return a work order that its engineer has accepted and not set out for, or is further on with."""
    ticket = make.make_ticket(project=Project.objects.get(pk=project), status="in_progress", title=title)
    engineer = User.objects.get(username="p-engineer")
    return int(make.make_work_order(ticket=ticket, engineer=engineer, status=status, accepted_at=_now()).pk)


def steps_taken(order: int) -> list[str]:
    """Return the steps of a work order in the order in which they were taken."""
    events = Event.objects.about(WorkOrder.objects.get(pk=order)).order_by("at", "pk")
    steps = [event.name.rpartition(".")[2] for event in events]
    return [step for step in steps if step in {"depart", "arrive", "start", "finish", "sign"}]


# Labels


def a_label(project: int) -> str:
    """Return where the label on a piece of equipment leads."""
    piece = make.make_equipment(project=Project.objects.get(pk=project), name="三层走廊照明配电箱")
    return reverse("tickets:label", args=[piece.label_token])


def photos_of(request: str) -> int:
    return Ticket.objects.get(number=request).photos.count()


# Training


def a_course(name: str, minutes: int = 30) -> int:
    """Return a course with an exam of four questions; where the right answer says so, it is right."""
    course = make.make_course(
        name=name,
        weights={"operation": 1},
        exam_questions=4,
        exam_minutes=minutes,
        pass_percent=60,
        max_attempts=3,
        gives_certificate=True,
        validity_months=24,
    )
    for n in range(1, 5):
        options = [f"正确做法{n}", f"错误做法{n}甲", f"错误做法{n}乙"]
        make.make_question(course=course, text=f"操作题{n}：下列哪一项正确？", options=options, answer={"chosen": [0]})
    return int(course.pk)


def a_session_with_people(course: int, project: int, names: list[str]) -> int:
    """Return a training that begins now, with people who are registered by name."""
    row = Project.objects.get(pk=project)
    trainer = User.objects.get(username="p-trainer")
    session = make.make_session(
        course=Course.objects.get(pk=course),
        project=row,
        trainer=trainer,
        starts_at=_now() - timedelta(minutes=5),
        status="open",
    )
    ensure_serves(project=row, user=trainer, actor=None, now=_now())
    for n, name in enumerate(names):
        phone = f"1380000{7000 + n}"
        make.make_participant(session=session, name=name, phone=phone, owner=row.owner, registered_at=_now())
    return int(session.pk)


def somebody_trained(course: int, username: str) -> None:
    """A person of the owner was at a training of this course: the exam is open to them."""
    person = User.objects.get(username=username)
    session = Session.objects.filter(course=course).first() or make.make_session(
        course=Course.objects.get(pk=course), is_public=True, status="held", starts_at=_now() - timedelta(hours=4)
    )
    make.make_participant(session=session, user=person, attended_at=_now() - timedelta(hours=3), method="signature")


def code_shown(session: int) -> str:
    """Return what a phone's camera reads off the code that the trainer shows."""
    return reverse("training:attend", args=[Session.objects.get(pk=session).attendance_token])


def training_begins(session: int) -> None:
    """The hour of a training has come."""
    begin = _now() - timedelta(minutes=1)
    Session.objects.filter(pk=session).update(starts_at=begin, ends_at=begin + timedelta(hours=2))


def time_of_exam_passes(attempt: int, is_collected: bool = True) -> None:
    """The time of a paper under way ran out a minute ago by the server's clock, and beat collects it, or not yet."""
    over = _now() - timedelta(minutes=1)
    Attempt.objects.filter(pk=attempt).update(started_at=over - timedelta(minutes=30), ends_at=over)
    if is_collected:
        beat("apps.training.tasks.finish_exams")


def an_expired_licence(project: str) -> int:
    """Return a fault in a data room, whose work needs a licence; its engineer's ended yesterday."""
    row = make.make_project(name=project, trade="data_room")
    make.make_project_person(project=row, user=User.objects.get(username="p-leader"), role="manager")
    engineer = make.make_staff("engineer", username="p-licensed", name="陆一鸣")
    make.make_project_person(project=row, user=engineer)
    make.make_licence(user=engineer, number="T510132199", expires_on=_now().date() - timedelta(days=1))
    make.make_licence_need(trade="data_room")
    return int(make.make_ticket(project=row, status="acknowledged", title="机房配电列头柜告警").pk)


# Time


def beat(task: str) -> Any:
    """Do now what beat does in its turn."""
    module, _dot, name = task.rpartition(".")
    return getattr(import_module(module), name)()


def _now() -> datetime:

    return timezone.localtime()


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def main() -> None:
    """Answer one call a line, until the input ends. What anything else prints goes to the log."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = sys.stderr
    for line in sys.stdin:
        name, values = json.loads(line)
        close_old_connections()
        try:
            told = {"answer": globals()[name](**values)}
        except Exception:  # noqa: BLE001  the journey that asked fails with it
            told = {"error": traceback.format_exc()}
        print(json.dumps(told), file=out, flush=True)
