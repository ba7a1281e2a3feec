"""How old and new values of a change read: names of fields and values in words, not columns and keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .models import Event
from .naming import names_of

SHOWN = 3
MOST_LETTERS = 40
NOTHING = "—"
#: For what is too long to say, and for what not everybody who reads a history may know (a model's ``UNTOLD`` fields).
UNTOLD = "…"

#: (model, key) → how the row reads to the person who looks.
Names = dict[tuple[type[models.Model], Any], str]


@dataclass(frozen=True)
class Change:
    """One field of a change, with its old and its new value in words."""

    field: str | Promise
    old: str
    new: str

    @property
    def is_told(self) -> bool:
        """Whether the values say what changed; else the field alone does."""
        return self.old != self.new


def in_words(events: Iterable[Event], user: Any, *, briefly: bool = False) -> dict[int, list[Change]]:
    """Return the first changes of each event that has any; one query a model that a changed field points to.

    ``briefly``, rows are called by number and name alone, in one query. A row out of the person's sight is not named.
    """
    changed = {event.pk: _fields_of(event) for event in events if event.data.get("changes")}
    wanted = _pointed_to([line for lines in changed.values() for line in lines])
    names = names_of(wanted, user) if briefly else _names_of(wanted, user)
    return {
        pk: [Change(field.verbose_name, *(_value(field, value, names) for value in values)) for field, *values in lines]
        for pk, lines in changed.items()
    }


def _fields_of(event: Event) -> list[tuple[models.Field[Any, Any], Any, Any]]:
    """The changed fields in the order of the model: the database keeps none."""
    changes, model = event.data["changes"], event.subject_model
    known = model._meta.concrete_fields if model else ()
    return [(field, *changes[field.attname]) for field in known if field.attname in changes][: SHOWN + 1]


def _pointed_to(lines: list[tuple[models.Field[Any, Any], Any, Any]]) -> dict[Any, set[Any]]:
    wanted: dict[Any, set[Any]] = {}
    for field, old, new in lines:
        if field.remote_field is not None:
            wanted.setdefault(field.related_model, set()).update(key for key in (old, new) if key is not None)
    return wanted


def _names_of(wanted: dict[Any, set[Any]], user: Any) -> Names:
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.visible_to(user).filter(pk__in=keys)
    }


def _value(field: models.Field[Any, Any], value: Any, names: Names) -> str:
    if field.name in getattr(field.model, "UNTOLD", ()) or isinstance(value, list | dict):
        return UNTOLD
    if value is None or value == "":
        return NOTHING
    if field.remote_field is not None:
        model: Any = field.related_model
        return names.get((model, value), UNTOLD)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DateTimeField) and (at := parse_datetime(str(value))) is not None:
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    labels: dict[Any, Any] = dict(field.flatchoices)
    return str(labels.get(value) or Truncator(str(value)).chars(MOST_LETTERS))
