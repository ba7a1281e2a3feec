"""A course with a question of each kind, its session in a project, and people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Role
from apps.projects.models import Owner, Project
from apps.training.models import Course, Question, Session
from tests import factories as make

NOW = make.NOW


@dataclass
class Scene:
    """What most tests of training begin with."""

    owner: Owner
    project: Project
    course: Course
    session: Session
    trainer: Any
    manager: Any
    admin: Any
    member: Any


@pytest.fixture
def scene(db: None) -> Scene:
    make.make_company()
    owner = make.make_owner()
    project = make.make_project(owner=owner)
    trainer = make.make_staff(Role.TRAINER, name="韩雪")
    make.make_project_person(project=project, user=trainer, role="other")
    course = make.make_course(
        weights={"operation": 1},
        exam_questions=4,
        exam_minutes=30,
        pass_percent=75,
        validity_months=24,
        responsible=trainer,
    )
    make.make_question(course=course, text="单选")
    make.make_question(course=course, text="多选", kind=Question.Kind.MULTIPLE, answer={"chosen": [0, 2]})
    make.make_question(course=course, text="判断", kind=Question.Kind.TRUE_FALSE, options=[], answer={"is_true": False})
    number = {"value": "220", "tolerance": "5"}
    make.make_question(course=course, text="数值", kind=Question.Kind.NUMBER, options=[], answer=number)
    begin = NOW - timedelta(hours=1)
    session = make.make_session(course=course, project=project, trainer=trainer, status="open", starts_at=begin)
    return Scene(
        owner,
        project,
        course,
        session,
        trainer,
        make.make_staff(Role.MANAGER),
        make.make_owner_admin(owner),
        make.make_owner_member(owner, name="王小明"),
    )


def right_answers(attempt: Any, *, wrong: int = 0) -> dict[int, dict[str, Any]]:
    """Return the right answer to each question of a paper by its key, but for the first ``wrong``."""
    found = {}
    for place, row in enumerate(attempt.questions.select_related("question")):
        answer = row.question.answer
        if place < wrong:
            found[row.pk] = {}
        elif "chosen" in answer:
            found[row.pk] = {"chosen": [n for n, option in enumerate(row.order) if option in answer["chosen"]]}
        else:
            found[row.pk] = {name: value for name, value in answer.items() if name in {"is_true", "value"}}
    return found
