"""``manage.py load_presets``: the service policies of the rulebook."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.service_levels import services


class Command(BaseCommand):
    help = "Loads the preset service policies. What an administrator edited is left as it is; running it again is safe."

    def handle(self, *args: Any, **options: Any) -> None:
        written = services.load_presets(now=timezone.now())
        self.stdout.write(f"{written} preset policies written." if written else "All preset policies are up to date.")
