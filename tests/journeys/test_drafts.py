"""Nothing typed is lost when a person leaves, is signed out or forgets a field: drafts on the device (experience, "Words")."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

from . import people as hands
from .conftest import PHONE, ComeIn, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

TYPED = {"title": "三层走廊灯具频闪", "description": "傍晚开灯后最明显。", "contact_phone": "13900002299"}


def test_what_an_owner_typed_outlasts_leaving_and_the_session(come_in: ComeIn) -> None:
    """The draft goes with the request that is made of it, and not before."""
    owner = come_in("p-owner")
    owner.goto("/tickets/new/")
    hands.fill(owner, **TYPED)
    leave(owner, "/")
    owner.goto("/tickets/new/")
    is_restored(owner)

    owner.context.clear_cookies(name=re.compile("session"))
    hands.send(owner, "提交报修")
    expect(owner.locator("[name=password]")).to_be_visible()
    owner.fill("[name=login]", "p-owner")
    owner.fill("[name=password]", PASSWORD)
    with owner.expect_navigation():
        owner.keyboard.press("Enter")
    is_restored(owner)

    hands.send(owner, "提交报修")
    owner.wait_for_url(re.compile(r"/tickets/\d+/$"))
    hands.shows(owner, TYPED["title"])
    owner.goto("/tickets/new/")
    is_fresh(owner)


def test_what_a_passer_by_typed_at_a_label_is_still_there(
    portal: Portal, open_browser: Callable[..., Page], company: dict[str, Any], tmp_path: Path
) -> None:
    """R-01: without an account, on a phone; what was forgotten is asked for, the photo is not."""
    label = portal.tell("a_label", project=company["project"])
    phone = open_browser(PHONE)
    phone.goto(label)
    hands.fill(phone, contact_name="路人", **TYPED)
    leave(phone, "/account/login/")
    phone.goto(label)
    is_restored(phone)
    hands.fits_the_phone(phone)

    hands.fill(phone, title="")
    phone.set_input_files("[name=photos]", hands.photo(tmp_path, "flicker", (60, 60, 90)))
    hands.take(phone)
    hands.shows(phone, "flicker.jpg")
    assert phone.locator("[name=description]").input_value() == TYPED["description"]
    hands.fits_the_phone(phone)
    hands.fill(phone, title=TYPED["title"])
    hands.take(phone)
    expect(phone.locator("h1")).to_contain_text("FW-")
    assert portal.tell("photos_of", request=phone.inner_text("h1").strip()) == 1
    phone.goto(label)
    is_fresh(phone)


def leave(page: Page, address: str) -> None:
    """Go elsewhere at once; what was typed last is kept on the way out."""
    page.goto(address)


def is_restored(page: Page) -> None:
    expect(page.locator(".draft-bar")).to_be_visible()
    assert {name: page.locator(f"[name={name}]").input_value() for name in TYPED} == TYPED


def is_fresh(page: Page) -> None:
    expect(page.locator("[name=title]")).to_be_visible()
    assert page.locator("[name=title]").input_value() == ""
    expect(page.locator(".draft-bar")).to_have_count(0)
