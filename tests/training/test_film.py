"""A real film in a real browser: it plays, goes on where it stopped, and only what was played counts (T-03)."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Browser, Page

from apps.training.models import Material, Progress
from tests.journeys.conftest import DESK, PHONE

from .conftest import Scene
from .test_videos import CLIP, CLIP_SECONDS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def _window(browser: Browser, address: str, client: Any, viewport: Any) -> Page:
    context = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context.new_page()


def _until(page: Page, what: str) -> None:
    """Wait for the film; asked from outside, because the content policy lets no page evaluate words."""
    for _tick in range(300):
        if page.evaluate(f"document.querySelector('video').{what}"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(what)


def test_film_is_uploaded_played_and_gone_on_with_on_another_device(
    scene: Scene, browser: Browser, live_server: Any, client_of: Any
) -> None:
    """T-03: 206 from the server, seconds as the server counts them, a seek counts for nothing, the position follows."""
    type(scene.course).objects.filter(pk=scene.course.pk).update(is_online=True)
    upload = {
        "kind": "video",
        "title": "合闸五步",
        "file": SimpleUploadedFile("clip.webm", CLIP),
        "submission_key": "1",
    }
    url = reverse("training:material_add", args=[scene.course.pk])
    assert client_of(scene.trainer).post(url, upload).status_code == 302
    film = Material.objects.get()
    assert film.seconds == CLIP_SECONDS

    phone = _window(browser, live_server.url, client_of(scene.member), PHONE)
    answers: list[int] = []
    phone.on("response", lambda response: answers.append(response.status) if "/play/" in response.url else None)
    phone.goto(film.get_absolute_url())
    _until(phone, "readyState >= 2")
    assert set(answers) == {206}
    assert round(phone.evaluate("document.querySelector('video').duration")) == CLIP_SECONDS
    with phone.expect_response(lambda answer: "/seen/" in answer.url):
        phone.evaluate("document.querySelector('video').muted = true, document.querySelector('video').play()")
    _until(phone, "currentTime > 3")
    phone.evaluate("document.querySelector('video').currentTime = 20")
    _until(phone, "currentTime > 21")
    with phone.expect_response(lambda answer: "/seen/" in answer.url) as said:
        phone.evaluate("document.querySelector('video').pause()")
    told = said.value.json()
    assert 3 <= told["seconds"] <= 8
    assert not told["done"]
    row = Progress.objects.get()
    assert row.user == scene.member and row.position in {21, 22, 23}
    assert all(end <= 8 or start >= 19 for start, end in row.seen)

    desk = _window(browser, live_server.url, client_of(scene.member), DESK)
    desk.goto(film.get_absolute_url())
    _until(desk, "currentTime > 20")
    assert round(desk.evaluate("document.querySelector('video').currentTime")) == row.position
