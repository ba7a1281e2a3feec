"""Fixtures for every test: the world, people's browsers, one fixed moment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright

from . import factories
from . import world as worlds

BACKEND = "apps.accounts.backends.IdentifierBackend"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
]


#: What a test asks for that meets a database, by itself or through the portal it starts.
MEETS_A_DATABASE = {"db", "transactional_db", "django_db_setup", "portal"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that meet no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs two real connections on SQLite, and, if asked, what would run the same on any database."""
    on_postgres, all_of_them = connection.vendor == "postgresql", not config.getoption("--database-only")
    kept, left = [], []
    for item in items:
        runs = (on_postgres or item.get_closest_marker("postgres") is None) and (all_of_them or _meets_database(item))
        (kept if runs else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept
    _keep_groups_together(config, items)


def _meets_database(item: Any) -> bool:
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return marked is not None or not MEETS_A_DATABASE.isdisjoint(item.fixturenames)


def _keep_groups_together(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the tests of one ``xdist_group`` run in one process.

    The scheduler reads a group from the end of a test's name, and pytest 9.2 does not keep the name any more where
    xdist 3.8 writes it: without this the groups are passed over in silence (pytest-dev/pytest-xdist#1386).
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark is not None and not item.nodeid.endswith(f"@{mark.args[0]}"):
            item._id = type(item.id).parse(f"{item.nodeid}@{mark.args[0]}")  # type: ignore[misc]


@pytest.fixture
def now() -> datetime:
    """The moment at which the suite plays."""
    return factories.NOW


@pytest.fixture
def world(db: None) -> worlds.World:
    """Two owners, four projects, everybody, and a row of every model under project A."""
    return worlds.build()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Return a browser in which a person is signed in (nobody for None), reading Chinese unless told otherwise."""

    def sign_in(user: Any = None, language: str = "zh-hans", **options: Any) -> Client:
        client = Client(headers={"accept-language": language}, **options)
        if user is not None:
            client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the one Chromium of a test process: Playwright's event loop can be there once."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Begin and end every test in the portal's first language, whatever a request has chosen."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
