"""What people do with their hands in a journey: sign in, fill in, draw, wait."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
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
    """Fetch an issued PDF as the signed-in person and return its text; waits until the worker has rendered it."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        answer = page.request.get(address)
        if answer.status == 200:
            reader: Any = PdfReader(io.BytesIO(answer.body()))
            return "".join(part.extract_text() for part in reader.pages)
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
    "pdf_text",
    "photo",
    "send",
    "sign_in",
    "wait_for",
]
