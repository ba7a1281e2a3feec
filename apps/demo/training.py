"""Training in the demo: two courses, a class held with certificates, one open, an exam with a resit, licences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.core.recurrence import add_months
from apps.projects.models import Project
from apps.training import attendance, authoring, exams, learning, licences, lifecycle, planning
from apps.training.authoring import PartLine, QuestionLine
from apps.training.documents import PLAN, issue_paper
from apps.training.models import Attempt, Course, LicenceKind, Material, Question, Session
from apps.training.question_import import read_answer

from . import pictures
from .content import read
from .diary import moment, working
from .world import World

#: Licences were issued long before the story begins and renewed in time, so that nobody was barred.
ISSUED = timedelta(days=1200)
ADDRESS = "https://www.example.com/handbook"


def plan_training(world: World) -> None:
    """Write training into the diary."""
    today = timezone.localdate(world.now)
    world.diary.at(working(moment(add_months(today, -7), 9)), add_courses, world)
    world.diary.at(working(moment(add_months(today, -7), 14)), plan_lighting, world)
    world.diary.at(working(moment(add_months(today, -6), 9)), hold_class, world)
    world.diary.at(working(world.now - timedelta(days=12)), open_class, world)
    world.diary.at(working(world.now - timedelta(days=5)), examine_staff, world)


def keep_licences(world: World, now: datetime) -> None:
    """Keep everybody's licences; what is needed is asked for once they are there."""
    manager, today = world.people["manager"], timezone.localdate(world.now)
    for line in read("training")["licence"]:
        licences.save_licence(
            user=world.people[line["person"]],
            kind=line["kind"],
            number=line["number"],
            issued_by="江州市应急管理局",
            issued_on=timezone.localdate(now) - ISSUED,
            expires_on=today + timedelta(days=line["ends_in"]),
            actor=manager,
            now=now,
        )
    for trade in (Project.Trade.STREET_LIGHTING, Project.Trade.MEP):
        licences.set_need(trade=trade, kind=LicenceKind.ELECTRICIAN, blocks=True, actor=manager, now=now)
    lighting = Project.Trade.STREET_LIGHTING
    licences.set_need(trade=lighting, kind=LicenceKind.HEIGHT, blocks=False, actor=manager, now=now)


def add_courses(world: World, now: datetime) -> None:
    """Make both courses with their materials and questions."""
    trainer = world.people["trainer"]
    for words in read("training")["course"]:
        course = authoring.save_course(
            values={
                "name": words["name"],
                "summary": words["summary"],
                "audience": "staff" if words.get("staff") else "owner",
                "responsible": trainer,
                "validity_months": words["months"],
                "licence_kind": words.get("licence", ""),
                "is_seasonal": words.get("seasonal", False),
                "is_online": words.get("online", False),
                "exam_questions": words["exam_questions"],
                "exam_minutes": words["exam_minutes"],
                "max_attempts": 3,
                "pass_percent": 60,
            },
            parts={part: PartLine(*line) for part, line in words["parts"].items()},
            actor=trainer,
            now=now,
        )
        for title in ("操作手册", "常见故障判断图"):
            authoring.add_material(
                course=course, kind=Material.Kind.LINK, title=title, url=ADDRESS, actor=trainer, now=now
            )
        for line in words["question"]:
            answer = read_answer(line["kind"], line["answer"])
            question = QuestionLine(line["part"], line["kind"], line["text"], line.get("options", []), answer)
            authoring.save_question(course=course, line=question, actor=trainer, now=now)


def _course(key: str) -> Course:
    name = next(words["name"] for words in read("training")["course"] if words["key"] == key)
    return Course.objects.get(name=name)


def plan_lighting(world: World, now: datetime) -> None:
    """Agree with the owner what is to be learnt."""
    words, manager = read("training"), world.people["sun"]
    project = world.projects["lighting"]
    plan = planning.save_plan(project=project, need=words["need"], people=words["people"], actor=manager, now=now)
    lifecycle.agree(plan, actor=manager, now=now, agreed_with="林平（设施科科长）", agreed_on=timezone.localdate(now))


