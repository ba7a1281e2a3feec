"""Read questions from a spreadsheet: every line checked, errors told by line, nothing kept while there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.projects.importing.problems import Unreadable
from apps.projects.importing.reading import Line, first_sheet

from .authoring import LONGEST_ANSWER, QuestionLine, check_question, save_question
from .models import Course, Part, Question

#: The columns, in Chinese as the sheet has them: part, kind, question, choices A to F, answer, points.
COLUMNS = ["部分", "题型", "题目", "A", "B", "C", "D", "E", "F", "答案", "分值"]
PARTS = {
    "原理与结构": Part.PRINCIPLE,
    "安装": Part.INSTALLATION,
    "操作": Part.OPERATION,
    "保养": Part.UPKEEP,
    "故障处理": Part.TROUBLESHOOTING,
}
KINDS = {
    "单选": Question.Kind.SINGLE,
    "多选": Question.Kind.MULTIPLE,
    "判断": Question.Kind.TRUE_FALSE,
    "数值": Question.Kind.NUMBER,
    "简答": Question.Kind.TEXT,
    "实操": Question.Kind.PRACTICAL,
}
TRUE, FALSE = {"对", "正确", "√", "是", "true"}, {"错", "错误", "×", "否", "false"}
LETTERS = "ABCDEF"
MAX_LINES = 1000
POINTS = re.compile(r"[0-9]{1,3}")


@dataclass
class Sheet:
    """What was read: good lines, and errors by the sheet's line number."""

    lines: list[QuestionLine] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


def read_answer(kind: str, text: str) -> dict[str, Any]:
    """Return the answer written as people write it: ACD, 对, 220±5; a text's key words."""
    plain = text.strip()
    if kind in {Question.Kind.SINGLE, Question.Kind.MULTIPLE}:
        letters = re.sub(r"[\s,，、;；]", "", plain).upper()
        return {"chosen": sorted({LETTERS.find(letter) for letter in letters})}
    if kind == Question.Kind.TRUE_FALSE:
        lower = plain.lower()
        return {"is_true": True if lower in TRUE else False if lower in FALSE else None}
    if kind == Question.Kind.NUMBER:
        value, _sign, tolerance = plain.replace("+-", "±").partition("±")
        return {"value": value.strip(), "tolerance": tolerance.strip() or "0"}
    return {"words": plain}


def read_sheet(content: bytes, *, course: Course) -> Sheet:
    """Read the first sheet of a workbook. Raises ``DomainError`` for what is none, or has other columns."""
    try:
        return _read(first_sheet(content), course=course)
    except Unreadable as error:
        raise DomainError(error.problem.text, field="file") from error


def _read(rows: Iterator[Line], *, course: Course) -> Sheet:
    _number, head = next(rows)
    if head[: len(COLUMNS)] != COLUMNS:
        raise DomainError(
            _("The first line must name the columns: %(columns)s") % {"columns": " ".join(COLUMNS)}, field="file"
        )
    sheet, known = Sheet(), set(course.questions.filter(is_active=True).values_list("text", flat=True))
    for number, row in rows:
        cells = [*row, *[""] * len(COLUMNS)][: len(COLUMNS)]
        if not any(cells):
            continue
        if number > MAX_LINES:
            sheet.errors.append((number, _("At most %(count)s lines at once.") % {"count": MAX_LINES}))
            break
        try:
            line = _line(cells)
            check_question(line)
            if line.text in known:
                raise DomainError(_("The course has this question already."))
        except DomainError as error:
            sheet.errors.append((number, str(error)))
        else:
            known.add(line.text)
            sheet.lines.append(line)
    if not sheet.lines and not sheet.errors:
        raise DomainError(_("The sheet holds no question."), field="file")
    return sheet


def _line(cells: list[str]) -> QuestionLine:
    part, kind, text, *rest = cells
    choices, answer, points = rest[: len(LETTERS)], rest[-2], rest[-1] or "1"
    options = [" ".join(choice.split()) for choice in choices if choice]
    if part not in PARTS:
        raise DomainError(_("Unknown part “%(part)s”; use %(known)s.") % {"part": part, "known": "、".join(PARTS)})
    if kind not in KINDS:
        raise DomainError(_("Unknown kind “%(kind)s”; use %(known)s.") % {"kind": kind, "known": "、".join(KINDS)})
    if any(choices[len(options) :]):
        letter = LETTERS[choices.index("")]
        raise DomainError(_("Choice %(letter)s is empty, but one after it is not. Move it up.") % {"letter": letter})
    if len(answer) > LONGEST_ANSWER:
        raise DomainError(_("The answer has more than %(limit)s characters.") % {"limit": LONGEST_ANSWER})
    found = KINDS[kind]
    marks = int(points) if POINTS.fullmatch(points) else 0
    return QuestionLine(PARTS[part], found, text, options, read_answer(found, answer), marks)


def keep_questions(*, course: Course, content: bytes, actor: Any, now: datetime) -> int:
    """Keep every question of a sheet, or none; return how many. Raises ``DomainError`` while a line has an error."""
    sheet = read_sheet(content, course=course)
    if sheet.errors:
        number, reason = sheet.errors[0]
        raise DomainError(_("Line %(number)s: %(reason)s") % {"number": number, "reason": reason}, field="file")
    with transaction.atomic():
        for line in sheet.lines:
            save_question(course=course, line=line, actor=actor, now=now)
    return len(sheet.lines)
