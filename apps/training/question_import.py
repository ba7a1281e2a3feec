"""Read questions from a spreadsheet: every line checked, errors told by line, nothing kept while there is one."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from apps.core.errors import DomainError

from .authoring import QuestionLine, check_question, save_question
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
        rows = (
            load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
        )
        head = [str(cell or "").strip() for cell in next(iter(rows), ())][: len(COLUMNS)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise DomainError(_("This is no Excel workbook."), field="file") from error
    if head != COLUMNS:
        raise DomainError(
            _("The first line must name the columns: %(columns)s") % {"columns": " ".join(COLUMNS)}, field="file"
        )
    sheet, known = Sheet(), set(course.questions.values_list("text", flat=True))
    for number, row in enumerate(rows, start=2):
        cells = [_text(cell) for cell in (*row, *[None] * len(COLUMNS))[: len(COLUMNS)]]
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


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _line(cells: list[str]) -> QuestionLine:
    part, kind, text, *rest = cells
    options, answer, points = [option for option in rest[:6] if option], rest[6], rest[7]
    if part not in PARTS:
        raise DomainError(_("Unknown part “%(part)s”; use %(known)s.") % {"part": part, "known": "、".join(PARTS)})
    if kind not in KINDS:
        raise DomainError(_("Unknown kind “%(kind)s”; use %(known)s.") % {"kind": kind, "known": "、".join(KINDS)})
    if points and not points.isdigit():
        raise DomainError(_("Points are a whole number."))
    found = KINDS[kind]
    return QuestionLine(PARTS[part], found, text, options, read_answer(found, answer), int(points or 1) or 1)


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