def _session(world: World, key: str, begin: datetime, now: datetime, **values: Any) -> Session:
    usual = {"way": Session.Way.ON_SITE, "hours": 4, "place": "", "link": "", "seats": None}
    usual |= {"is_chargeable": False, "visit_number": "", "trainer": world.people["trainer"]}
    span = {"starts_at": begin, "ends_at": begin + timedelta(hours=4), "course": _course(key)}
    return planning.save_session(values=usual | span | values, actor=world.people["trainer"], now=now)


def hold_class(world: World, now: datetime) -> None:
    """Hold a class on site: two sign in and pass, one of them at the second try."""
    trainer = world.people["trainer"]
    project = world.projects["lighting"]
    session = _session(
        world, "lighting", now + timedelta(hours=1), now, project=project, place="路灯管理所二楼会议室", seats=20
    )
    session = lifecycle.open_registration(session, actor=trainer, now=now)
    begins = session.starts_at
    for name in ("lin", "xu"):
        person = world.people[name]
        row = planning.register(session=session, user=person, actor=person, now=now)
        drawing = pictures.signature(person.name)
        attendance.sign_in(participant=row, method="signature", drawing=drawing, actor=trainer, now=begins)
    owner = world.owners["city"]
    for name in ("郑海", "周敏"):
        drawing = pictures.signature(name)
        attendance.sign_in_at_the_door(
            session=session, name=name, phone="", owner=owner, drawing=drawing, actor=trainer, now=begins
        )
    after = begins + timedelta(hours=4)
    session = lifecycle.hold(session, actor=trainer, now=after)
    _sit(world, session.course, "xu", right=8, now=after)
    failed = _sit(world, session.course, "lin", right=3, now=after)
    coaching = "重新讲解合闸前确认事项与整段不亮的判断步骤，现场演示一次"
    lifecycle.coach(failed, actor=trainer, now=after + timedelta(hours=1), coaching=coaching)
    _sit(world, session.course, "lin", right=7, now=after + timedelta(hours=2))
    lifecycle.close(session, actor=trainer, now=after + timedelta(hours=3), improvement="多留半小时给现场分合闸练习")


def open_class(world: World, now: datetime) -> None:
    """Open a second class in the coming week, put the plan on paper, and open this term's class as well."""
    begin = moment(timezone.localdate(world.now) + timedelta(days=6), 14)
    project, trainer = world.projects["lighting"], world.people["trainer"]
    session = _session(world, "lighting", begin, now, project=project, place="滨江大道 3 号配电箱旁", seats=12)
    session = lifecycle.open_registration(session, actor=trainer, now=now)
    planning.register(session=session, user=world.people["xu"], actor=world.people["lin"], now=now)
    planning.send_materials(session=session, actor=trainer, now=now + timedelta(days=1))
    issue_paper(PLAN, project.training_plan, actor=world.people["sun"], now=now + timedelta(hours=1))
    planning.open_classes(now=now)


def examine_staff(world: World, now: datetime) -> None:
    """Engineers learn online; one passes, one is to be coached before a resit."""
    course = _course("safety")
    for name, right in (("wang", 4), ("chen", 1)):
        for material in course.materials.order_by("position"):
            learning.finish_material(material=material, actor=world.people[name], now=now)
        _sit(world, course, name, right=right, now=now + timedelta(minutes=30))


def _sit(world: World, course: Course, name: str, *, right: int, now: datetime) -> Attempt:
    """Sit the exam and answer so many questions right."""
    person = world.people[name]
    attempt = exams.start_attempt(course=course, actor=person, now=now, seed=world.rng.randrange(10**6))
    responses = {}
    for place, row in enumerate(attempt.questions.select_related("question").order_by("position")):
        responses[row.pk] = _answer(row, is_right=place < right)
    then = now + timedelta(minutes=12)
    exams.save_answers(attempt=attempt, responses=responses, actor=person, now=then)
    return exams.hand_in_own(attempt=attempt, actor=person, now=then)


def _answer(row: Any, *, is_right: bool) -> dict[str, Any]:
    answer, kind = row.question.answer, row.question.kind
    if kind == Question.Kind.TRUE_FALSE:
        return {"is_true": answer["is_true"] is is_right}
    if kind == Question.Kind.NUMBER:
        return {"value": answer["value"] if is_right else "1000"}
    places = [place for place, option in enumerate(row.order) if (option in answer["chosen"]) is is_right]
    return {"chosen": places if is_right else places[:1]}
