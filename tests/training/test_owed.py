"""What a policy owes a project in training, and whether what is charged fits it (T-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext

from apps.training import planning
from apps.training.models import Session
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("value", "unit", "charged", "doubted"),
    [
        ("1", "session", [False], False),
        ("1", "session", [False, True], False),
        ("1", "session", [True], True),
        ("1", "session", [False, False], True),
        ("终身免费", "", [True], True),
        ("终身免费", "次", [False, False], False),
        ("终身免费", "次", [False, True], True),
    ],
)
def test_charges_that_do_not_fit_the_policy_are_doubted(
    scene: Scene, client_of: Any, value: str, unit: str, charged: list[bool], doubted: bool
) -> None:
    """T-02: one free session, later ones chargeable, or free for life; said to ours alone."""
    policy = make.make_policy()
    make.make_project_policy(project=scene.project, policy=policy)
    make.make_term(version=policy.current, name="免费培训", value=value, unit=unit, rule="T-02")
    Session.objects.filter(pk=scene.session.pk).update(is_chargeable=charged[0])
    for is_chargeable in charged[1:]:
        make.make_session(course=scene.course, project=scene.project, is_chargeable=is_chargeable)
    make.make_session(course=scene.course, project=scene.project, is_chargeable=True, status="cancelled")
    doubts = planning.charge_doubts(scene.project)
    assert bool(doubts) is doubted
    plan = make.make_training_plan(project=scene.project)
    if doubted:
        assert conditional_escape(doubts[0]) in client_of(scene.manager).get(plan.get_absolute_url()).text
        assert client_of(scene.admin).get(plan.get_absolute_url()).context["doubts"] == []


def test_weekends_and_holidays_are_no_working_days_of_training(scene: Scene) -> None:
    """T-02: two working days on site are not a Friday and a Saturday; a term in plain days counts both."""
    policy = make.make_policy()
    make.make_project_policy(project=scene.project, policy=policy)
    for name, unit in (("工作", "working days"), ("日历", "天")):
        make.make_term(version=policy.current, name=name, value="2", unit=unit, rule="T-02")
    friday = timezone.make_aware(timezone.datetime(2026, 11, 20, 9))
    begins = {"starts_at": friday, "ends_at": friday + timedelta(days=1, hours=8), "hours": 12}
    Session.objects.filter(pk=scene.session.pk).update(**begins)
    assert [line.planned for line in planning.owed_to(scene.project)] == [1, 2]
    year = make.make_calendar_year(year=2026)
    make.make_calendar_day(year=year, on=date(2026, 11, 21), is_working=True)
    assert [line.planned for line in planning.owed_to(scene.project)] == [2, 2]


def test_short_trainings_are_no_whole_working_days(scene: Scene, client_of: Any) -> None:
    """T-02: two hours on one day and four on the next are one working day of the two that are owed."""
    make.make_project_policy(project=scene.project, policy=(policy := make.make_policy()))
    make.make_term(version=policy.current, name="现场培训", value="2", unit="working days", rule="T-02")
    monday = timezone.make_aware(timezone.datetime(2026, 11, 16, 9))
    Session.objects.filter(pk=scene.session.pk).update(starts_at=monday, ends_at=monday + timedelta(hours=2), hours=2)
    next_day = {"starts_at": monday + timedelta(days=1), "ends_at": monday + timedelta(days=1, hours=4), "hours": 4}
    make.make_session(course=scene.course, project=scene.project, **next_day)
    [line] = planning.owed_to(scene.project)
    assert (line.owed, line.planned, line.held, line.tone) == (2, 1, 0, "warn")
    plan = make.make_training_plan(project=scene.project)
    explained = gettext("%(hours)s hours taught make a day") % {"hours": 6}
    assert explained in client_of(scene.manager).get(plan.get_absolute_url()).text
