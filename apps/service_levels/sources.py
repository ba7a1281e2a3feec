"""What higher apps tell the clocks about their rows: which request an event concerns, what pauses, ends, reopens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from apps.core.models import Event
from apps.core.scoping import Audience


@dataclass(frozen=True)
class Facts:
    """What the clocks must know of the row that promises are about, as it stands after an event."""

    subject: models.Model
    project_id: int
    number: str
    title: str
    kind: str = ""
    level: int | None = None
    is_complex: bool = False
    round: int = 1
    responsible_id: int | None = None
    is_urgent: bool = False
    #: Nothing can have started yet: saves asking for clocks and pauses.
    is_new: bool = False
    #: When the clocks that this event starts began, if not with the event itself.
    started_at: datetime | None = None
    #: The end of the subject's own window, for targets that take it.
    window_ends_at: datetime | None = None
    #: When its present round began, for clocks that a change of kind or level starts afterwards.
    round_began_at: datetime | None = None
    #: For whose eyes the row is: its clocks are never more open.
    audience: str = Audience.OWNER


@dataclass(frozen=True)
class NextStep:
    """What is done next about a promise of a metric: a page of the row, for whom ``shown_to`` says."""

    label: Any
    url_name: str
    icon: str
    shown_to: Callable[[Any], bool]


@dataclass(frozen=True)
class Source:
    """How the events about rows of one model concern promises.

    ``pause`` returns (reason, words) of an event that stops the clocks for a time, or None. ``ends`` maps an event that
    ends the matter to the metrics that go on nevertheless. ``reopens`` maps an event that opens the matter again to
    the event whose repair-side promises then begin anew. ``withdraws`` maps an event that takes something back to the
    events it takes back. ``happened`` returns the names of what happened in the present round.
    """

    model: type[models.Model]
    facts: Callable[[Any, Event], Facts | None]
    pause: Callable[[Event], tuple[str, str] | None] = lambda event: None
    resumes: frozenset[str] = frozenset()
    ends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reopens: Mapping[str, str] = field(default_factory=dict)
    reclassifies: frozenset[str] = frozenset()
    #: After these the clocks count from ``Facts.started_at``: what they counted from was entered wrongly.
    redates: frozenset[str] = frozenset()
    withdraws: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: The event with which a round of the matter begins.
    opening: str = ""
    happened: Callable[[Facts], set[str]] = lambda facts: set()
    #: The kinds its rows come in, to narrow the board by, and the next step by metric.
    kinds: Sequence[tuple[str, Any]] = ()
    next_steps: Mapping[str, NextStep] = field(default_factory=dict)


_sources: dict[type[models.Model], Source] = {}


def register(source: Source) -> None:
    """Have the clocks follow the events about a model's rows. Called from ``promises.py`` of the app that owns it."""
    _sources[source.model] = source


def source_of(row: Any) -> Source | None:
    """Return how a row's events concern promises; None where they do not."""
    return _sources.get(row._meta.concrete_model) if row is not None else None


def all_sources() -> list[Source]:
    return list(_sources.values())
