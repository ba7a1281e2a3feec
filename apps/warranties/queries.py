"""Warranties and cards as querysets."""

from __future__ import annotations

from datetime import date
from typing import Self

from apps.core.scoping import ScopedQuerySet


class WarrantyQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class WarrantyCardQuerySet(ScopedQuerySet):
    def due(self) -> Self:
        return self.filter(status="due")

    def overdue(self, today: date) -> Self:
        return self.due().filter(due_on__lt=today)

    def issued(self) -> Self:
        return self.filter(status="issued")
