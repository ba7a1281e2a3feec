"""What rows of many kinds are called, in one query however many kinds there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat

#: Columns that name a row, in the order in which they are said.
NAMES = ("number", "title", "name")


def names_of(
    wanted: Mapping[type[models.Model], Iterable[Any]], user: Any
) -> dict[tuple[type[models.Model], Any], str]:
    """Return {(model, key): number and name} of the rows that ``user`` may see; blank for a kind that has neither."""
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in wanted}
    parts = [_part(kind, model, wanted[model], user) for kind, model in kinds.items()]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {(kinds[kind], pk): " ".join(name.split()) for kind, pk, name in rows}


def _part(kind: int, model: Any, keys: Iterable[Any], user: Any) -> Any:
    texts = {field.name for field in model._meta.concrete_fields if isinstance(field, CharField)}
    said = [part for name in NAMES if name in texts for part in (F(name), Value(" "))]
    rows = model._default_manager.visible_to(user).filter(pk__in=set(keys)).order_by()
    named = Concat(Value(""), *said, Value(""), output_field=CharField())
    return rows.values_list(Value(kind, output_field=models.IntegerField()), "pk", named)
