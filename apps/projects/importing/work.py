"""Asking a worker for the parts of an import: reading and writing."""

from __future__ import annotations

from datetime import datetime

from apps.core.outbox import enqueue

from .models import ImportRun


def have_done(kind: str, run: ImportRun, *, now: datetime) -> None:
    """Ask a worker for the next part of an import."""
    enqueue(kind, f"{kind}:{run.pk}:{now.isoformat()}", {"run": run.pk}, now=now)
