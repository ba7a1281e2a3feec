"""``manage.py load_questionnaires``: the first questionnaires, where none are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.surveys.services import load_questionnaires


class Command(BaseCommand):
    help = "Stores the questionnaire of each occasion that has none yet; changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_questionnaires(now=timezone.now())
        self.stdout.write(
            f"Questionnaires loaded: {loaded} new." if loaded else "The questionnaires are already there."
        )
