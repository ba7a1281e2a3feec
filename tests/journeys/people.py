"""What people do with their hands in a journey: sign in, fill in, draw, wait."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

WAIT = 60


def sign_in(page: Page, identifier: str, password: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", identifier)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"://[^/]+/$"))


def accept_invitation(page: Page, link: str, password: str) -> None:
    """Open the printed link and set a first password."""
    page.goto(link)
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"://[^/]+/$"))


def fill(page: Page, **values: str) -> None:
    """Fill fields by name; selects take the label that is shown."""
    for name, value in values.items():
        field = page.locator(f"[name={name}]").first
        tag = field.evaluate("element => element.tagName")
        if tag == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Take a choice of a group of radio buttons or ticks that look like buttons."""
    box = page.locator(f"[name={name}][value={value}]").first
    label = box.evaluate_handle("box => box.labels[0]").as_element()
    assert label is not None, f"{name} has no words to tap"
    if not box.is_checked():
        label.click()
    expect(box).to_be_checked()


def send(page: Page, button: str) -> None:
    """Press a button by its words and wait for the next page."""
    page.get_by_role("button", name=re.compile(button)).first.click()
    page.wait_for_load_state()


def press(page: Page, words: str) -> None:
    """Press what carries these words on the page, link or button, and be on the page it leads to."""
    with page.expect_navigation():
        shown(page, words).click()


def next_step(page: Page, words: str = "") -> Locator:
    """The one button at the foot of a phone's page: what comes next."""
    return page.locator(".sticky .step-btn").filter(has_text=re.compile(words), visible=True)


def take(page: Page, words: str = "") -> None:
    """Take the next step of the work, and be on the page it leads to."""
    with page.expect_navigation():
        next_step(page, words).click()


def shown(page: Page, words: str) -> Locator:
    """What can be pressed on the page by its words; the first of several."""
    pressable = page.locator("main a, main button, .sticky a, .sticky button")
    return pressable.filter(has_text=re.compile(words)).filter(visible=True).first


def go(page: Page, *entries: str) -> None:
    """Go from the home page through the main menu, then along links and buttons by their words."""
    page.goto("/")
    burger = page.locator(".burger > summary")
    if burger.is_visible():
        burger.click()
    entry = page.get_by_role("navigation", name="主导航").get_by_role("link", name=entries[0], exact=True)
    with page.expect_navigation():
        entry.filter(visible=True).first.click()
    for words in entries[1:]:
        press(page, words)


def shows(page: Page, *texts: str) -> None:
    """The page says all of this."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def is_told(page: Page, words: str) -> None:
    """Wait until a person's notifications say something about it."""

    def says() -> bool:
        page.goto("/notifications/")
        return words in page.inner_text("main")

    eventually(says, f"{words} is told")


def draw_signature(page: Page) -> None:
    """Draw in the signature pad with mouse or finger."""
    pad = page.locator("canvas").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    points = [(0.15, 0.7), (0.3, 0.25), (0.42, 0.75), (0.55, 0.3), (0.7, 0.65), (0.85, 0.4)]
    page.mouse.move(box["x"] + points[0][0] * box["width"], box["y"] + points[0][1] * box["height"])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
    page.mouse.up()


def photo(tmp_path: Path, name: str, colour: tuple[int, int, int]) -> Path:
    """Return a photo as a phone takes it."""
    path = tmp_path / f"{name}.jpg"
    image = Image.new("RGB", (1600, 1200), colour)
    ImageDraw.Draw(image).rectangle([300, 300, 1300, 900], outline=(255, 255, 255), width=30)
    image.save(path, "JPEG", quality=80)
    return path


def pdf_text(page: Page, address: str) -> str:
    """Fetch an issued PDF as the signed-in person and return its text."""
    return "".join(part.extract_text() for part in _pdf(page, address).pages)


def pdf_pictures(page: Page, address: str) -> list[tuple[int, int]]:
    """Fetch an issued PDF as the signed-in person and return the sizes of the pictures in it."""
    return [one.image.size for part in _pdf(page, address).pages for one in part.images]


def _pdf(page: Page, address: str) -> Any:
    """Wait until the worker has rendered it."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        answer = page.request.get(address)
        if answer.status == 200:
            return PdfReader(io.BytesIO(answer.body()))
        time.sleep(0.5)
    raise AssertionError(f"{address} was not rendered in {WAIT} s.")


def wait_for(page: Page, text: str) -> None:
    """Reload until the page shows a text: something happens in the background."""
    deadline = time.monotonic() + WAIT + 30
    while time.monotonic() < deadline:
        if page.get_by_text(text).count():
            return
        time.sleep(1)
        page.reload()
    raise AssertionError(f"{page.url} never showed {text!r}:\n{page.inner_text('main')[:1500]}")


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; ``what`` names it if it never does."""
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline, f"It never came that {what}."
        time.sleep(0.5)


def fits_the_phone(page: Page) -> None:
    """Nothing on the page makes a phone scroll sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"{page.url} is {width} px wide"


__all__ = [
    "accept_invitation",
    "choose",
    "draw_signature",
    "expect",
    "fill",
    "fits_the_phone",
    "go",
    "is_told",
    "next_step",
    "pdf_pictures",
    "pdf_text",
    "photo",
    "press",
    "send",
    "shown",
    "shows",
    "sign_in",
    "take",
    "wait_for",
]
