"""Notice what a request does to the database: queries counted, writes seen, tables compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from apps.core.models import SubmissionKey

WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
NOT_COUNTED = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET |PRAGMA)", re.IGNORECASE)


def our_models() -> list[Any]:
    """Every model of ours except the keys that make a repeated form harmless."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("apps.") and model is not SubmissionKey
    ]


@dataclass
class Watch:
    """What was seen: every counted query, and the tables of ours that were written to."""

    queries: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not NOT_COUNTED.match(sql):
            self.queries.append(sql)
        if (match := WRITE.match(sql)) and match[1] in {model._meta.db_table for model in our_models()}:
            self.written.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch the queries of a block."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


@contextmanager
def undone() -> Iterator[None]:
    """Undo afterwards whatever the block did to the database."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def snapshot() -> dict[str, Any]:
    """Return every row of every table of ours, to compare with."""
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in our_models()}


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the tables that differ, with the rows that do."""
    return {
        label: (sorted(set(rows) - set(after[label])), sorted(set(after[label]) - set(rows)))
        for label, rows in before.items()
        if rows != after[label]
    }
