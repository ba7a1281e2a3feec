"""Courses, sessions, exams, certificates, licences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.projects.models import Project
from apps.training.models import (
    Attempt,
    AttemptQuestion,
    Certificate,
    Course,
    CoursePart,
    Improvement,
    Licence,
    LicenceFile,
    LicenceKind,
    LicenceNeed,
    Material,
    MaterialFile,
    Part,
    Participant,
    Post,
    Progress,
    Question,
    Retraining,
    Session,
    SessionFile,
    TrainingPlan,
)

from .base import NOW, PDF, TODAY, accepted, serial
from .people import make_owner_member, make_staff
from .projects import make_project


def make_course(*, weights: dict[str, int] | None = None, **fields: Any) -> Course:
    """Return a course with its five parts, of which ``weights`` weigh something in the exam."""
    course = Course.objects.create(**{"name": f"照明运行维护{serial()}", "created_at": NOW} | fields)
    for part in Part.values:
        CoursePart.objects.create(course=course, part=part, content="要点", weight=(weights or {}).get(part, 0))
    return course


def make_material(*, course: Course | None = None, **fields: Any) -> Material:
    course = course or make_course()
    values = {"kind": Material.Kind.LINK, "title": f"资料{serial()}", "position": course.materials.count() + 1}
    values |= {"url": "https://example.com/manual"} if fields.get("kind", "link") == "link" else {}
    return Material.objects.create(course=course, **values | fields)


def make_material_file(*, material: Material | None = None, **fields: Any) -> MaterialFile:
    material = material or make_material(kind=Material.Kind.DOCUMENT)
    kept = accepted(PDF, "manual.pdf", "application/pdf")
    return MaterialFile.keep(kept, actor=None, now=NOW, material=material, **fields)


def make_question(*, course: Course | None = None, **fields: Any) -> Question:
    """Return a question with four choices, of which the second is right."""
    values = {"part": Part.OPERATION, "kind": Question.Kind.SINGLE, "text": f"题目{serial()}"}
    choices = {"options": ["甲", "乙", "丙", "丁"], "answer": {"chosen": [1]}}
    return Question.objects.create(course=course or make_course(), **values | choices | fields)


def make_learning(*, user: Any = None, material: Material | None = None, **fields: Any) -> Progress:
    return Progress.objects.create(
        **{"user": user or make_staff(), "material": material or make_material(), "reported_at": NOW} | fields
    )


def make_post(*, course: Course | None = None, **fields: Any) -> Post:
    values = {"asked_by": fields.pop("asked_by", None) or make_staff(), "asked_at": NOW, "text": "如何复位？"}
    return Post.objects.create(course=course or make_course(), **values | fields)


def make_training_plan(*, project: Project | None = None, **fields: Any) -> TrainingPlan:
    values = {"number": f"PX-2026-8{serial():05d}", "need": "值班人员会巡检和复位", "people": 5, "created_at": NOW}
    return TrainingPlan.objects.create(project=project or make_project(), **values | fields)


def make_session(*, course: Course | None = None, project: Project | None = None, **fields: Any) -> Session:
    """Return a session of a project; ``project=None`` with ``is_public=True`` is a class open to all."""
    if not fields.pop("is_public", False):
        project = project or make_project()
    begin = fields.pop("starts_at", NOW + timedelta(days=3))
    values = {
        "number": f"PX-2026-9{serial():05d}",
        "starts_at": begin,
        "ends_at": begin + timedelta(hours=3),
        "hours": 3,
    }
    return Session.objects.create(course=course or make_course(), project=project, **values | fields)


def make_participant(*, session: Session | None = None, user: Any = None, **fields: Any) -> Participant:
    """Return somebody registered; with an account their name, telephone and organisation follow it."""
    session = session or make_session()
    n = serial()
    values: dict[str, Any] = {"name": f"学员{n}", "phone": f"1370000{n:04d}", "registered_at": NOW}
    if user is not None:
        person = getattr(user, "owner_person", None)
        values |= {"name": user.name, "phone": user.phone, "owner": person.owner if person else None}
    return Participant.objects.create(session=session, user=user, **values | fields)


def make_session_file(*, session: Session | None = None, **fields: Any) -> SessionFile:
    return SessionFile.keep(accepted(), actor=None, now=NOW, session=session or make_session(), **fields)


def make_attempt(*, course: Course | None = None, user: Any = None, **fields: Any) -> Attempt:
    """Return an attempt under way, without questions."""
    user = user or make_owner_member()
    course = course or make_course()
    nth = Attempt.objects.filter(course=course, user=user).count() + 1
    values = {"nth": nth, "started_at": NOW, "ends_at": NOW + timedelta(minutes=30)}
    return Attempt.objects.create(course=course, user=user, **values | fields)


def make_attempt_question(
    *, attempt: Attempt | None = None, question: Question | None = None, **fields: Any
) -> AttemptQuestion:
    attempt = attempt or make_attempt()
    question = question or make_question(course=attempt.course)
    values = {"position": attempt.questions.count() + 1, "order": list(range(len(question.options)))}
    return AttemptQuestion.objects.create(attempt=attempt, question=question, **values | fields)


def make_certificate(*, course: Course | None = None, **fields: Any) -> Certificate:
    values = {"number": f"ZS-2026-9{serial():05d}", "name": "王小明", "issued_on": TODAY}
    return Certificate.objects.create(course=course or make_course(), **values | fields)


def make_licence(*, user: Any = None, **fields: Any) -> Licence:
    values = {"kind": LicenceKind.ELECTRICIAN, "number": f"T{serial()}", "issued_on": TODAY - timedelta(days=365)}
    ends = {"expires_on": TODAY + timedelta(days=365)}
    return Licence.objects.create(user=user or make_staff("engineer"), **values | ends | fields)


def make_licence_file(*, licence: Licence | None = None, **fields: Any) -> LicenceFile:
    return LicenceFile.keep(accepted(), actor=None, now=NOW, licence=licence or make_licence(), **fields)


def make_licence_need(**fields: Any) -> LicenceNeed:
    return LicenceNeed.objects.create(**{"trade": "", "kind": LicenceKind.ELECTRICIAN, "blocks": True} | fields)


def make_retraining(*, licence: Licence | None = None, **fields: Any) -> Retraining:
    """Return a retraining that is still to be planned, of a licence that ends in a month."""
    licence = licence or make_licence(expires_on=TODAY + timedelta(days=30))
    return Retraining.objects.create(licence=licence, **{"noted_at": NOW} | fields)


def make_improvement(*, course: Course | None = None, responsible: Any = None, **fields: Any) -> Improvement:
    values = {"text": f"多留时间练习{serial()}", "due_on": TODAY + timedelta(days=30), "made_at": NOW}
    return Improvement.objects.create(
        course=course or make_course(), responsible=responsible or make_staff("trainer"), **values | fields
    )
