"""How an event reads outside the portal: one message for mail, SMS and robots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.events import kind_of
from apps.core.models import Event

SMS_LENGTH = 300

_more: dict[str, Callable[[Event], list[str]]] = {}


def declare_lines(name: str, lines: Callable[[Event], list[str]]) -> None:
    """Have messages about an event say more, read when they are sent; called from ``panels.py`` of its app."""
    _more[name] = lines


@dataclass(frozen=True)
class Message:
    """What leaves the portal. ``key`` is the same whenever the same message is sent again."""

    subject: str
    lines: tuple[str, ...]
    url: str
    key: str
    #: Event and address of each line of a digest.
    items: tuple[tuple[str, str, str], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def short(self) -> str:
        """The message as an SMS."""
        return f"{self.subject}：{' '.join(self.lines)}"[:SMS_LENGTH] + f" {self.url}"


def about(subject: Any) -> str:
    """Return number and title of a row, or of what it hangs on; loads nothing that ``project_path`` has not loaded."""
    if subject is None:
        return ""
    number = getattr(subject, "number", None) or ""
    title = getattr(subject, "title", "") or _title_above(subject)
    if not title or title in str(subject):
        return _one_line(str(subject) if str(subject).startswith(number) else f"{number} {subject}")
    return _one_line(f"{number or subject} {title}")


def number_of(subject: Any) -> str:
    """Return what may be said of a row to who may not read it."""
    return str(getattr(subject, "number", "") or "")


def _title_above(subject: Any) -> str:
    parts = (getattr(subject, "project_path", None) or "").split("__")
    above = subject.__dict__.get("_state") and len(parts) > 1 and subject._state.fields_cache.get(parts[0])
    return getattr(above, "title", "") if above else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:160]


def link(subject: Any) -> str:
    """Return the address of a row as it is written into messages."""
    path = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else reverse("notifications:list")
    return f"{settings.PUBLIC_URL}{path}"


def message_of(event: Event, *, key: str, by_number: bool = False) -> Message:
    """Return the message that tells one event; ``by_number`` to who may not read what it is about."""
    title = str(kind_of(event.name).title)
    number = number_of(event.subject)
    return Message(
        subject=f"[{number}] {title}" if number else title,
        lines=tuple(_one_line(line) for line in [*_lines(event, by_number), *more_lines(event)] if line),
        url=link(None if by_number else event.subject),
        key=key,
    )


def more_lines(event: Event) -> list[str]:
    """Return what the event's app adds."""
    found = _more.get(event.name)
    return found(event) if found is not None and event.subject is not None else []


def _lines(event: Event, by_number: bool = False) -> list[str]:
    at = timezone.localtime(event.at)
    return [
        number_of(event.subject) if by_number else about(event.subject),
        str(event.project or ""),
        str(event.data.get("note") or ""),
        f"{event.actor} {at:%Y-%m-%d %H:%M}" if event.actor else f"{at:%Y-%m-%d %H:%M}",
    ]


def digest_of(events: list[tuple[Event, bool]], *, key: str) -> Message:
    """Return the message that tells what was collected, oldest first: (event, told by number alone) each."""
    items = tuple(
        (
            f"{timezone.localtime(event.at):%m-%d %H:%M} {kind_of(event.name).title}",
            " · ".join(part for part in _lines(event, by_number)[:3] if part),
            link(None if by_number else event.subject),
        )
        for event, by_number in events
    )
    lines = tuple(f"{head}\n{rest}\n{url}\n" for head, rest, url in items)
    subject = _("Daily digest: %(count)s messages") % {"count": len(items)}
    return Message(subject, lines, f"{settings.PUBLIC_URL}{reverse('notifications:list')}", key, items)


def trial_message() -> Message:
    """Return what the test button sends."""
    at = timezone.localtime()
    return Message(
        subject=_("Test message of the portal"),
        lines=(_("If you read this, sending works."), f"{at:%Y-%m-%d %H:%M:%S}"),
        url=settings.PUBLIC_URL,
        key=f"test-{at.timestamp():.0f}",
    )
