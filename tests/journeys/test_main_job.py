"""The main job, end to end, in real browsers against the running portal, worker and beat.

A contractor takes a project over, prints its card, receives a fault, closes the work order on a phone with the owner's
signature, and sees the scheduler make a visit that ends in a report (W-01, W-05, R-01, R-07, R-11, V-04, V-06, V-07).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from . import people as hands
from .conftest import DESK, PASSWORD, PHONE, Portal

pytestmark = pytest.mark.journey

PROJECT = "滨江大道照明提升工程"
OWNER = "江州市市政设施管理中心"
#: From setting out to the signed sheet; twelve are the most a job may take (experience).
TAPS = 12
#: Counts what a finger does on the pages of this tab; the paper in its frame is not touched.
COUNT_TAPS = """if (window === top) addEventListener("pointerdown", (event) => {
  if (event.isTrusted) sessionStorage.setItem("taps", Number(sessionStorage.getItem("taps")) + 1);
}, true);"""


def anchor_for_a_visit_soon(today: date) -> date:
    """Return a day whose corresponding day of next month is less than 30 days ahead of today."""
    return today - timedelta(days=20)


def test_contractor_takes_over_repairs_and_visits(portal: Portal, open_browser: Any, tmp_path: Path) -> None:
    """Administrator, customer service and owner at desks of 1440 px, the engineer on a phone of 390 px."""
    portal.manage("create_administrator", "--username", "admin", "--name", "陆文静", "--password-stdin", given=PASSWORD)
    admin = open_browser(DESK)
    hands.sign_in(admin, "admin", PASSWORD)
    set_up_company(admin)
    service_link = invite_staff(admin, "何静", "13800001601", "customer_service")
    engineer_link = invite_staff(admin, "周启明", "13800001611", "engineer")
    project = create_project(admin)
    owner_link = invite_owner_person(admin, project)

    card_text = take_over_and_issue_card(admin, project, tmp_path)
    for words in ("工程质量保修卡", PROJECT, OWNER, "BX-", "不在保修之列"):
        assert words in card_text

    owner = open_browser(DESK)
    hands.accept_invitation(owner, owner_link, PASSWORD)
    ticket = report_fault(owner, tmp_path)

    service = open_browser(DESK)
    hands.accept_invitation(service, service_link, PASSWORD)
    dispatch(service, ticket)

    engineer = open_browser(PHONE)
    hands.accept_invitation(engineer, engineer_link, PASSWORD)
    draw_own_signature(engineer)
    order, work, taps = do_the_job(engineer, tmp_path)
    assert taps == TAPS
    sheet = document_of(engineer, order)
    sheet_text = hands.pdf_text(engineer, f"{sheet}pdf/")
    for words in ("故障维修单", "WX-", work, "林平", "周启明", "维修前", "维修后"):
        assert words in sheet_text

    owner.goto(ticket)
    hands.wait_for(owner, "待业主确认")
    hands.send(owner, "确认")
    expect(owner.locator("main").get_by_text("已关闭").first).to_be_visible()
    owner.goto("/notifications/")
    expect(owner.locator("main").get_by_text("已派工").first).to_be_visible()

    visit = plan_and_wait_for_the_scheduler(admin, project)
    report_text = visit_on_the_phone(engineer, visit)
    for words in ("回访报告", "HF-", "运行平稳", "林平"):
        assert words in report_text


def draw_own_signature(engineer: Any) -> None:
    """Drawn once, it is not asked for at the first job any more."""
    engineer.goto("/documents/my-signature/")
    hands.draw_signature(engineer)
    hands.send(engineer, "保存此签名")


def set_up_company(admin: Any) -> None:
    admin.goto("/documents/company/")
    hands.fill(admin, name="江州明衢照明工程有限公司", short_name="明衢照明", hotline="400-000-1621")
    hands.send(admin, "保存")
    expect(admin.locator("main").get_by_text("已保存").first).to_be_visible()


def invite_staff(admin: Any, name: str, phone: str, role: str) -> str:
    """Create a member of staff and return the link on their printable invitation."""
    admin.goto("/account/people/new/")
    hands.fill(admin, name=name, phone=phone)
    hands.choose(admin, "roles", role)
    hands.send(admin, "邀请")
    return str(admin.locator(".link-line").inner_text().strip())


def create_project(admin: Any) -> str:
    admin.goto("/projects/new/")
    hands.fill(admin, name=PROJECT, new_owner=OWNER, contract_number="JZSZ-2026-LD-0417", address="滨江大道 K0 至 K4")
    hands.send(admin, "创建|建立|新建|保存")
    admin.wait_for_url(re.compile(r"/projects/\d+/$"))
    return str(admin.url)


def invite_owner_person(admin: Any, project: str) -> str:
    admin.goto(project)
    admin.get_by_role("link", name=OWNER).first.click()
    admin.wait_for_url(re.compile(r"/owners/\d+/$"))
    admin.goto(f"{admin.url}people/new/")
    hands.fill(admin, name="林平", phone="13900002208", position="设施科科长")
    hands.choose(admin, "kind", "admin") if admin.locator("[name=kind][type=radio]").count() else hands.fill(
        admin, kind="业主管理员"
    )
    hands.send(admin, "邀请|保存")
    return str(admin.locator(".link-line").inner_text().strip())


def take_over_and_issue_card(admin: Any, project: str, tmp_path: Path) -> str:
    """Record the acceptance with its evidence, issue the card, return the text of its PDF (W-01, W-05)."""
    admin.goto(project)
    admin.get_by_role("link", name="登记验收").click()
    hands.fill(admin, accepted_on=f"{timezone.localdate() - timedelta(days=10)}", reference="JZ-YS-2026-017")
    admin.set_input_files("[name=files]", hands.photo(tmp_path, "report", (240, 240, 235)))
    hands.send(admin, "起算保修")
    expect(admin.locator("main").get_by_text("保内").first).to_be_visible()
    admin.goto("/warranties/")
    admin.get_by_role("row").filter(has_text=PROJECT).get_by_role("link").first.click()
    admin.wait_for_url(re.compile(r"/cards/\d+/$"))
    hands.send(admin, "签发保修卡")
    address = admin.locator("a[href*='/documents/']", has_text="打开").first.get_attribute("href")
    return hands.pdf_text(admin, f"{address}pdf/")


def report_fault(owner: Any, tmp_path: Path) -> str:
    """The owner reports; a missing answer keeps everything typed, the photo too (R-01)."""
    owner.goto("/tickets/new/")
    if owner.locator("[name=project]").input_value() == "":
        hands.fill(owner, project=PROJECT)
    owner.set_input_files("[name=photos]", hands.photo(tmp_path, "fault", (30, 34, 52)))
    hands.fill(owner, description="西侧正常，箱体有焦糊气味。", contact_name="林平", contact_phone="13900002208")
    hands.send(owner, "提交报修")
    assert owner.locator("[name=description]").input_value() == "西侧正常，箱体有焦糊气味。"
    hands.fill(owner, title="东侧十四盏路灯不亮")
    hands.send(owner, "提交报修")
    owner.wait_for_url(re.compile(r"/tickets/\d+/$"))
    expect(owner.locator("main").get_by_text("FW-").first).to_be_visible()
    assert owner.locator("img[src*='ticketphoto']").count() >= 1
    return str(owner.url)


def dispatch(service: Any, ticket: str) -> None:
    service.goto("/")
    expect(service.locator("main").get_by_text("东侧十四盏路灯不亮").first).to_be_visible()
    service.goto(f"{ticket}dispatch/")
    service.locator(".person-pick", has_text="周启明").click()
    hands.fill(service, briefing="先查 3 号箱 L2 回路，带 63 A 断路器。")
    hands.send(service, "派工")
    service.wait_for_url(re.compile(r"/(tickets|orders)/"))


def do_the_job(engineer: Any, tmp_path: Path) -> tuple[str, str, int]:
    """One button leads through the job. Return the order's page, what was done, and the taps from setting out to signed.

    Counted by the browser is every tap of a finger; of a photo the one on its frame, the camera is the phone's.
    """
    engineer.context.add_init_script(COUNT_TAPS)
    engineer.goto("/tickets/today/")
    hands.fits_the_phone(engineer)
    engineer.get_by_text("东侧十四盏路灯不亮").first.click()
    engineer.wait_for_url(re.compile(r"/orders/\d+/$"))
    order = str(engineer.url)
    hands.take(engineer, "接单")
    before = taps_of(engineer)
    for step in ("出发", "到达", "开始"):
        hands.take(engineer, step)
        hands.fits_the_phone(engineer)

    take_photo(engineer, "before", hands.photo(tmp_path, "before", (40, 30, 30)))
    hands.choose(engineer, "cause", "installation")
    usual = engineer.locator("[data-usual=installation] button").first
    usual.click()
    hands.choose(engineer, "result", "restored")
    take_photo(engineer, "after", hands.photo(tmp_path, "after", (200, 190, 120)))
    work = usual.inner_text().strip()
    assert engineer.locator("[name=work_done]").input_value() == work
    hands.take(engineer, "完工")
    hands.fits_the_phone(engineer)
    expect(engineer.frame_locator("iframe.paper").locator("h1")).to_contain_text("故障维修单")
    engineer.locator("[data-signer]", has_text="林平").click()
    hands.draw_signature(engineer)
    hands.take(engineer)
    assert engineer.url == order
    return order, work, taps_of(engineer) - before


def taps_of(page: Any) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('taps'))"))


def take_photo(page: Any, slot: str, picture: Path) -> None:
    """Tap the frame; the phone's camera gives the picture."""
    with page.expect_file_chooser() as camera:
        page.locator(f"#photos-{slot} .upload .frame").click()
    camera.value.set_files(picture)
    expect(page.locator(f"#photos-{slot} img")).to_have_count(1)


