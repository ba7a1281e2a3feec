"""The running portal and real browsers: supervisor with web, worker and beat on a temporary folder and database."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(settings.BASE_DIR)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PASSWORD = "Journey-2026-pass"
START_TIMEOUT = 90


@dataclass
class Portal:
    """A portal that runs for the journeys."""

    address: str
    env: dict[str, str]
    data: Path

    def manage(self, *command: str, given: str | None = None) -> str:
        """Run a management command against the portal's database and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def logs(self) -> str:
        """Return the end of every log, for a failure's message."""
        files = sorted((self.data / "log").glob("*.log"))
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')[-3000:]}" for file in files)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start the supervisor as on a real machine; on PostgreSQL with Redis when the suite runs there."""
    data = tmp_path_factory.mktemp("portal")
    port = _free_port()
    env = {key: value for key, value in os.environ.items() if key not in {"DJANGO_SETTINGS_MODULE"}}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATA_DIR": str(data),
        "PORTAL_ROOT": str(ROOT),
        "PORTAL_HOST": "127.0.0.1",
        "PORTAL_PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    database = _make_database(env)
    (data / "log").mkdir()
    running = Portal(f"http://127.0.0.1:{port}", env, data)
    running.manage("migrate", "--verbosity", "0")
    running.manage("collectstatic", "--noinput", "--verbosity", "0")
    supervisor = subprocess.Popen(
        [str(Path(sys.executable).parent / "supervisord"), "-c", "config/supervisord.conf"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(running)
        yield running
    finally:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(timeout=60)
        _drop_database(database)


def _make_database(env: dict[str, str]) -> str:
    """On PostgreSQL give the portal a database of its own; on SQLite it is a file in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        env.pop("DATABASE_URL", None)
        env.pop("REDIS_URL", None)
        return ""
    name = f"journey_{secrets.token_hex(4)}"
    base, _slash, _old = url.rpartition("/")
    _execute(f"{base}/postgres", f'CREATE DATABASE "{name}"')
    env["DATABASE_URL"] = f"{base}/{name}"
    return env["DATABASE_URL"]


def _drop_database(url: str) -> None:
    if url:
        base, _slash, name = url.rpartition("/")
        _execute(f"{base}/postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415  only where there is PostgreSQL

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _wait(running: Portal) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{running.address}/health/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"The portal did not answer.\n{running.logs()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_browser(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """Return a fresh browser window in Chinese; a phone's or a desk's. Errors on its pages fail the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_window(viewport: dict[str, int], locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport=viewport,
            locale=locale,
            timezone_id="Asia/Shanghai",
            base_url=portal.address,
            has_touch=viewport == PHONE,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda line: errors.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    unexpected = [error for error in errors if "status of 422" not in error]
    assert unexpected == [], portal.logs()
