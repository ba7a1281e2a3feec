"""What happened to a row, as its page tells it: its own events and those of the rows that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from . import changes, registry
from .events import EventKind, kind_of, note_of
from .models import Event
from .scoping import scope_model

SEPARATOR = " · "


@dataclass(frozen=True)
class Line:
    """One event as a line of a timeline."""

    event: Event
    kind: EventKind
    subject: models.Model | None
    changed: list[changes.Change] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def title(self) -> str | Promise:
        return self.kind.title

    @property
    def note(self) -> str:
        """The note, without what the line says anyway: who did it, and what it is about."""
        return without(note_of(self.event), _names(self.event.actor, self.subject))

    @property
    def received_at(self) -> datetime | None:
        """When it reached us, if it happened (``at``, by its own clock) on a device without a connection."""
        told = self.event.data.get("received_at")
        return datetime.fromisoformat(told) if told else None

    @property
    def changes(self) -> list[changes.Change]:
        """Old and new values, the first few; ``has_more`` says whether there are others."""
        return self.changed[: changes.SHOWN]

    @property
    def has_more(self) -> bool:
        return len(self.changed) > changes.SHOWN


class Lines(list[Line]):
    """Lines of a timeline, newest first; ``earlier`` is the event after which older ones go on, None at the oldest."""

    earlier: int | None = None


def without(note: str, said: Iterable[str]) -> str:
    """Return a note without what is said already: whole parts of it, or what it begins with."""
    said = [name for name in said if name]
    parts = [part for part in note.split(SEPARATOR) if part not in said]
    if parts:
        start = next((name for name in said if parts[0].startswith(f"{name} ")), "")
        parts[0] = parts[0][len(start) :].strip()
    return SEPARATOR.join(parts)


def _names(actor: Any, subject: Any) -> list[str]:
    """How a line calls who did it and what it is about, the longest first."""
    names = [str(actor or ""), *(str(getattr(subject, name, "") or "") for name in ("number", "title"))]
    return sorted([*names, str(subject or "")], key=len, reverse=True)


def of(row: Any, user: Any, *, limit: int, before: int | None = None, models: Sequence[type[Any]] = ()) -> Lines:
    """Return the latest events of a row and of what belongs to it, as far as ``user`` may see them, newest first.

    For a project these are all its events; otherwise the rows that apps registered as part of its history count too.
    ``before`` asks for those that come after that event in the line, which are older. Raises ``Event.DoesNotExist``
    for one that the person does not see. ``models`` asks for events about rows of these alone.
    """
    events = Event.objects.visible_to(user)
    if isinstance(row, scope_model()):
        events = events.filter(project=row)
    else:
        wanted = Q(subject_type=ContentType.objects.get_for_model(row), subject_id=row.pk)
        for source in registry.histories(row._meta.label_lower):
            parts = source.model._default_manager.visible_to(user).filter(**{source.lookup: row})
            wanted |= Q(
                subject_type=ContentType.objects.get_for_model(source.model),
                subject_id__in=parts.values("pk"),
            )
        # What is of no project is told on its page to whoever has it before them, as far as its audience goes.
        events = events.filter(wanted) | Event.objects.of_no_project(row, user)
    if models:
        events = events.filter(subject_type__in=ContentType.objects.get_for_models(*models).values())
    if before is not None:
        last = events.get(pk=before)
        events = events.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)
    found = list(events.select_related("actor").prefetch_related("subject")[: limit + 1])
    shown = found[:limit]
    words = changes.in_words(shown, user)
    lines = Lines(Line(event, kind_of(event.name), event.subject, words.get(event.pk, [])) for event in shown)
    lines.earlier = shown[-1].pk if len(found) > limit else None
    return lines
