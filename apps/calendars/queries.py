"""Days of the calendars as querysets."""

from __future__ import annotations

from datetime import date
from typing import Self

from apps.core.scoping import ScopedQuerySet


class CalendarDayQuerySet(ScopedQuerySet):
    def national(self) -> Self:
        """What the State Council's notices say."""
        return self.filter(layer="national")

    def ours(self) -> Self:
        """The company's days and those of single service hours."""
        return self.exclude(layer="national")

    def coming(self, today: date) -> Self:
        return self.filter(on__gte=today)

    def past(self, today: date) -> Self:
        return self.filter(on__lt=today).order_by("-on", "-pk")
