"""Policies are copied, edited as new versions, compared, chosen; what an administrator edited stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.core.errors import DomainError
from apps.core.models import Event
from apps.service_levels import services
from apps.service_levels.editions import Edition, TargetLine, TermLine, compare
from apps.service_levels.models import Clock, PolicyVersion, ProjectPolicy, ServicePolicy, Target
from apps.service_levels.reading import edition_of, preset_edition, promises_of
from apps.tickets.services import open_ticket
from tests import factories as make

ARRIVE = TargetLine("arrive", 120, kinds=("fault", "emergency"), start_events=("a",), stop_events=("b",))
ANSWER = TargetLine("answer", 60, kinds=("consultation",), start_events=("a",), stop_events=("c",))
CARE = TermLine("care", "24", "months", "W-16")


@pytest.fixture
def lighting(db: None, now: Any) -> ServicePolicy:
    services.load_presets(now=now)
    return ServicePolicy.objects.get(key="lighting_works")


@pytest.fixture
def admin(db: None) -> Any:
    return make.make_staff("administrator")


def save(policy: ServicePolicy, edition: Edition, actor: Any, now: Any, based_on: int = 1) -> PolicyVersion:
    return services.save_version(
        policy=policy,
        targets=edition.targets,
        terms=edition.terms,
        note="到场改为 3 小时",
        based_on=based_on,
        actor=actor,
        now=now,
    )


def test_an_edit_makes_the_next_version_and_leaves_the_old_one(lighting: Any, admin: Any, now: Any) -> None:
    before = edition_of(lighting.current)
    edition = replace(before, targets=(replace(before.targets[1], amount=180), *before.targets[2:]))
    version = save(lighting, edition, admin, now)
    lighting.refresh_from_db()
    assert lighting.current == version
    assert (version.number, version.is_preset, version.created_by) == (2, False, admin)
    assert edition_of(version) == edition
    assert edition_of(lighting.versions.get(number=1)) == before
    event = Event.objects.get(name="service_levels.servicepolicy.saved")
    assert (event.actor, event.audience) == (admin, "staff")
    assert "到场改为 3 小时" in event.data["note"]


def test_loading_again_leaves_an_edited_policy_alone(lighting: Any, admin: Any, now: Any) -> None:
    before = edition_of(lighting.current)
    save(lighting, replace(before, targets=before.targets[1:]), admin, now)
    assert services.load_presets(now=now) == 0
    lighting.refresh_from_db()
    assert lighting.current.number == 2
    assert len(edition_of(lighting.current).targets) == len(before.targets) - 1


def test_who_saves_second_is_told(lighting: Any, admin: Any, now: Any) -> None:
    before = edition_of(lighting.current)
    save(lighting, replace(before, targets=before.targets[1:]), admin, now)
    with pytest.raises(DomainError, match="第 2 版"):
        save(lighting, replace(before, targets=before.targets[2:]), admin, now, based_on=1)
    assert lighting.versions.count() == 2


def test_saving_nothing_new_or_something_twice_is_refused(lighting: Any, admin: Any, now: Any) -> None:
    before = edition_of(lighting.current)
    with pytest.raises(DomainError, match="没有任何改动"):
        save(lighting, before, admin, now)
    with pytest.raises(DomainError, match="出现了两次"):
        save(lighting, replace(before, targets=(*before.targets, before.targets[0])), admin, now)
    with pytest.raises(DomainError, match="出现了两次"):
        save(lighting, replace(before, terms=(*before.terms, before.terms[0])), admin, now)
    assert lighting.versions.count() == 1


def test_a_copy_says_the_same_and_knows_its_preset(lighting: Any, admin: Any, now: Any) -> None:
    copied = services.copy_policy(policy=lighting, key="riverside", name="滨江照明", actor=admin, now=now)
    assert edition_of(copied.current) == edition_of(lighting.current) == preset_edition("lighting_works")
    assert (copied.preset_key, str(copied), copied.current.is_preset) == ("lighting_works", "滨江照明", False)
    assert set(ServicePolicy.objects.by_preset("lighting_works")) == {lighting, copied}
    with pytest.raises(DomainError) as refused:
        services.copy_policy(policy=lighting, key="riverside", name="又一个", actor=admin, now=now)
    assert refused.value.field == "key"
    assert services.load_presets(now=now) == 0


def test_a_project_has_one_policy_and_changes_it(lighting: Any, admin: Any, now: Any) -> None:
    project = make.make_project()
    chosen = services.set_project_policy(project=project, policy=lighting, actor=admin, now=now)
    again = services.set_project_policy(project=project, policy=lighting, actor=admin, now=now)
    assert again == chosen
    assert Event.objects.filter(name="service_levels.projectpolicy.chosen").count() == 1
    other = ServicePolicy.objects.get(key="landscape")
    services.set_project_policy(project=project, policy=other, actor=admin, now=now)
    assert ProjectPolicy.objects.get(project=project).policy == other
    assert Event.objects.filter(name="service_levels.projectpolicy.chosen", project=project).count() == 2


def test_promises_of_a_project_hold_no_duty_and_nothing_of_an_old_version(lighting: Any, admin: Any, now: Any) -> None:
    chosen = services.set_project_policy(project=make.make_project(), policy=lighting, actor=admin, now=now)
    promised = promises_of(chosen)
    assert promised == edition_of(lighting.current).promises()
    assert {line.audience for line in (*promised.targets, *promised.terms)} == {"owner"}
    before = edition_of(lighting.current)
    save(lighting, replace(before, targets=before.targets[1:]), admin, now)
    assert len(promises_of(chosen).targets) == len(promised.targets) - 1


def test_an_edit_never_touches_a_running_clock(lighting: Any, admin: Any, now: Any, world: Any) -> None:
    project = make.make_project(owner=world.owner)
    services.set_project_policy(project=project, policy=lighting, actor=admin, now=now)
    ticket = open_ticket(
        project=project,
        equipment=None,
        kind="fault",
        level=3,
        title="路灯不亮",
        description="",
        channel="hotline",
        contact_name="林平",
        contact_phone="13900002208",
        began_at=None,
        photos=[],
        actor=world.customer_service,
        now=now,
    )
    clock = Clock.objects.about(ticket).get(metric="arrive")
    due = clock.due_at
    before = edition_of(lighting.current)
    shorter = tuple(replace(line, amount=60) if line.metric == "arrive" else line for line in before.targets)
    save(lighting, replace(before, targets=shorter), admin, now)
    clock.refresh_from_db()
    assert (clock.due_at, clock.amount) == (due, 24 * 60)


#: (old, new, kinds of the differences, the fields that changed).
COMPARED: list[tuple[str, Edition, Edition, list[str], set[str]]] = [
    ("same", Edition((ARRIVE,), (CARE,)), Edition((ARRIVE,), (CARE,)), [], set()),
    ("source does not count", Edition((ARRIVE,)), Edition((replace(ARRIVE, source="x"),)), [], set()),
    ("order does not count", Edition((ARRIVE, ANSWER)), Edition((ANSWER, ARRIVE)), [], set()),
    ("amount", Edition((ARRIVE,)), Edition((replace(ARRIVE, amount=60),)), ["changed"], {"amount"}),
    ("kinds", Edition((ARRIVE,)), Edition((replace(ARRIVE, kinds=("fault",)),)), ["changed"], {"kinds"}),
    ("added", Edition((ARRIVE,)), Edition((ARRIVE, ANSWER)), ["added"], set()),
    ("removed", Edition((ARRIVE, ANSWER)), Edition((ARRIVE,)), ["removed"], set()),
    ("term changed", Edition((), (CARE,)), Edition((), (replace(CARE, value="12"),)), ["changed"], {"value"}),
    ("term added", Edition(), Edition((), (CARE,)), ["added"], set()),
    (
        "two of a metric",
        Edition((ARRIVE, replace(ARRIVE, kinds=("maintenance",), amount=5))),
        Edition((replace(ARRIVE, amount=1), replace(ARRIVE, kinds=("maintenance",), amount=2))),
        ["changed", "changed"],
        {"amount"},
    ),
]


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case[0])
def test_compare_names_every_difference(case: Any) -> None:
    _name, old, new, kinds, fields = case
    found = compare(old, new)
    assert [one.kind for one in found] == kinds
    assert set().union(*(one.changed for one in found)) == fields


def test_compare_pairs_the_promise_for_the_same_requests() -> None:
    other = replace(ARRIVE, kinds=("maintenance",), amount=5)
    [one] = compare(Edition((ARRIVE, other)), Edition((replace(other, amount=6), ARRIVE)))
    assert (one.old.amount, one.new.amount) == (5, 6)


def test_a_target_keeps_everything_it_was_given(lighting: Any, admin: Any, now: Any) -> None:
    line = replace(ARRIVE, ladder=((50, "manager"),), levels=(1, 2), pauses_for_parts=True, note="说明")
    version = save(lighting, Edition((line,), (CARE,)), admin, now)
    assert edition_of(version) == Edition((line,), (CARE,))
    assert Target.objects.get(version=version).ladder == [[50, "manager"]]
