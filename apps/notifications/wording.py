"""How an event reads outside the portal: one message for mail, SMS and robots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.events import kind_of
from apps.core.models import Event

SMS_LENGTH = 300


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


def message_of(event: Event, *, key: str) -> Message:
    """Return the message that tells one event."""
    title = str(kind_of(event.name).title)
    number = getattr(event.subject, "number", "") or ""
    return Message(
        subject=f"[{number}] {title}" if number else title,
        lines=tuple(_one_line(line) for line in _lines(event) if line),
        url=link(event.subject),
        key=key,
    )


def _lines(event: Event) -> list[str]:
    at = timezone.localtime(event.at)
    return [
        about(event.subject),
        str(event.project or ""),
        str(event.data.get("note") or ""),
        f"{event.actor} {at:%Y-%m-%d %H:%M}" if event.actor else f"{at:%Y-%m-%d %H:%M}",
    ]


def digest_of(events: list[Event], *, key: str) -> Message:
    """Return the message that tells what was collected, oldest first."""
    items = tuple(
        (
            f"{timezone.localtime(event.at):%m-%d %H:%M} {kind_of(event.name).title}",
            " · ".join(part for part in _lines(event)[:3] if part),
            link(event.subject),
        )
        for event in events
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
