"""Periodic and background work of the clocks."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import escalation


@shared_task
def escalate() -> int:
    return escalation.sweep(now=timezone.now())
