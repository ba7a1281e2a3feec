"""Key pages against WCAG 2.2 AA (axe), on a phone and at a desk, with text twice as large; nothing scrolls sideways."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page

from apps.documents import services as documents
from apps.documents.models import Document
from apps.inspections.models import Visit
from apps.projects.models import Equipment, Project
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make
from tests.world import World

from .conftest import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Finds what is wrong on the page, one line a rule and element. The signed paper in its frame is tested as paper.
FIND = """async (tags) => {
  // What the bar at the foot covers just now is reached by scrolling.
  document.querySelectorAll(".sticky, .form-foot").forEach((one) => { one.style.position = "static"; });
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, iframes: false });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
}"""
#: Doubles every text, as a person's browser does who has set it so.
ENLARGE = """() => {
  const all = [...document.querySelectorAll("body, body *")];
  const sizes = all.map((one) => { const look = getComputedStyle(one); return [look.fontSize, look.lineHeight]; });
  all.forEach((one, i) => {
    const [size, line] = sizes[i].map(parseFloat);
    one.style.fontSize = `${size * 2}px`;
    if (!Number.isNaN(line)) one.style.lineHeight = `${line * 2}px`;
  });
}"""
TOO_WIDE = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > limit + 1);
  return [`${document.documentElement.scrollWidth} px wide`, ...wide.slice(-6).map((one) => one.outerHTML.slice(0, 120))];
}"""


@pytest.fixture
def pages(world: World) -> list[tuple[str, str]]:
    """Who opens what: the pages each role lives in, and those for people without an account."""
    order = world.row(WorkOrder)
    finished = make.make_work_order(
        ticket=make.make_ticket(project=world.project, status=Ticket.Status.IN_PROGRESS),
        engineer=world.engineer,
        status=WorkOrder.Status.FINISHED,
    )
    sheet = documents.draft("repair_sheet", finished, actor=world.engineer, now=make.NOW)
    return [
        ("", reverse("account_login")),
        ("", reverse("tickets:label", args=[world.row(Equipment).label_token])),
        ("", reverse("tickets:track", args=[world.row(Ticket).tracking_token])),
        ("", reverse("verify", args=[world.row(Document).verification_token])),
        ("owner_admin", reverse("core:home")),
        ("owner_admin", reverse("tickets:create")),
        ("customer_service", reverse("core:home")),
        ("customer_service", world.row(Ticket).get_absolute_url()),
        ("engineer", reverse("tickets:today")),
        ("engineer", order.get_absolute_url()),
        ("engineer", world.row(Visit).get_absolute_url()),
        ("engineer", reverse("documents:sign", args=[sheet.pk])),
        ("project_manager", reverse("core:home")),
        ("manager", world.row(Project).get_absolute_url()),
        ("manager", reverse("tickets:list")),
        ("administrator", world.row(Equipment).get_absolute_url()),
        ("administrator", reverse("documents:list")),
    ]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_key_pages_are_accessible_and_fit(
    viewport: dict[str, int],
    browser: Browser,
    live_server: Any,
    world: World,
    pages: list[tuple[str, str]],
    client_of: Callable[..., Any],
) -> None:
    wrong: list[str] = []
    windows: dict[str, Page] = {}
    for who, address in pages:
        if who not in windows:
            windows[who] = _window(browser, live_server.url, viewport, client_of(world.people[who]) if who else None)
        page = windows[who]
        answer = page.goto(address, wait_until="load")
        assert answer is not None and answer.status == 200, (who, address)
        page.evaluate(AXE)
        found = [*page.evaluate(FIND, RULES), *page.evaluate(TOO_WIDE)]
        page.evaluate(ENLARGE)
        found += [f"with large text: {line}" for line in page.evaluate(TOO_WIDE)]
        wrong += [f"{address} ({who or 'nobody'}): {line}" for line in found]
    for page in windows.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)


def _window(browser: Browser, address: str, viewport: dict[str, int], signed_in: Any) -> Page:
    context = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN", has_touch=viewport == PHONE)
    if signed_in is not None:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": signed_in.cookies[name].value, "url": address}])
    return context.new_page()
