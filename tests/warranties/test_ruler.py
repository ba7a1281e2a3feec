"""The warranty ruler: where today stands, what it names, what it marks, and the project page around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.warranties.ruler import Ruler
from tests import factories as make

ClientOf = Callable[..., Client]


def ruler(today: date, *, ends_on: date = date(2027, 6, 30)) -> Ruler:
    return Ruler(date(2025, 6, 30), ends_on, today)


@pytest.mark.parametrize(
    ("today", "elapsed", "side"),
    [
        (date(2025, 6, 30), "0.0%", "start"),
        (date(2026, 6, 30), "50.0%", "middle"),
        (date(2027, 6, 30), "100.0%", "end"),
        (date(2029, 1, 1), "100.0%", "end"),
        (date(2020, 1, 1), "0.0%", "start"),
    ],
)
def test_today_stands_where_the_days_have_gone_and_its_word_stays_on_the_ruler(
    today: date, elapsed: str, side: str
) -> None:
    one = ruler(today)
    assert (one.elapsed, one.side) == (elapsed, side)


def test_half_years_are_named_but_not_where_the_ends_have_their_words() -> None:
    assert [day for _, day in ruler(date(2026, 1, 1)).named] == [date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)]


def test_long_cover_has_no_more_ticks_and_names_than_there_is_room_for() -> None:
    long = ruler(date(2026, 1, 1), ends_on=date(2040, 6, 30))
    assert 12 <= len(long.ticks) <= 24
    assert 2 <= len(long.named) <= 4


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


@pytest.fixture
def covered() -> Any:
    project = make.make_project()
    make.make_card(warranty=make.make_warranty(project=project, starts_on=timezone.localdate() - timedelta(days=200)))
    return project


@pytest.mark.django_db
def test_project_page_marks_repairs_and_visits_while_the_cover_ran(client_of: ClientOf, covered: Any) -> None:
    today = timezone.localdate()
    for days in (10, 10, 60, 900):
        ticket = make.make_ticket(project=covered)
        make.make_work_order(ticket=ticket, status="signed", finished_at=_at(today - timedelta(days=days)))
    make.make_work_order(ticket=make.make_ticket(project=make.make_project()), status="signed", finished_at=_at(today))
    make.make_visit(project=covered, status="done", done_at=_at(today - timedelta(days=30)))
    shown = client_of(make.make_owner_admin(covered.owner)).get(covered.get_absolute_url()).content.decode()
    assert len(re.findall(r'class="notch"', shown)) == 2
    assert len(re.findall(r'class="ring"', shown)) == 1
    assert ">今天</text>" in shown


@pytest.mark.django_db
def test_project_page_without_repairs_has_no_marks_and_no_legend(client_of: ClientOf, covered: Any) -> None:
    shown = client_of(make.make_owner_admin(covered.owner)).get(covered.get_absolute_url()).content.decode()
    assert 'class="ruler"' in shown
    assert "mark-notch" not in shown
    assert "mark-ring" not in shown


@pytest.mark.django_db
def test_promises_training_and_satisfaction_stand_in_the_wide_column(client_of: ClientOf, covered: Any) -> None:
    shown = client_of(make.make_staff("manager")).get(covered.get_absolute_url()).content.decode()
    parts = re.findall(r'hx-get="[^"]*\?part=(\w+)"', shown)
    assert parts == ["more", "history", "side"]


@pytest.mark.django_db
def test_owner_reports_from_the_foot_of_the_phone(client_of: ClientOf, covered: Any) -> None:
    report = re.compile(r'<div class="sticky">.*href="/tickets/new/"', re.S)
    assert report.search(client_of(make.make_owner_admin(covered.owner)).get("/").content.decode())
    assert not report.search(client_of(make.make_staff("customer_service")).get("/").content.decode())
