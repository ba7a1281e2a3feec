"""No connection on site: what an engineer does on the phone waits there, arrives once, and nothing is lost (R-11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from . import people as hands
from .conftest import PHONE, ComeIn, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey-training")]

TITLE = "地下室排烟风机不启动"
#: Says whether nothing lies on this device that has not been sent.
ALL_SENT = """() => new Promise((answer, failed) => {
  const opening = indexedDB.open("portal", 1);
  opening.onerror = failed;
  opening.onsuccess = () => {
    const counting = opening.result.transaction("waiting").objectStore("waiting").count();
    counting.onsuccess = () => answer(counting.result === 0);
  };
})"""


def test_job_is_done_without_a_connection(
    portal: Portal, come_in: ComeIn, company: dict[str, Any], tmp_path: Path
) -> None:
    """Traps, "Phone": an answer lost on its way, the app killed after a photo, no connection up to the signature."""
    order = portal.tell("a_job_at_hand", project=company["project"], title=TITLE)
    engineer = come_in("p-engineer", PHONE)
    phone = engineer.context
    engineer.goto("/tickets/today/")
    hands.press(engineer, TITLE)
    answers_get_lost(engineer)
    press(engineer, "出发")
    waits(engineer, 1)
    engineer.unroute_all()
    phone.set_offline(True)

    for step in ("到达", "开始"):
        press(engineer, step)
    waits(engineer, 3)
    hands.fits_the_phone(engineer)
    add_photo(engineer, "before", hands.photo(tmp_path, "before", (40, 30, 30)))
    waits(engineer, 4)
    engineer.close()
    phone.set_offline(False)
    engineer = phone.new_page()
    engineer.goto("/")
    all_has_arrived(engineer)
    engineer.goto(f"/tickets/orders/{order}/")
    expect(engineer.locator("#photos-before img")).to_have_count(1)

    phone.set_offline(True)
    hands.choose(engineer, "cause", "ageing")
    hands.fill(engineer, work_done="更换控制回路熔断器")
    usual = engineer.locator("[data-usual=ageing] button").nth(2)
    usual.click()
    cleaned = usual.inner_text().strip()
    hands.choose(engineer, "result", "restored")
    hands.fill(engineer, prevention="每月点动试机。")
    add_photo(engineer, "after", hands.photo(tmp_path, "after", (200, 190, 120)))
    waits(engineer, 1)
    hands.draw_signature(engineer)  # their own, asked once
    press(engineer, "完工")
    waits(engineer, 2)
    phone.set_offline(False)
    all_has_arrived(engineer)
    engineer.goto(f"/tickets/orders/{order}/")

    hands.take(engineer, "签字")
    expect(engineer.frame_locator("iframe.paper").locator("h1")).to_contain_text("故障维修单")
    phone.set_offline(True)
    engineer.locator("[data-signer]", has_text="林平").click()
    hands.draw_signature(engineer)
    press(engineer, "签字")
    waits(engineer, 1)
    hands.fits_the_phone(engineer)
    phone.set_offline(False)
    all_has_arrived(engineer)

    engineer.goto(f"/tickets/orders/{order}/")
    hands.shows(engineer, f"更换控制回路熔断器；{cleaned}", "每月点动试机。", "已签字")
    for slot in ("before", "after"):
        expect(engineer.locator(f"#photos-{slot} img")).to_have_count(1)
    said = engineer.inner_text("main")
    assert portal.tell("steps_taken", order=order) == ["depart", "arrive", "start", "finish", "sign"], said
    hands.fits_the_phone(engineer)


def test_job_over_which_the_server_stumbles_keeps_no_other_waiting(
    portal: Portal, come_in: ComeIn, company: dict[str, Any]
) -> None:
    """Traps, "Queue": a poison message. It waits on the phone; what is about another job arrives."""
    broken, other = [
        portal.tell("a_job_at_hand", project=company["project"], title=title) for title in ("水泵异响", "风阀卡死")
    ]
    engineer = come_in("p-engineer", PHONE)
    engineer.route(f"**/steps/tickets.workorder/{broken}/**", lambda route: route.fulfill(status=503))
    engineer.goto(f"/tickets/orders/{broken}/")
    press(engineer, "出发")
    waits(engineer, 1)
    engineer.goto(f"/tickets/orders/{other}/")
    engineer.context.set_offline(True)
    press(engineer, "出发")
    waits(engineer, 2)
    engineer.context.set_offline(False)
    expect(engineer.locator("[data-unsent-count]")).to_contain_text("1", timeout=30_000)
    assert portal.tell("steps_taken", order=other) == ["depart"]
    assert portal.tell("steps_taken", order=broken) == []
    engineer.unroute_all()
    all_has_arrived(engineer)
    assert portal.tell("steps_taken", order=broken) == ["depart"]


def answers_get_lost(page: Page) -> None:
    """What is sent arrives at the portal; its answer does not come back."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/*", lose)


def press(page: Page, step: str) -> None:
    """Press the button at the foot of the job; the page stays."""
    hands.next_step(page, step).click()


def add_photo(page: Page, slot: str, path: Path) -> None:
    page.locator(f"#photos-{slot} input[type=file]").set_input_files(path)


def waits(page: Page, count: int) -> None:
    """So many things wait on this phone."""
    expect(page.locator("[data-unsent-count]")).to_contain_text(f"{count}")


def all_has_arrived(page: Page) -> None:
    """Nothing lies on this phone any more, and the page says so."""
    page.wait_for_function(ALL_SENT, polling=200, timeout=30_000)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=30_000)
