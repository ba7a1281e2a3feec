"""Which senders there are, and for which projects."""

from __future__ import annotations

from typing import Self

from django.db.models import F

from apps.core.scoping import ScopedQuerySet


class SenderQuerySet(ScopedQuerySet):
    """Senders and the projects they are limited to."""

    def annotate_projects(self) -> Self:
        """One row a sender and project it is limited to (``only_project``; None without a limit)."""
        return self.annotate(only_project=F("projects"))
