"""The running portal and real browsers: supervisor with web, worker and beat on a temporary folder and database.

There is one portal for all the journeys of a test process; each journey brings its own matters and shares the people.
"""

from __future__ import annotations

import json
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
from playwright.sync_api import Browser, Page

from tests.factories import PASSWORD as FIRST_PASSWORD

from . import people as hands

ROOT = Path(settings.BASE_DIR)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PASSWORD = "Journey-2026-pass"
START_TIMEOUT = 90
#: Answers that a page is right to give, though the browser calls them errors.
EXPECTED = ("status of 422", "status of 503", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
#: What runs beside the portal for ``Portal.tell``.
BEHIND = "import django; django.setup(); from tests.journeys import behind; behind.main()"
FAILED = pytest.StashKey[bool]()
ComeIn = Callable[..., Page]


@dataclass
class Portal:
    """A portal that runs for the journeys."""

    address: str
    env: dict[str, str]
    data: Path
    behind: subprocess.Popen[str] | None = None

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

    def tell(self, what: str, /, **values: Any) -> Any:
        """Call a function of ``behind`` beside the running portal and return its answer."""
        if self.behind is None:
            self.behind = self._start_behind()
        asked, said = self.behind.stdin, self.behind.stdout
        assert asked is not None and said is not None
        asked.write(json.dumps([what, values]) + "\n")
        asked.flush()
        line = said.readline()
        assert line, self.logs()
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["answer"]

    def _start_behind(self) -> subprocess.Popen[str]:
        with (self.data / "log" / "behind.log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-c", BEHIND],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def stop_behind(self) -> None:
        """End the process that ``tell`` has started; it ends with its input."""
        if self.behind is not None and self.behind.stdin is not None:
            self.behind.stdin.close()
            self.behind.wait(timeout=20)

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
        running.stop_behind()
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
def company(portal: Portal) -> dict[str, Any]:
    """The people whom the journeys share, their owner and the project: keys by name."""
    return dict(portal.tell("a_company"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how a test went, for its windows to be pictured when it failed."""
    report: Any = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def open_browser(
    browser: Browser, portal: Portal, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Page]]:
    """Return a fresh browser window in Chinese; a phone's or a desk's. Errors on its pages fail the test.

    When the test failed each window is pictured in its temporary folder.
    """
    contexts: list[Any] = []
    errors: list[str] = []

    def open_window(viewport: dict[str, int], locale: str = "zh-CN", **options: Any) -> Page:
        context = browser.new_context(
            viewport=viewport,
            **options,
            locale=locale,
            timezone_id="Asia/Shanghai",
            base_url=portal.address,
            has_touch=viewport == PHONE,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        context.on("weberror", lambda error: errors.append(f"{_place(error)}: {error.error}"))
        context.on(
            "console", lambda line: errors.append(f"{_place(line)}: {line.text}") if line.type == "error" else None
        )
        return context.new_page()

    yield open_window
    if request.node.stash.get(FAILED, False):
        print(f"The portal's logs are in {portal.data / 'log'}.")
        print("\n".join(_picture(context, tmp_path / f"window-{n}.png") for n, context in enumerate(contexts)))
    for context in contexts:
        context.close()
    unexpected = [error for error in errors if not any(word in error for word in EXPECTED)]
    assert unexpected == [], "\n".join([*unexpected, portal.logs()])


def _place(said: Any) -> str:
    return str(said.page.url) if said.page else "a page that is gone"


def _picture(context: Any, path: Path) -> str:
    page = context.pages[0]
    page.screenshot(path=path, full_page=True)
    return f"{page.url} is pictured in {path}"


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """What the browsers of the people who have signed in remember."""
    return {}


@pytest.fixture
def come_in(open_browser: Callable[..., Page], company: dict[str, Any], cookies: dict[str, Any]) -> ComeIn:
    """Return a person's own window, signed in: each signs in once, and their browser remembers."""

    def open_signed_in(username: str, viewport: dict[str, int] = DESK) -> Page:
        if username in cookies:
            return open_browser(viewport, storage_state=cookies[username])
        page = open_browser(viewport)
        hands.sign_in(page, username, FIRST_PASSWORD)
        cookies[username] = page.context.storage_state()
        return page

    return open_signed_in
