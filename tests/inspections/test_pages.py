"""Pages of visits, plans and checklists: who gets them, what they show, what a click does, what they cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role
from apps.inspections.models import Checklist, Finding, Visit, VisitCheck, VisitPhoto, VisitPlan
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db
BUDGET = 12


def _url(name: str, *args: Any, **query: Any) -> str:
    address = reverse(f"inspections:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


@pytest.fixture
def visit(world: World) -> Visit:
    """The engineer's visit under way: two points to judge and a reading."""
    visit = world.row(Visit)
    VisitCheck.objects.create(visit=visit, position=3, text="电压", unit="V", lower=Decimal(198), upper=Decimal(242))
    return visit


def _record(visit: Visit, **changes: Any) -> dict[str, Any]:
    """What the form of the record sends."""
    data = {"way": "on_site", "contact_name": "", "contact_phone": "", "running_state": ""}
    data |= {"experience": "", "suggestions": "", "conclusion": ""}
    for check in visit.checks.all():
        data[f"note_{check.pk}"] = ""
    return data | changes


# The work on the phone


def test_save_keeps_what_was_entered_and_comes_back(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    """Without a script, by the Save button."""
    first = visit.checks.get(position=1)
    data = _record(visit, running_state="正常", **{f"verdict_{first.pk}": "ok"}, save="1")
    response = client_of(world.engineer).post(_url("record", visit.pk), data)
    assert (response.status_code, response.url) == (302, visit.get_absolute_url())
    visit.refresh_from_db()
    first.refresh_from_db()
    assert (visit.running_state, first.verdict) == ("正常", "ok")


def test_autosave_answers_with_what_is_still_missing(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    data = _record(visit, running_state="正常")
    response = client_of(world.engineer).post(_url("record", visit.pk), data, headers={"X-Requested-With": "fetch"})
    answer = json.loads(response.content)
    assert response.status_code == 200
    assert ("3" in answer["gaps"], "0 / 3" in answer["judged"]) == (True, True)


def test_reading_that_is_no_number_is_refused_and_kept_on_the_page(
    visit: Visit, world: World, client_of: Callable[..., Any]
) -> None:
    """Nothing typed is lost to a validation error."""
    reading = visit.checks.get(position=3)
    data = _record(visit, running_state="风机有异响", **{f"value_{reading.pk}": "约 220"})
    browser = client_of(world.engineer)
    response = browser.post(_url("record", visit.pk), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "约 220" in page
    assert "风机有异响" in page
    answer = browser.post(_url("record", visit.pk), data, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")


def test_all_in_order_judges_the_rest(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    client_of(world.engineer).post(_url("record", visit.pk), _record(visit, all_ok="1"))
    assert list(visit.checks.order_by("position").values_list("verdict", flat=True)) == ["ok", "ok", ""]


def test_finishing_too_early_saves_and_leads_to_what_is_missing(
    visit: Visit, world: World, client_of: Callable[..., Any]
) -> None:
    browser = client_of(world.engineer)
    response = browser.post(_url("record", visit.pk), _record(visit, experience="亮度满意", finish="1"))
    assert response.url.endswith("?missing#missing")
    visit.refresh_from_db()
    assert (visit.status, visit.experience) == (Visit.Status.UNDER_WAY, "亮度满意")
    page = browser.get(response.url.partition("#")[0]).content.decode()
    assert all(f'href="#check-{check.pk}"' in page for check in visit.checks.all())
    assert 'href="#running-state"' in page


def test_finishing_leads_to_the_signature(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    Finding.objects.filter(visit=visit).update(action="更换灯罩")
    reading = visit.checks.get(position=3)
    data = _record(visit, running_state="正常", finish="1", **{f"value_{reading.pk}": "221"})
    data |= {f"verdict_{check.pk}": "ok" for check in visit.checks.filter(position__lt=3)}
    browser = client_of(world.engineer)
    response = browser.post(_url("record", visit.pk), data)
    visit.refresh_from_db()
    assert visit.status == Visit.Status.DONE
    page = browser.get(response.url).content.decode()
    assert "/sign/" in page
    assert Finding.objects.get(visit=visit).ticket is not None


def test_only_the_assigned_engineer_records(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    for person in ("manager", "project_manager", "owner_admin", "auditor", "customer_service"):
        browser = client_of(world.people[person])
        for name in ("record", "photo_add", "finding_add"):
            assert browser.post(_url(name, visit.pk), {}).status_code == 403, (person, name)
        page = browser.get(visit.get_absolute_url()).content.decode()
        assert f'action="{_url("record", visit.pk)}"' not in page, person


def test_visit_of_a_foreign_project_does_not_exist(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    finding = world.row(Finding)
    forms = [_url(name, visit.pk) for name in ("record", "photo_add", "finding_add")]
    forms.append(_url("finding_edit", finding.pk))
    for person in ("stranger", "other_owner", "limited_member"):
        browser = client_of(world.people[person])
        assert browser.get(visit.get_absolute_url()).status_code == 404
        for url in forms:
            assert (browser.get(url).status_code, browser.post(url, {}).status_code) == (404, 404), (person, url)


def test_photo_of_a_point_comes_back_as_its_frame(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    point = visit.checks.get(position=1)
    photo = SimpleUploadedFile("a.jpg", make.jpeg(), content_type="image/jpeg")
    response = client_of(world.engineer).post(
        _url("photo_add", visit.pk, check=point.pk), {"photos": photo}, headers={"X-Requested-With": "fetch"}
    )
    kept = VisitPhoto.objects.get(check_point=point)
    assert f'id="photos-{point.pk}"' in response.content.decode()
    assert kept.get_absolute_url() in response.content.decode()


def test_photo_of_another_visits_point_is_refused(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    foreign = make.make_visit(project=visit.project, points=1).checks.get()
    photo = SimpleUploadedFile("a.jpg", make.jpeg(), content_type="image/jpeg")
    response = client_of(world.engineer).post(_url("photo_add", visit.pk, check=foreign.pk), {"photos": photo})
    assert response.status_code == 404
    assert not VisitPhoto.objects.filter(check_point=foreign).exists()


def test_what_is_no_photo_is_refused_in_words(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    page = SimpleUploadedFile("a.jpg", b"<script>1</script>", content_type="image/jpeg")
    response = client_of(world.engineer).post(
        _url("photo_add", visit.pk), {"photos": page}, headers={"X-Requested-With": "fetch"}
    )
    assert response.status_code == 422
    assert "a.jpg" in response.content.decode()


def test_finding_from_an_abnormal_point_is_prepared(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    point = visit.checks.get(position=1)
    VisitCheck.objects.filter(pk=point.pk).update(verdict="abnormal", note="风扇卡死")
    browser, url = client_of(world.engineer), _url("finding_add", visit.pk, check=point.pk)
    assert "风扇卡死" in browser.get(url).content.decode()
    data = {"finding-category": "quality", "finding-text": "风扇卡死", "finding-action": ""}
    refused = browser.post(url, data)
    assert refused.status_code == 422
    response = browser.post(url, data | {"finding-action": "更换风扇"})
    assert response.status_code == 302
    assert Finding.objects.get(check_point=point).action == "更换风扇"


def test_finding_offers_equipment_of_the_project_alone(
    visit: Visit, world: World, client_of: Callable[..., Any]
) -> None:
    other = make.make_equipment(project=world.second_project, name="另处设备")
    make.make_project_person(project=world.second_project, user=world.engineer)
    page = client_of(world.engineer).get(_url("finding_add", visit.pk)).content.decode()
    assert other.name not in page


def test_staff_answer_a_finding_after_the_visit_and_the_owner_reads_it(
    visit: Visit, world: World, client_of: Callable[..., Any]
) -> None:
    """V-06: answered, its effect checked."""
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.REPORTED)
    finding = world.row(Finding)
    url = _url("finding_edit", finding.pk)
    assert client_of(world.owner_admin).post(url, {"answer": "改"}).status_code == 403
    assert client_of(world.customer_service).post(url, {"answer": "已更换灯罩", "effect": ""}).status_code == 302
    finding.refresh_from_db()
    assert (finding.answer, finding.text) == ("已更换灯罩", world.row(Finding).text)
    assert "已更换灯罩" in client_of(world.owner_admin).get(visit.get_absolute_url()).content.decode()


def test_owner_sees_the_visit_without_our_buttons(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.ASSIGNED)
    page = client_of(world.owner_admin).get(visit.get_absolute_url()).content.decode()
    assert visit.number in page
    assert "/steps/" not in page
    assert _url("plan_list") not in page


# Lists, plans, checklists


def test_tabs_hold_what_they_say(world: World, client_of: Callable[..., Any]) -> None:
    today = timezone.localdate()
    rows = {
        "open": make.make_visit(project=world.project, scheduled_on=today),
        "overdue": make.make_visit(project=world.project, scheduled_on=today - timedelta(days=60)),
        "to_approve": make.make_visit(project=world.project, status=Visit.Status.REPORTED),
        "mine": make.make_visit(
            project=world.project, scheduled_on=today, assigned_to=world.manager, status=Visit.Status.ASSIGNED
        ),
    }
    held = {"open": {"open", "overdue", "mine"}, "overdue": {"overdue"}, "to_approve": {"to_approve"}, "mine": {"mine"}}
    browser = client_of(world.manager)
    for tab, expected in (held | {"all": set(rows)}).items():
        page = browser.get(_url("list", tab=tab, project=world.project.pk)).content.decode()
        assert {name for name, visit in rows.items() if visit.number in page} == expected, tab


def test_visit_is_found_by_a_piece_of_its_number(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    other = make.make_visit(project=world.project, number="HF-2031-000777")
    page = client_of(world.manager).get(_url("list", tab="all", q="2031-0007")).content.decode()
    assert other.number in page
    assert visit.number not in page


PLAN = {"kind": "revisit", "months": "3", "tolerance_days": "7", "anchor": "2026-01-31"}


def test_project_manager_plans_for_their_project_alone(world: World, client_of: Callable[..., Any]) -> None:
    make.make_project_person(project=world.second_project, user=world.project_manager)
    browser = client_of(world.project_manager)
    before = VisitPlan.objects.count()
    refused = browser.post(_url("plan_create"), PLAN | {"project": world.second_project.pk})
    assert refused.status_code == 422
    assert browser.post(_url("plan_create"), PLAN | {"project": world.other_project.pk}).status_code == 422
    assert VisitPlan.objects.count() == before
    assert browser.post(_url("plan_create"), PLAN | {"project": world.project.pk}).status_code == 302
    assert VisitPlan.objects.count() == before + 1


def test_plan_form_starts_with_the_project_it_came_from(world: World, client_of: Callable[..., Any]) -> None:
    page = client_of(world.manager).get(_url("plan_create", project=world.project.pk)).content.decode()
    assert f'<option value="{world.project.pk}" selected>' in page


def test_who_may_end_a_plan(world: World, client_of: Callable[..., Any]) -> None:
    plan = world.row(VisitPlan)
    for person, status in (("engineer", 403), ("owner_admin", 403), ("auditor", 403), ("administrator", 302)):
        assert client_of(world.people[person]).post(_url("plan_end", plan.pk)).status_code == status, person
        assert world.row(VisitPlan).is_active is (status == 403)


def test_plan_page_shows_made_and_coming_days(world: World, client_of: Callable[..., Any]) -> None:
    page = client_of(world.manager).get(_url("plan_detail", world.row(VisitPlan).pk)).content.decode()
    assert world.row(Visit).number in page


def _items(*lines: tuple[str, str, str, str]) -> dict[str, str]:
    data = {"items-TOTAL_FORMS": str(len(lines)), "items-INITIAL_FORMS": "0"}
    for n, line in enumerate(lines):
        data |= dict(zip((f"items-{n}-{name}" for name in ("text", "unit", "lower", "upper")), line, strict=True))
    return data


def test_checklist_is_made_edited_and_emptied_rows_go(world: World, client_of: Callable[..., Any]) -> None:
    browser = client_of(world.administrator)
    rows = _items(("泵体", "", "", ""), ("电流", "A", "", "15.2"), ("", "", "", ""))
    assert browser.post(_url("checklist_create"), rows | {"name": "水泵房"}).status_code == 302
    checklist = Checklist.objects.get(name="水泵房")
    assert list(checklist.items.values_list("text", "unit", "upper")) == [
        ("泵体", "", None),
        ("电流", "A", Decimal("15.2")),
    ]
    rows = _items(("", "", "", ""), ("电流", "A", "", "16"))
    assert browser.post(_url("checklist_edit", checklist.pk), rows | {"name": "水泵房"}).status_code == 302
    assert list(checklist.items.values_list("position", "text", "upper")) == [(1, "电流", Decimal(16))]


BAD_ROWS = {
    "unit without a point": _items(("", "A", "", "")),
    "limits crossed": _items(("电流", "A", "20", "10")),
    "no number": _items(("电流", "A", "x", "")),
    "no row": _items(),
    "nothing sent": {},
}


def test_checklist_with_a_bad_row_is_refused(world: World, client_of: Callable[..., Any]) -> None:
    before, browser = Checklist.objects.count(), client_of(world.administrator)
    for name, rows in BAD_ROWS.items():
        response = browser.post(_url("checklist_create"), rows | {"name": "坏表"})
        assert (response.status_code, Checklist.objects.count()) == (422, before), name


def test_checklists_are_the_administrators(world: World, client_of: Callable[..., Any]) -> None:
    rows = _items(("泵体", "", "", "")) | {"name": "水泵房"}
    for person in ("manager", "engineer", "project_manager", "owner_admin"):
        assert client_of(world.people[person]).post(_url("checklist_create"), rows).status_code == 403, person


# What pages cost


def _queries(browser: Any, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_visit_page_keeps_within_its_queries(visit: Visit, world: World, client_of: Callable[..., Any]) -> None:
    """However many points, photos and findings there are, for whomever, in whichever state."""
    for position in range(4, 10):
        check = VisitCheck.objects.create(visit=visit, position=position, text=f"点 {position}")
        make.make_visit_photo(visit=visit, check_point=check)
        make.make_finding(visit=visit, responsible=make.make_engineer())
    for person in ("engineer", "project_manager", "manager", "owner_admin"):
        browser = client_of(world.people[person])
        for status in ("under_way", "assigned", "reported"):
            Visit.objects.filter(pk=visit.pk).update(status=status)
            assert _queries(browser, visit.get_absolute_url()) <= BUDGET, (person, status)


def test_lists_cost_the_same_at_two_rows_and_at_seventeen(world: World, client_of: Callable[..., Any]) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            plan = make.make_plan(project=make.make_project(), assigned_to=make.make_engineer())
            make.make_visit(plan=plan, assigned_to=plan.assigned_to)
            make.make_checklist()

    browser = client_of(make.make_staff(Role.ADMINISTRATOR))
    add(1)
    few = {name: _queries(browser, _url(name)) for name in ("list", "plan_list", "checklist_list")}
    add(15)
    for name, count in few.items():
        assert _queries(browser, _url(name)) == count <= BUDGET, name


def test_plan_and_checklist_pages_keep_within_their_queries(world: World, client_of: Callable[..., Any]) -> None:
    for _ in range(5):
        make.make_visit(plan=world.row(VisitPlan), assigned_to=make.make_engineer())
        make.make_plan(project=world.project, checklist=world.row(Checklist))
    browser = client_of(world.project_manager)
    for name, model in (("plan_detail", VisitPlan), ("checklist_detail", Checklist)):
        assert _queries(browser, _url(name, world.row(model).pk)) <= BUDGET, name


# Who runs projects


def test_project_manager_is_called_so_and_sees_what_waits_in_their_projects(client_of: Callable[..., Any]) -> None:
    """They hold the staff role of an engineer, and are not shown as one more of them."""
    manager = make.make_staff(Role.ENGINEER)
    mine, other = make.make_project(manager=manager), make.make_project()
    waiting = [make.make_visit(project=mine, status=status) for status in ("done", "reported")]
    foreign = make.make_visit(project=other, status="done")
    home = client_of(manager).get("/").content.decode()
    assert "项目经理" in home and "<small>工程师</small>" not in home
    assert mine.name in home and all(visit.number in home for visit in waiting)
    assert other.name not in home and foreign.number not in home
    assert "<small>工程师</small>" in client_of(make.make_engineer(mine)).get("/").content.decode()


@pytest.mark.parametrize(("title", "shown"), [("工程巡检报告", "巡检报告"), ("工程回访报告", "回访报告")])
def test_report_is_listed_under_the_name_of_its_kind(
    title: str, shown: str, world: World, client_of: Callable[..., Any]
) -> None:
    visit = make.make_visit(project=world.project, status="approved")
    document = make.make_document(subject=visit, type="revisit_report", data={"title": title})
    for address in (
        reverse("documents:list"),
        document.get_absolute_url(),
        reverse("verify", args=[document.verification_token]),
    ):
        page = client_of(world.manager).get(address).content.decode()
        assert shown in page, address
    listed = client_of(world.manager).get(f"{reverse('documents:list')}?q={document.number}").content.decode()
    assert f">{shown}<" in listed
