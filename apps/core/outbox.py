"""Whatever leaves the process is a row first: at least once, idempotent by its key, with the broker up or down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from .models import OutboxItem

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]

_handlers: dict[str, Handler] = {}
_titles: dict[str, str | Promise] = {}

CLAIM_TIME = timedelta(minutes=10)
MAX_ATTEMPTS = 8
#: Seconds that one sweep may take: a slow provider must not keep a worker from everything else.
SWEEP_SECONDS = 60
#: What was done is kept so long, and then removed so many rows at a time.
KEPT = timedelta(days=90)
PURGE_BATCH = 500


class GiveUp(Exception):
    """Raised by a handler: trying again would change nothing. The item is dead at once."""


class NotNow(Exception):
    """Raised by a handler: the item is in order and waits until a later moment. It costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M}")
        self.until = until


def handles(kind: str, title: str | Promise = "") -> Callable[[Handler], Handler]:
    """Declare the function that does items of this kind. It must bear being called twice with one payload."""

    def declare(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _titles[kind] = title or kind
        return handler

    return declare


def kinds() -> list[tuple[str, str | Promise]]:
    """Return (kind, title) of everything that can be done."""
    return sorted(_titles.items())


def enqueue(kind: str, dedupe_key: str, payload: dict[str, Any], *, now: datetime) -> OutboxItem:
    """Write an item in the running transaction; a second one with the same key changes nothing."""
    item, created = OutboxItem.objects.get_or_create(
        dedupe_key=dedupe_key, defaults={"kind": kind, "payload": payload, "due_at": now, "created_at": now}
    )
    if created:
        transaction.on_commit(lambda: _nudge(item.pk), robust=True)
    return item


def enqueue_again(kind: str, dedupe_key: str, payload: dict[str, Any], *, now: datetime) -> OutboxItem:
    """Write an item, or have the one with this key done once more: a dead one after a pause twice as long each time."""
    item = enqueue(kind, dedupe_key, payload, now=now)
    over = Q(status=OutboxItem.Status.DONE) | Q(status=OutboxItem.Status.DEAD, due_at__lte=now)
    if OutboxItem.objects.filter(over, pk=item.pk).update(status=OutboxItem.Status.WAITING, due_at=now):
        transaction.on_commit(lambda: _nudge(item.pk), robust=True)
    return item


def enqueue_many(items: Iterable[tuple[str, str, dict[str, Any], datetime]], *, now: datetime) -> None:
    """Write many items, (kind, key, payload, due at) each, in one statement; keys that exist change nothing."""
    rows = [
        OutboxItem(kind=kind, dedupe_key=key, payload=payload, due_at=due_at, created_at=now)
        for kind, key, payload, due_at in items
    ]
    if rows:
        OutboxItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        transaction.on_commit(nudge_sweep, robust=True)


def nudge_sweep() -> None:
    """Ask a worker to look for all that is due; without a broker the next sweep comes by itself."""
    from .tasks import sweep_outbox  # noqa: PLC0415  tasks call this module

    try:
        sweep_outbox.apply_async(retry=False, ignore_result=True)
    except Exception:
        logger.warning("Broker not reachable; outgoing items wait for the next sweep.", exc_info=True)


def _nudge(pk: int) -> None:
    """Ask a worker to look at once. The sweep finds the row anyway, so a broker that is down costs only time."""
    from .tasks import deliver  # noqa: PLC0415  tasks call this module

    args: Any = [pk]
    try:
        deliver.apply_async(args=args, retry=False, ignore_result=True)
    except Exception:
        logger.warning("Broker not reachable; outbox item %s waits for the sweep.", pk, exc_info=True)


def claim(pk: int, *, now: datetime) -> OutboxItem | None:
    """Take an item for this worker by one conditional update, or return None if it is not to be had."""
    free = Q(status=OutboxItem.Status.WAITING, due_at__lte=now) | Q(
        status=OutboxItem.Status.CLAIMED, claimed_until__lt=now
    )
    taken = OutboxItem.objects.filter(free, pk=pk).update(
        status=OutboxItem.Status.CLAIMED, claimed_until=now + CLAIM_TIME
    )
    return OutboxItem.objects.get(pk=pk) if taken else None


def deliver_item(pk: int, *, now: datetime | None = None) -> bool:
    """Do one item if it is due and free. Return whether it is done; a failure is kept and tried again later."""
    now = now or timezone.now()
    item = claim(pk, now=now)
    if item is None:
        return False
    try:
        _handlers[item.kind](item.payload)
    except NotNow as later:
        OutboxItem.objects.filter(pk=pk).update(
            status=OutboxItem.Status.WAITING, due_at=later.until, claimed_until=None
        )
        return False
    except Exception as error:  # noqa: BLE001  the row keeps the error; one bad item never stops the others
        _note_failure(item, error, now=now)
        return False
    OutboxItem.objects.filter(pk=pk).update(
        status=OutboxItem.Status.DONE, done_at=timezone.now(), claimed_until=None, last_error=""
    )
    return True


def _note_failure(item: OutboxItem, error: Exception, *, now: datetime) -> None:
    attempts = item.attempts + 1
    dead = attempts >= MAX_ATTEMPTS or isinstance(error, GiveUp)
    logger.error("Outbox item %s failed (attempt %s).", item.dedupe_key, attempts, exc_info=error)
    OutboxItem.objects.filter(pk=item.pk).update(
        status=OutboxItem.Status.DEAD if dead else OutboxItem.Status.WAITING,
        attempts=attempts,
        due_at=now + timedelta(seconds=10 * 2**attempts),
        claimed_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def deliver_due(*, now: datetime, limit: int = 100) -> int:
    """Do what is due or was left by a dead worker; return how many were done."""
    due = OutboxItem.objects.filter(
        Q(status=OutboxItem.Status.WAITING, due_at__lte=now)
        | Q(status=OutboxItem.Status.CLAIMED, claimed_until__lt=now)
    ).order_by("due_at", "pk")
    done, started = 0, time.monotonic()
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        done += deliver_item(pk, now=now)
        if time.monotonic() - started > SWEEP_SECONDS:
            break
    if done >= limit:
        nudge_sweep()  # there may be more
    return done


def purge_done(*, now: datetime, limit: int = PURGE_BATCH) -> int:
    """Remove what was done more than 90 days ago, a batch at a time; return how much. Dead letters stay.

    Keys of the past are free again then; nothing asks twice for the same thing after so long.
    """
    old = OutboxItem.objects.filter(status=OutboxItem.Status.DONE, created_at__lt=now - KEPT, done_at__lt=now - KEPT)
    removed = 0
    while keys := list(old.order_by("created_at", "pk").values_list("pk", flat=True)[:limit]):
        removed += OutboxItem.objects.filter(pk__in=keys, status=OutboxItem.Status.DONE).delete()[0]
    return removed


def retry(item: OutboxItem, *, now: datetime) -> None:
    """Give a dead item its attempts back."""
    OutboxItem.objects.filter(pk=item.pk, status=OutboxItem.Status.DEAD).update(
        status=OutboxItem.Status.WAITING, attempts=0, due_at=now
    )
    transaction.on_commit(lambda: _nudge(item.pk), robust=True)
