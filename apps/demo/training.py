"""Training in the demo: courses, classes with certificates and evaluations, a film, exams with a resit, licences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.core.recurrence import add_months
from apps.inspections.models import Visit
from apps.projects.models import Project
from apps.training import (
    attendance,
    authoring,
    exams,
    improvement_lifecycle,
    improvements,
    learning,
    licences,
    lifecycle,
    planning,
    retraining,
    videos,
)
from apps.training.authoring import PartLine, QuestionLine
from apps.training.documents import PLAN, SHEET, issue_paper
from apps.training.models import Attempt, Course, LicenceKind, Material, Question, Session
from apps.training.question_import import read_answer

from . import pictures
from .content import film as content_film
from .content import read
from .diary import moment, working
from .world import World

#: Licences were issued long before the story begins and renewed in time, so that nobody was barred.
ISSUED = timedelta(days=1200)
#: For so long it is looked whether a visit was made on which people could be trained.
TEACHING_DAYS = 60
ADDRESS = "https://www.example.com/handbook"


def plan_training(world: World) -> None:
    """Write training into the diary."""
    today = timezone.localdate(world.now)
    world.diary.at(working(moment(add_months(today, -7), 9)), add_courses, world)
    world.diary.at(working(moment(add_months(today, -7), 14)), plan_lighting, world)
    world.diary.at(working(moment(add_months(today, -6), 9)), hold_class, world)
    for day in range(TEACHING_DAYS):
        world.diary.at(moment(add_months(today, -4) + timedelta(days=day), 18), teach_on_visit, world)
    world.diary.at(working(moment(add_months(today, -2), 9)), hold_open_class, world)
    world.diary.at(working(world.now - timedelta(days=20)), learn_online, world)
    world.diary.at(working(world.now - timedelta(days=12)), open_class, world)
    world.diary.at(working(world.now - timedelta(days=5)), examine_staff, world)
    world.diary.at(working(world.now - timedelta(days=4)), plan_retraining, world)
    world.diary.at(working(world.now - timedelta(days=6)), improve, world)


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
    """Make the courses with their materials and questions."""
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
        if title := words.get("film"):
            film = videos.accept_material(SimpleUploadedFile("closing.webm", content_film("closing")))
            authoring.add_material(
                course=course, kind=Material.Kind.VIDEO, title=title, file=film, actor=trainer, now=now
            )
        for title in ("操作手册", "常见故障判断图"):
            authoring.add_material(
                course=course, kind=Material.Kind.LINK, title=title, url=ADDRESS, actor=trainer, now=now
            )
        for line in words.get("question", []):
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
    closed = after + timedelta(hours=3)
    lifecycle.close(session, actor=trainer, now=closed, improvement="多留半小时给现场分合闸练习")
    world.diary.at(working(closed + timedelta(days=16)), _improve_class, world, session)


def _improve_class(world: World, session: Session, now: datetime) -> None:
    """The trainer changes the timetable; the manager finds that it works."""
    row = session.improvements.get()
    row = improvement_lifecycle.finish(
        row, actor=world.people["trainer"], now=now, result="课表已改：讲解 90 分钟，现场分合闸练习 60 分钟"
    )
    seen = "随后两次培训每人都独立完成了一次分合闸"
    improvement_lifecycle.confirm(row, actor=world.people["manager"], now=now + timedelta(hours=2), verdict=seen)


def teach_on_visit(world: World, now: datetime) -> None:
    """The engineer shows the owner's people something on a patrol, and its record says so (V-12)."""
    project, engineer = world.projects["lighting"], world.people["zhou"]
    visits = Visit.objects.filter(project=project, assigned_to=engineer, done_at__lt=now)
    visit = visits.filter(done_at__date=timezone.localdate(now)).order_by("-done_at").first()
    if visit is None or Session.objects.exclude(visit_number="").exists():
        return
    now = visit.done_at
    session = _session(
        world,
        "upkeep",
        now,
        now,
        project=project,
        place="滨江大道 1 号配电箱",
        hours=1.5,
        ends_at=now + timedelta(minutes=90),
        trainer=engineer,
        visit_number=visit.number,
    )
    for name in ("郑海", "周敏"):
        attendance.sign_in_at_the_door(
            session=session,
            name=name,
            phone="",
            owner=world.owners["city"],
            drawing=pictures.signature(name),
            actor=engineer,
            now=now + timedelta(minutes=5),
        )
    session = lifecycle.hold(session, actor=engineer, now=now + timedelta(minutes=95))
    lifecycle.close(session, actor=engineer, now=now + timedelta(minutes=100))


