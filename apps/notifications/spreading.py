"""See to the other channels: what is in the portal is mailed, sent or collected as rules and choices say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import StaffRole, User
from apps.core import outbox
from apps.core.models import OutboxItem

from .models import Channel, Choice, DefaultRule, Mode, Notification, QuietHours, Sender
from .rules import effective, last_digest, most_eager
from .sending import DIGEST, EMAIL, SMS, is_urgent, key_of, quiet_end
from .topics import OWNER, topic_named

DIGEST_LINES = 200


@dataclass
class Wishes:
    """Everything that decides how people are told, read at once for many people."""

    groups: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    rules: dict[tuple[str, str, str], str] = field(default_factory=dict)
    choices: dict[tuple[int, str, str], str] = field(default_factory=dict)
    quiet: dict[int, QuietHours] = field(default_factory=dict)
    has_sms: bool = False

    @classmethod
    def of(cls, people: list[User]) -> Wishes:
        """Read them in five queries, however many people."""
        found = cls(has_sms=Sender.objects.filter(kind=Sender.Kind.SMS, is_on=True).exists())
        for pk, role in StaffRole.objects.filter(user__in=people).values_list("user", "role"):
            found.groups[pk].add(role)
        for person in people:
            if not person.is_staff_side:
                found.groups[person.pk] = {OWNER}
        for rule in DefaultRule.objects.all():
            found.rules[rule.group, rule.topic, rule.channel] = rule.mode
        for choice in Choice.objects.filter(user__in=people):
            found.choices[choice.user_id, choice.topic, choice.channel] = choice.mode
        found.quiet = {row.user_id: row for row in QuietHours.objects.filter(user__in=people)}
        return found

    def default(self, group: str, topic: str, channel: str) -> str:
        """Return how a role is told: by the administrator's rule, else by the topic's own default."""
        return self.rules.get((group, topic, channel)) or topic_named(topic).default(group, channel)

    def default_of(self, person: int, topic: str, channel: str) -> str:
        """Return how a person is told unless they choose: by the most eager of their roles."""
        return most_eager(self.default(group, topic, channel) for group in self.groups[person])

    def mode(self, person: int, topic: str, channel: str) -> str:
        """Return how a person is told."""
        return self.choices.get((person, topic, channel)) or self.default_of(person, topic, channel)


def spread(*, now: datetime, limit: int = 500) -> int:
    """Write the outgoing items of what was told since the last time; return how many notifications were seen to.

    Stamped in the same transaction: run twice, or by two at once, each is seen to once.
    """
    with transaction.atomic():
        waiting = Notification.objects.select_for_update(of=("self",), skip_locked=True).filter(spread_at=None)
        rows = list(waiting.select_related("user", "event").order_by("pk")[:limit])
        if not rows:
            return 0
        wishes = Wishes.of(list({row.user_id: row.user for row in rows}.values()))
        items: list[tuple[str, str, dict[str, Any], datetime]] = []
        hidden, collected = [], []
        for row in rows:
            urgent = is_urgent(row.event)
            if not urgent and wishes.mode(row.user_id, row.topic, Channel.PORTAL) == Mode.OFF:
                hidden.append(row.pk)
            mail = effective(wishes.mode(row.user_id, row.topic, Channel.EMAIL), urgent=urgent)
            if row.user.email and mail == Mode.DIGEST:
                collected.append(row.pk)
            due = now if urgent else quiet_end(wishes.quiet.get(row.user_id), now) or now
            payload = {"event": row.event_id, "user": row.user_id}
            if row.user.email and mail == Mode.AT_ONCE:
                items.append((EMAIL, key_of("email", row.event_id, row.user_id), payload, due))
            if wishes.has_sms and row.user.phone and wishes.mode(row.user_id, row.topic, Channel.SMS) == Mode.AT_ONCE:
                items.append((SMS, key_of("sms", row.event_id, row.user_id), payload, due))
        outbox.enqueue_many(items, now=now)
        Notification.objects.filter(pk__in=hidden).update(is_shown=False)
        Notification.objects.filter(pk__in=collected).update(awaits_digest=True)
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(spread_at=now)
    return len(rows)


def send_digests(*, now: datetime, limit: int = 500) -> int:
    """Write one digest a person and day, due at 08:00, of what was collected until then; return how many.

    A day that was missed is caught up by the next run; who has nothing gets nothing.
    """
    until = last_digest(timezone.localtime(now))
    day = f"{until:%Y-%m-%d}"
    with transaction.atomic():
        waiting = Notification.objects.filter(awaits_digest=True, created_at__lt=until)
        people = waiting.order_by("user").values_list("user", flat=True).distinct()[:limit]
        keys = {person: f"notify:digest:{person}:{day}" for person in people}
        sent = set(OutboxItem.objects.filter(dedupe_key__in=keys.values()).values_list("dedupe_key", flat=True))
        lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
        rows = waiting.select_for_update().filter(user__in=[pk for pk, key in keys.items() if key not in sent])
        for pk, person, event in rows.order_by("created_at", "pk").values_list("pk", "user", "event"):
            if len(lines[person]) < DIGEST_LINES:
                lines[person].append((pk, event))
        outbox.enqueue_many(
            (
                (DIGEST, keys[person], {"user": person, "day": day, "events": [event for _pk, event in found]}, now)
                for person, found in lines.items()
            ),
            now=now,
        )
        done = [pk for found in lines.values() for pk, _event in found]
        Notification.objects.filter(pk__in=done).update(awaits_digest=False)
    return len(lines)
