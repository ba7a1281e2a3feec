"""The state machine: a status changes only through a transition, which locks, checks, and writes one event."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise

from .errors import IllegalTransition
from .events import declare_event, record
from .scoping import Audience

Predicate = Callable[[Any, Any], bool]
People = Callable[[Any], Iterable[Any]]

_transitions: dict[str, dict[str, Transition]] = {}


@dataclass(frozen=True)
class Transition:
    """One edge of a state machine: the guard, the button and the event in one object. Call it to take the step."""

    model: type[models.Model]
    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    allowed: Predicate | None
    body: Callable[..., Any]
    title: str | Promise
    form: str | None = None
    icon: str = "arrow-right"
    style: str = "secondary"
    tone: str = "info"
    audience: str = Audience.OWNER
    tells: People | None = None
    takes_device_time: bool = False
    lock_first: Callable[..., list[Any]] | None = None
    accepts: frozenset[str] = field(default_factory=frozenset)

    #: Templates read a step's label and icon; only code takes it.
    do_not_call_in_templates = True

    @property
    def event_name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def is_open_to(self, row: Any, actor: Any) -> bool:
        """Say whether ``actor`` may take this step on ``row`` as it stands. Internal steps are open to nobody."""
        return self.allowed is not None and row.status in self.sources and self._permits(row, actor)

    def _permits(self, row: Any, actor: Any) -> bool:
        return self.allowed is None or (not getattr(actor, "is_auditor_only", False) and self.allowed(row, actor))

    def form_class(self) -> Any:
        """Return the form of the app's ``forms`` module that this step asks for."""
        if self.form is None:
            return None
        return getattr(import_module(f"{self.model.__module__.rpartition('.models')[0]}.forms"), self.form)

    def __call__(self, row: Any, *, actor: Any, now: datetime, **data: Any) -> Any:
        """Take the step and return the row as it stands afterwards.

        Raises ``PermissionDenied`` when the actor may not, ``IllegalTransition`` when the row has moved on.
        A step without ``allowed`` is caused by other steps and needs no permission of its own.
        """
        with transaction.atomic():
            others = [lock(one) for one in self._others(row, data)]
            locked = lock(row)
            if not self._permits(locked, actor):
                raise PermissionDenied
            if locked.status not in self.sources or others != self._others(locked, data):
                raise IllegalTransition.of(self.label, locked)
            source = locked.status
            locked.status = self.target
            extra = self.body(locked, actor=actor, now=now, **data)
            locked.save()
            record(
                locked,
                self.event_name,
                actor=actor,
                now=now,
                audience=self.audience,
                data={"from": source, "to": self.target, **(extra or {})},
                tells=self.tells(locked) if self.tells else (),
            )
        return locked

    def _others(self, row: Any, data: dict[str, Any]) -> list[Any]:
        """Return what is locked before ``row``; once that is locked, it may turn out to be other rows."""
        return sorted(self.lock_first(row, **data), key=lambda one: one.pk) if self.lock_first else []


def lock(row: Any) -> Any:
    """Lock a row (its parents of ``lock_first`` before it) and return it as it stands now."""
    for parent in getattr(row, "lock_first", ()):
        related = getattr(row, parent)
        related._meta.model._base_manager.select_for_update().get(pk=related.pk)
    # Asked of its _meta, because request.user is a wrapper around a row.
    return row._meta.model._base_manager.select_for_update().get(pk=row.pk)


def transition(
    model: type[models.Model],
    label: str | Promise,
    *,
    sources: Iterable[str],
    target: str,
    allowed: Predicate | None,
    title: str | Promise | None = None,
    form: str | None = None,
    icon: str = "arrow-right",
    style: str = "secondary",
    tone: str = "info",
    audience: str = Audience.OWNER,
    tells: People | None = None,
    takes_device_time: bool = False,
    lock_first: Callable[..., list[Any]] | None = None,
) -> Callable[[Callable[..., Any]], Transition]:
    """Declare the decorated function as the edge of ``model``'s state machine that carries its name.

    The body runs on the locked row, already in its target state, and may return a dict that joins the event's
    data. ``label`` is the button's verb, ``title`` how the event reads in a timeline. ``allowed`` is a predicate of
    (row, person), or None for a step that only other steps cause. ``tells`` returns the people whom it concerns.
    ``takes_device_time``: taken on a device without a connection and told later, it happened when it was taken there.
    ``lock_first`` returns, from the row and the data, rows of one model that the step writes too and that other
    steps lock before this one; they are locked before it, in the order of their keys.
    """

    def declare(body: Callable[..., Any]) -> Transition:
        accepts = frozenset(inspect.signature(body).parameters) - {"actor", "now"}
        edge = Transition(
            model=model,
            name=body.__name__,
            label=label,
            sources=frozenset(sources),
            target=target,
            allowed=allowed,
            body=body,
            title=title or label,
            form=form,
            icon=icon,
            style=style,
            tone=tone,
            audience=audience,
            tells=tells,
            takes_device_time=takes_device_time,
            lock_first=lock_first,
            accepts=accepts,
        )
        _transitions.setdefault(model._meta.label_lower, {})[edge.name] = edge
        declare_event(edge.event_name, edge.title, icon=icon, tone=tone)
        return edge

    return declare


def edges_of(model: type[models.Model]) -> dict[str, Transition]:
    """Return every edge of a model's state machine by name."""
    return _transitions.get(model._meta.label_lower, {})


def machines() -> dict[str, dict[str, Transition]]:
    """Return every state machine, for checks and tests."""
    return _transitions


def available(row: Any, actor: Any) -> list[Transition]:
    """Return the steps that ``actor`` may take on ``row`` now: its buttons, the first the most likely."""
    steps = [edge for edge in edges_of(type(row)).values() if edge.is_open_to(row, actor)]
    return sorted(steps, key=lambda edge: edge.style != "primary")
