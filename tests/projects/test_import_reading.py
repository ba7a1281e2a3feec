"""Files to rows: encodings, separators, workbooks, and files that are not what they say."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.projects.importing import problems, reading
from apps.projects.importing.columns import BY_FIELD, COLUMNS, recognise
from apps.projects.importing.problems import Problem, Unreadable
from apps.projects.importing.reading import kind_of, open_table
from apps.projects.importing.services import read_contents
from apps.projects.importing.values import parse_date, row_of

from .importing import as_csv, as_xlsx

LINES = [["业主", "项目名称", "设备名称", "安装位置"], ["江州市政", "滨江照明", "路灯㛃𠮷", "K0+200\n东侧"]]


def rows(content: bytes) -> list[dict[str, object]]:
    return [dict(row.values) for row in read_contents(content).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_reads_the_same_in_every_encoding_and_separator(encoding: str, separator: str) -> None:
    assert rows(as_csv(LINES, encoding=encoding, separator=separator)) == [
        {"owner": "江州市政", "project": "滨江照明", "name": "路灯㛃𠮷", "place": "K0+200 东侧"}
    ]


def test_workbook_reads_numbers_dates_and_line_breaks_as_text() -> None:
    content = as_xlsx(
        [
            ["业主", "项目名称", "设备名称", "序列号", "安装日期", "调试参数"],
            [
                "江州市政",
                "滨江照明",
                "路灯",
                20250017,
                datetime.combine(date(2025, 3, 1), time()),
                "电流 2.5\n时间 18:00",
            ],
            ["江州市政", "滨江照明", "路灯", 17.0, date(2025, 3, 2), 0],
        ]
    )
    first, second = rows(content)
    assert first["serial_number"] == "20250017"
    assert first["installed_on"] == date(2025, 3, 1)
    assert first["commissioning_settings"] == "电流 2.5\n时间 18:00"
    assert second["serial_number"] == "17"
    assert "commissioning_settings" not in second


def test_formula_is_read_as_its_value_and_one_in_error_is_told() -> None:
    content = as_xlsx([["设备名称", "资产编号"], ["路灯", "=1+1"], ["#REF!", "A-2"]])
    read = read_contents(content)
    # The workbook was never calculated, so the formula has no value; it never comes in as its text.
    assert [dict(row.values) for row in read.rows] == [{"name": "路灯"}, {"asset_code": "A-2"}]
    assert Problem("cell_error", 3, "name", "#REF!") in read.problems


def test_header_is_found_below_a_title() -> None:
    content = as_csv([["设备台账"], [], *LINES])
    read = read_contents(content)
    assert read.header == LINES[0]
    assert read.rows[0].number == 4


def test_only_the_first_filled_sheet_is_read_and_that_is_told() -> None:
    read = read_contents(as_xlsx([], LINES, [["x"], ["y"]]))
    assert read.total == 1
    assert Problem("other_sheets", value="表2") in read.problems


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (as_csv(LINES[:1]), "header_only"),
        (as_xlsx([]), "empty"),
        (as_xlsx(LINES[:1]), "header_only"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
        (b"%PDF-1.4\n\x00\x01\xff\xfe\xfd", "not_a_table"),
        (b"PK\x03\x04" + b"nothing of a workbook", "damaged"),
        (as_csv([[f"c{n}" for n in range(101)], ["1"]]), "too_many_columns"),
        (as_xlsx([[f"c{n}" for n in range(140)], ["1"]]), "too_many_columns"),
    ],
)  # fmt: skip
def test_file_that_is_no_table_says_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_contents(content)
    assert caught.value.problem.code == code
    assert caught.value.problem.text


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def test_archive_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(Unreadable, match="not_a_table"):
        kind_of(archive(word__document=b"<a/>"))


def test_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1_000_000)
    content = archive(xl__workbook=b"<a/>", xl__worksheets__sheet1=b" " * 2_000_000)
    assert len(content) < 10_000
    with pytest.raises(Unreadable, match="unpacks_too_large"):
        open_table(content)


def test_workbook_that_defines_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(Unreadable, match="damaged"):
        open_table(archive(xl__workbook=bomb))


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert read_contents(as_csv([["设备名称"], *[["灯"]] * 3])).total == 3
    with pytest.raises(Unreadable, match="too_many_rows"):
        read_contents(as_csv([["设备名称"], *[["灯"]] * 4]))


def test_name_of_the_file_decides_nothing() -> None:
    assert kind_of(as_csv(LINES)) == "csv"
    assert kind_of(as_xlsx(LINES)) == "xlsx"


def test_row_with_more_cells_than_the_header_is_an_error() -> None:
    read = read_contents(as_csv([["业主", "设备名称"], ["甲", "灯", "", "左移"]]))
    assert Problem("too_many_cells", 2) in read.problems


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_column_is_recognised_by_its_own_label(language: str) -> None:
    with translation.override(language):
        labels = [str(column.label) for column in COLUMNS if column.field != "affected"]
    found, repeated = recognise(labels)
    assert list(found.values()) == [column.field for column in COLUMNS if column.field != "affected"]
    assert not repeated


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("*设备名称：", "name"),
        ("安装日期（年/月/日）", "installed_on"),
        ("Asset Code", "asset_code"),
        ("asset_code", "asset_code"),
        ("ＳＮ", "serial_number"),
        ("安装\n位置", "place"),
        ("单位简称", "owner"),
        ("影响对象", "affected"),
        ("故障发现（确认）时间", None),
        ("日期", None),
        ("序号", None),
    ],
)
def test_header_is_recognised_whatever_people_add_to_it(name: str, field: str | None) -> None:
    assert recognise([name])[0].get(0) == field


def test_second_column_of_one_meaning_is_told_and_left() -> None:
    assert recognise(["设备名称", "名称", "设备名称"]) == ({0: "name"}, ["名称", "设备名称"])


@pytest.mark.parametrize(
    "text",
    [
        "2016-06-06", "2016/6/6", "2016.6.6", "2016年6月6日", "2016年06月06", "20160606", "42527", "42527.63",
        "2016-06-06 15:10:00", "2016-06-06T15:10", "２０１６年６月６日", "2016年6月6日 15时10分",
    ],
)  # fmt: skip
def test_dates_are_read_in_the_usual_forms(text: str) -> None:
    assert parse_date(text) == date(2016, 6, 6)


@pytest.mark.parametrize(
    "text", ["2016-02-30", "2016-13-01", "6/6/2016", "2016年6月", "今天", "1016-06-06", "99999", "16-6-6"]
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_date_is_read_back_in_every_form(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", serial):
        assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "0", "无", " 无 ", "\u200b"])
def test_blank_zero_and_none_mean_nothing(text: str) -> None:
    content = as_csv([["设备名称", "位置"], ["灯", text]])
    assert rows(content) == [{"name": "灯"}]


def test_wrong_cells_are_named_by_row_and_column() -> None:
    columns = dict(enumerate(["name", "installed_on", "size_class", "trade"]))
    row, found = row_of(7, ["灯" * 121, "2016-13-01", "巨大", "机电"], columns, 4)
    assert dict(row.values) == {"trade": "mep"}
    assert [(problem.code, problem.row, problem.field) for problem in found] == [
        ("too_long", 7, "name"),
        ("invalid_date", 7, "installed_on"),
        ("unknown_choice", 7, "size_class"),
    ]
    assert "2016-13-01" in found[1].line
    assert "第 7 行" in found[1].line


def test_every_problem_reads_in_both_languages() -> None:
    for code in problems.UNREADABLE | problems.ERRORS | problems.NOTES:
        problem = Problem(code, 3, "trade", "甲", "5", 9)
        assert Problem.from_json(problem.as_json()) == problem
        texts = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                texts.append(problem.line)
        assert "%" not in "".join(texts)
        assert texts[0] != texts[1], f"{code} has no Chinese"


def test_our_own_exports_come_back_without_their_apostrophe() -> None:
    assert rows(as_csv([["设备名称", "序列号"], ["'=灯", "'-12"], ["'灯'", "1"]])) == [
        {"name": "=灯", "serial_number": "-12"},
        {"name": "'灯'", "serial_number": "1"},
    ]


def test_columns_fit_the_database() -> None:
    """Every text has a limit, so that no row fails after the dry run."""
    assert all(column.max_length or column.is_date or column.choices for column in BY_FIELD.values())
