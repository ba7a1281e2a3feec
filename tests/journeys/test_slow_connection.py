"""A slow or broken connection: what was chosen, typed or pressed meanwhile is neither lost nor said to be safe too early."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories import PASSWORD

from . import people as hands
from .conftest import PHONE, ComeIn, Portal
from .test_offline import add_photo, all_has_arrived, press, waits
from .test_training import begin_exam, question

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-training")]

SAVING = re.compile(r"/(record|save)/$")
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('unsent:')).length"


def test_photos_chosen_during_an_upload_and_after_the_session_arrive(
    portal: Portal, come_in: ComeIn, company: dict[str, Any], tmp_path: Path
) -> None:
    """Traps, "Phone": the second photo waits for the first; the sign-in page is no acceptance of the third."""
    order = portal.tell("a_job_at_hand", project=company["project"], title="水箱液位误报", status="working")
    engineer = come_in("p-engineer", PHONE)
    engineer.goto(f"/tickets/orders/{order}/")
    one, two, three = (hands.photo(tmp_path, f"photo{n}", (n * 60, 40, 30)) for n in range(1, 4))
    held = hold(engineer, re.compile("/photos?/"))
    add_photo(engineer, "before", one)
    add_photo(engineer, "before", two)
    for _ in range(2):
        arrives(engineer, held)
        held.pop().continue_()
    engineer.unroute_all()
    expect(engineer.locator("#photos-before img")).to_have_count(2)

    engineer.context.clear_cookies(name=re.compile("session"))
    add_photo(engineer, "before", three)
    waits(engineer, 1)
    form = engineer.locator("#photos-before [data-upload]")
    expect(form.locator("[data-upload-state]")).to_have_text(f"{form.get_attribute('data-signed-out')}")
    hands.fits_the_phone(engineer)
    hands.sign_in(engineer, "p-engineer", PASSWORD)
    all_has_arrived(engineer)
    engineer.goto(f"/tickets/orders/{order}/")
    expect(engineer.locator("#photos-before img")).to_have_count(3)


def test_what_is_typed_during_a_slow_save_is_saved_after_it(
    portal: Portal, come_in: ComeIn, company: dict[str, Any]
) -> None:
    order = portal.tell("a_job_at_hand", project=company["project"], title="排风口异响", status="working")
    engineer = come_in("p-engineer", PHONE)
    engineer.goto(f"/tickets/orders/{order}/")
    held = hold(engineer, SAVING)
    field = engineer.locator("[name=work_done]")
    field.fill("紧固")
    arrives(engineer, held)
    field.fill("紧固并润滑轴承")
    engineer.wait_for_timeout(1000)  # longer than the pause in typing after which it saves
    held.pop().continue_()
    arrives(engineer, held)
    with engineer.expect_response(SAVING) as answer:
        held.pop().continue_()
    assert answer.value.ok
    engineer.unroute_all()
    engineer.reload()
    expect(field).to_have_value("紧固并润滑轴承")


def test_answers_handed_in_without_a_connection_stay_on_the_device(portal: Portal, come_in: ComeIn) -> None:
    """T-05: they are there again, are saved and count; once handed in nothing of them stays."""
    course = portal.tell("a_course", name="冷却塔操作")
    portal.tell("somebody_trained", course=course, username="p-owner")
    phone = come_in("p-owner", PHONE)
    begin_exam(phone, course)
    paper = phone.url
    phone.context.set_offline(True)
    question(phone, 1).locator("label", has_text="正确").click()
    hands.next_step(phone, "交卷").click()
    phone.wait_for_url("chrome-error://**")
    phone.context.set_offline(False)
    with phone.expect_response(SAVING) as answer:
        phone.goto(paper)
    assert answer.value.ok
    expect(question(phone, 1).locator("label", has=phone.locator("input:checked"))).to_contain_text("正确")
    question(phone, 2).locator("label", has_text="正确").click()
    hands.take(phone, "交卷")
    hands.shows(phone, "50 %")
    assert phone.evaluate(KEPT) == 0


def test_what_the_server_stumbles_over_comes_less_often_and_can_be_dropped(
    portal: Portal, come_in: ComeIn, company: dict[str, Any]
) -> None:
    """Traps, "Queue": a poison message does not hold up its job for ever."""
    order = portal.tell("a_job_at_hand", project=company["project"], title="电梯前室照明不亮")
    engineer = come_in("p-engineer", PHONE)
    sent: list[str] = []

    def stumble(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=503)

    engineer.route(f"**/steps/tickets.workorder/{order}/**", stumble)
    engineer.goto(f"/tickets/orders/{order}/")
    press(engineer, "出发")
    waits(engineer, 1)
    box = engineer.locator("[data-unsent]")
    box.locator("summary").click()
    for _ in range(3):
        expect(box.locator("[data-choices]")).to_be_hidden()
        with engineer.expect_response(re.compile("/steps/")):
            box.locator("[data-unsent-send]").click()
    expect(box.locator("[data-choices]")).to_be_visible()
    expect(box.locator("[data-reason]")).to_contain_text("3")
    hands.fits_the_phone(engineer)
    engineer.evaluate("window.dispatchEvent(new Event('online'))")
    engineer.wait_for_timeout(500)
    assert len(sent) == 4, "It is not its turn yet."
    engineer.on("dialog", lambda dialog: dialog.accept())
    box.locator("[data-drop-one]").click()
    expect(box).to_be_hidden()
    assert portal.tell("steps_taken", order=order) == []


def hold(page: Page, address: re.Pattern[str]) -> list[Route]:
    """Hold back what is sent to an address; the caller lets it go on."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    return held


def arrives(page: Page, held: list[Route]) -> None:
    """Wait until something is held back: the page is sending."""
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("Nothing was sent.")
