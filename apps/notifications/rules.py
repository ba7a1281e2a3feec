"""When somebody is told: pure functions of times and modes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

EAGERNESS = ("off", "digest", "at_once")
DIGEST_AT = time(8)


def most_eager(modes: Iterable[str]) -> str:
    """Return the most eager of the modes: who holds several roles misses nothing that one of them is told."""
    return max(modes, key=EAGERNESS.index, default="off")


def effective(mode: str, *, urgent: bool) -> str:
    """Return the mode as it counts for one event: what is urgent waits for no digest."""
    return "at_once" if urgent and mode == "digest" else mode


def quiet_until(at: datetime, starts: time, ends: time) -> datetime | None:
    """Return when the quiet hours end in which ``at`` (in the person's own time) lies; None outside them.

    Quiet hours over midnight belong to both days; equal times mean none.
    """
    clock = at.time()
    inside = starts <= clock < ends if starts < ends else (clock >= starts or clock < ends)
    if starts == ends or not inside:
        return None
    day = at.date() if clock < ends else at.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=at.tzinfo)


def last_digest(at: datetime) -> datetime:
    """Return the last moment, at or before ``at`` (in local time), at which digests were due."""
    due = datetime.combine(at.date(), DIGEST_AT, tzinfo=at.tzinfo)
    return due if due <= at else datetime.combine(at.date() - timedelta(days=1), DIGEST_AT, tzinfo=at.tzinfo)
