"""Each occurrence becomes a visit once, whoever asks, however often, after however long a silence (V-04)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.core.models import Counter, Event
from apps.inspections import generation, lifecycle, services
from apps.inspections.models import Visit, VisitPlan
from apps.projects.models import Project, ProjectPerson
from tests import factories as make

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 15, 9, 0, tzinfo=make.SHANGHAI)
ROOT = Path(__file__).resolve().parents[2]


def _plan(now: datetime = START, **fields: Any) -> VisitPlan:
    values: dict[str, Any] = {"kind": "patrol", "months": 1, "anchor": date(2026, 1, 10)} | fields
    project = values.pop("project", None) or make.make_project()
    return services.create_plan(project=project, actor=make.make_staff(), now=now, **values)


def _days(plan: VisitPlan) -> list[str]:
    return [str(day) for day in plan.visits.order_by("planned_on").values_list("planned_on", flat=True)]


def _change(plan: VisitPlan, now: datetime, **changes: Any) -> VisitPlan:
    names = ("months", "anchor", "starts_on", "ends_on", "tolerance_days", "checklist", "assigned_to")
    values = {name: getattr(plan, name) for name in names} | changes
    return services.change_plan(plan=plan, **values, actor=make.make_staff(), now=now)


def test_monthly_plan_on_the_31st_makes_the_last_day_of_short_months() -> None:
    plan = _plan(anchor=date(2026, 1, 31))
    services.generate_visits(until=date(2026, 6, 30), now=START)
    assert _days(plan) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"][1:]


def test_yearly_plan_on_29_february_comes_back_to_it() -> None:
    plan = _plan(anchor=date(2024, 2, 29), months=12)
    services.generate_visits(until=date(2028, 12, 31), now=START)
    assert _days(plan) == ["2026-02-28", "2027-02-28", "2028-02-29"]


def test_visits_are_made_thirty_days_ahead_both_ends_included() -> None:
    """The day itself and the thirtieth count, the thirty-first does not."""
    plans = [_plan(anchor=START.date() + timedelta(days=days) - timedelta(days=31)) for days in (0, 30, 31)]
    services.generate_visits(now=START)
    assert [plan.visits.count() for plan in plans] == [1, 1, 0]


def test_second_run_makes_nothing_and_takes_no_number() -> None:
    plan = _plan()
    first = services.generate_visits(now=START)
    counters = list(Counter.objects.order_by("pk").values_list("series", "last"))
    assert (len(first), len(services.generate_visits(now=START))) == (1, 0)
    assert plan.visits.count() == 1
    assert list(Counter.objects.order_by("pk").values_list("series", "last")) == counters


def test_clock_that_jumps_ahead_and_back_makes_no_visit_twice() -> None:
    """Traps, "Queue": what was made too early stands, and the series goes on after it."""
    plan = _plan()
    services.generate_visits(now=START + timedelta(days=100))
    too_early = _days(plan)
    assert too_early[-1] == "2026-05-10"
    for back in (timedelta(0), timedelta(days=100), timedelta(days=130)):
        services.generate_visits(now=START + back)
    assert _days(plan) == [*too_early, "2026-06-10"]


def test_numbers_follow_without_gap_by_kind() -> None:
    _plan(kind="patrol")
    _plan(kind="revisit")
    made = services.generate_visits(until=date(2026, 4, 30), now=START)
    assert sorted(visit.number for visit in made) == [
        f"{kind}-2026-{n:06d}" for kind in ("HF", "XJ") for n in range(1, 4)
    ]


def test_every_visit_has_one_event() -> None:
    _plan()
    made = services.generate_visits(until=date(2026, 5, 30), now=START)
    events = Event.objects.filter(name=generation.PLANNED)
    assert sorted(events.values_list("subject_id", flat=True)) == sorted(visit.pk for visit in made)


def test_forty_days_of_silence_leave_no_gap_and_the_missed_are_overdue() -> None:
    plan = _plan(months=1, tolerance_days=3)
    services.generate_visits(now=START)
    later = START + timedelta(days=40)
    services.generate_visits(now=later)
    assert _days(plan) == ["2026-02-10", "2026-03-10"]
    much_later = later + timedelta(days=100)
    services.generate_visits(now=much_later)
    assert _days(plan) == [f"2026-{month:02d}-10" for month in range(2, 7)]
    overdue = plan.visits.overdue(much_later.date())
    assert [str(visit.planned_on) for visit in overdue] == [f"2026-{month:02d}-10" for month in range(2, 6)]


def test_plan_does_not_make_up_what_was_before_it_was_made() -> None:
    """``starts_on`` is the day the plan is made unless given."""
    plan = _plan(anchor=date(2024, 1, 10))
    assert plan.starts_on == START.date()
    services.generate_visits(now=START)
    assert _days(plan) == ["2026-02-10"]


def test_change_of_period_leaves_no_plan_to_be_locked_by_every_run() -> None:
    """Days that the old count served lack no visit, whatever the new count is."""
    plan = _plan()
    services.generate_visits(now=START)
    plan = _change(plan, START, anchor=date(2025, 1, 10))
    services.generate_visits(now=START)
    assert list(generation._plans_with_missing(START.date() + generation.AHEAD)) == []
    assert _days(plan) == ["2026-02-10"]


def test_plan_counts_from_the_acceptance_unless_told_otherwise() -> None:
    project = make.make_project()
    make.make_acceptance(project=project, accepted_on=date(2025, 8, 31))
    assert _plan(project=project, anchor=None).anchor == date(2025, 8, 31)


def test_plan_without_acceptance_asks_for_the_day() -> None:
    with pytest.raises(DomainError) as refused:
        _plan(anchor=None)
    assert refused.value.field == "anchor"


@pytest.mark.parametrize("months", [0, -1])
def test_interval_zero_is_refused(months: int) -> None:
    with pytest.raises(DomainError) as refused:
        _plan(months=months)
    assert refused.value.field == "months"
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_plan(months=0)


def test_plan_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        _plan(ends_on=START.date() - timedelta(days=1))
    assert refused.value.field == "ends_on"


def test_plan_of_a_closed_project_is_refused_and_one_closed_later_makes_nothing() -> None:
    with pytest.raises(DomainError):
        _plan(project=make.make_project(status=Project.Status.CLOSED))
    plan = _plan()
    Project.objects.filter(pk=plan.project_id).update(status=Project.Status.CLOSED)
    assert services.generate_visits(until=date(2027, 1, 1), now=START) == []


def test_end_date_is_the_last_day_included() -> None:
    plan = _plan(ends_on=date(2026, 3, 10))
    services.generate_visits(until=date(2026, 12, 31), now=START)
    assert _days(plan) == ["2026-02-10", "2026-03-10"]


def test_ended_plan_makes_nothing_and_going_on_makes_up_nothing() -> None:
    plan = _plan()
    services.generate_visits(now=START)
    services.end_plan(plan=plan, actor=make.make_staff(), now=START)
    assert services.generate_visits(until=date(2026, 12, 31), now=START) == []
    back = START + timedelta(days=100)
    services.reactivate_plan(plan=plan, actor=make.make_staff(), now=back)
    services.generate_visits(now=back)
    assert _days(plan) == ["2026-02-10", "2026-05-10"]


def test_ending_twice_is_refused() -> None:
    plan = services.end_plan(plan=_plan(), actor=make.make_staff(), now=START)
    with pytest.raises(DomainError):
        services.end_plan(plan=plan, actor=make.make_staff(), now=START)


def test_moved_visit_neither_shifts_the_series_nor_is_made_again() -> None:
    plan = _plan()
    (visit,) = services.generate_visits(now=START)
    dispatcher = make.make_staff(Role.CUSTOMER_SERVICE)
    lifecycle.assign(
        visit, actor=dispatcher, now=START, assigned_to=make.make_engineer(), scheduled_on=date(2026, 3, 1)
    )
    services.generate_visits(until=date(2026, 4, 30), now=START)
    assert _days(plan) == ["2026-02-10", "2026-03-10", "2026-04-10"]
    assert plan.visits.get(pk=visit.pk).scheduled_on == date(2026, 3, 1)


def test_skipped_visit_is_not_made_again() -> None:
    plan = _plan()
    (visit,) = services.generate_visits(now=START)
    lifecycle.skip(visit, actor=make.make_staff(Role.MANAGER), now=START, reason="业主停工")
    assert services.generate_visits(now=START) == []
    assert plan.visits.get().status == Visit.Status.SKIPPED


def test_visit_never_closed_does_not_end_the_chain() -> None:
    plan = _plan()
    services.generate_visits(until=date(2026, 12, 31), now=START)
    assert set(plan.visits.values_list("status", flat=True)) == {Visit.Status.PLANNED}
    assert len(_days(plan)) == 11


def test_done_visit_that_is_opened_again_makes_no_second() -> None:
    """Traps, "Plans": done, opened to be corrected, done again."""
    engineer = make.make_engineer()
    plan = _plan(assigned_to=engineer)
    (visit,) = services.generate_visits(now=START)
    make.make_company()
    Visit.objects.filter(pk=visit.pk).update(running_state="运行正常")
    for step in ("start", "finish", "correct", "finish"):
        visit = getattr(lifecycle, step)(visit, actor=engineer, now=START)
        assert services.generate_visits(now=START) == []
    assert plan.visits.get().status == Visit.Status.DONE
    services.generate_visits(until=date(2026, 3, 31), now=START)
    assert _days(plan) == ["2026-02-10", "2026-03-10"]


def test_plan_edited_after_three_visits_keeps_them_and_goes_on() -> None:
    """Assignee, checklist, tolerance and end are of the future; nothing made is touched."""
    plan = _plan()
    services.generate_visits(until=date(2026, 4, 30), now=START)
    before = list(plan.visits.order_by("pk").values())
    engineer, checklist = make.make_engineer(), make.make_checklist(points=2)
    plan = _change(plan, START + timedelta(days=5), assigned_to=engineer, checklist=checklist, tolerance_days=1)
    assert list(plan.visits.order_by("pk").values()) == before
    services.generate_visits(until=date(2026, 5, 31), now=START)
    newest = plan.visits.order_by("-planned_on").first()
    assert (str(newest.planned_on), newest.assigned_to, newest.checks.count()) == ("2026-05-10", engineer, 2)


def test_monthly_made_quarterly_after_three_visits_leaves_no_gap_and_no_double() -> None:
    """Occurrence 3 of the month count is day 1 of the quarter count: it stands, and the next is three months later."""
    plan = _plan()
    services.generate_visits(until=date(2026, 4, 30), now=START)
    changed_at = datetime(2026, 4, 11, 9, tzinfo=make.SHANGHAI)
    plan = _change(plan, changed_at, months=3)
    services.generate_visits(until=date(2026, 12, 31), now=changed_at)
    assert _days(plan) == ["2026-02-10", "2026-03-10", "2026-04-10", "2026-07-10", "2026-10-10"]


def test_quarterly_made_monthly_makes_nothing_for_the_time_before() -> None:
    plan = _plan(months=3)
    services.generate_visits(until=date(2026, 7, 31), now=START)
    changed_at = datetime(2026, 7, 20, 9, tzinfo=make.SHANGHAI)
    plan = _change(plan, changed_at, months=1)
    services.generate_visits(until=date(2026, 10, 1), now=changed_at)
    assert _days(plan) == ["2026-04-10", "2026-07-10", "2026-08-10", "2026-09-10"]


def test_coming_visits_outside_a_new_count_are_dropped_unless_moved_or_begun() -> None:
    plan = _plan(assigned_to=make.make_engineer())
    services.generate_visits(until=date(2026, 5, 31), now=START)
    gone, moved, begun, kept = plan.visits.order_by("planned_on")
    Visit.objects.filter(pk=moved.pk).update(scheduled_on=date(2026, 3, 20))
    Visit.objects.filter(pk=begun.pk).update(status=Visit.Status.UNDER_WAY)
    plan = _change(plan, START, anchor=date(2026, 1, 5))
    statuses = dict(plan.visits.values_list("pk", "status"))
    assert statuses[gone.pk] == statuses[kept.pk] == Visit.Status.SKIPPED
    assert (statuses[moved.pk], statuses[begun.pk]) == (Visit.Status.ASSIGNED, Visit.Status.UNDER_WAY)
    assert plan.visits.get(pk=gone.pk).reason


def test_period_changed_there_and_back_leaves_no_gap_and_keeps_what_was_skipped_away() -> None:
    """The first change drops the coming visits; the second brings their days back, but not the one a person skipped."""
    plan = _plan()
    services.generate_visits(until=date(2026, 4, 30), now=START)
    skipped = plan.visits.get(planned_on=date(2026, 2, 10))
    lifecycle.skip(skipped, actor=make.make_staff(Role.MANAGER), now=START, reason="业主停工")
    _change(_change(plan, START, months=3), START, months=1)
    services.generate_visits(until=date(2026, 4, 30), now=START)
    assert [str(visit.planned_on) for visit in plan.visits.open()] == ["2026-03-10", "2026-04-10"]
    assert services.generate_visits(until=date(2026, 4, 30), now=START) == []


def test_coming_visit_in_both_counts_stays() -> None:
    plan = _plan(anchor=date(2025, 11, 10))
    services.generate_visits(now=START)
    plan = _change(plan, START, months=3)
    assert plan.visits.get().status == Visit.Status.PLANNED
    services.generate_visits(until=date(2026, 6, 1), now=START)
    assert _days(plan) == ["2026-02-10", "2026-05-10"]


def test_checklist_is_copied_and_later_edits_change_nothing() -> None:
    checklist = make.make_checklist(points=3)
    plan = _plan(checklist=checklist)
    (visit,) = services.generate_visits(now=START)
    copied = list(visit.checks.values_list("text", "unit", "lower", "upper"))
    assert copied == list(checklist.items.values_list("text", "unit", "lower", "upper"))
    services.save_checklist(
        checklist=checklist, name="改后", items=[services.ItemLine("新的一项")], actor=make.make_staff(), now=START
    )
    assert list(visit.checks.values_list("text", "unit", "lower", "upper")) == copied
    services.generate_visits(until=date(2026, 3, 10), now=START)
    assert plan.visits.order_by("planned_on").last().checks.get().text == "新的一项"


def test_plans_engineer_gets_the_visit_and_the_project_in_sight() -> None:
    engineer = make.make_engineer()
    plan = _plan(assigned_to=engineer)
    (visit,) = services.generate_visits(now=START)
    assert (visit.status, visit.assigned_to) == (Visit.Status.ASSIGNED, engineer)
    assert ProjectPerson.objects.filter(project=plan.project, user=engineer).count() == 1
    assert Visit.objects.visible_to(engineer).filter(pk=visit.pk).exists()


def test_engineer_switched_off_leaves_the_visit_to_be_assigned() -> None:
    _plan(assigned_to=make.make_engineer(is_active=False))
    (visit,) = services.generate_visits(now=START)
    assert (visit.status, visit.assigned_to) == (Visit.Status.PLANNED, None)


def test_one_bad_plan_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = _plan(assigned_to=make.make_engineer()), _plan()

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(generation, "ensure_serves", fail)
    made = services.generate_visits(now=START)
    assert [visit.plan_id for visit in made] == [good.pk]
    assert not bad.visits.exists()


def test_limit_is_kept_and_the_next_run_goes_on() -> None:
    plan = _plan()
    assert len(services.generate_visits(until=date(2026, 12, 31), now=START, limit=4)) == 4
    services.generate_visits(until=date(2026, 12, 31), now=START)
    assert len(_days(plan)) == len(set(_days(plan))) == 11


def test_database_refuses_a_second_visit_of_an_occurrence() -> None:
    visit = make.make_visit(plan=make.make_plan(), occurrence=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_visit(plan=visit.plan, occurrence=1)


def test_command_prints_one_line_for_each_visit_and_the_count() -> None:
    plan = make.make_plan(anchor=date(2026, 1, 10), months=1, starts_on=date(2026, 2, 1))
    out = StringIO()
    call_command("generate_visits", "--until", "2026-04-30", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["2026-02-10", "2026-03-10", "2026-04-10"]
    assert all(plan.project.number in line for line in lines[:-1])
    assert lines[-1].startswith("3 ")
    out = StringIO()
    call_command("generate_visits", "--until", "2026-04-30", stdout=out)
    assert out.getvalue().splitlines() == ["0 created"]


def test_command_refuses_what_is_no_date() -> None:
    with pytest.raises(CommandError):
        call_command("generate_visits", "--until", "soon")
