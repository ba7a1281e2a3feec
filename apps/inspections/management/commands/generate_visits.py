"""Make the visits that are due: what beat does every minute."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.inspections.generation import generate_visits


class Command(BaseCommand):
    help = "Make every visit that is due and not there yet, 30 days ahead, and print one line for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="make visits up to this day instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        visits = generate_visits(until=options["until"], now=timezone.now())
        for visit in visits:
            self.stdout.write(
                f"{visit.number}  {visit.planned_on}  {visit.kind}  {visit.project.number}  "
                f"plan {visit.plan_id} occurrence {visit.occurrence}  {visit.status}"
            )
        self.stdout.write(f"{len(visits)} created")
