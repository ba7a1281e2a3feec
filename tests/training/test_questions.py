"""The question bank: read from a workbook, corrected after it was asked."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from apps.core.errors import DomainError
from apps.training import authoring, exams, question_import
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW


def _sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in (question_import.COLUMNS, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = ["操作", "多选", "合闸前确认？", "无人", "接地线拆除", "晴天", "", "", "", "AB", 2]


def test_import_tells_errors_line_by_line_and_keeps_nothing(scene: Scene) -> None:
    bad = ["操作", "单选", "没有答案？", "甲", "乙", "", "", "", "", "D", 1]
    odd = ["电工", "单选", "哪里？", "甲", "乙", "", "", "", "", "A", 1]
    content = _sheet(GOOD, bad, GOOD, odd)
    sheet = question_import.read_sheet(content, course=scene.course)
    assert [number for number, _reason in sheet.errors] == [3, 4, 5]
    count = scene.course.questions.count()
    with pytest.raises(DomainError):
        question_import.keep_questions(course=scene.course, content=content, actor=scene.trainer, now=NOW)
    assert scene.course.questions.count() == count


@pytest.mark.parametrize(
    "row",
    [
        ["操作", "判断", "很长" * 251, "", "", "", "", "", "", "对", "1"],
        ["操作", "简答", "怎么做？", "", "", "", "", "", "", "很长" * 151, "1"],
        ["操作", "判断", "分值大？", "", "", "", "", "", "", "对", "70000"],
        ["操作", "判断", "分值怪？", "", "", "", "", "", "", "对", "²"],
        ["操作", "判断", "没有分？", "", "", "", "", "", "", "对", "0"],
        ["操作", "单选", "哪个？", "甲", "", "丙", "丁", "", "", "C", "1"],
    ],
    ids=["long", "long answer", "70000 points", "squared points", "no points", "gap"],
)
def test_import_is_as_strict_as_the_form(scene: Scene, row: list[str]) -> None:
    sheet = question_import.read_sheet(_sheet(row), course=scene.course)
    assert ([number for number, _reason in sheet.errors], sheet.lines) == ([2], [])


@pytest.mark.parametrize("how", ["xml", "zlib", "version"])
def test_damaged_workbook_is_refused(scene: Scene, client_of: Any, how: str) -> None:
    content = bytearray(_sheet(GOOD))
    archive = zipfile.ZipFile(io.BytesIO(content))
    if how == "xml":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as damaged:
            for name in archive.namelist():
                damaged.writestr(name, b"<broken" if name.endswith("workbook.xml") else archive.read(name))
        content = bytearray(out.getvalue())
    elif how == "zlib":
        part = archive.getinfo("xl/worksheets/sheet1.xml")
        begin = part.header_offset + 30 + len(part.filename)
        content[begin : begin + 40] = b"\xff" * 40
    else:
        content[content.find(b"PK\x01\x02") + 6] = 99
    sent = {"file": SimpleUploadedFile("a.xlsx", bytes(content)), "is_trial": "on"}
    page = reverse("training:question_import", args=[scene.course.pk])
    assert client_of(scene.trainer, raise_request_exception=True).post(page, sent).status_code == 422


def test_import_keeps_good_lines_with_their_answers(scene: Scene) -> None:
    number = ["保养", "数值", "电压？", "", "", "", "", "", "", "220±5", ""]
    practical = ["操作", "实操", "合闸", "验电", "挂牌", "", "", "", "", "", 3]
    kept = question_import.keep_questions(
        course=scene.course, content=_sheet(GOOD, number, practical), actor=scene.trainer, now=NOW
    )
    assert kept == 3
    found = {row.text: (row.answer, row.points) for row in scene.course.questions.all()}
    assert found["合闸前确认？"] == ({"chosen": [0, 1]}, 2)
    assert found["电压？"] == ({"value": "220", "tolerance": "5"}, 1)
    with pytest.raises(DomainError):
        question_import.read_sheet(b"no workbook", course=scene.course)


def test_answer_of_a_question_that_was_asked_stays(scene: Scene) -> None:
    make.make_participant(session=scene.session, user=scene.member, attended_at=NOW)
    exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)
    question = scene.course.questions.get(text="单选")
    line = authoring.QuestionLine("operation", "single", "单选", question.options, {"chosen": [0]})
    with pytest.raises(DomainError):
        authoring.save_question(course=scene.course, question=question, line=line, actor=scene.trainer, now=NOW)


@pytest.mark.parametrize("change", [{"points": 50}, {"options": ["甲", "乙", "丁（更正）"]}], ids=["marks", "choice"])
def test_asked_question_is_corrected_by_a_new_one(scene: Scene, change: dict[str, Any]) -> None:
    """A paper keeps the choices and marks it was drawn with; the old question does not come back beside the new."""
    make.make_participant(session=scene.session, user=scene.member, attended_at=NOW, hours=3)
    attempt = exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)
    asked = scene.course.questions.get(text="单选")
    was = {"options": asked.options, "points": asked.points}
    line = authoring.QuestionLine(asked.part, asked.kind, asked.text, answer=asked.answer, **was | change)
    new = authoring.save_question(course=scene.course, question=asked, line=line, actor=scene.trainer, now=NOW)
    asked = attempt.questions.get(question__text="单选").question
    assert (asked.options, asked.points, asked.is_active) == (was["options"], was["points"], False)
    assert new != asked and new.is_active
    with pytest.raises(DomainError):
        authoring.switch_question(question=asked, actor=scene.trainer, now=NOW)
    authoring.switch_question(question=new, actor=scene.trainer, now=NOW)
    assert authoring.switch_question(question=asked, actor=scene.trainer, now=NOW).is_active
