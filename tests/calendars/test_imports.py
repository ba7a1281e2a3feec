"""Imports of holidays: shown, confirmed, rolled back, by the administrator alone, always with the event."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role
from apps.calendars import lifecycle, services
from apps.calendars.loading import Calendars
from apps.calendars.models import CalendarDay, CalendarImport, CalendarYear
from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.core.models import Event
from tests import factories as make
from tests.factories import NOW, day

from . import notices

pytestmark = pytest.mark.django_db
S = CalendarImport.Status
PEOPLE = [role.value for role in Role] + ["owner_admin"]
EDGES = {"apply": (S.READY, S.APPLIED), "roll_back": (S.APPLIED, S.ROLLED_BACK), "discard": (S.READY, S.DISCARDED)}


def _outcome(role: str, state: str, step: str) -> str:
    source, target = EDGES[step]
    if role != Role.ADMINISTRATOR:
        return "forbidden"
    return target if state == source else "not now"


#: (role, state, step, outcome) for every role, every state and every step.
TABLE = [(role, state, step, _outcome(role, state, step)) for step in EDGES for state in S for role in PEOPLE]


@pytest.fixture
def administrator() -> Any:
    return make.make_staff(Role.ADMINISTRATOR)


def _in_state(state: str) -> CalendarImport:
    """An import of 2027; one that is, or was, in force has its day stored or not, as it should be."""
    run = make.make_calendar_import(status=state, applied_at=NOW if state in {S.APPLIED, S.ROLLED_BACK} else None)
    if state == S.APPLIED:
        year = make.make_calendar_year(year=2027)
        make.make_calendar_day(year=year, on=day("2027-01-01"), name="元旦")
    return run


@pytest.mark.parametrize(("role", "state", "step", "outcome"), TABLE)
def test_import_steps_by_role_and_state(role: str, state: str, step: str, outcome: str) -> None:
    run = _in_state(state)
    actor = make.make_owner_admin() if role == "owner_admin" else make.make_staff(role)
    edge = edges_of(CalendarImport)[step]
    offered = edge in available(run, actor)
    if outcome in {"forbidden", "not now"}:
        # Whether it is the last in force decides who may roll back, so that one is refused before its state is.
        with pytest.raises((PermissionDenied, IllegalTransition)):
            edge(run, actor=actor, now=NOW)
        assert not offered
        run.refresh_from_db()
        assert run.status == state
    else:
        assert offered
        assert edge(run, actor=actor, now=NOW).status == outcome


def _publications() -> list[dict[str, Any]]:
    return list(
        Event.objects.filter(name="calendars.calendaryear.published").order_by("pk").values_list("data", flat=True)
    )


def test_import_changes_nothing_before_it_is_confirmed(administrator: Any) -> None:
    run = services.start_import(text=notices.as_json(), actor=administrator, now=NOW)
    assert (run.year, run.kind, run.source, len(run.before), len(run.after)) == (
        2027,
        "holiday_cn",
        "https://www.gov.cn/notice",
        0,
        33,
    )
    assert not CalendarDay.objects.exists()
    assert not _publications()


def test_confirmed_import_publishes_the_year_and_says_so(administrator: Any) -> None:
    run = services.start_import(text=notices.as_table(), source="国办发明电〔2026〕7 号", actor=administrator, now=NOW)
    run = lifecycle.apply(run, actor=administrator, now=NOW)
    assert (run.status, run.applied_by, run.applied_at) == (S.APPLIED, administrator, NOW)
    year = CalendarYear.objects.get(year=2027)
    assert (year.source, year.published_at) == ("国办发明电〔2026〕7 号", NOW)
    assert CalendarDay.objects.national().filter(year=year).count() == 33
    [said] = _publications()
    assert {"year": 2027, "first": "2027-01-01", "last": "2027-12-31"}.items() <= said.items()
    assert not Calendars.load(around=NOW).working_days_provisional(day("2027-01-01"), day("2027-12-31"))


def test_rolled_back_import_leaves_the_year_as_it_was(administrator: Any) -> None:
    first = lifecycle.apply(
        services.start_import(text=notices.as_json(), source="第一次", actor=administrator, now=NOW),
        actor=administrator,
        now=NOW,
    )
    moved = notices.as_table().replace("2027-06-09", "2027-06-10") + "\n2026-12-31,休,元旦"
    second = services.start_import(text=moved, source="更正", actor=administrator, now=NOW)
    second = lifecycle.apply(second, actor=administrator, now=NOW + make.NOW.resolution)
    assert CalendarDay.objects.filter(on="2027-06-10").exists()
    assert not CalendarDay.objects.filter(on="2027-06-09").exists()
    assert _publications()[-1]["first"] == "2026-12-31"
    with pytest.raises(PermissionDenied):  # the last in force goes first
        lifecycle.roll_back(first, actor=administrator, now=NOW)
    lifecycle.roll_back(second, actor=administrator, now=NOW)
    assert CalendarDay.objects.filter(on="2027-06-09").exists()
    assert not CalendarDay.objects.filter(on__in=["2027-06-10", "2026-12-31"]).exists()
    assert CalendarYear.objects.get(year=2027).source == "第一次"
    lifecycle.roll_back(first, actor=administrator, now=NOW)
    assert not CalendarDay.objects.exists()
    assert CalendarYear.objects.get(year=2027).published_at is None
    assert [said["year"] for said in _publications()] == [2027] * 4


def test_import_that_others_overtook_is_refused(administrator: Any) -> None:
    one = services.start_import(text=notices.as_json(), actor=administrator, now=NOW)
    other = services.start_import(text=notices.as_table(), actor=administrator, now=NOW)
    lifecycle.apply(one, actor=administrator, now=NOW)
    with pytest.raises(DomainError):
        lifecycle.apply(other, actor=administrator, now=NOW)
    other.refresh_from_db()
    assert other.status == S.READY


@pytest.mark.parametrize(
    "text",
    [
        "",
        notices.as_json(2028, []),
        notices.as_table() + "\n2027-03-03,班,调休",
        "2027-01-01,休,元旦",
    ],
    ids=["nothing", "not published", "make-up on a Wednesday", "most of the year is missing"],
)
def test_import_that_cannot_be_is_refused_and_leaves_nothing(text: str, administrator: Any) -> None:
    with pytest.raises(DomainError):
        services.start_import(text=text, actor=administrator, now=NOW)
    assert not CalendarImport.objects.exists()


def test_import_of_what_is_stored_already_is_refused(administrator: Any) -> None:
    lifecycle.apply(
        services.start_import(text=notices.as_json(), actor=administrator, now=NOW), actor=administrator, now=NOW
    )
    with pytest.raises(DomainError):
        services.start_import(text=notices.as_table(), actor=administrator, now=NOW)


def test_seeded_year_is_corrected_by_an_import(administrator: Any) -> None:
    """A notice may change within its year."""
    services.load_calendars(now=NOW)
    text = notices.of_the_package(2026).replace("2026-10-10", "2026-10-11")
    run = services.start_import(text=text, actor=administrator, now=NOW)
    lifecycle.apply(run, actor=administrator, now=NOW)
    calendars = Calendars.load(around=NOW)
    assert (calendars.day_name(day("2026-10-10")), bool(calendars.day_name(day("2026-10-11")))) == ("", True)
    lifecycle.roll_back(run, actor=administrator, now=NOW)
    assert Calendars.load(around=NOW).day_name(day("2026-10-10"))
