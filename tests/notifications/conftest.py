"""Fixtures of notifications: the servers, people with addresses, an event told to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from apps.accounts.models import Role, User
from apps.core import events
from apps.core.models import Event
from apps.tickets.models import Ticket
from tests import factories as make

from .servers import Inbox, Provider, free_port


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider on this machine, which the settings allow for once."""
    settings.NOTIFICATIONS_ALLOW_PRIVATE = True
    found = Provider()
    yield found
    found.close()


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    """A mail server on this machine, to which the portal is set."""
    found = Inbox()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2
    yield found
    controller.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[datetime], None]:
    """Let the portal's own clock stand at the suite's moment; return a function that sets it."""

    def stand(at: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    stand(now)
    return stand


@pytest.fixture
def ticket(db: None) -> Ticket:
    return make.make_ticket(title="路灯不亮")


@pytest.fixture
def dispatcher(db: None) -> User:
    return make.make_staff(Role.CUSTOMER_SERVICE, email="kefu@example.com", name="客服小陈")


@pytest.fixture
def owner(ticket: Ticket) -> User:
    return make.make_owner_admin(ticket.project.owner, email="yezhu@example.com", name="业主老林")


@pytest.fixture
def tell(ticket: Ticket, clock: Any, now: datetime) -> Callable[..., Event]:
    """Record an event about the ticket as a service would."""

    def record(
        *people: User, name: str = "tickets.ticket.opened", at: datetime = now, subject: Any = None, **more: Any
    ) -> Event:
        return events.record(subject or ticket, name, actor=None, now=at, tells=people, **more)

    return record
