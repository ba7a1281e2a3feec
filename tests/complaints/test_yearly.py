"""The yearly survey: each owner once in each year of a project's warranty, exactly once with two beats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.complaints import yearly
from apps.surveys.models import SurveyRequest
from tests import factories as make

DAY = timedelta(days=1)
START = date(2025, 1, 31)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=10)))


@pytest.mark.parametrize(
    ("today", "year", "due"),
    [
        (date(2025, 1, 31), START, False),
        (date(2025, 7, 30), START, False),
        (date(2025, 7, 31), START, True),
        (date(2026, 1, 30), START, True),
        (date(2026, 1, 31), date(2026, 1, 31), False),
        (date(2026, 7, 31), date(2026, 1, 31), True),
    ],
)
def test_survey_is_due_from_the_middle_of_a_warranty_year(today: date, year: date, due: bool) -> None:
    assert yearly.year_of(START, today) == year
    assert yearly.is_due(START, today) is due


def test_years_of_a_leap_day_begin_on_its_clamped_day() -> None:
    assert yearly.year_of(date(2024, 2, 29), date(2025, 2, 28)) == date(2025, 2, 28)
    assert yearly.year_of(date(2024, 2, 29), date(2025, 2, 27)) == date(2024, 2, 29)


@pytest.fixture
def project(db: None) -> Any:
    make.make_questionnaire(occasion="yearly")
    project = make.make_project()
    make.make_warranty(project=project, starts_on=START, ends_on=date(2027, 1, 30), months=24)
    return project


def test_owner_is_asked_once_a_year_of_the_warranty(project: Any) -> None:
    """K-01: run every day, one request a year; after the last day of cover none."""
    person = make.make_owner_admin(project.owner)
    day, asked = START, 0
    while day < date(2027, 9, 1):
        asked += yearly.ask_yearly(now=at(day))
        day += 5 * DAY
    requests = SurveyRequest.objects.order_by("asked_at")
    assert asked == len(requests) == 2
    assert [row.year_from for row in requests] == [START, date(2026, 1, 31)]
    assert {(row.person, row.occasion, row.subject) for row in requests} == {(person, "yearly", project)}


def test_who_was_asked_lately_is_left_in_peace_and_a_colleague_asked(project: Any) -> None:
    admin = make.make_owner_admin(project.owner)
    now = at(date(2025, 8, 20))
    make.make_survey(project=project, person=admin, asked_at=now - 10 * DAY)
    assert yearly.ask_yearly(now=now) == 0
    colleague = make.make_owner_member(project.owner)
    assert yearly.ask_yearly(now=now) == 1
    assert SurveyRequest.objects.get(year_from=START).person == colleague


def test_owner_without_people_is_asked_at_the_telephone_of_the_last_request(project: Any) -> None:
    make.make_ticket(project=project, contact_name="门卫老吴", contact_phone="13700001111")
    assert yearly.ask_yearly(now=at(date(2025, 8, 20))) == 1
    request = SurveyRequest.objects.get()
    assert (request.person, request.name, request.phone) == (None, "门卫老吴", "13700001111")


def test_survey_sent_by_hand_this_year_counts(project: Any) -> None:
    make.make_owner_admin(project.owner)
    make.make_survey(project=project, occasion="yearly", asked_at=at(date(2025, 3, 1)))
    assert yearly.ask_yearly(now=at(date(2025, 8, 20))) == 0


def test_project_out_of_warranty_or_closed_is_not_asked(project: Any) -> None:
    make.make_owner_admin(project.owner)
    assert yearly.ask_yearly(now=at(date(2027, 8, 20))) == 0
    type(project).objects.filter(pk=project.pk).update(status="closed")
    assert yearly.ask_yearly(now=at(date(2025, 8, 20))) == 0


def test_one_bad_project_leaves_the_rest(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_owner_admin(project.owner)
    other = make.make_project()
    make.make_owner_admin(other.owner)
    make.make_warranty(project=other, starts_on=START, ends_on=date(2027, 1, 30), months=24)
    whole = yearly._request

    def broken(asked: Any, *rest: Any) -> Any:
        if asked == project:
            raise RuntimeError("no questionnaire")
        return whole(asked, *rest)

    monkeypatch.setattr(yearly, "_request", broken)
    assert yearly.ask_yearly(now=at(date(2025, 8, 20))) == 1
    assert SurveyRequest.objects.get().project == other


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_ask_once() -> None:
    make.make_questionnaire(occasion="yearly")
    project = make.make_project()
    make.make_warranty(project=project, starts_on=START, ends_on=date(2027, 1, 30), months=24)
    make.make_owner_admin(project.owner)
    make.make_owner_admin(project.owner)
    start = Barrier(2)

    def beat(_: int) -> int:
        start.wait()
        try:
            return yearly.ask_yearly(now=at(date(2025, 8, 20)))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(beat, range(2))) == 1
    assert SurveyRequest.objects.count() == 1
