"""Training in the browser: from the invitation to the certificate, attendance, licences, exams on two devices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from . import people as hands
from .conftest import PASSWORD, PHONE, ComeIn, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-training")]

PROJECT = "承诺大厦机电安装工程"
#: A clock that stands still, as somebody might have set it who wants more time.
STOPPED_CLOCK = "Date.now = () => 0; performance.now = () => 0;"


def test_operator_from_invitation_to_certificate(
    portal: Portal, open_browser: Callable[..., Page], come_in: ComeIn
) -> None:
    """T-01, T-05: invited, registered, there by the code, failed, coached, passed, certified, checked by a stranger."""
    portal.tell("a_course", name="配电运行操作")
    admin, leader, trainer = come_in("p-owner"), come_in("p-leader"), come_in("p-trainer")
    link = invite(admin, "沈涛", "13900005511")
    page = plan_session(leader, "配电运行操作", trainer="许文")
    session = int(page.rstrip("/").rpartition("/")[2])

    operator = open_browser(PHONE)
    hands.accept_invitation(operator, link, PASSWORD)
    hands.go(operator, "培训", "配电运行操作", "报名")
    hands.shows(operator, "已报名")
    hands.fits_the_phone(operator)
    operator.goto(portal.tell("code_shown", session=session))
    hands.press(operator, "我是沈涛")
    hands.shows(operator, "签到成功")
    hands.fits_the_phone(operator)

    portal.tell("training_begins", session=session)
    hands.go(trainer, "培训", "场次", "配电运行操作")
    hands.shows(trainer, "1 / 1")
    hands.press(trainer, "培训已举办")

    sit_exam(operator, "配电运行操作", "错误")
    hands.shows(operator, "未通过", "0 %")
    hands.press(operator, "去考试")
    expect(hands.shown(operator, "开始考试")).to_have_count(0)  # coaching comes first
    coach(trainer, "沈涛", "逐题讲解倒闸操作顺序。")
    sit_exam(operator, "配电运行操作", "正确")
    hands.shows(operator, "合格", "100 %")
    hands.press(operator, "查看证书")
    number = re.search(r"ZS-\d{4}-\d{6}", operator.inner_text("main"))
    code = operator.locator("dt:has-text('核验码') + dd").inner_text().strip()
    assert number is not None
    text = hands.pdf_text(operator, f"{operator.url}pdf/")
    for words in ("培训证书", number.group(), "沈涛", "配电运行操作", code):
        assert words in text, text
    is_checked_by_a_stranger(open_browser(PHONE), number.group(), code)


def test_twelve_people_sign_on_the_trainers_phone(portal: Portal, come_in: ComeIn, company: dict[str, Any]) -> None:
    """T-01: the phone goes round, everybody draws, all are counted, and the issued sheet carries twelve signatures."""
    course = portal.tell("a_course", name="消防泵房巡检")
    names = [f"{surname}建国" for surname in "赵钱孙李吴郑王冯陈褚卫蒋"]
    portal.tell("a_session_with_people", course=course, project=company["project"], names=names)
    trainer = come_in("p-trainer", PHONE)
    hands.go(trainer, "培训", "场次", "消防泵房巡检")
    hands.fits_the_phone(trainer)
    for n, name in enumerate(names, start=1):
        row = trainer.locator("#people li", has_text=name)
        with trainer.expect_navigation():
            row.get_by_role("link", name="签到").click()
        hands.draw_signature(trainer)
        hands.press(trainer, "我已到场")
        hands.shows(trainer, f"{n} / 12")
    hands.press(trainer, "签发签到表")
    assert len(hands.pdf_pictures(trainer, f"{trainer.url}pdf/")) == 12


def test_expired_licence_keeps_from_being_sent_until_renewed(portal: Portal, come_in: ComeIn) -> None:
    """R-19, T-06: dispatch says which licence is missing; with the new one the same engineer goes."""
    ticket = portal.tell("an_expired_licence", project="承诺大厦数据机房工程")
    service = come_in("p-service")
    service.goto(f"/tickets/{ticket}/")
    hands.press(service, "派工")
    chosen = service.locator(".person-pick", has_text="陆一鸣")
    expect(chosen).to_contain_text("无有效证照")
    chosen.click()
    hands.send(service, "派工")
    hands.shows(service, "不能派陆一鸣", "电工证")

    boss = come_in("p-boss")
    hands.go(boss, "培训", "证照", "登记证照")
    today = timezone.localdate()
    hands.fill(boss, user="陆一鸣", kind="电工证", number="T510132200", issued_by="江州市应急管理局")
    hands.fill(boss, issued_on=f"{today}", expires_on=f"{today + timedelta(days=3 * 365)}")
    hands.press(boss, "保存")

    service.goto(f"/tickets/{ticket}/dispatch/")
    chosen.click()
    expect(chosen).not_to_contain_text("无有效证照")
    hands.press(service, "派工")
    hands.shows(service, "已派工", "陆一鸣")


def test_two_devices_share_one_paper(portal: Portal, come_in: ComeIn) -> None:
    """T-05: begun on the phone, gone on with at the desk; the last answer counts, none is lost, the other is told."""
    course = portal.tell("a_course", name="空调机组操作")
    portal.tell("somebody_trained", course=course, username="p-owner")
    phone, desk = come_in("p-owner", PHONE), come_in("p-owner")
    begin_exam(phone, course)
    tick(phone, 1, "错误")
    tick(phone, 2, "正确")
    desk.goto(f"/training/courses/{course}/")
    hands.press(desk, "去考试")
    hands.press(desk, "继续考试")
    for n in (1, 2):
        expect(question(desk, n).locator("input:checked")).to_have_count(1)
    tick(desk, 1, "正确")
    tick(phone, 3, "正确")  # the phone still shows its old answer to the first question, and does not bring it back
    desk.reload()
    for n in (1, 2, 3):
        expect(question(desk, n).locator("label", has=desk.locator("input:checked"))).to_contain_text("正确")
    hands.press(desk, "交卷")
    hands.shows(desk, "75 %")
    with phone.expect_response(re.compile("/save/")) as answer:
        question(phone, 4).locator("label", has_text="正确").click()
    assert answer.value.status == 422
    expect(phone.locator("[data-autosave-state]")).to_contain_text("考试时间已到")
    phone.reload()
    hands.shows(phone, "75 %")


def test_a_stopped_clock_gains_no_time(portal: Portal, come_in: ComeIn) -> None:
    """T-05: the browser's clock stands still, the server's does not; what was saved in time is marked."""
    course = portal.tell("a_course", name="水泵切换操作")
    portal.tell("somebody_trained", course=course, username="p-owner")
    phone = come_in("p-owner", PHONE)
    phone.add_init_script(STOPPED_CLOCK)
    begin_exam(phone, course)
    tick(phone, 1, "正确")
    left = phone.locator("[data-left]").inner_text()
    portal.tell("time_of_exam_passes", attempt=int(phone.url.rstrip("/").rpartition("/")[2]))
    expect(phone.locator("[data-left]")).to_have_text(left)
    with phone.expect_response(re.compile("/save/")) as answer:
        question(phone, 2).locator("label", has_text="正确").click()
    assert answer.value.status == 422
    expect(phone.locator("[data-autosave-state]")).to_contain_text("考试时间已到")
    hands.press(phone, "交卷")
    hands.shows(phone, "未通过", "25 %")


def test_paper_opened_after_its_time_is_handed_in_as_it_was_saved(portal: Portal, come_in: ComeIn) -> None:
    """T-05: by itself before beat comes; the result stands where the paper was."""
    course = portal.tell("a_course", name="风机启停操作")
    portal.tell("somebody_trained", course=course, username="p-owner")
    phone = come_in("p-owner", PHONE)
    begin_exam(phone, course)
    tick(phone, 1, "正确")
    portal.tell("time_of_exam_passes", attempt=int(phone.url.rstrip("/").rpartition("/")[2]), is_collected=False)
    phone.goto(f"/training/courses/{course}/exam/")
    hands.press(phone, "时间已到")
    hands.shows(phone, "未通过", "25 %")


def invite(admin: Page, name: str, phone: str) -> str:
    """Invite a person of one's own organisation; return the link on the printable invitation."""
    hands.go(admin, "本单位", "邀请人员")
    hands.fill(admin, name=name, phone=phone)
    hands.press(admin, "邀请|保存")
    return str(admin.locator(".link-line").inner_text().strip())


