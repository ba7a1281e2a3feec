"""Pages of policies: who reads, who writes, what an owner sees, and that an error keeps everything typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.core.errors import DomainError
from apps.documents.models import Document
from apps.documents.services import preview_html
from apps.service_levels import services
from apps.service_levels.models import PolicyVersion, ProjectPolicy, ServicePolicy
from apps.service_levels.policy_forms import VersionForm
from apps.service_levels.reading import edition_of
from apps.warranties.models import WarrantyCard
from tests import factories as make

READERS = {
    "manager",
    "customer_service",
    "technical_support",
    "engineer",
    "project_manager",
    "trainer",
    "storekeeper",
    "finance",
    "quality",
    "administrator",
    "auditor",
    "stranger",
}
WRITERS = {"manager", "administrator"}
OWNERS = {"owner_admin", "owner_member", "limited_member", "other_owner"}


@pytest.fixture
def served(world: Any, now: Any) -> ProjectPolicy:
    """Project A, served by the policy for lighting works."""
    services.load_presets(now=now)
    policy = ServicePolicy.objects.get(key="lighting_works")
    return services.set_project_policy(project=world.project, policy=policy, actor=world.administrator, now=now)


def url(name: str, pk: Any = None) -> str:
    return reverse(f"service_levels:{name}", args=[pk] if pk else [])


@pytest.mark.parametrize("name", sorted(READERS | OWNERS))
def test_policies_are_read_by_staff_and_written_by_two_roles(
    world: Any, served: Any, client_of: Any, name: str
) -> None:
    client, policy = client_of(world.people[name]), served.policy
    reads = name in READERS
    assert client.get(url("policy_list")).status_code == (200 if reads else 403)
    assert client.get(url("policy_detail", policy.pk)).status_code == (200 if reads else 403)
    assert client.get(url("policy_compare", policy.pk)).status_code == (200 if reads else 403)
    for page in ("policy_edit", "policy_copy"):
        expected = {200} if name in WRITERS else {403, 404}
        assert client.get(url(page, policy.pk)).status_code in expected, page
    expected = {200} if name in WRITERS else {403, 404}
    assert client.get(url("policy_choose", world.project.pk)).status_code in expected


def test_policy_page_reads_like_a_promise_and_folds_the_house_duties(world: Any, served: Any, client_of: Any) -> None:
    page = client_of(world.engineer).get(url("policy_detail", served.policy.pk)).content.decode()
    assert "报修后 <b>24 小时</b>内到达现场" in page
    assert "报修后<b>立即</b>电话指导" in page
    promised, _, duties = page.partition('<details class="pane fold">')
    assert "内部职责" in duties
    assert "安排派工" in duties
    assert "安排派工" not in promised
    assert "预置方案“亮化工程”，到场" in promised
    assert "section 9" not in page


def test_an_owner_reads_their_promises_without_house_duties(world: Any, served: Any, client_of: Any) -> None:
    for name in ("owner_admin", "owner_member"):
        page = client_of(world.people[name]).get(url("promises", served.pk)).content.decode()
        assert "报修后 <b>24 小时</b>内到达现场" in page
        assert "保修期后隐蔽缺陷责任期" in page
        assert "安排派工" not in page
        assert "内部职责" not in page
        assert "竣工验收通知书" not in page
        assert "section 9" not in page


def test_no_owner_sees_promises_of_another_project(world: Any, served: Any, client_of: Any) -> None:
    for name in ("other_owner", "limited_member", "stranger"):
        assert client_of(world.people[name]).get(url("promises", served.pk)).status_code == 404


def test_project_page_shows_the_promises_or_asks_those_who_choose(world: Any, served: Any, client_of: Any) -> None:
    side = {"part": "more"}
    page = client_of(world.owner_admin).get(world.project.get_absolute_url(), side).content.decode()
    assert "报修后 <b>24 小时</b>内到达现场" in page
    assert url("promises", served.pk) in page
    assert url("policy_choose", world.project.pk) not in page
    bare = world.second_project.get_absolute_url()
    assert "未选择服务承诺方案" in client_of(world.administrator).get(bare, side).content.decode()
    assert "未选择服务承诺方案" not in client_of(world.owner_admin).get(bare, side).content.decode()
    assert "未选择服务承诺方案" not in client_of(world.customer_service).get(bare, side).content.decode()


def test_a_policy_is_chosen_for_a_project(world: Any, served: Any, client_of: Any) -> None:
    other = ServicePolicy.objects.get(key="landscape")
    response = client_of(world.manager).post(url("policy_choose", world.second_project.pk), {"policy": other.pk})
    chosen = ProjectPolicy.objects.get(project=world.second_project)
    assert response.url == url("promises", chosen.pk)
    assert chosen.policy == other


def test_a_policy_is_copied_on_screen(world: Any, served: Any, client_of: Any) -> None:
    client = client_of(world.administrator)
    client.post(url("policy_copy", served.policy_id), {"name": "滨江照明", "key": "riverside"})
    copied = ServicePolicy.objects.get(key="riverside")
    assert edition_of(copied.current) == edition_of(served.policy.current)
    again = client.post(url("policy_copy", served.policy_id), {"name": "滨江照明", "key": "riverside"})
    assert again.status_code == 422


def sent(client: Any, policy: ServicePolicy, **changes: Any) -> dict[str, Any]:
    """What the browser sends when the form is left as it is shown, with some fields changed."""
    return as_shown(client.get(url("policy_edit", policy.pk)).context["form"]) | changes


def as_shown(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"based_on": form["based_on"].value(), "note": ""}
    for rows in (form.targets, form.terms):
        for field in rows.management_form:
            data[field.html_name] = field.value()
        for row in rows:
            for field in row:
                value = field.value()
                if value is not None and value is not False and value != "":  # 0 is a time
                    data[field.html_name] = value
    return data


def test_a_form_left_as_it_is_changes_nothing(world: Any, served: Any, client_of: Any) -> None:
    client = client_of(world.manager)
    response = client.post(url("policy_edit", served.policy.pk), sent(client, served.policy))
    assert response.status_code == 422
    assert "没有任何改动" in response.content.decode()
    assert PolicyVersion.objects.filter(number=2).count() == 0


def test_every_preset_comes_back_from_its_form_as_it_was(world: Any, served: Any) -> None:
    for policy in ServicePolicy.objects.filter(current__is_preset=True):
        edition = edition_of(policy.current)
        shown = VersionForm(user=world.manager, edition=edition, initial={"based_on": policy.current.number})
        back = VersionForm(as_shown(shown), user=world.manager, edition=edition)
        assert back.is_valid(), (policy.key, back.errors, back.targets.errors)
        data = back.cleaned_data
        with pytest.raises(DomainError, match="没有任何改动"):
            services.save_version(policy=policy, actor=world.manager, now=make.NOW, **data)


def test_an_edit_on_screen_is_the_next_version(world: Any, served: Any, client_of: Any) -> None:
    client, policy = client_of(world.manager), served.policy
    before = edition_of(policy.current)
    row = next(n for n, line in enumerate(before.targets) if line.metric == "arrive" and line.kinds == ("fault",))
    gone = next(n for n, line in enumerate(before.terms) if line.rule == "S-02")
    fresh = len(before.targets)
    data = sent(
        client,
        policy,
        **{
            f"targets-{row}-amount": "90",
            f"targets-{row}-unit": "minutes",
            f"targets-{row}-step_manager": "120",
            f"targets-{fresh}-metric": "solution",
            f"targets-{fresh}-amount": "3",
            f"targets-{fresh}-unit": "working_days",
            f"targets-{fresh}-kinds": ["maintenance"],
            f"targets-{fresh}-is_pausable": "on",
            f"terms-{gone}-DELETE": "on",
            f"terms-{len(before.terms)}-name": "值守",
            f"terms-{len(before.terms)}-value": "7×24",
            "note": "按合同调整",
        },
    )
    response = client.post(url("policy_edit", policy.pk), data)
    assert response.status_code == 302, response.context["form"].errors
    policy.refresh_from_db()
    after = edition_of(policy.current)
    assert (policy.current.number, policy.current.note, policy.current.is_preset) == (2, "按合同调整", False)
    assert (after.targets[row].amount, after.targets[row].ladder, after.targets[row].source) == (
        90,
        ((120, "manager"),),
        "",
    )
    assert after.targets[row].stop_events == before.targets[row].stop_events
    new = after.targets[-1]
    assert (new.metric, new.amount, new.unit, new.kinds) == ("solution", 3, "working_days", ("maintenance",))
    assert new.start_events == ("tickets.ticket.opened",)
    assert "S-02" not in {line.rule for line in after.terms}
    assert after.terms[-1].name == "值守"
    assert after.terms[0].name == before.terms[0].name  # shown in Chinese, kept as the source string
    page = client.get(url("policy_compare", policy.pk)).content.decode()
    assert "<del>24 小时</del>" in page
    assert "<ins>1 小时 30 分钟</ins>" in page
    assert "值守" in page
    old = client.get(policy.get_absolute_url(), {"version": 1}).content.decode()
    assert "此版本已不再执行" in old


def test_an_error_keeps_what_was_typed_and_opens_its_row(world: Any, served: Any, client_of: Any) -> None:
    client, policy = client_of(world.manager), served.policy
    data = sent(
        client,
        policy,
        **{"targets-0-unit": "window", "targets-1-note": "我写的话", "terms-0-value": "", "note": "改动说明"},
    )
    del data["terms-0-value"]
    response = client.post(url("policy_edit", policy.pk), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "只有回访巡检有计划时段" in page
    assert "条款须同时填写事项和约定" in page
    assert "我写的话" in page
    assert "改动说明" in page
    assert policy.versions.count() == 1


def test_who_saves_second_on_screen_is_told_and_keeps_the_form(world: Any, served: Any, client_of: Any) -> None:
    client, policy = client_of(world.manager), served.policy
    first = sent(client, policy, **{"targets-0-amount": "1"})
    second = sent(client, policy, **{"targets-0-amount": "2"})
    assert client.post(url("policy_edit", policy.pk), first).status_code == 302
    response = client_of(world.administrator).post(url("policy_edit", policy.pk), second)
    assert response.status_code == 422
    assert "期间有人保存了第 2 版" in response.content.decode()
    policy.refresh_from_db()
    assert policy.current.targets.first().amount == 1


def test_an_unknown_version_is_not_found(world: Any, served: Any, client_of: Any) -> None:
    client = client_of(world.manager)
    assert client.get(url("policy_detail", served.policy_id), {"version": "9"}).status_code == 404
    assert client.get(url("policy_compare", served.policy_id), {"with": "x"}).status_code == 404


def test_the_service_promise_is_issued_and_a_newer_one_replaces_it(world: Any, served: Any, client_of: Any) -> None:
    client = client_of(world.project_manager)
    client.post(url("promises_issue", served.pk))
    first = Document.objects.get(type="service_promise")
    assert first.number.startswith("CN-2026-") or first.number.startswith("CN-")
    assert first.project == world.project
    assert client_of(world.customer_service).post(url("promises_issue", served.pk)).status_code == 403
    assert client_of(world.owner_admin).post(url("promises_issue", served.pk)).status_code == 403
    Document.objects.filter(pk=first.pk).update(status=Document.Status.ISSUED, pdf="x.pdf", pdf_sha256="0" * 64)
    client.post(url("promises_issue", served.pk))
    first.refresh_from_db()
    assert first.status == Document.Status.REPLACED
    assert Document.objects.filter(type="service_promise").count() == 2


def test_the_service_promise_states_promises_and_no_duty(world: Any, served: Any, now: Any) -> None:
    html = preview_html("service_promise", served, now=now)
    assert "服务承诺书" in html
    assert "报修后 24 小时内到达现场" in html
    assert "保修期后隐蔽缺陷责任期" in html
    assert "安排派工" not in html
    assert "H-02" not in html


def test_the_warranty_card_states_the_promises_in_force(world: Any, served: Any, now: Any) -> None:
    """W-05: the card states the service promises in force."""
    html = preview_html("warranty_card", world.row(WarrantyCard), now=now)
    assert "服务承诺" in html
    assert "亮化工程" in html
    assert "24 小时" in html
    assert "安排派工" not in html


def test_a_card_without_a_policy_states_none(world: Any, now: Any) -> None:
    project = make.make_project(owner=world.owner)
    card = make.make_card(warranty=make.make_warranty(project=project))
    assert "服务承诺" not in preview_html("warranty_card", card, now=now)
