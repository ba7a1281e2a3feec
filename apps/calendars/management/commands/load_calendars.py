"""``manage.py load_calendars``: the first service hours, and the national holidays that are known."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.calendars.services import load_calendars


class Command(BaseCommand):
    help = (
        "Stores service hours and the holidays of 2020 to 2026 where they are missing; changes nothing that is there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_calendars(now=timezone.now())
        self.stdout.write(f"Calendars loaded: {loaded} new." if loaded else "The calendars are already there.")
