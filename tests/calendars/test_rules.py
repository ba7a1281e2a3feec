"""How notices and windows are read, and what is refused (regulations, "Work calendar")."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.calendars.rules import (
    Notice,
    NoticeDay,
    Unreadable,
    differences,
    parse_notice,
    parse_windows,
    problems,
    week_in_words,
    windows_in_words,
)
from tests.factories import day

from . import notices


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("", []),
        ("08:30-12:00 13:30-17:30", [["08:30", "12:00"], ["13:30", "17:30"]]),
        ("13:30-17:30, 8:30-12:00", [["08:30", "12:00"], ["13:30", "17:30"]]),
        ("8：30～12：00；13:30 至 17:30", [["08:30", "12:00"], ["13:30", "17:30"]]),
        ("00:00-24:00", [["00:00", "00:00"]]),
        ("20:00–06:00", [["20:00", "06:00"]]),
    ],
)
def test_windows_are_read_as_people_write_them(text: str, windows: list[list[str]]) -> None:
    assert parse_windows(text) == windows
    assert parse_windows(windows_in_words(windows)) == windows


@pytest.mark.parametrize(
    "text", ["8-12", "08:30", "08:30-25:00", "08:30-24:30", "24:00-08:00", "08:60-09:00", "always"]
)
def test_what_is_no_window_is_refused_by_name(text: str) -> None:
    with pytest.raises(Unreadable, match=text.partition(" ")[0]):
        parse_windows(text)


@pytest.mark.parametrize("text", ["08:00-12:00 11:00-13:00", "20:00-06:00 22:00-23:00"])
def test_overlapping_windows_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_windows(text)


def test_week_is_told_with_its_like_days_together() -> None:
    office = [["08:30", "12:00"]]
    week = {str(weekday): office for weekday in range(5)} | {"6": [["00:00", "00:00"]]}
    assert week_in_words(week) == "周一–周五 08:30-12:00; 周日 00:00-24:00".replace("周一", MON).replace(
        "周五", FRI
    ).replace("周日", SUN)


MON, FRI, SUN = (week_in_words({str(n): [["01:00", "02:00"]]}).partition(" ")[0] for n in (0, 4, 6))


@pytest.mark.parametrize(
    "text",
    [
        notices.as_json(),
        notices.as_table(","),
        notices.as_table("\t", "放假", "上班"),
        notices.as_table("，", "off", "work"),
        notices.as_table().replace("2027-0", "2027/").replace("日期", "Date"),
    ],
    ids=["json", "commas", "tabs", "full width", "slashes"],
)
def test_notice_is_read_in_every_form(text: str) -> None:
    notice = parse_notice(text)
    assert notice.year == 2027
    assert len(notice.days) == 33
    assert notice.days[0] == NoticeDay(date(2027, 1, 1), False, "元旦")
    assert next(line.on for line in notice.days if line.is_working) == date(2027, 1, 31)
    assert problems(notice, {}) == []


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_year_known_passes_the_checks(year: int) -> None:
    assert problems(parse_notice(notices.of_the_package(year)), {}) == []


def test_year_that_is_not_published_is_refused_in_words() -> None:
    """An unpublished year is an empty file."""
    with pytest.raises(Unreadable, match="2028"):
        parse_notice(notices.as_json(2028, []))


@pytest.mark.parametrize("text", ["", "  ", "{}", "[]", '{"year": 2027}', '{"year": "x", "days": []}', "节日\n国庆", '{"year": 2027, "days": [{"name": "x"}]}'])  # fmt: skip
def test_what_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_notice(text)


@pytest.mark.parametrize("line", ["2027-02-30,休,春节", "2027-02-05,maybe,春节", "2027-02-05", "something,休,春节"])
def test_line_at_fault_is_named(line: str) -> None:
    with pytest.raises(Unreadable, match="2"):
        parse_notice(f"2027-01-01,休,元旦\n{line}")


def _changed(change: Any) -> list[str]:
    return problems(
        Notice(2027, tuple(sorted(change(parse_notice(notices.as_json()).days), key=lambda line: line.on))), {}
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda days: [*days, NoticeDay(day("2027-03-03"), True, "x")], "2027-03-03"),
        (lambda days: [*days, NoticeDay(day("2026-11-30"), False, "x")], "2026-11-30"),
        (lambda days: [*days, NoticeDay(day("2028-01-01"), False, "x")], "2028-01-01"),
        (lambda days: [*days, days[0]], "2027-01-01"),
        (lambda days: [*days, NoticeDay(day("2027-03-06"), True, "x"), NoticeDay(day("2027-03-07"), True, "x")], "2027-03-01"),
        (lambda days: [line for line in days if line.is_working or line.name != "国庆节"], "2027"),
        (lambda days: [line for line in days if not line.is_working], "2027"),
    ],
    ids=["make-up on a weekday", "November before", "year after", "twice", "12 in a row", "too many", "too few"],
)  # fmt: skip
def test_check_speaks_up(change: Any, named: str) -> None:
    found = _changed(change)
    assert found
    assert named in found[0]


def test_notice_may_alter_the_december_before() -> None:
    assert _changed(lambda days: [*days, NoticeDay(day("2026-12-31"), False, "元旦")]) == []


def test_differences_are_what_changed_only() -> None:
    same = {"on": "2027-01-01", "is_working": False}
    before = [same, {"on": "2027-01-02", "is_working": False}, {"on": "2027-01-03", "is_working": False}]
    after = [same, {"on": "2027-01-02", "is_working": True}, {"on": "2027-01-04", "is_working": False}]
    found = [(f"{one.on:%d}", one.kind) for one in differences(before, after)]
    assert found == [("02", "changed"), ("03", "removed"), ("04", "added")]
