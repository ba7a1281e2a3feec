"""Notices about holidays as tests import them. 2027's is invented."""

from __future__ import annotations

import json
from typing import Any

from chinese_calendar.constants import holidays, workdays

#: Off and worked days of an invented 2027 that passes every check.
OFF_2027 = {
    "元旦": ["2027-01-01", "2027-01-02", "2027-01-03"],
    "春节": ["2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"],
    "清明": ["2027-04-03", "2027-04-04", "2027-04-05"],
    "劳动节": ["2027-05-01", "2027-05-02", "2027-05-03", "2027-05-04", "2027-05-05"],
    "端午": ["2027-06-09"],
    "中秋": ["2027-09-15"],
    "国庆节": ["2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04", "2027-10-05", "2027-10-06", "2027-10-07"],
}
WORKED_2027 = {
    "春节": ["2027-01-31", "2027-02-14"],
    "劳动节": ["2027-04-25", "2027-05-08"],
    "国庆节": ["2027-09-26", "2027-10-09"],
}


def lines_2027() -> list[dict[str, Any]]:
    off = [{"name": name, "date": day, "isOffDay": True} for name, days in OFF_2027.items() for day in days]
    return off + [{"name": name, "date": day, "isOffDay": False} for name, days in WORKED_2027.items() for day in days]


def as_json(year: int = 2027, days: list[dict[str, Any]] | None = None) -> str:
    """Return a holiday-cn file."""
    content = {"year": year, "papers": ["https://www.gov.cn/notice"], "days": lines_2027() if days is None else days}
    return json.dumps(content, ensure_ascii=False)


def as_table(separator: str = ",", off: str = "休", work: str = "班") -> str:
    """Return the same as a pasted table with a heading."""
    lines = [separator.join([line["date"], off if line["isOffDay"] else work, line["name"]]) for line in lines_2027()]
    return "\n".join([separator.join(["日期", "类型", "名称"]), *lines])


def of_the_package(year: int) -> str:
    """Return a past year's holiday-cn file, made of what the package knows."""
    days = [(on, name, True) for on, name in holidays.items()] + [(on, name, False) for on, name in workdays.items()]
    return as_json(
        year, [{"name": name, "date": f"{on}", "isOffDay": off} for on, name, off in sorted(days) if on.year == year]
    )
