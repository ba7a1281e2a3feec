"""What the QR label on a piece of equipment opens: report its fault without an account, and follow it (R-01)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.client import counted_as
from apps.core.errors import DomainError
from apps.core.events import record
from apps.core.uploads import AcceptedFile
from apps.projects.models import Equipment

from . import access
from .models import Message, PendingPhoto, Ticket
from .rules import initial_level
from .services import WROTE, open_from_label
from .waiting_photos import keep_photos

WINDOW = timedelta(hours=1)
REPORTS_A_LABEL = 6
REPORTS_AN_ADDRESS = 12


def report(
    equipment: Equipment,
    *,
    kind: str,
    title: str,
    description: str,
    contact_name: str,
    contact_phone: str,
    photos: Iterable[AcceptedFile],
    waiting: Iterable[PendingPhoto] = (),
    address: str | None,
    now: datetime,
) -> Ticket:
    """Open a request from a label. Raises ``DomainError`` when too many come from one label or one address."""
    _slow_down(equipment, address=address, now=now)
    return open_from_label(
        equipment,
        kind=kind,
        level=initial_level(kind),
        title=title,
        description=description,
        contact_name=contact_name,
        contact_phone=contact_phone,
        photos=photos,
        waiting=waiting,
        now=now,
    )


def join(
    ticket: Ticket,
    *,
    contact_name: str,
    contact_phone: str,
    text: str,
    photos: Iterable[AcceptedFile] = (),
    waiting: Iterable[PendingPhoto] = (),
    address: str | None,
    now: datetime,
) -> Ticket:
    """Add somebody's word to a request that is open already, instead of a second one for the same fault."""
    _slow_down(ticket.equipment, address=address, now=now)
    body = _("By the label: %(name)s, %(phone)s. %(text)s") % {
        "name": contact_name,
        "phone": contact_phone,
        "text": text,
    }
    with transaction.atomic():
        message = Message.objects.create(ticket=ticket, author=None, body=body.strip(), written_at=now)
        keep_photos(photos, waiting, actor=None, now=now, ticket=ticket, message=message, audience=message.audience)
        people = [*access.concerned_by_ticket(ticket), *access.dispatchers()]
        record(ticket, WROTE, actor=None, now=now, data={"note": text[:200]}, tells=people)
    return ticket


def open_on(equipment: Equipment) -> list[Ticket]:
    """Return the open requests on a piece of equipment, newest first: the fault may be known."""
    return list(Ticket.objects.open().filter(equipment=equipment).order_by("-reported_at")[:3])


def _slow_down(equipment: Any, *, address: str | None, now: datetime) -> None:
    """Anybody can photograph a label; nobody needs to report often. Counted by label in the database."""
    recent = Ticket.objects.filter(equipment=equipment, channel=Ticket.Channel.QR_CODE, reported_at__gt=now - WINDOW)
    key = f"label-report:{counted_as(address)}"
    cache.add(key, 0, timeout=WINDOW.total_seconds())
    if recent.count() >= REPORTS_A_LABEL or (address and cache.incr(key) > REPORTS_AN_ADDRESS):
        raise DomainError(
            _("Several reports came in a short time. Please call the hotline; what you typed is still on this page.")
        )
