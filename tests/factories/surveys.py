"""Questionnaires, requests to answer them, answers, calls about low ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from apps.projects.models import Project
from apps.surveys.models import (
    Answer,
    AnswerLine,
    AnswerScan,
    LowAnswer,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    SurveyRequest,
)

from .base import NOW, PDF, accepted, serial
from .projects import make_project

KINDS = ("scale", "scale", "nps", "choice", "text")


def make_questionnaire(*, kinds: Iterable[str] = KINDS, **fields: Any) -> Questionnaire:
    """Return a questionnaire with one version that has a question of each of the kinds."""
    row = Questionnaire.objects.create(**{"name": f"问卷{serial()}", "occasion": "repair"} | fields)
    make_questionnaire_version(questionnaire=row, kinds=kinds)
    return row


def make_questionnaire_version(
    *, questionnaire: Questionnaire, kinds: Iterable[str] = KINDS, **fields: Any
) -> QuestionnaireVersion:
    version = QuestionnaireVersion.objects.create(
        **{"questionnaire": questionnaire, "number": 1, "made_at": NOW} | fields
    )
    for position, kind in enumerate(kinds, start=1):
        Question.objects.create(
            version=version,
            position=position,
            kind=kind,
            text=f"问题{position}",
            weight=position if kind in {"scale", "nps"} else 0,
            choices=["快", "好"] if kind == "choice" else [],
            is_required=kind in {"scale", "nps"},
        )
    return version


def make_survey(
    *,
    project: Project | None = None,
    questionnaire: Questionnaire | None = None,
    about_people: Iterable[Any] = (),
    **fields: Any,
) -> SurveyRequest:
    """Return a request that waits for its answer, about the project itself unless a ``subject`` is given."""
    project = project or make_project()
    questionnaire = questionnaire or make_questionnaire(is_active=False)
    asked_at = fields.pop("asked_at", NOW)
    row = SurveyRequest.objects.create(
        **{
            "version": questionnaire.current,
            "occasion": questionnaire.occasion,
            "project": project,
            "subject": project,
            "about": f"维修{serial()}",
            "name": "周主任",
            "asked_at": asked_at,
            "expires_at": asked_at + timedelta(days=14),
        }
        | fields
    )
    row.about_people.set(about_people)
    return row


def make_answer(*, request: SurveyRequest | None = None, number: int = 4, text: str = "", **fields: Any) -> Answer:
    """Return an answer in which every question was given the same number."""
    request = request or make_survey()
    values = {"way": Answer.Way.LINK, "index": Decimal(25 * (number - 1)), "answered_at": NOW}
    answer = Answer.objects.create(request=request, **values | fields)
    for question in request.version.questions.all():
        is_number = question.kind in {"scale", "nps"}
        words = question.choices[0] if question.choices else text
        AnswerLine.objects.create(
            answer=answer, question=question, number=number if is_number else None, text="" if is_number else words
        )
    return answer


def make_answer_scan(*, answer: Answer | None = None, **fields: Any) -> AnswerScan:
    file = accepted(PDF, "survey.pdf", "application/pdf")
    return AnswerScan.keep(file, actor=None, now=NOW, answer=answer or make_answer(), **fields)


def make_low_answer(*, answer: Answer | None = None, **fields: Any) -> LowAnswer:
    answer = answer or make_answer(number=1, is_low=True)
    return LowAnswer.objects.create(**{"answer": answer, "due_at": NOW + timedelta(days=1)} | fields)