#: Who came to the open class besides those with an account: name, organisation, telephone, e-mail.
GUESTS = [("陶志刚", "hospital", "13812340071", "taozg@example.com"), ("陆小雨", "school", "13812340072", "")]


def hold_open_class(world: World, now: datetime) -> None:
    """People of four owners come to one class; each gets a certificate, and the sheet names them all."""
    trainer = world.people["trainer"]
    session = _session(
        world,
        "upkeep",
        now + timedelta(hours=1),
        now,
        project=None,
        way=Session.Way.CLASSROOM,
        place="公司培训中心 302 教室",
        seats=30,
    )
    session = lifecycle.open_registration(session, actor=trainer, now=now)
    begins = session.starts_at
    for name in ("gao", "shen", "fang"):
        person = world.people[name]
        row = planning.register(session=session, user=person, actor=person, now=now)
        drawing = pictures.signature(person.name)
        attendance.sign_in(participant=row, method="signature", drawing=drawing, actor=trainer, now=begins)
    for name, owner, phone, email in GUESTS:
        attendance.sign_in_at_the_door(
            session=session,
            name=name,
            phone=phone,
            email=email,
            owner=world.owners[owner],
            drawing=pictures.signature(name),
            actor=trainer,
            now=begins,
        )
    after = begins + timedelta(hours=4)
    session = lifecycle.hold(session, actor=trainer, now=after)
    words = "报修演示改为每人用自己的手机扫一次码"
    session = lifecycle.close(session, actor=trainer, now=after + timedelta(hours=1), improvement=words)
    issue_paper(SHEET, session, actor=trainer, now=after + timedelta(hours=2))
    row, done = session.improvements.get(), working(now + timedelta(days=24))
    result = "教案已改，教室贴了 6 张练习用设备标签"
    world.diary.at(done, lambda now: improvement_lifecycle.finish(row, actor=trainer, now=now, result=result))


def learn_online(world: World, now: datetime) -> None:
    """One looks at the whole film and asks, another stops half-way; the server counts the seconds."""
    course = _course("switching")
    film = course.materials.get(kind=Material.Kind.VIDEO)
    for name, until in (("xu", 48), ("lin", 21)):
        _watch(film, world.people[name], until=until, now=now)
    for material in course.materials.exclude(kind=Material.Kind.VIDEO).order_by("position"):
        learning.finish_material(material=material, actor=world.people["xu"], now=now + timedelta(minutes=20))
    post = authoring.ask(
        course=course, text="下雨天能不能打开箱门合闸？", actor=world.people["xu"], now=now + timedelta(minutes=22)
    )
    answer = "小雨可以，要撑伞遮住箱门、戴绝缘手套，两人在场；雷雨时不操作。"
    authoring.answer(post=post, answer=answer, actor=world.people["trainer"], now=now + timedelta(hours=3))
    _sit(world, course, "xu", right=4, now=now + timedelta(hours=4))


def _watch(film: Material, person: Any, *, until: int, now: datetime) -> None:
    """Report as the player does: every eight seconds what was played."""
    learning.report_seen(material=film, intervals=[], position=0, actor=person, now=now)
    for start in range(0, until, 8):
        end = min(start + 8, until)
        then = now + timedelta(seconds=end)
        learning.report_seen(material=film, intervals=[(start, end)], position=end, actor=person, now=then)


def plan_retraining(world: World, now: datetime) -> None:
    """A licence ends within the month: its holder is registered for the class; another one is still to be planned."""
    trainer = world.people["trainer"]
    begin = moment(timezone.localdate(world.now) + timedelta(days=16), 9)
    session = _session(
        world, "height", begin, now, project=None, place="公司实训场", way=Session.Way.CLASSROOM, seats=8
    )
    lifecycle.open_registration(session, actor=trainer, now=now)
    retraining.note_ends(now=now + timedelta(hours=1))


def improve(world: World, now: datetime) -> None:
    """Say what some equipment needs of who works on it, and set what a course is to do better."""
    manager = world.people["manager"]
    need: dict[str, Any] = {"actor": manager, "now": now}
    licences.set_need(equipment_model=world.models["GCS"], kind=LicenceKind.HIGH_VOLTAGE, blocks=True, **need)
    licences.set_need(
        equipment_model=world.models["FL80"], work=licences.REPAIR, kind=LicenceKind.HEIGHT, blocks=False, **need
    )
    improvements.set_improvement(
        course=_course("lighting"),
        text="补拍“整段不亮”的判断步骤影片，放进在线课",
        responsible=world.people["zhou"],
        due_on=timezone.localdate(world.now) + timedelta(days=12),
        actor=world.people["quality"],
        now=now,
    )


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
