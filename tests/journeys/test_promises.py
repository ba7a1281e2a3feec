"""The promises in the browser: what an owner sees after reporting, an overdue dispatch, a pause over the National Day."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from . import people as hands
from .conftest import PHONE, ComeIn, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


def test_owner_sees_what_is_promised_and_an_overdue_dispatch_escalates(
    portal: Portal, come_in: ComeIn, company: dict[str, Any]
) -> None:
    """R-04, R-15: promised times after reporting; then 75 %, 100 %, 150 %, 200 % reach one person after the other."""
    owner = come_in("p-owner", PHONE)
    owner.goto(f"/tickets/new/?project={company['project']}")
    hands.fill(owner, title="二层动力柜跳闸", contact_name="林平", contact_phone="13900002208")
    hands.send(owner, "提交报修")
    owner.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = int(owner.url.rstrip("/").rpartition("/")[2])
    promises = owner.locator("main")
    expect(promises).to_contain_text("到场")
    expect(promises).to_contain_text("2 小时")
    expect(promises).not_to_contain_text("内部")
    hands.fits_the_phone(owner)

    # The house duty: somebody is arranged within two hours. Nobody does.
    service, leader, boss = come_in("p-service"), come_in("p-leader"), come_in("p-boss")
    for minutes, page in ((130, service), (60, leader), (70, boss)):
        portal.tell("let_pass", ticket=ticket, minutes=minutes)
        hands.is_told(page, "二层动力柜跳闸")
    boss.goto("/service-levels/")
    row = boss.locator("tr", has_text="二层动力柜跳闸").first
    expect(row).to_contain_text("超")


def test_pause_over_the_national_day_explains_itself(portal: Portal, come_in: ComeIn, company: dict[str, Any]) -> None:
    """Four working hours from 15:30: one before the pause, three after the holiday, due at noon on 8 October."""
    clock = portal.tell("a_pause_over_the_national_day", project=company["project"])
    owner = come_in("p-owner")
    owner.goto(f"/service-levels/clocks/{clock}/")
    words = owner.inner_text("main")
    for wanted in ("无法进场", "节日期间机房封闭", "2026-10-08 12:00", "何静"):
        assert wanted in words, words
