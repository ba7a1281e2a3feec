"""Complaints in the browser: settled at once, a promise missed, rejected twice, without a name, about an engineer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from . import people as hands
from .conftest import PHONE, ComeIn, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

PROJECT = "承诺大厦机电安装工程"
NUMBER = re.compile(r"TS-\d{4}-\d{6}")
CODE = re.compile(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}")


def test_complaint_settled_at_once(come_in: ComeIn) -> None:
    """C-01, C-02, C-04, C-05: complained on the phone, settled by quality within the day, satisfied, on paper."""
    owner = come_in("p-owner", PHONE)
    number = complain(owner, "保养师傅未清理现场", remedy="请派人来清理")
    hands.shows(owner, "很抱歉", f"{timezone.localdate() + timedelta(days=7):%m-%d}", "接下来", "已受理")
    hands.fits_the_phone(owner)

    quality = come_in("p-quality")
    hands.is_told(quality, number)
    file = find(quality, number)
    step(quality, "当即办结", decision="已派保洁到场清理，保养班组已提醒。", cause="人员")

    owner.reload()
    hands.shows(owner, "我们已有答复", "已派保洁到场清理", "您对处理结果满意吗")
    hands.press(owner, "^满意")
    owner.get_by_label("您的意见").fill("已经清理干净，谢谢。")
    hands.press(owner, "^满意")
    hands.shows(owner, "您的投诉已结案")
    hands.fits_the_phone(owner)

    quality.goto(file)
    hands.press(quality, "签发处理单")
    sheet = quality.locator("main a[href^='/complaints/']", has_text=number)
    expect(sheet).to_be_visible(timeout=30_000)
    text = hands.pdf_text(quality, str(sheet.get_attribute("href")))
    for words in (
        "投诉处理单",
        number,
        "保养师傅未清理现场",
        "请派人来清理",
        "已派保洁到场清理",
        "秦朗",
        "已经清理干净",
    ):
        assert words in text, text


def test_promised_progress_note_is_missed(portal: Portal, come_in: ComeIn) -> None:
    """C-03, C-04: a plan with a promised note; nobody tells it; quality, manager, investigator hear; the owner sees."""
    owner = come_in("p-owner", PHONE)
    number = complain(owner, "空调机房噪声三周未解决", description="夜间影响值班。")
    quality = come_in("p-quality")
    file = find(quality, number)
    step(quality, "移交调查", investigator="孙倩", plan="三天内测噪声，一周内给出降噪办法。")
    owner.reload()
    hands.shows(owner, "调查处理", "调查进展")

    portal.tell("days_pass_for_complaint", number=number, days=3)
    leader, boss = come_in("p-leader", PHONE), come_in("p-boss")
    for person in (quality, leader, boss):
        hands.is_told(person, "承诺的进展告知逾期")
    owner.reload()
    hands.shows(owner, "承诺时间")
    expect(owner.locator("li", has_text="承诺时间").locator(".c-bad").first).to_be_visible()
    hands.fits_the_phone(owner)

    leader.goto(file)
    hands.fits_the_phone(leader)
    hands.press(leader, "^\\s*告知进展")
    hands.fill(leader, text="抱歉晚了一天：噪声来自减振垫老化，备件周四到。")
    hands.press(leader, "保存")
    leader.goto(file)
    hands.shows(leader, "未按时", "减振垫老化")
    owner.reload()
    hands.shows(owner, "减振垫老化")
    hands.is_told(owner, "减振垫老化")


def test_decision_rejected_twice(come_in: ComeIn) -> None:
    """C-03, C-05, ISO 10002: one step up to who had no part in it; then an honest end that says where else to turn."""
    owner = come_in("p-owner", PHONE)
    number = complain(owner, "配电柜备件收费不合理", remedy="退还 800 元")
    page = owner.url
    quality = come_in("p-quality")
    file = find(quality, number)
    step(quality, "移交调查", investigator="秦朗", plan="核对价目表与发票，三天内答复。")
    step(quality, "作出决定", cause="沟通", decision="按价目表收费无误，不予退费。")
    step(quality, "告知决定", how="电话告知林平")

    owner.goto(page)
    hands.shows(owner, "按价目表收费无误", "接受处理决定", "不接受决定")
    step(owner, "不接受决定", reason="事前没有出示价目表。")
    hands.shows(owner, "很抱歉")

    quality.goto(file)
    expect(hands.shown(quality, "作出复议决定")).to_have_count(0)  # who decided does not decide again
    boss = come_in("p-boss")
    hands.is_told(boss, number)
    find(boss, number)
    step(boss, "作出复议决定", decision="未提前出示价目表属实，减收 400 元。")
    step(boss, "告知决定", how="电话告知林平")

    owner.goto(page)
    hands.shows(owner, "减收 400 元", "接受处理决定")
    expect(hands.shown(owner, "不接受决定")).to_have_count(0)  # there is one step up, and it was taken
    find(boss, number)
    step(boss, "未达成一致", reason="已告知可向江州市消费者协会或住建局投诉。")
    owner.goto(page)
    hands.shows(owner, "未达成一致", "江州市消费者协会")
    hands.fits_the_phone(owner)


def test_anonymous_complaint_is_followed_by_its_code(open_browser: Callable[..., Page], come_in: ComeIn) -> None:
    """C-01, C-05: nobody signs in; the code shows how it stands and takes the word; a wrong code says nothing."""
    somebody = open_browser(PHONE)
    somebody.goto("/account/login/")
    hands.press(somebody, "投诉")
    hands.fill(somebody, title="夜间施工扰民", about="承诺大厦北侧", description="连续三晚施工到两点。")
    hands.press(somebody, "提交投诉")
    hands.shows(somebody, "请记下查询码", "很抱歉")
    hands.fits_the_phone(somebody)
    said = somebody.inner_text("main")
    code, number = CODE.search(said), NUMBER.search(somebody.inner_text("main"))
    assert code is not None and number is not None, said

    quality = come_in("p-quality")
    find(quality, number.group())
    hands.shows(quality, "匿名")
    step(quality, "当即办结", decision="夜间作业已停，改到白天进行。")

    other = open_browser(PHONE)
    other.goto("/complaints/follow/")
    wrong = code.group()[:-1] + ("A" if code.group()[-1] != "A" else "B")
    hands.fill(other, code=wrong)
    hands.send(other, "^查询")
    hands.shows(other, "没有找到该查询码对应的投诉")
    assert "夜间" not in other.content() and number.group() not in other.content()
    hands.fill(other, code=code.group().replace("-", " ").lower())
    hands.press(other, "^\\s*查询")
    hands.shows(other, "夜间作业已停", "满意")
    assert "秦朗" not in other.content()
    hands.fill(other, words="谢谢，安静了。")
    hands.press(other, "^\\s*满意")
    hands.shows(other, "您的投诉已结案")


def test_low_rating_becomes_a_complaint_kept_from_the_engineer(
    portal: Portal, come_in: ComeIn, company: dict[str, Any]
) -> None:
    """C-01, C-06: what the owner taps after the job; the engineer finds it neither by link, search, list nor bell."""
    job = portal.tell("a_job_to_confirm", project=company["project"])
    owner = come_in("p-owner", PHONE)
    owner.goto(f"/tickets/{job['ticket']}/")
    hands.press(owner, "^\\s*确认")
    owner.goto("/")
    hands.press(owner, "^\\s*去评价")
    hands.fits_the_phone(owner)
    rate(owner, "1", words="漏水没修好，江浩态度很差。")
    hands.press(owner, "提交评价")
    hands.shows(owner, "感谢")

    service = come_in("p-service")
    service.goto("/")
    hands.press(service, "三层风机盘管漏水")
    hands.press(service, "登记投诉")
    expect(service.get_by_label("江浩", exact=True)).to_be_checked()
    hands.fill(service, title="维修后仍漏水，态度差")
    hands.press(service, "^\\s*登记")
    quality = come_in("p-quality")
    hands.go(quality, "投诉")
    row = quality.locator("tr", has_text="维修后仍漏水，态度差")
    number = NUMBER.search(row.first.inner_text())
    assert number is not None
    file = find(quality, number.group())
    hands.shows(quality, "被投诉人员", "江浩")

    engineer = come_in("p-engineer", PHONE)
    answer = engineer.request.get(file)
    assert answer.status == 404, file
    for page in (f"/search/?q={number.group()}", "/complaints/?tab=all", "/notifications/", "/"):
        engineer.goto(page)
        seen = engineer.inner_text("main")
        assert "态度差" not in seen and "没修好" not in seen, page
        assert number.group() not in seen.replace(f"“{number.group()}”", ""), page


def complain(owner: Page, title: str, **more: str) -> str:
    """Complain in the portal, from the menu on; return the number that is shown at once (C-01, C-02)."""
    hands.go(owner, "投诉", "我要投诉")
    expect(owner.locator("[name=project] option:checked")).to_have_text(PROJECT)  # the only one is chosen
    hands.fill(owner, title=title, **more)
    hands.fits_the_phone(owner)
    hands.press(owner, "提交投诉")
    found = NUMBER.search(owner.inner_text("main"))
    assert found is not None, owner.inner_text("main")
    return found.group()


def find(staff: Page, number: str) -> str:
    """Open a file from the register; return its address."""
    hands.go(staff, "投诉")
    with staff.expect_navigation():
        staff.locator("tr", has_text=number).get_by_role("link").first.click()
    return str(staff.url)


def step(page: Page, words: str, **values: str) -> None:
    """Take a step of a complaint: its button, its form, its button again."""
    hands.press(page, words)
    hands.fill(page, **values)
    hands.press(page, words)


def rate(page: Page, mark: str, *, words: str) -> None:
    """Tap one mark for every question, and write a sentence."""
    for row in page.locator(".rate").all():
        row.locator("label", has=page.locator(f"input[value='{mark}']")).first.click()
    page.locator("textarea").first.fill(words)
