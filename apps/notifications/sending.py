"""What the outbox does for notifications: hand one message over, to one person or one group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.outbox import NotNow, handles
from apps.core.scoping import Audience

from . import access
from .channels import Mail, way_of
from .failures import TemporaryFailure
from .models import QuietHours, Sender
from .rules import quiet_until
from .wording import Message, digest_of, message_of

EMAIL, SMS, ROBOT, DIGEST = "notify.email", "notify.sms", "notify.robot", "notify.digest"


def key_of(channel: str, event: int, to: int) -> str:
    """Return the key under which a message is sent once."""
    return f"notify:{channel}:{event}:{to}"


def is_urgent(event: Event) -> bool:
    """Say whether an event waits for nobody's morning."""
    return event.data.get("urgent") is True


def quiet_end(quiet: QuietHours | None, now: datetime) -> datetime | None:
    """Return when the quiet hours end in which ``now`` lies; None outside them."""
    hours = quiet or QuietHours()
    return quiet_until(timezone.localtime(now), hours.starts_at, hours.ends_at) if hours.is_on else None


@handles(EMAIL, gettext_lazy("E-mail"))
def send_mail(payload: dict[str, Any]) -> None:
    """Mail one event to one person."""
    person, [event] = _receiver(payload, [payload["event"]])
    if person.email and event is not None:
        Mail().send(person.email, _message(event, person, "email"))


@handles(SMS, gettext_lazy("SMS"))
def send_sms(payload: dict[str, Any]) -> None:
    """Send one event to one person's telephone, by the first provider in use."""
    person, [event] = _receiver(payload, [payload["event"]])
    if person.phone and event is not None:
        sender = Sender.objects.filter(kind=Sender.Kind.SMS, is_on=True).order_by("pk").first()
        if sender is None:
            raise TemporaryFailure(_("No SMS provider is in use."))
        way_of(sender).send(person.phone, _message(event, person, "sms"))


@handles(DIGEST, gettext_lazy("Daily digest"))
def send_digest(payload: dict[str, Any]) -> None:
    """Mail one person what was collected for them."""
    person, events = _receiver(payload, payload["events"])
    known = [event for event in events if event is not None]
    if person.email and known:
        lines = [(event, not access.may_read(event, person)) for event in known]
        Mail().send(person.email, digest_of(lines, key=f"notify:digest:{person.pk}:{payload['day']}"))


@handles(ROBOT, gettext_lazy("Robot of a group"))
def send_robot(payload: dict[str, Any]) -> None:
    """Say one event to one group."""
    sender = Sender.objects.filter(pk=payload["sender"], is_on=True).first()
    event = _events([payload["event"]]).get(payload["event"])
    if sender is not None and event is not None and reaches(sender, event):
        way_of(sender).send("", message_of(event, key=key_of("robot", event.pk, sender.pk)))


def _message(event: Event, person: User, channel: str) -> Message:
    """Return the message for one person: of what is not theirs to read it says the number."""
    key = key_of(channel, event.pk, person.pk)
    return message_of(event, key=key, by_number=not access.may_read(event, person))


def reaches(sender: Sender, event: Event) -> bool:
    """Say whether an event may be said in the sender's group. What is restricted is said in none."""
    return event.audience == Audience.OWNER or (
        event.audience == Audience.STAFF and sender.members == Sender.Members.STAFF
    )


def _receiver(payload: dict[str, Any], events: list[int]) -> tuple[User, list[Event | None]]:
    """Return the person and the events that they may know of still; raises ``NotNow`` in their quiet hours."""
    person = User.objects.prefetch_related("staff_roles").get(pk=payload["user"])
    found = _events(events)
    known = [found[pk] if pk in found and access.may_be_sent(found[pk], person) else None for pk in events]
    if not any(event is not None and is_urgent(event) for event in known):
        until = quiet_end(QuietHours.objects.filter(user=person).first(), timezone.now())
        if until is not None:
            raise NotNow(until)
    return person, known


def _events(keys: list[int]) -> dict[int, Event]:
    rows = Event.objects.select_related("actor", "project").prefetch_related("subject").filter(pk__in=keys)
    return {event.pk: event for event in rows}
