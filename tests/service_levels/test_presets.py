"""Every row of the rulebook's section 9, and the house duties of sections 0 to 8, as they are loaded (R-04).

The tables are written from the rulebook's text, in its own units; nothing in them is taken from the presets.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.core.events import declared_events
from apps.service_levels import services
from apps.service_levels.models import PolicyTerm, PolicyVersion, ServicePolicy, Target
from apps.service_levels.presets import PRESETS
from apps.service_levels.reading import waiting_targets
from apps.service_levels.sentences import KINDS, STARTS, grouped, sentence, term_words

from .section_nine import CONTRACT, DUTIES, NAMES, PROMISES, SILENT, TERMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(now: Any) -> None:
    services.load_presets(now=now)


def amount_of(text: str) -> tuple[int | None, str]:
    """Read a target as the rulebook writes it."""
    if text == "window":
        return None, "window"
    if text == CONTRACT:
        return None, "minutes"
    number, unit = text.split()
    amount = None if number == "X" else int(number)
    if unit == "h":
        return amount * 60 if amount is not None else None, "minutes"
    return amount, {"min": "minutes", "d": "days", "wd": "working_days", "m": "months"}[unit]


def of(key: str, metric: str, kind: str, complexity: str = "", level: int | None = None) -> list[Target]:
    """The targets in force that hold for such a request."""
    rows = Target.objects.filter(version__current_of__key=key, metric=metric, complexity=complexity)
    return [
        row
        for row in rows
        if (not row.kinds or kind in row.kinds) and (not row.levels if level is None else level in row.levels)
    ]


@pytest.mark.usefixtures("loaded")
def test_the_22_presets_are_there_with_their_names() -> None:
    assert {row.key: str(row) for row in ServicePolicy.objects.all()} == NAMES
    assert all(row.current.is_preset and row.preset_key == row.key for row in ServicePolicy.objects.all())


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("line", PROMISES, ids=lambda line: "-".join(str(part) for part in line[:6] if part))
def test_preset_promises_what_the_plan_says(line: Any) -> None:
    key, metric, kind, complexity, level, text, start, stop = line
    [target] = of(key, metric, kind, complexity, level)
    assert (target.amount, target.unit) == amount_of(text)
    assert target.start_events == [start]
    assert stop in target.stop_events
    assert target.audience == "owner"
    assert target.hours is None
    assert target.source.startswith(f"section 9: {key}/")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("key", NAMES)
def test_preset_promises_nothing_else(key: str) -> None:
    """Blank in the plan is no promise, rather than an invented one."""
    named = {(metric, complexity) for policy, metric, _kind, complexity, *_rest in PROMISES if policy == key}
    rows = Target.objects.filter(version__current_of__key=key, audience="owner")
    assert {(row.metric, row.complexity) for row in rows} == named
    assert bool(named) != (key in SILENT)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("line", DUTIES, ids=lambda line: f"{line[0]}-{line[1]}")
def test_every_policy_holds_the_house_duties_it_does_not_promise(line: Any) -> None:
    metric, kind, text, start, stop = line
    for key in NAMES:
        rows = of(key, metric, kind)
        if any(policy == key and (name, about) == (metric, kind) for policy, name, about, *_rest in PROMISES):
            continue
        if any(row.audience == "owner" for row in rows):
            continue
        [target] = rows
        assert (target.amount, target.unit) == amount_of(text), key
        assert target.start_events == [start]
        assert stop in target.stop_events
        assert target.audience == "staff"
        assert target.source in {
            "section 9",
            "R-18",
            "R-07",
            "R-15",
            "R-13",
            "W-05",
            "V-04",
            "V-10",
            "C-02",
            "C-04",
            "C-05",
        }


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("line", TERMS, ids=lambda line: f"{line[0]}-{line[1]}-{line[2]}")
def test_preset_names_what_is_no_clock_as_a_term(line: Any) -> None:
    key, rule, words = line
    rows = PolicyTerm.objects.filter(version__current_of__key=key, rule=rule, audience="owner")
    read = [f"{term.name} {term.value}" for term in (term_words(row) for row in rows)]
    assert any(words in one for one in read), read


@pytest.mark.usefixtures("loaded")
def test_house_terms_are_for_staff_and_only_once() -> None:
    for policy in ServicePolicy.objects.all():
        rules = [row.name for row in policy.current.terms.all()]
        assert len(rules) == len(set(rules))
        assert policy.current.terms.get(rule="W-18").audience == "staff"
        assert policy.current.terms.get(rule="H-02").audience == "staff"
    assert PolicyTerm.objects.get(version__current_of__key="doors", rule="W-06").audience == "staff"
    assert PolicyTerm.objects.get(version__current_of__key="lighting_works", rule="W-06").audience == "owner"


def test_no_request_meets_two_targets_of_one_metric() -> None:
    for preset in PRESETS.values():
        for one in preset.targets:
            for other in preset.targets:
                if one is other or one.metric != other.metric:
                    continue
                apart = (
                    (one.kinds and other.kinds and not set(one.kinds) & set(other.kinds))
                    or (one.levels and other.levels and not set(one.levels) & set(other.levels))
                    or {one.complexity, other.complexity} == {"general", "complex"}
                )
                assert apart, (preset.key, one, other)


def test_loading_takes_few_queries_and_again_changes_nothing(now: Any) -> None:
    with CaptureQueriesContext(
        connection,
    ) as first:
        assert services.load_presets(now=now) == len(NAMES)
    assert len(first) <= 20
    before = list(Target.objects.values()), list(PolicyTerm.objects.values()), list(PolicyVersion.objects.values())
    with CaptureQueriesContext(connection) as again:
        assert services.load_presets(now=now) == 0
    assert len(again) <= 6
    assert before == (
        list(Target.objects.values()),
        list(PolicyTerm.objects.values()),
        list(PolicyVersion.objects.values()),
    )


@pytest.mark.usefixtures("loaded")
def test_a_preset_nobody_edited_follows_the_portal(now: Any) -> None:
    Target.objects.filter(version__current_of__key="lighting_works", metric="arrive").update(amount=7)
    assert services.load_presets(now=now) == 1
    policy = ServicePolicy.objects.get(key="lighting_works")
    assert policy.current.number == 2
    assert {row.amount for row in of("lighting_works", "arrive", "fault")} == {24 * 60}
    assert Target.objects.filter(version__policy=policy, version__number=1, amount=7).exists()


def test_commands_load_and_list_what_waits() -> None:
    out = StringIO()
    call_command("load_presets", stdout=out)
    assert "22 preset policies written" in out.getvalue()
    call_command("load_presets", stdout=out)
    assert "up to date" in out.getvalue()
    out = StringIO()
    call_command("list_waiting_targets", stdout=out)
    assert "escalate: tickets.workorder.resident_started -> tickets.ticket.escalated" in out.getvalue()


@pytest.mark.usefixtures("loaded")
def test_what_waits_is_what_no_declared_event_can_start_or_end() -> None:
    waiting = {(one.metric, one.start_events, one.stop_events) for one in waiting_targets()}
    known = set(declared_events())
    for row in Target.objects.all():
        stuck = not known & set(row.start_events) or not known & set(row.stop_events)
        assert ((row.metric, tuple(row.start_events), tuple(row.stop_events)) in waiting) == stuck
    metrics = {metric for metric, _starts, _stops in waiting}
    assert not metrics & {"acknowledge", "arrange", "arrive", "repair", "follow_up", "card", "visit", "locate"}


def test_promises_read_as_a_professional_says_them() -> None:
    def read(key: str) -> list[str]:
        return [one.plain for group in grouped(PRESETS[key].edition.promises()) for one in group.sentences]

    assert "报修后 15 分钟内响应" in read("engineering_general")
    assert "派工到人后 24 小时内到达现场" in read("engineering_general")
    assert "咨询 · 复杂问题：转技术支持后 8 小时内答复" in read("engineering_general")
    assert "紧急：报修后立即电话指导" in read("lighting_works")
    assert "紧急：到达现场后 2 小时内修复" in read("lighting_works")
    assert "报修后 2 天内到达现场" in read("landscape")
    assert "竣工后 1 个月内签发保修卡" in read("mep_installation")
    assert "巡检：现场工作结束后 3 个工作日内提交报告" in read("it_maintenance")
    assert "咨询：咨询当天答复（一般咨询）" in read("furniture")
    assert "报修后按合同约定响应" in read("furniture")


def test_every_start_and_kind_has_words() -> None:
    for preset in PRESETS.values():
        for line in preset.targets:
            assert set(line.start_events) <= set(STARTS)
            assert set(line.kinds) <= set(KINDS)
            with translation.override("en"):
                assert sentence(line).text[0].isupper()
