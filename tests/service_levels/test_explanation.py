"""Why a promise is due when it is: every stretch named, and sums that add up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from apps.calendars.models import CalendarDay, CalendarYear, ServiceHours
from apps.core.timewords import moment_in_words
from apps.service_levels.explanation import Explanation, explain, promises_of
from apps.service_levels.models import Clock, Pause, Target
from apps.service_levels.rules import Unit
from tests import factories as make
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db
M = Target.Metric


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def office() -> ServiceHours:
    """Office hours, and the National Day of 2026: off from the 1st to the 7th, made up for on the 10th."""
    year, _ = CalendarYear.objects.get_or_create(year=2026, defaults={"source": "test", "published_at": make.NOW})
    CalendarDay.objects.filter(on__range=(date(2026, 9, 25), date(2026, 10, 12)), layer="national").delete()
    for n in range(1, 8):
        make.make_calendar_day(year=year, on=date(2026, 10, n), name="国庆节")
    make.make_calendar_day(year=year, on=date(2026, 10, 10), is_working=True, name="国庆节")
    return make.make_hours(name="工作日 08:30–17:30")


def told(clock: Clock, now: datetime, **kwargs: Any) -> Explanation:
    with translation.override("en"):
        return explain(clock, now=now, **kwargs)


def words(found: Explanation) -> list[tuple[str, str]]:
    return [(line.kind, line.words) for line in found.lines]


def test_office_hours_name_every_night_and_break(office: ServiceHours) -> None:
    clock = make.make_clock(hours=office, amount=240, started_at=at("11-19T16:20"), due_at=at("11-20T11:20"))
    found = told(clock, at("11-20T10:26"))
    assert words(found)[1:] == [
        ("counted", "Counted: 1 hour 10 minutes"),
        ("closed", "Skipped: 15 hours outside service hours"),
        ("counted", "Counted: 1 hour 56 minutes"),
        ("counted", "To be counted: 54 minutes"),
        ("due", "Due"),
    ]
    assert found.sums is not None
    assert (found.sums.used, found.sums.left, found.sums.target) == ("3 hours 6 minutes", "54 minutes", "4 hours")


def test_national_day_week_is_skipped_by_name_and_the_make_up_day_counts(office: ServiceHours) -> None:
    clock = make.make_clock(amount=3, unit=Unit.WORKING_DAYS, started_at=at("09-30T15:00"), due_at=at("10-10T23:59:59"))
    found = told(clock, at("10-08T12:00"))
    assert words(found)[1:] == [
        ("first_day", "The day of the start is not counted"),
        ("off", "Skipped: 7 days off"),
        ("counted", "3 days counted"),
        ("due", "Due"),
    ]
    assert found.lines[2].note == "国庆节"
    assert "国庆节" in found.lines[3].note
    assert found.counted == "3 days"
    assert found.sums is not None and (found.sums.used, found.sums.left) == ("0 days", "3 days")


def test_pause_over_the_national_day_week_says_who_and_why(office: ServiceHours) -> None:
    """The owner asked to wait from before the holiday until after it: the pause explains itself."""
    person = make.make_staff("customer_service", name="何静")
    clock = make.make_clock(hours=office, amount=480, started_at=at("09-30T14:30"), due_at=at("10-08T15:30"))
    make.make_pause(
        subject=clock.subject, began_at=at("09-30T15:30"), ended_at=at("10-08T08:30"), began_by=person, note="节后再来"
    )
    found = told(clock, at("10-08T10:00"))
    pause = next(line for line in found.lines if line.kind == "paused")
    assert pause.note == "何静 · Waiting for the owner · 节后再来"
    assert (pause.begins, pause.ends) == (at("09-30T15:30"), at("10-08T08:30"))
    assert found.sums is not None and found.sums.used == "2 hours 30 minutes"
    assert found.skipped[-1] == "paused for 185 hours"


def test_open_pause_shows_what_is_left_and_no_due_time(office: ServiceHours) -> None:
    clock = make.make_clock(
        hours=office, amount=240, started_at=at("11-20T08:30"), due_at=None, state=Clock.State.PAUSED
    )
    make.make_pause(subject=clock.subject, began_at=at("11-20T09:30"))
    found = told(clock, at("11-20T16:00"))
    assert found.due_at is None
    assert found.result == "Paused: Waiting for the owner"
    assert found.sums is not None and (found.sums.used, found.sums.left) == ("1 hour", "3 hours")
    assert words(found)[-1] == ("paused", "Paused since")


@pytest.mark.parametrize(
    ("stopped", "result", "last"),
    [("11-20T09:30", "Kept", ["end", "due"]), ("11-20T11:30", "Kept 1 hour late", ["due", "end"])],
)
def test_end_stands_beside_the_due_time(stopped: str, result: str, last: list[str], office: ServiceHours) -> None:
    late = stopped > "11-20T10:30"
    clock = make.make_clock(
        hours=office,
        amount=120,
        started_at=at("11-20T08:30"),
        due_at=at("11-20T10:30"),
        stopped_at=at(stopped),
        stop_event="tickets.workorder.arrive",
        state=Clock.State.MET_LATE if late else Clock.State.MET,
        late_minutes=60 if late else None,
        is_over=True,
    )
    found = told(clock, at("11-21T08:00"))
    assert found.result == result
    assert [line.kind for line in found.lines][-2:] == last


def test_provisional_due_time_says_why() -> None:
    clock = make.make_clock(is_provisional=True, due_at=make.NOW + timedelta(days=60))
    assert "2027" in told(clock, make.NOW).provisional


def test_ladder_shows_steps_taken_and_to_come() -> None:
    clock = make.make_clock(last_percent=75)
    make.make_escalation_step(clock=clock)
    ladder = told(clock, make.NOW, with_ladder=True).ladder
    assert [(rung.percent, rung.is_taken) for rung in ladder] == [(75, True), (100, False), (150, False), (200, False)]


def test_parts_pause_only_what_waits_for_parts(office: ServiceHours) -> None:
    clock = make.make_clock(hours=office, started_at=at("11-20T08:30"), due_at=at("11-20T13:30"))
    make.make_pause(
        subject=clock.subject, reason=Pause.Reason.PARTS, began_at=at("11-20T09:00"), ended_at=at("11-20T10:00")
    )
    found = told(clock, at("11-20T11:00"))
    assert not [line for line in found.lines if line.kind == "paused"] and found.pauses == []


def test_internal_duties_are_no_promises() -> None:
    ticket = make.make_ticket()
    make.make_clock(subject=ticket, metric=M.CHECK, audience="staff")
    promise = make.make_clock(subject=ticket, audience="owner")
    assert [one.clock for one in promises_of(ticket, now=make.NOW)] == [promise]


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("11-20T10:39", "Today 10:39"),
        ("11-21T08:30", "Tomorrow 08:30"),
        ("11-19T08:30", "Yesterday 08:30"),
        ("11-25T17:30", "11-25 17:30"),
    ],
)
def test_moments_are_said_as_people_say_them(moment: str, says: str) -> None:
    with translation.override("en"):
        assert moment_in_words(at(moment), at("11-20T09:00")) == says
