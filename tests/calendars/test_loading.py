"""The stored calendars as clocks count in them: layers, published years, two queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendars.loading import Calendars
from apps.calendars.models import CalendarDay, CalendarYear, ServiceHours
from apps.calendars.services import load_calendars
from apps.core.models import Event
from apps.core.worktime import add_working_minutes, is_working_day, windows_on, working_minutes_between
from tests import factories as make
from tests.factories import NOW, SHANGHAI, day

pytestmark = pytest.mark.django_db
SATURDAY, MONDAY = day("2026-11-21"), day("2026-11-23")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def spans(on: date, calendars: Calendars, hours: int | None) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows_on(on, calendars.of(hours))]


def test_empty_database_has_an_office_and_nothing_published() -> None:
    calendars = Calendars.load(around=NOW)
    assert add_working_minutes(at("2026-11-16 11:30"), 60, calendars.office) == at("2026-11-16 14:00")
    assert calendars.of(None).windows
    assert calendars.working_days_provisional(NOW.date(), NOW.date())
    assert calendars.day_name(day("2026-10-01")) == ""


def test_loading_gives_the_hours_and_every_day_since_2020_once() -> None:
    assert load_calendars(now=NOW) == 9
    days = CalendarDay.objects.count()
    assert load_calendars(now=NOW) == 0
    assert CalendarDay.objects.count() == days
    assert Event.objects.filter(name="calendars.calendaryear.published").count() == 7
    calendars = Calendars.load(around=NOW)
    for number in range(730):
        on = date(2025, 1, 1) + timedelta(days=number)
        works = chinese_calendar.is_workday(on)
        assert is_working_day(on, calendars.office) == works
        assert is_working_day(on, calendars.working_days) == works


def test_loading_again_changes_nothing_that_was_edited() -> None:
    load_calendars(now=NOW)
    ServiceHours.objects.filter(key="office").update(name="我们的时间", is_default=False)
    ServiceHours.objects.filter(key="always").delete()
    make.make_hours(is_default=True)
    CalendarDay.objects.filter(on="2026-10-01").delete()
    call_command("load_calendars", verbosity=0)
    assert ServiceHours.objects.get(key="office").name == "我们的时间"
    assert ServiceHours.objects.filter(key="always", is_always=True).exists()
    assert not CalendarDay.objects.filter(on="2026-10-01").exists()


def test_everything_takes_two_queries() -> None:
    load_calendars(now=NOW)
    hours = make.make_hours()
    make.make_calendar_day(hours=hours, on=SATURDAY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendars = Calendars.load(around=NOW)
        for wanted in (hours.pk, None):
            calendars.of(wanted)
        assert calendars.office is not calendars.working_days
        assert calendars.is_provisional(hours.pk, NOW.date(), day("2027-01-01"))
        calendars.day_name(SATURDAY)
    assert len(queries) == 2


def test_layers_lie_upon_each_other() -> None:
    """National < company < the hours' own."""
    hours, other = make.make_hours(), make.make_hours()
    make.make_calendar_day(year=make.make_calendar_year(), on=MONDAY, name="假日")
    make.make_calendar_day(on=SATURDAY, is_working=True)
    office = ["08:30-12:00", "13:30-17:30"]
    assert spans(MONDAY, Calendars.load(around=NOW), hours.pk) == []
    assert spans(SATURDAY, Calendars.load(around=NOW), hours.pk) == office
    make.make_calendar_day(on=MONDAY, is_working=True)
    assert spans(MONDAY, Calendars.load(around=NOW), hours.pk) == office
    make.make_calendar_day(hours=hours, on=MONDAY, is_working=False)
    calendars = Calendars.load(around=NOW)
    assert (spans(MONDAY, calendars, hours.pk), spans(MONDAY, calendars, other.pk)) == ([], office)
    assert not is_working_day(MONDAY, calendars.working_days)
    assert not is_working_day(SATURDAY, calendars.working_days)


def test_own_windows_of_a_date_go_before_merely_working() -> None:
    hours = make.make_hours()
    make.make_calendar_day(on=MONDAY, is_working=True, windows=[["09:00", "10:00"]])
    make.make_calendar_day(hours=hours, on=MONDAY, is_working=True)
    assert spans(MONDAY, Calendars.load(around=NOW), hours.pk) == ["09:00-10:00"]


def test_hours_that_observe_no_holidays_know_only_their_own_days() -> None:
    hours = make.make_hours(observes_holidays=False)
    always = make.make_hours(is_always=True, observes_holidays=False)
    make.make_calendar_day(on=MONDAY)
    make.make_calendar_day(hours=always, on=MONDAY)
    calendars = Calendars.load(around=NOW)
    assert spans(MONDAY, calendars, hours.pk) == ["08:30-12:00", "13:30-17:30"]
    assert spans(MONDAY, calendars, always.pk) == ["00:00-00:00"]
    make.make_calendar_day(hours=hours, on=MONDAY)
    assert spans(MONDAY, Calendars.load(around=NOW), hours.pk) == []


def test_due_times_in_a_year_not_published_are_provisional() -> None:
    load_calendars(now=NOW)
    office = ServiceHours.objects.get(key="office").pk
    through = make.make_hours(observes_holidays=False).pk
    calendars = Calendars.load(around=NOW)
    assert not calendars.is_provisional(office, NOW.date(), day("2026-12-31"))
    assert calendars.is_provisional(office, NOW.date(), day("2027-01-01"))
    assert not calendars.is_provisional(through, NOW.date(), day("2027-01-01"))
    assert not calendars.is_provisional(None, NOW.date(), day("2027-01-01"))
    assert calendars.working_days_provisional(day("2026-12-31"), day("2027-01-01"))


def test_december_altered_by_the_next_notice_publishes_only_that_year() -> None:
    make.make_calendar_day(year=make.make_calendar_year(year=2027), on=day("2026-12-31"))
    calendars = Calendars.load(around=NOW)
    assert calendars.working_days_provisional(day("2026-12-01"), day("2026-12-31"))
    assert not calendars.working_days_provisional(day("2027-01-01"), day("2027-01-01"))


def test_days_are_called_by_their_names() -> None:
    load_calendars(now=NOW)
    make.make_calendar_day(on=day("2026-10-02"), name="公司成立日")
    calendars = Calendars.load(around=NOW)
    assert calendars.day_name(day("2026-10-01")) == "国庆节"
    assert calendars.day_name(day("2026-10-02")) == "公司成立日"
    assert calendars.day_name(day("2026-10-10")).startswith("国庆节")
    assert calendars.day_name(day("2026-10-10")) != "国庆节"
    assert calendars.day_name(day("2026-10-12")) == ""


def test_default_hours_are_the_office() -> None:
    load_calendars(now=NOW)
    ServiceHours.objects.filter(is_default=True).update(is_default=False)
    make.make_hours(is_default=True, windows={"0": [["10:00", "11:00"]]})
    calendars = Calendars.load(around=NOW)
    assert working_minutes_between(at("2026-11-16 00:00"), at("2026-11-23 00:00"), calendars.office) == 60


def test_two_defaults_are_refused_by_the_table() -> None:
    assert CalendarYear.objects.count() == 0
    make.make_hours(is_default=True)
    with pytest.raises(Exception, match=r"(?i)unique|one_default"):
        make.make_hours(is_default=True)
