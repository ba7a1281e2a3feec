"""Tell people what happened, in the portal; keep how they want to be told; keep the senders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.accounts.models import StaffRole, User
from apps.core import outbox
from apps.core.events import Told, declare_event, record, record_many
from apps.core.models import Event, OutboxItem
from apps.core.scoping import Audience

from .access import may_know, may_read
from .channels import Mail, way_of
from .models import Choice, DefaultRule, Notification, QuietHours, Sender
from .sending import ROBOT, key_of, reaches
from .topics import topic_named, topic_of
from .wording import about, number_of, trial_message

#: What is told later than this stands in the portal and goes nowhere else.
STALE = timedelta(days=1)

RULES_SET = declare_event(
    "notifications.defaultrule.set", gettext_lazy("Defaults of notifications changed"), icon="bell"
)
SENDER_ADDED = declare_event("notifications.sender.added", gettext_lazy("Sender added"), icon="send")
SENDER_CHANGED = declare_event("notifications.sender.changed", gettext_lazy("Sender changed"), icon="send")
SENDER_TESTED = declare_event("notifications.sender.tested", gettext_lazy("Test message sent"), icon="send")
SENT_AGAIN = declare_event("notifications.outgoing.sent_again", gettext_lazy("Sent again"), icon="refresh")


def tell(told: Told) -> None:
    """Tell events to the people whom they concern, within each event's audience; called for every event.

    Two statements (three where a restricted event or a robot is among them), however many events and people.
    """
    now = timezone.now()
    topics = {event.name: topic_of(event.name).name for event, _people in told}
    _load_roles(told)
    Notification.objects.bulk_create(
        [
            Notification(
                user=person,
                event=event,
                topic=topics[event.name],
                about=about(event.subject) if may_read(event, person) else number_of(event.subject),
                created_at=min(event.at, now),
                spread_at=now if now - event.at > STALE else None,
            )
            for event, people in told
            for person in people
            if person.is_active and may_know(event, person)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    _tell_robots([event for event, _people in told if now - event.at <= STALE], topics, now)


def _load_roles(told: Told) -> None:
    """Read the roles of those whom a restricted event concerns, all at once."""
    people = [person for event, people in told if event.audience == Audience.RESTRICTED for person in people]
    if not people:
        return
    held: dict[int, set[str]] = {}
    for pk, role in StaffRole.objects.filter(user__in=people).values_list("user", "role"):
        held.setdefault(pk, set()).add(role)
    for person in people:
        person.__dict__["roles"] = frozenset(held.get(person.pk, ())) if person.is_staff_side else frozenset()


def _tell_robots(events: list[Event], topics: Mapping[str, str], now: datetime) -> None:
    """Write an outgoing item for each group that an event's topic, project and audience belong to."""
    wanted = [event for event in events if topics[event.name] != "other"]
    if not wanted:
        return
    robots = Sender.objects.filter(is_on=True).exclude(kind=Sender.Kind.SMS).order_by("pk")
    found: dict[int, tuple[Sender, set[int]]] = {}
    for sender in robots.annotate_projects():
        found.setdefault(sender.pk, (sender, set()))[1].update({sender.only_project} - {None})
    outbox.enqueue_many(
        (
            (ROBOT, key_of("robot", event.pk, sender.pk), {"event": event.pk, "sender": sender.pk}, now)
            for event in wanted
            for sender, projects in found.values()
            if topics[event.name] in sender.topics
            and reaches(sender, event)
            and (not projects or event.project_id in projects)
        ),
        now=now,
    )


def read_all(*, user: Any, now: datetime) -> int:
    """Mark everything told to a person as read; return how many were not. A digest repeats nothing that was read."""
    unread = Notification.objects.filter(user=user, read_at__isnull=True)
    return unread.update(read_at=now, awaits_digest=False)


def read(notification: Notification, *, now: datetime) -> None:
    """Mark one as read; the first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=now, awaits_digest=False)


def save_choices(
    *,
    user: User,
    modes: Mapping[tuple[str, str], str],
    quiet: bool,
    starts_at: time,
    ends_at: time,
) -> None:
    """Keep how a person wants to be told, by (topic, channel); an empty mode leaves it to the default."""
    with transaction.atomic():
        for (topic, channel), mode in modes.items():
            if not mode:
                Choice.objects.filter(user=user, topic=topic, channel=channel).delete()
        Choice.objects.bulk_create(
            [
                Choice(user=user, topic=topic, channel=channel, mode=mode)
                for (topic, channel), mode in modes.items()
                if mode
            ],
            update_conflicts=True,
            unique_fields=["user", "topic", "channel"],
            update_fields=["mode"],
        )
        hours = {"is_on": quiet, "starts_at": starts_at, "ends_at": ends_at}
        QuietHours.objects.update_or_create(user=user, defaults=hours)


def save_rules(*, group: str, modes: Mapping[tuple[str, str], str], actor: Any, now: datetime) -> None:
    """Set how people of a role are told, by (topic, channel). Rows are kept only where they differ from the default."""
    wanted = {
        (topic, channel): mode
        for (topic, channel), mode in modes.items()
        if mode != topic_named(topic).default(group, channel)
    }
    with transaction.atomic():
        rows = DefaultRule.objects.select_for_update().filter(group=group)
        before = {(row.topic, row.channel): row.mode for row in rows}
        if before == wanted:
            return
        rows.delete()
        DefaultRule.objects.bulk_create(
            DefaultRule(group=group, topic=topic, channel=channel, mode=mode)
            for (topic, channel), mode in wanted.items()
        )
        record(actor, RULES_SET, actor=actor, now=now, audience=Audience.STAFF, data={"note": group})


def save_sender(sender: Sender, *, projects: Iterable[Any], actor: Any, now: datetime) -> Sender:
    """Keep a sender as the form filled it in. The event names no address and no secret."""
    with transaction.atomic():
        name = SENDER_CHANGED if sender.pk else SENDER_ADDED
        sender.save()
        sender.projects.set(projects)
        record(sender, name, actor=actor, now=now, audience=Audience.STAFF, data={"note": sender.name})
    return sender


def try_sender(sender: Sender, *, actor: Any, now: datetime) -> str:
    """Send a test message at once and return the provider's answer. Raises the failures of ``failures``."""
    with transaction.atomic():
        record(sender, SENDER_TESTED, actor=actor, now=now, audience=Audience.STAFF, data={"note": sender.name})
    return way_of(sender).send(actor.phone or "", trial_message())


def try_mail(*, actor: Any) -> str:
    """Send a test mail to the actor and return the server's answer. Raises the failures of ``failures``."""
    return Mail().send(actor.email, trial_message())


def send_again(items: Iterable[OutboxItem], *, actor: Any, now: datetime) -> int:
    """Give dead outgoing items their attempts back; return how many there were."""
    with transaction.atomic():
        dead = [item for item in items if item.status == OutboxItem.Status.DEAD]
        for item in dead:
            outbox.retry(item, now=now)
        lines = [(item, SENT_AGAIN, {"note": item.kind}, ()) for item in dead]
        return record_many(lines, actor=actor, now=now, audience=Audience.STAFF)
