"""Every due day that no clock watches opens why it is that day (R-04, R-13, W-05, C-04, V-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from apps.calendars.due_days import Count, DueDay, counted, end_of
from apps.calendars.loading import Calendars
from tests import factories as make

NOW = datetime(2026, 9, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def words(due: DueDay, calendars: Calendars | None = None, **more: bool) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(line.kind, str(line.words)) for line in due.lines(calendars, **more)]


def shown(due: DueDay, user: object = None) -> str:
    request = RequestFactory().get("/")
    request.user = user
    with translation.override("en"):
        return Template("{% load due_days %}{% due_day due %}").render(Context({"due": due, "request": request}))


def test_months_do_not_count_the_day_of_the_start() -> None:
    """W-05: within one month of completion; the days between add up."""
    due = DueDay(counted(date(2026, 1, 31), 1, Count.MONTHS), "Rule", date(2026, 1, 31), "Done", 1, Count.MONTHS)
    assert due.due == date(2026, 2, 28)
    assert words(due) == [
        ("start", "Done"),
        ("left_out", "The day of the start is not counted"),
        ("counted", "28 days counted"),
        ("due", "Due"),
    ]


@pytest.mark.django_db
def test_working_days_say_what_they_skip() -> None:
    """K-01: a call within one working day; the days off before it are named."""
    calendars = Calendars.load(around=NOW)
    friday = date(2026, 11, 20)
    due = DueDay(
        counted(friday, 1, Count.WORKING_DAYS, calendars), "Rule", friday, "Low evaluation", 1, Count.WORKING_DAYS
    )
    assert due.due == date(2026, 11, 23)
    assert words(due, calendars)[1:4] == [
        ("left_out", "The day of the start is not counted"),
        ("counted", "1 day counted"),
        ("left_out", "Skipped: 2 days off"),
    ]


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(ValueError, match="calendar"):
        counted(date(2026, 11, 20), 1, Count.WORKING_DAYS)


def test_result_says_left_late_kept() -> None:
    """R-04: what is left, by how much it is late, whether it was kept."""
    open_ = DueDay(date(2026, 9, 30), "Rule")
    with translation.override("en"):
        assert open_.result(NOW) == ("13 h 59 min left", "info")
        assert open_.result(NOW + timedelta(days=1))[1] == "bad"
        assert DueDay(NOW, "Rule", done_at=NOW, is_open=False).result(NOW) == ("Kept", "ok")
        late = DueDay(NOW, "Rule", done_at=NOW + timedelta(hours=2), is_open=False)
        assert late.result(NOW) == ("2 h 00 min late", "bad")
        assert DueDay(NOW, "Rule", is_open=False).result(NOW)[1] == "idle"
    assert end_of(date(2026, 9, 30)).strftime("%H:%M:%S") == "23:59:59"


@pytest.mark.django_db
def test_a_chosen_day_names_who_chose_it_to_staff_alone() -> None:
    """C-04: who set it and when; owners are not told the name."""
    person = make.make_staff("quality", name="陈静怡")
    due = DueDay(date(2026, 10, 8), "Rule", chosen_by=person, chosen_at=NOW)
    assert "陈静怡" in shown(due, person)
    assert "2026-09-30 10:00" in shown(due, person)
    assert "陈静怡" not in shown(due)
    assert "Set by our staff" in shown(due)


def test_component_opens_without_a_script() -> None:
    """R-04: a tap opens start, target, calendar, days, pauses and result, with no script at all."""
    html = shown(DueDay(date(2026, 10, 8), "The rule.", date(2026, 10, 1), "Started here", 7))
    assert html.startswith("<details") and "<summary" in html
    for part in ("The rule.", "Started here", "7 days", "Calendar days", "Pauses", "2026-10-08"):
        assert part in html
    assert "<script" not in html and "style=" not in html
