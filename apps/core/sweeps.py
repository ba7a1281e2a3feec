"""Take up rows one by one in a worker: one that fails is logged and never keeps the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from .lifecycle import lock

logger = logging.getLogger(__name__)


def one_by_one(rows: Iterable[Any], act: Callable[[Any], bool]) -> int:
    """Lock each row as it stands now and do ``act(row)`` in a transaction of its own; return how many it did."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += act(lock(row))
        except Exception:
            logger.exception("%s %s was left out.", row._meta.label, row.pk)
    return done