def document_of(page: Any, order: str) -> str:
    page.goto(order)
    return str(page.locator("a[href*='/documents/']", has_text="维修单").first.get_attribute("href"))


def plan_and_wait_for_the_scheduler(admin: Any, project: str) -> str:
    """Make a monthly plan; beat makes its visit, once (V-04)."""
    key = re.findall(r"/projects/(\d+)/", project)[0]
    admin.goto(f"/visits/plans/new/?project={key}")
    today = timezone.localdate()
    hands.fill(admin, kind="回访", months="每月", anchor=f"{anchor_for_a_visit_soon(today)}", assigned_to="周启明")
    hands.send(admin, "建立|制定|生成|新建|保存")
    admin.wait_for_url(re.compile(r"/plans/\d+/$"))
    hands.wait_for(admin, "HF-")
    link = admin.locator("a[href*='/visits/']", has_text=re.compile("HF-|回访")).filter(has_not_text="计划")
    addresses = {address.get_attribute("href") for address in link.all()}
    visits = [address for address in addresses if address and re.fullmatch(r"/visits/\d+/", address)]
    assert len(visits) == 1, addresses
    return visits[0]


def visit_on_the_phone(engineer: Any, visit: str) -> str:
    engineer.goto(visit)
    hands.fits_the_phone(engineer)
    hands.take(engineer)
    hands.fill(engineer, contact_name="林平", running_state="亮灯率 99%，运行平稳。", conclusion="使用正常。")
    hands.take(engineer)
    hands.take(engineer, "签字")
    engineer.locator("[data-signer]", has_text="林平").click()
    hands.draw_signature(engineer)
    hands.take(engineer)
    document = engineer.locator("main a[href^='/documents/']", has_text="HF-").first.get_attribute("href")
    return hands.pdf_text(engineer, f"{document}pdf/")
