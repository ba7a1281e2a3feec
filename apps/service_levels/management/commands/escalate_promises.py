"""Do what beat does every minute: mark promises that are missed, take the steps of escalation that are due."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.service_levels import escalation


class Command(BaseCommand):
    help = (
        "Mark promises that are missed and take the steps of escalation that are due; prints how many were looked at."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{escalation.sweep(now=timezone.now())} promises looked at")
