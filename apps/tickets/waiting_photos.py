"""Photos of a form that has to be corrected: kept until it is sent again, then the request's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.core.forms import as_key
from apps.core.uploads import AcceptedFile

from .models import PendingPhoto, TicketPhoto

#: Photos of one unfinished form, those of all forms of people without an account, and for how long they wait.
MAX_PENDING = 12
MAX_OF_NOBODY = 200
PENDING_FOR = timedelta(days=14)
COPIED_FILE_FACTS = (
    "original_name",
    "content_type",
    "size",
    "sha256",
    "width",
    "height",
    "taken_at",
    "uploaded_by",
    "uploaded_at",
)


def keep_photos(
    photos: Iterable[AcceptedFile], waiting: Iterable[PendingPhoto], *, actor: Any, now: datetime, **owner: Any
) -> None:
    """Keep photos of a request or a message, the waiting ones first, each picture once."""
    known: set[str] = set()
    for pending in waiting:
        if pending.sha256 not in known:
            copied = {name: getattr(pending, name) for name in COPIED_FILE_FACTS}
            TicketPhoto.objects.create(file=pending.file.name, **copied, **owner)
            known.add(pending.sha256)
        pending.delete()  # the row alone: its file is the request's now
    for accepted in photos:
        if accepted.sha256 not in known:
            TicketPhoto.keep(accepted, actor=actor, now=now, **owner)
            known.add(accepted.sha256)


def keep_pending_photos(*, photos: Iterable[AcceptedFile], key: str, actor: Any, now: datetime) -> None:
    """Keep accepted photos of a form that has to be corrected, so that they need not be taken again."""
    if actor is None and PendingPhoto.objects.filter(uploaded_by=None).count() >= MAX_OF_NOBODY:
        return
    with transaction.atomic():
        known = set(pending_photos(key=key, actor=actor).values_list("sha256", flat=True))
        for accepted in photos:
            if accepted.sha256 not in known and len(known) < MAX_PENDING:
                PendingPhoto.keep(accepted, actor=actor, now=now, key=key)
                known.add(accepted.sha256)


def pending_photos(*, key: str, actor: Any) -> Any:
    """Return the photos that wait for a form of this person, or of nobody known, to be sent again."""
    return PendingPhoto.objects.filter(uploaded_by=actor, key=key) if key else PendingPhoto.objects.none()


def drop_pending_photos(*, key: str, keys: Iterable[str], actor: Any) -> None:
    """Drop the photos a person took out of their unfinished form again."""
    wanted = {as_key(value) for value in keys} - {None}
    for photo in pending_photos(key=key, actor=actor).filter(pk__in=wanted):
        photo.delete()
        photo.file.storage.delete(photo.file.name)


def clear_pending(*, now: datetime, limit: int = 500) -> int:
    """Drop photos of forms that were never sent again; return how many."""
    old = list(PendingPhoto.objects.filter(uploaded_at__lt=now - PENDING_FOR).order_by("uploaded_at")[:limit])
    for photo in old:
        photo.delete()
        photo.file.storage.delete(photo.file.name)
    return len(old)
