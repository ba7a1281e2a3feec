"""Topics: what events are about, in the words by which people choose how to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role

from .models import Channel, Mode

#: The group of owners' people beside the staff roles.
OWNER = "owner"
GROUPS = (OWNER, *Role.values)
STAFF = frozenset(Role.values)
EVERYBODY = frozenset(GROUPS)


@dataclass(frozen=True)
class Topic:
    """A named set of events. ``mail_at_once`` and ``sms_at_once`` are the groups told so unless a rule says else."""

    name: str
    title: str | Promise
    events: frozenset[str]
    groups: frozenset[str] = EVERYBODY
    mail_at_once: frozenset[str] = frozenset()
    sms_at_once: frozenset[str] = frozenset()
    order: int = 50

    def default(self, group: str, channel: str) -> Mode:
        """Return how a group is told by a channel before an administrator decides."""
        if channel == Channel.PORTAL:
            return Mode.AT_ONCE
        if channel == Channel.EMAIL:
            return Mode.AT_ONCE if group in self.mail_at_once else Mode.DIGEST
        return Mode.AT_ONCE if group in self.sms_at_once else Mode.OFF


_topics: dict[str, Topic] = {}


def declare_topic(
    name: str,
    title: str | Promise,
    *,
    events: Iterable[str],
    groups: Iterable[str] = EVERYBODY,
    mail_at_once: Iterable[str] = (),
    sms_at_once: Iterable[str] = (),
    order: int = 50,
) -> Topic:
    """Declare a topic; called from ``panels.py`` of the app whose events it groups.

    ``events`` are names, or beginnings of names that end in a full stop; the longest that fits decides.
    """
    topic = Topic(
        name, title, frozenset(events), frozenset(groups), frozenset(mail_at_once), frozenset(sms_at_once), order
    )
    _topics[name] = topic
    return topic


#: Owners' people are told of nothing that has no topic.
OTHER = declare_topic("other", _("Everything else"), events=(), groups=STAFF, order=99)


def topic_of(event: str) -> Topic:
    """Return the topic that an event belongs to."""
    best, found = -1, OTHER
    for topic in _topics.values():
        for part in topic.events:
            if len(part) > best and (event == part or (part.endswith(".") and event.startswith(part))):
                best, found = len(part), topic
    return found


def all_topics(groups: Iterable[str] = GROUPS) -> list[Topic]:
    """Return the topics that concern any of the groups, in their order."""
    wanted = set(groups)
    return sorted((topic for topic in _topics.values() if wanted & topic.groups), key=lambda topic: topic.order)


def topic_named(name: str) -> Topic:
    """Return a topic by its name; a topic nobody declares any more reads as everything else."""
    return _topics.get(name, OTHER)


declare_topic(
    "projects",
    _("Projects"),
    events=("projects.project.hand_over", "projects.project.start_service", "projects.project.people_set"),
    order=70,
)
declare_topic("satisfaction", _("Satisfaction"), events=("surveys.",), order=68)
