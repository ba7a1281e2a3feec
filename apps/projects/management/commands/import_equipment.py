"""Import equipment from a spreadsheet: the same dry run and the same all or nothing as on screen, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.projects.importing.problems import Unreadable
from apps.projects.importing.services import import_file
from apps.projects.importing.wording import count_lines


class Command(BaseCommand):
    help = "Import owners, projects and equipment from an XLSX or CSV file: all of it or, with one error, nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            made = import_file(content, name=path.name, now=timezone.now(), dry_run=options["dry_run"])
        except Unreadable as error:
            raise CommandError(error.problem.line) from error
        for problem in made.problems:
            if problem.is_error:
                self.stderr.write(self.style.ERROR(problem.line))
            else:
                self.stdout.write(problem.line)
        for line in count_lines(made.counts()):
            self.stdout.write(line)
        if made.errors:
            raise CommandError(_("%(count)s errors. Nothing was imported.") % {"count": len(made.errors)})
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))
