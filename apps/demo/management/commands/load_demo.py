"""``manage.py load_demo``: a year of invented service work, or who signs in with what."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core.errors import DomainError
from apps.demo import sign_ins, story


class Command(BaseCommand):
    help = "Loads the demo data into an empty database; does nothing when they are there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-sign-ins", action="store_true", help="print who signs in with what, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_sign_ins"]:
            self.stdout.write(sign_ins.table())
            return
        began = time.monotonic()
        try:
            loaded = story.load(now=timezone.now(), say=self._say)
        except DomainError as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - began
        self.stdout.write(f"Demo data loaded in {seconds:.0f} s." if loaded else "The demo data are already there.")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
