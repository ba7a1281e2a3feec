"""Write what happened; tell the few who follow every event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Max
from django.utils.functional import Promise

from .models import Event
from .scoping import Audience, stricter

#: Called with events and the people each concerns, inside the transaction that wrote them.
Told = list[tuple[Event, list[Any]]]
Subscriber = Callable[[Told], None]

_subscribers: list[Subscriber] = []


#: When a device told us of the step that is being taken, if it was taken earlier.
_told_later: ContextVar[datetime | None] = ContextVar("told_later", default=None)


@contextmanager
def told_later(received_at: datetime | None) -> Iterator[None]:
    """Note on every event of the block when it reached us, since it happened on a device without a connection."""
    token = _told_later.set(received_at)
    try:
        yield
    finally:
        _told_later.reset(token)


@dataclass(frozen=True)
class EventKind:
    """How an event reads in a timeline: a title, an icon of the sprite, a status tone, its data in words."""

    title: str | Promise
    icon: str = "point"
    tone: str = "idle"
    tell: Callable[[dict[str, Any]], str] | None = None


_kinds: dict[str, EventKind] = {}


def declare_event(
    name: str,
    title: str | Promise,
    *,
    icon: str = "point",
    tone: str = "idle",
    tell: Callable[[dict[str, Any]], str] | None = None,
) -> str:
    """Declare how the event ``name`` reads; return the name. ``tell`` says its data in words where it has no note."""
    _kinds[name] = EventKind(title, icon, tone, tell)
    return name


def kind_of(name: str) -> EventKind:
    """Return how an event reads; an event nobody declared reads as its name."""
    return _kinds.get(name, EventKind(name))


def note_of(event: Event) -> str:
    """Return what an event says besides its title."""
    note, tell = event.data.get("note"), kind_of(event.name).tell
    return str(note or (tell(event.data) if tell else ""))


def declared_events() -> dict[str, EventKind]:
    return dict(_kinds)


def subscribe(subscriber: Subscriber) -> None:
    """Follow every event. Called in ``AppConfig.ready`` by the clocks and the notifications alone."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def last_event_at(row: Any) -> datetime | None:
    """Return when the last that is known of a row happened."""
    return cast("datetime | None", Event.objects.about(row).aggregate(at=Max("at"))["at"])


def project_of(row: Any) -> Any:
    """Follow a row's ``project_path`` to its project; None for what belongs to none."""
    if not row.project_path:
        return None
    for part in row.project_path.split("__"):
        row = row if part == "pk" else getattr(row, part)
    return row


def project_id_of(row: Any) -> int | None:
    """Return the key of a row's project without loading it; None for what belongs to none."""
    if not row.project_path:
        return None
    *way, last = row.project_path.split("__")
    for part in way:
        row = getattr(row, part)
    return cast("int | None", row.pk if last == "pk" else getattr(row, f"{last}_id"))


def audience_of(row: Any) -> str:
    """Return the audience of a row."""
    if row.audience_path is None:
        return cast(str, row.audience)
    for part in row.audience_path.split("__"):
        row = getattr(row, part)
    return cast(str, row)


def record(
    subject: models.Model,
    name: str,
    *,
    actor: Any,
    now: datetime,
    audience: str = Audience.OWNER,
    data: dict[str, Any] | None = None,
    tells: Iterable[Any] = (),
) -> Event:
    """Write one event about ``subject`` in the running transaction and tell the subscribers.

    ``now`` is when it happened. ``tells`` are the people whom it concerns besides the actor. The event is never
    more open than its subject.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is written in the transaction of the change it tells of.")
    event = _event(subject, name, actor=actor, now=now, audience=audience, data=data or {})
    event.save()
    _tell([(event, _concerned(tells, actor))])
    return event


def _event(
    subject: models.Model, name: str, *, actor: Any, now: datetime, audience: str, data: dict[str, Any]
) -> Event:
    event = Event(
        project_id=project_id_of(subject),
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        name=name,
        actor=actor,
        at=now,
        audience=stricter(audience, audience_of(subject)),
        data=data | {"received_at": received.isoformat()} if (received := _told_later.get()) else data,
    )
    event.subject = subject
    return event


def _concerned(people: Iterable[Any], actor: Any) -> list[Any]:
    return list({person.pk: person for person in people if person and person != actor}.values())


def _tell(told: Told) -> None:
    for subscriber in _subscribers:
        subscriber(told)


def record_many(
    lines: Iterable[tuple[models.Model, str, dict[str, Any], Iterable[Any]]],
    *,
    actor: Any,
    now: datetime,
    audience: str = Audience.OWNER,
) -> int:
    """Write the events of a change of many rows, (subject, name, data, tells) each, in bulk; return how many.

    Of a subject, the relations on the way of its ``project_path`` must be loaded.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is written in the transaction of the change it tells of.")
    told = [
        (_event(subject, name, actor=actor, now=now, audience=audience, data=data), _concerned(tells, actor))
        for subject, name, data, tells in lines
    ]
    Event.objects.bulk_create([event for event, _people in told], batch_size=1000)
    if told:
        _tell(told)
    return len(told)


def record_change(
    row: models.Model,
    before: dict[str, Any],
    *,
    actor: Any,
    now: datetime,
    audience: str = Audience.STAFF,
    data: dict[str, Any] | None = None,
    tells: Iterable[Any] = (),
) -> Event | None:
    """Write one event with old and new values of master data; none when nothing changed."""
    changes = changes_of(row, before)
    if not changes:
        return None
    return record(
        row,
        f"{row._meta.label_lower}.changed",
        actor=actor,
        now=now,
        audience=audience,
        data={"changes": changes} | (data or {}),
        tells=tells,
    )


def changes_of(row: models.Model, before: dict[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [old, new]} of what differs from the values there were before."""
    return {
        field: [_plain(old), _plain(getattr(row, field))]
        for field, old in before.items()
        if _plain(old) != _plain(getattr(row, field))
    }


def values_of(row: models.Model) -> dict[str, Any]:
    """Return the values of a row's own columns, to compare with after a change; derived ones are left out."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.editable}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
