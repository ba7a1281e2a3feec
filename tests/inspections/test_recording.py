"""What the engineer records: points, readings, photos, findings, and what becomes of them (V-06 … V-08)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.errors import DomainError
from apps.core.models import Event
from apps.inspections import recording
from apps.inspections.models import Finding, Visit, VisitCheck, VisitPhoto
from apps.inspections.recording import CheckEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def engineer() -> Any:
    return make.make_engineer()


@pytest.fixture
def visit(engineer: Any) -> Visit:
    visit = make.make_visit(status=Visit.Status.UNDER_WAY, assigned_to=engineer, points=2)
    VisitCheck.objects.create(visit=visit, position=3, text="电压", unit="V", lower=Decimal(198), upper=Decimal(242))
    return visit


def _record(visit: Visit, actor: Any, entries: dict[int, CheckEntry] | None = None, **options: Any) -> list[str]:
    recording.record_visit(visit=visit, facts={}, entries=entries or {}, actor=actor, now=NOW, **options)
    return list(visit.checks.order_by("position").values_list("verdict", flat=True))


def test_rest_in_order_judges_what_is_open_and_leaves_the_rest(visit: Visit, engineer: Any) -> None:
    """The abnormal stays abnormal, and no button invents a reading."""
    first = visit.checks.get(position=1)
    entries = {first.pk: CheckEntry("abnormal", note="卡死")}
    assert _record(visit, engineer, entries, rest_in_order=True) == ["abnormal", "ok", ""]


@pytest.mark.parametrize(
    ("value", "verdict", "judged"),
    [
        ("242", "", "ok"),
        ("242.01", "ok", "abnormal"),
        ("197.99", "", "abnormal"),
        (None, "not_applicable", "not_applicable"),
    ],
)
def test_reading_is_judged_when_saved(
    visit: Visit, engineer: Any, value: str | None, verdict: str, judged: str
) -> None:
    """V-08."""
    reading = visit.checks.get(position=3)
    entry = CheckEntry(verdict, Decimal(value) if value else None)
    assert _record(visit, engineer, {reading.pk: entry})[2] == judged


def test_point_that_is_not_applicable_keeps_no_reading(visit: Visit, engineer: Any) -> None:
    reading = visit.checks.get(position=3)
    _record(visit, engineer, {reading.pk: CheckEntry("not_applicable", Decimal(300))})
    reading.refresh_from_db()
    assert (reading.value, reading.excess) == (None, 0)


def test_foreign_points_are_not_touched(visit: Visit, engineer: Any) -> None:
    foreign = make.make_visit(status=Visit.Status.UNDER_WAY, points=1).checks.get()
    _record(visit, engineer, {foreign.pk: CheckEntry("ok")})
    foreign.refresh_from_db()
    assert foreign.verdict == ""


def test_facts_outside_the_record_are_not_written(visit: Visit, engineer: Any) -> None:
    recording.record_visit(
        visit=visit,
        facts={"running_state": "正常", "number": "X", "status": "approved"},
        entries={},
        actor=engineer,
        now=NOW,
    )
    visit.refresh_from_db()
    assert (visit.running_state, visit.status) == ("正常", Visit.Status.UNDER_WAY)
    assert visit.number != "X"


@pytest.mark.parametrize("status", [status for status in Visit.Status if status != Visit.Status.UNDER_WAY])
def test_record_is_closed_outside_the_visit(visit: Visit, engineer: Any, status: str) -> None:
    """What was signed is not written over, by whichever page is still open."""
    Visit.objects.filter(pk=visit.pk).update(status=status)
    photo = make.accepted()
    for write in (
        lambda: _record(visit, engineer, rest_in_order=True),
        lambda: recording.add_photos(visit=visit, photos=[photo], actor=engineer, now=NOW),
        lambda: recording.add_finding(visit=visit, category="use", text="甲", actor=engineer, now=NOW),
    ):
        with pytest.raises(DomainError):
            write()
    assert not visit.checks.exclude(verdict="").exists()


def test_photos_are_kept_with_their_point_and_counted(visit: Visit, engineer: Any, monkeypatch: Any) -> None:
    point = visit.checks.get(position=1)
    recording.add_photos(visit=visit, photos=[make.accepted()], check_point=point, actor=engineer, now=NOW)
    recording.add_photos(visit=visit, photos=[make.accepted()], actor=engineer, now=NOW)
    assert list(VisitPhoto.objects.values_list("check_point", flat=True)) == [point.pk, None]
    monkeypatch.setattr(recording, "MAX_PHOTOS_PER_VISIT", 2)
    with pytest.raises(DomainError):
        recording.add_photos(visit=visit, photos=[make.accepted()], actor=engineer, now=NOW)


def test_quality_defect_needs_a_corrective_action(visit: Visit, engineer: Any) -> None:
    """V-07; the other classes need none."""
    with pytest.raises(DomainError) as refused:
        recording.add_finding(visit=visit, category="quality", text="渗漏", action=" ", actor=engineer, now=NOW)
    assert refused.value.field == "action"
    recording.add_finding(visit=visit, category="suggestion", text="早开灯", actor=engineer, now=NOW)
    assert Finding.objects.get().category == "suggestion"


def test_finding_takes_equipment_of_its_own_project_alone(visit: Visit, engineer: Any) -> None:
    with pytest.raises(DomainError) as refused:
        recording.add_finding(
            visit=visit, category="use", text="甲", equipment=make.make_equipment(), actor=engineer, now=NOW
        )
    assert refused.value.field == "equipment"


def test_finding_is_corrected_on_the_visit_and_stays_quality_once_a_repair_is_open(visit: Visit, engineer: Any) -> None:
    finding = recording.add_finding(
        visit=visit, category="quality", text="渗漏", action="更换密封", actor=engineer, now=NOW
    )
    changed = recording.change_finding(
        finding=finding, category="quality", text="渗漏严重", action="更换密封", actor=engineer, now=NOW
    )
    assert changed.text == "渗漏严重"
    recording.open_repair(finding=finding, actor=make.make_staff(), now=NOW)
    with pytest.raises(DomainError):
        recording.change_finding(finding=finding, category="use", text="渗漏", actor=engineer, now=NOW)


def test_repair_is_opened_once_for_a_finding(visit: Visit) -> None:
    finding = make.make_finding(visit=visit, action="更换")
    manager = make.make_staff()
    first = recording.open_repair(finding=finding, actor=manager, now=NOW)
    assert recording.open_repair(finding=finding, actor=manager, now=NOW) == first


def test_answer_comes_before_its_effect(visit: Visit) -> None:
    """V-06: answered, then the effect checked; each written once as an event."""
    finding, staff = make.make_finding(visit=visit), make.make_staff()
    with pytest.raises(DomainError) as refused:
        recording.follow_up_finding(finding=finding, answer="", effect="有效", actor=staff, now=NOW)
    assert refused.value.field == "answer"
    recording.follow_up_finding(finding=finding, answer="已更换", effect="", actor=staff, now=NOW)
    recording.follow_up_finding(finding=finding, answer="已更换", effect="", actor=staff, now=NOW)
    recording.follow_up_finding(
        finding=finding, answer="已更换", effect="复查正常", actor=staff, now=NOW + timedelta(days=3)
    )
    finding.refresh_from_db()
    assert (finding.answer, finding.effect) == ("已更换", "复查正常")
    assert Event.objects.filter(name=recording.FOLLOWED_UP).count() == 2
