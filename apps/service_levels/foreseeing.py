"""What would be promised if something happened now: shown before it is reported, never saved (R-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.calendars.loading import Calendars
from apps.core.models import Event
from apps.core.scoping import Audience

from .clocks import clocks_started_by
from .explanation import Explanation, explained, in_order


def foreseen(subject: Any, name: str, *, now: datetime) -> list[Explanation]:
    """Explain what the owner would be promised if this event happened now to a row that is not saved yet.

    House duties are left out. At most two queries: the targets, and the calendar where one counts in it.
    """
    event = Event(name=name, at=now)
    clocks = [clock for clock in clocks_started_by(subject, event) if clock.audience == Audience.OWNER]
    if not clocks:
        return []
    calendars = Calendars.load(around=now, until=max(clock.due_at or now for clock in clocks))
    calendars.know(clock.hours for clock in clocks if clock.hours is not None)
    return [explained(clock, (), calendars, now=now) for clock in in_order(clocks)]
