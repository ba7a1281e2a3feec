"""One world for a whole module of sweeps; every request is undone, so they see it as it was made.

pytest-django makes the test database only for tests that ask for it by mark or fixture, and closes the connection
after each of those; so the tests that share this world do not ask, and each module has one other test that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template.base import Template
from django.test import Client

from tests import world as worlds
from tests.conftest import BACKEND

from .watch import Watch, our_models, snapshot, undone, watched


@dataclass
class Sweep:
    """The world, and everybody's browser in it."""

    world: worlds.World
    browser: Client = field(default_factory=Client)
    sessions: dict[str, str] = field(default_factory=dict)

    @cached_property
    def as_made(self) -> dict[str, Any]:
        """Every row of the world, to compare with: each request is undone, so it stays as it was made."""
        return snapshot()

    def client(self, name: str | None, language: str = "zh-hans") -> Client:
        """Return the browser as one of a person who just signed in; ``None`` is nobody.

        It is one and the same browser, since each would load the middleware anew.
        """
        client = self.browser
        client.cookies.clear()
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        if name is not None:
            if name not in self.sessions:
                client.force_login(self.world.people[name], backend=BACKEND)
                self.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
                client.cookies.clear()
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return client

    def ask(self, name: str | None, method: str, url: str, language: str = "zh-hans", **data: Any) -> tuple[Any, Watch]:
        """Send one request and undo it; return the answer and what was seen of the database meanwhile."""
        client = self.client(name, language)
        with undone(), watched() as watch:
            response = getattr(client, method)(url, data)
            response.text_shown = _text(response)
        return response, watch


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "ignore"))


@pytest.fixture(scope="module")
def contexts_unnoted() -> Iterator[None]:
    """Render as in production: noting every template's context is an eighth of the time of a sweep that reads none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        yield


@pytest.fixture(scope="module")
def sweep(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sweep]:
    """Build the world once for the module, in a transaction that ends with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = Sweep(worlds.build())
        for name in found.world.people:
            found.client(name)
        ContentType.objects.get_for_models(*our_models())  # read once a process
        yield found
        transaction.set_rollback(True)
