"""The year as a diary: what happens when, played in the order of time, up to this moment and not beyond."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from django.utils import timezone

OPENS, CLOSES = 8, 18
SATURDAY = 5


@dataclass(order=True)
class Entry:
    """What happens when; at one moment in the order of writing."""

    when: datetime
    order: int
    act: Callable[[], Any] = field(compare=False)


class Diary:
    """Entries in the order of time. An entry may write further ones; what lies after the end never happens."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._entries: list[Entry] = []
        self._order = count()

    def at(self, when: datetime, act: Callable[..., Any], *args: Any, **values: Any) -> None:
        """Write down that ``act`` is called then, told the moment as ``now``."""
        heapq.heappush(self._entries, Entry(when, next(self._order), partial(act, *args, now=when, **values)))

    def play(self) -> None:
        """Let everything happen, the earliest first."""
        while self._entries and self._entries[0].when <= self.end:
            heapq.heappop(self._entries).act()


def moment(day: Any, hour: int, minute: int = 0) -> datetime:
    """Return a time of a day in the portal's time zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001


def working(when: datetime) -> datetime:
    """Return the moment itself when people work then, else the same minute of the next opening hour."""
    local = timezone.localtime(when)
    if local.hour >= CLOSES:
        local = local.replace(hour=OPENS) + timedelta(days=1)
    elif local.hour < OPENS:
        local = local.replace(hour=OPENS)
    while local.weekday() >= SATURDAY:
        local = local.replace(hour=OPENS) + timedelta(days=1)
    return local


def whole_hour(when: datetime) -> datetime:
    """Return the next full hour, as appointments are made."""
    local = timezone.localtime(when)
    return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
