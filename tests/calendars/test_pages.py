"""Pages of the calendars: what they show, who edits what, what an edit tells the clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Role
from apps.calendars.models import CalendarDay, CalendarImport, ServiceHours
from apps.calendars.services import load_calendars
from apps.core.models import Event
from tests import factories as make
from tests.factories import NOW, day

from . import notices

pytestmark = pytest.mark.django_db
BUDGET = 12


def _url(name: str, *args: Any) -> str:
    return reverse(f"calendars:{name}", args=args)


@pytest.fixture
def administrator(client_of: Callable[..., Any]) -> Any:
    return client_of(make.make_staff(Role.ADMINISTRATOR))


def _changes() -> list[tuple[str, str]]:
    events = Event.objects.filter(name="calendars.days.changed").order_by("pk")
    return [(event.data["first"], event.data["last"]) for event in events]


def test_year_shows_holidays_make_up_days_and_the_companys(administrator: Any) -> None:
    load_calendars(now=NOW)
    make.make_calendar_day(on=day("2026-05-20"), name="公司运动会")
    with CaptureQueriesContext(connection) as queries:
        response = administrator.get(_url("year", 2026))
    text = response.content.decode()
    assert len(queries) <= BUDGET
    assert response.context["workdays"] == 248
    assert all(word in text for word in ("国庆节", "公司运动会", "chinesecalendar"))
    assert text.count("d-national d-off") == 33 + 1  # and the one of the key
    assert text.count("d-national d-work") == 6 + 1
    assert text.count("<caption>") == 12


def test_year_that_is_not_published_says_so(administrator: Any) -> None:
    load_calendars(now=NOW)
    text = administrator.get(_url("year", 2027)).content.decode()
    assert "n-warn" in text
    assert "n-warn" not in administrator.get(_url("year", 2026)).content.decode()
    assert administrator.get(_url("year", 1999)).status_code == 404


def test_staff_read_and_owners_do_not(client_of: Callable[..., Any]) -> None:
    engineer, owner = client_of(make.make_staff(Role.ENGINEER)), client_of(make.make_owner_admin())
    for name in ("current", "days", "hours", "imports"):
        assert engineer.get(_url(name)).status_code == 200
        assert owner.get(_url(name)).status_code == 403
    assert _url("day_create") not in engineer.get(_url("days")).content.decode()


def test_notice_is_uploaded_compared_confirmed_and_rolled_back(administrator: Any) -> None:
    upload = SimpleUploadedFile("2027.json", notices.as_json().encode(), "application/json")
    response = administrator.post(_url("import_create"), {"file": upload}, follow=True)
    run = CalendarImport.objects.get()
    assert response.redirect_chain[-1][0] == run.get_absolute_url()
    assert response.context["workdays"] == 250
    assert len(response.context["differences"]) == 33
    for step in ("apply", "roll_back"):
        address = reverse("core:step", args=["calendars.calendarimport", run.pk, step])
        assert address in administrator.get(run.get_absolute_url()).content.decode()
        assert administrator.post(address).status_code == 302
        assert CalendarDay.objects.exists() == (step == "apply")


@pytest.mark.parametrize("content", [notices.as_table().encode("gb18030"), notices.as_table("\t").encode("utf-8-sig")])
def test_table_is_uploaded_in_either_encoding(administrator: Any, content: bytes) -> None:
    administrator.post(_url("import_create"), {"file": SimpleUploadedFile("2027.csv", content)})
    assert CalendarImport.objects.get().after[0]["name"] == "元旦"


def test_refused_notice_keeps_what_was_pasted(administrator: Any) -> None:
    for text in ("2027-13-01,休,x", notices.as_json(2028, []), ""):
        response = administrator.post(_url("import_create"), {"text": text})
        assert response.status_code == 422
        assert response.context["form"].errors
    assert not CalendarImport.objects.exists()


def test_company_days_are_added_changed_and_removed(administrator: Any) -> None:
    values = {"name": "年会", "first": "2026-12-28", "last": "2026-12-30", "works": "off", "windows": ""}
    assert administrator.post(_url("day_create"), values).status_code == 302
    rows = CalendarDay.objects.filter(layer="company")
    assert [f"{row.on}" for row in rows] == ["2026-12-28", "2026-12-29", "2026-12-30"]
    assert administrator.post(_url("day_create"), values).status_code == 422
    first = rows[0]
    change = {"name": "年会", "works": "works", "windows": "9:00-11:00"}
    assert administrator.post(_url("day_edit", first.pk), change).status_code == 302
    first.refresh_from_db()
    assert (first.is_working, first.windows) == (True, [["09:00", "11:00"]])
    assert administrator.post(_url("day_remove", first.pk)).status_code == 302
    assert rows.all().count() == 2
    assert _changes() == [("2026-12-28", "2026-12-30"), ("2026-12-28", "2026-12-28"), ("2026-12-28", "2026-12-28")]


@pytest.mark.parametrize(
    "values",
    [
        {"windows": "9-11", "works": "works"},
        {"windows": "09:00-11:00", "works": "off"},
        {"last": "2026-12-01"},
        {"last": "2027-12-01"},
        {"name": ""},
    ],
)
def test_day_that_cannot_be_is_refused(administrator: Any, values: dict[str, str]) -> None:
    good = {"name": "年会", "first": "2026-12-28", "works": "off"}
    assert administrator.post(_url("day_create"), good | values).status_code == 422
    assert not CalendarDay.objects.exists()


def test_national_day_is_not_edited_by_hand(administrator: Any) -> None:
    row = make.make_calendar_day(year=make.make_calendar_year())
    assert administrator.get(_url("day_edit", row.pk)).status_code == 404
    assert administrator.post(_url("day_remove", row.pk)).status_code == 404


def test_day_of_certain_hours_is_theirs(administrator: Any) -> None:
    hours = make.make_hours()
    values = {"name": "值班", "first": "2026-12-26", "works": "works", "windows": "09:00-12:00", "hours": hours.pk}
    administrator.post(_url("day_create"), values)
    row = CalendarDay.objects.get()
    assert (row.layer, row.hours) == ("own", hours)
    assert "值班" in administrator.get(_url("year", 2026)).content.decode()


def _week(**days: str) -> dict[str, str]:
    return {f"day_{number}": "" for number in range(7)} | days


def test_manager_changes_hours_and_the_clocks_are_told(client_of: Callable[..., Any]) -> None:
    load_calendars(now=NOW)
    office = ServiceHours.objects.get(key="office")
    manager = client_of(make.make_staff(Role.MANAGER))
    page = manager.get(_url("hours_edit", office.pk)).content.decode()
    assert "08:30-12:00 13:30-17:30" in page
    values = _week(day_0="9:00-17:00", day_5="20:00-06:00") | {"name": "新时间", "is_default": "on"}
    assert manager.post(_url("hours_edit", office.pk), values).status_code == 302
    office.refresh_from_db()
    assert (office.name, office.key, office.observes_holidays) == ("新时间", "office", False)
    assert office.windows == {"0": [["09:00", "17:00"]], "5": [["20:00", "06:00"]]}
    assert len(_changes()) == 1


def test_new_default_hours_take_the_place_of_the_old(client_of: Callable[..., Any]) -> None:
    load_calendars(now=NOW)
    manager = client_of(make.make_staff(Role.MANAGER))
    values = _week(day_0="9:00-17:00") | {"name": "新时间", "key": "new", "is_default": "on", "observes_holidays": "on"}
    assert manager.post(_url("hours_create"), values).status_code == 302
    assert [row.key for row in ServiceHours.objects.filter(is_default=True)] == ["new"]


@pytest.mark.parametrize(
    "values",
    [
        _week() | {"name": "无", "key": "none"},
        _week(day_0="8-17") | {"name": "错", "key": "bad"},
        _week(day_0="08:00-17:00") | {"name": "重", "key": "office"},
        _week(day_0="08:00-12:00 11:00-13:00") | {"name": "叠", "key": "overlap"},
    ],
    ids=["no window", "no time", "key taken", "overlap"],
)
def test_hours_that_cannot_be_are_refused(administrator: Any, values: dict[str, str]) -> None:
    load_calendars(now=NOW)
    assert administrator.post(_url("hours_create"), values).status_code == 422
    assert ServiceHours.objects.count() == 2


def test_default_cannot_be_given_up(administrator: Any) -> None:
    load_calendars(now=NOW)
    office = ServiceHours.objects.get(key="office")
    values = _week(day_0="08:00-17:00") | {"name": "工作时间"}
    assert administrator.post(_url("hours_edit", office.pk), values).status_code == 422


def test_home_of_the_administrator_leads_to_the_calendar(administrator: Any, client_of: Callable[..., Any]) -> None:
    load_calendars(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        text = administrator.get(reverse("core:home"), {"part": "side"}).content.decode()
    assert len(queries) <= BUDGET
    assert _url("current") in text
    assert (
        _url("current")
        not in client_of(make.make_staff(Role.ENGINEER)).get(reverse("core:home"), {"part": "side"}).content.decode()
    )
