"""The survey sheet (满意度调查表): blank to be filled in by hand, and as it was answered. Its text is Chinese."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.core.scoping import Audience
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.registry import Content, document_type
from apps.documents.survey_data import SURVEY_SHEET

from . import access
from .models import Answer, AnswerLine, Question, SurveyRequest
from .rules import SPANS

BLANK = "survey_sheet"
FILLED = "survey_answer_sheet"
TITLE = "满意度调查表"
GRADES = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}
RELATED = ("version__questionnaire", "project__owner")


@document_type(
    BLANK,
    model=SurveyRequest,
    title=_("Survey sheet"),
    template=SURVEY_SHEET,
    may_issue=access.may_issue_sheet,
    series="MD",
    related=RELATED,
    audience=Audience.STAFF,
)
def survey_sheet(request: SurveyRequest, *, now: datetime) -> Content:
    """Return the sheet with every box empty."""
    data = _sheet(request, {}) | {"status": {"tone": "wait", "text": "待填写"}, "signed_on": ""}
    return Content(data=data)


@document_type(
    FILLED,
    model=Answer,
    title=_("Answered survey sheet"),
    template=SURVEY_SHEET,
    may_issue=access.may_issue_answer_sheet,
    series="MD",
    related=tuple(f"request__{name}" for name in RELATED),
    audience=Audience.RESTRICTED,
)
def survey_answer_sheet(answer: Answer, *, now: datetime) -> Content:
    """Return the sheet as it was answered, with the index; not for those whom it is about."""
    at = timezone.localtime(answer.answered_at)
    given = {line.question_id: line for line in answer.lines.all()}
    index = "—" if answer.index is None else f"{answer.index}"
    with override("zh-hans"):
        way = str(answer.get_way_display())
    data = _sheet(answer.request, given) | {
        "status": {"tone": "bad", "text": "低评"} if answer.is_low else {"tone": "ok", "text": "已填写"},
        "facts": [
            {"label": "满意度指数", "value": index, "note": "满分 100"},
            {"label": "填写方式", "value": way},
            {"label": "填写时间", "value": f"{at:%Y-%m-%d %H:%M}"},
            {"label": "填写人", "value": answer.request.name},
        ],
        "signed_on": f"{at:%Y 年 %m 月 %d 日}",
        "is_answered": True,
        "method": "手写签名见原件" if answer.way == Answer.Way.PAPER else f"{way}，无手写签名",
    }
    return Content(data=data)


def sheet_of(request: SurveyRequest, *, actor: Any, now: datetime) -> Document:
    """Return the request's sheet, issued now unless it is already: filled once it is answered, blank before."""
    kind, subject = (FILLED, request.answer) if request.is_answered else (BLANK, request)
    return documents.document_of(kind, subject) or documents.issue_now(kind, subject, actor=actor, now=now)


def _sheet(request: SurveyRequest, given: dict[int, AnswerLine]) -> dict[str, Any]:
    questions = list(request.version.questions.all())
    with override("zh-hans"):
        occasion = str(request.get_occasion_display())
    return {
        "title": TITLE,
        "subtitle": "Satisfaction survey",
        "introduction": request.version.introduction,
        "survey": {
            "project": request.project.name,
            "owner": request.project.owner.name,
            "about": request.about,
            "occasion": occasion,
            "name": request.name,
            "questionnaire": f"{request.version.questionnaire}（第 {request.version.number} 版）",
        },
        "grades": list(GRADES.values()),
        "scales": [_scale(question, given) for question in questions if question.kind == Question.Kind.SCALE],
        "ranges": [_range(question, given) for question in questions if question.kind == Question.Kind.NPS],
        "choices": [_choice(question, given) for question in questions if question.kind == Question.Kind.CHOICE],
        "texts": [_text(question, given) for question in questions if question.kind == Question.Kind.TEXT],
    }


def _number(question: Question, given: dict[int, AnswerLine]) -> int | None:
    line = given.get(question.pk)
    return line.number if line else None


def _scale(question: Question, given: dict[int, AnswerLine]) -> dict[str, Any]:
    number = _number(question, given)
    answers = [{"label": label, "chosen": grade == number} for grade, label in GRADES.items()]
    return {"item": question.text, "answers": answers, "score": "" if number is None else str(number)}


def _range(question: Question, given: dict[int, AnswerLine]) -> dict[str, Any]:
    number = _number(question, given)
    worst, best = SPANS[question.kind]
    return {
        "item": question.text,
        "answers": [{"label": str(n), "chosen": n == number} for n in range(worst, best + 1)],
    }


def _choice(question: Question, given: dict[int, AnswerLine]) -> dict[str, Any]:
    line = given.get(question.pk)
    return {
        "item": question.text,
        "answers": [{"label": text, "chosen": line is not None and line.text == text} for text in question.choices],
    }


def _text(question: Question, given: dict[int, AnswerLine]) -> dict[str, str]:
    line = given.get(question.pk)
    return {"item": question.text, "text": line.text if line else ""}