def plan_session(leader: Page, course: str, trainer: str) -> str:
    """Plan a training on site that begins in an hour, and open its registration; return its address."""
    hands.go(leader, "培训", "场次", "安排培训")
    begin = timezone.localtime() + timedelta(hours=1)
    hands.fill(leader, course=course, project=PROJECT, way="现场", trainer=trainer, place="二层配电室")
    hands.fill(leader, starts_at=f"{begin:%Y-%m-%dT%H:%M}", ends_at=f"{begin + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    hands.press(leader, "安排培训")
    hands.press(leader, "开放报名")
    expect(leader.locator("img.qr")).to_be_visible()
    return str(leader.url)


def sit_exam(person: Page, course: str, choice: str) -> None:
    """From the menu to the exam; take this kind of choice for every question; hand in."""
    hands.go(person, "培训", course, "去考试", "开始考试")
    hands.fits_the_phone(person)
    for n in range(1, 5):
        tick(person, n, choice)
    hands.press(person, "交卷")
    hands.fits_the_phone(person)


def begin_exam(person: Page, course: int) -> None:
    person.goto(f"/training/courses/{course}/")
    hands.press(person, "去考试")
    hands.press(person, "开始考试")


def question(person: Page, n: int) -> Any:
    """The question of this number in the bank, wherever it stands on the paper."""
    return person.locator("fieldset", has_text=f"操作题{n}：")


def tick(person: Page, n: int, choice: str) -> None:
    """Take a choice and wait until the server has it."""
    with person.expect_response(re.compile("/save/")) as answer:
        question(person, n).locator("label", has_text=choice).first.click()
    assert answer.value.ok, answer.value.text()


def coach(trainer: Page, name: str, words: str) -> None:
    hands.go(trainer, "培训", "^\\s*考试", "待辅导")
    with trainer.expect_navigation():
        trainer.locator("tr", has_text=name).get_by_role("link").first.click()
    hands.press(trainer, "已辅导")
    hands.fill(trainer, coaching=words)
    hands.press(trainer, "已辅导")


def is_checked_by_a_stranger(stranger: Page, number: str, code: str) -> None:
    """Anybody checks number and code without signing in, and learns no more than they must (T-05)."""
    stranger.goto("/account/login/")
    hands.press(stranger, "证书核验")
    hands.fill(stranger, number=number, code="ABCD2345")
    hands.press(stranger, "核验")
    assert "配电运行操作" not in stranger.content()
    hands.fill(stranger, number=number, code=code)
    hands.press(stranger, "核验")
    hands.shows(stranger, number, "有效", "配电运行操作", "沈**", f"{timezone.localdate()}")
    hands.fits_the_phone(stranger)
    for words in ("沈涛", "13900005511", "承诺管理处", "100 %"):
        assert words not in stranger.content(), words
