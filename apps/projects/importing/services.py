"""One import from the upload to its end: read, show, correct the columns, write all of it or nothing, cancel."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.events import record
from apps.core.lifecycle import lock
from apps.core.uploads import display_name

from . import lifecycle, store
from .columns import recognise
from .drafts import KINDS, Book, Draft, shown, where
from .models import ImportRun
from .problems import Problem, Unreadable
from .reading import kind_of, open_table
from .rules import Plan, missing_columns, plan
from .values import Row, row_of
from .work import have_done

logger = logging.getLogger(__name__)

PROGRESS_EVERY = 500
#: How much of a report is kept and shown; the counts are of everything.
SHOWN_PROBLEMS, SHOWN_CREATED, SHOWN_CHANGED, SHOWN_PROJECTS = 500, 20, 50, 20
CELLS_SHOWN = 3

#: Called with the rows done so far and how many there seem to be.
Progress = Callable[[int, int], None]


class Stopped(Exception):
    """The import was cancelled while a worker was at it."""


@dataclass
class Contents:
    """What a file says: its header, the meaning of its columns, its rows, and what is wrong with their cells."""

    header: list[str]
    columns: dict[int, str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    samples: dict[int, list[str]] = field(default_factory=dict)
    total: int = 0


def _no_progress(done: int, total: int) -> None:
    """Tell nobody."""


def read_contents(
    content: bytes, columns: Mapping[int, str] | None = None, progress: Progress = _no_progress
) -> Contents:
    """Read a file with the given columns, or with those that its header names. Raises ``Unreadable``."""
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise Unreadable("too_large", limit=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    table = open_table(content)
    found, repeated = recognise(table.header)
    read = Contents(table.header, found if columns is None else dict(columns))
    read.problems += table.notes
    if columns is None:
        read.problems += [Problem("repeated_column", value=name) for name in repeated]
    read.problems += missing_columns(read.columns.values())
    progress(0, table.estimate)
    for number, cells in table.lines:
        read.total += 1
        row, problems = row_of(number, cells, read.columns, len(table.header))
        read.rows.append(row)
        read.problems += problems
        for position, cell in enumerate(cells):
            kept = read.samples.setdefault(position, [])
            if cell and cell not in kept and len(kept) < CELLS_SHOWN:
                kept.append(cell)
        if read.total % PROGRESS_EVERY == 0:
            progress(read.total, max(table.estimate, read.total))
    if not read.total:
        raise Unreadable("header_only")
    progress(read.total, read.total)
    return read


def plan_contents(read: Contents) -> Plan:
    """Plan what the file would do.

    Rows with a wrong cell take part, so that others may refer to them; of what follows from it nothing is told.
    """
    wrong = {problem.row for problem in read.problems if problem.is_error}
    if 0 in wrong:
        return Plan(Book(), read.problems)
    made = plan(read.rows, store.load(read.rows))
    told = [problem for problem in made.problems if problem.row not in wrong]
    made.problems = sorted([*read.problems, *told], key=lambda problem: problem.row)
    return made


def report_of(made: Plan, read: Contents) -> dict[str, Any]:
    """Return what a plan would do, or did, as it is kept with the import and shown."""
    errors = made.errors
    written = [draft for draft in made.book.written("project") if draft.pk]
    notes = [problem for problem in made.problems if not problem.is_error]
    return {
        "counts": made.counts(),
        "errors": len(errors),
        "notes": len(notes),
        "problems": [problem.as_json() for problem in [*errors, *notes][:SHOWN_PROBLEMS]],
        "created": [_created_line(draft) for draft in made.created("equipment")[:SHOWN_CREATED]],
        "changed": [
            {
                "kind": kind,
                "name": str(draft),
                "row": draft.row,
                "changes": {name: [shown(old), shown(new)] for name, (old, new) in draft.changes.items()},
            }
            for kind in KINDS
            for draft in made.changed(kind)
        ][:SHOWN_CHANGED],
        "projects": [
            {"pk": draft.pk, "name": draft.name, "number": draft.values.get("number", "")}
            for draft in written[:SHOWN_PROJECTS]
        ],
        "project_count": len(written),
        "samples": {str(position): cells for position, cells in read.samples.items()},
    }


def _created_line(draft: Draft) -> dict[str, Any]:
    names = ("asset_code", "name", "model", "serial_number")
    project = draft.values["project"]
    line = {name: shown(draft.values.get(name)) for name in names}
    return line | {"row": draft.row, "where": where(draft), "project": project.name}


def start_import(*, upload: Any, actor: Any, now: datetime) -> ImportRun:
    """Keep an uploaded spreadsheet and have it read. ``DomainError`` when it is none."""
    if upload.size > settings.UPLOAD_MAX_BYTES:
        problem = Problem("too_large", limit=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
        raise DomainError(problem.text, field="file")
    upload.seek(0)
    content = upload.read()
    try:
        kind = kind_of(content)
    except Unreadable as error:
        raise DomainError(error.problem.text, field="file") from error
    with transaction.atomic():
        run = _keep(content, kind, name=upload.name, actor=actor, now=now)
        record(run, lifecycle.STARTED, actor=actor, now=now)
        have_done("projects.import_read", run, now=now)
    return run


def _keep(content: bytes, kind: str, *, name: str, actor: Any, now: datetime, **values: Any) -> ImportRun:
    run = ImportRun(original_name=display_name(name), started_by=actor, started_at=now, **values)
    run.file.save(f"kept.{kind}", ContentFile(content), save=False)
    run.save(force_insert=True)
    return run


def read_run(pk: int) -> None:
    """Do the dry run of an import. Called again it does nothing that was done."""
    run = ImportRun.objects.get(pk=pk)
    if run.status == ImportRun.Status.READING:
        _carry_out(run, _read)


def apply_run(pk: int) -> None:
    """Write an import: all of it or nothing. Called again it does nothing that was done."""
    run = ImportRun.objects.get(pk=pk)
    if run.status == ImportRun.Status.APPLYING:
        _carry_out(run, _apply)


def _carry_out(run: ImportRun, do: Callable[[ImportRun], None]) -> None:
    """Run a worker's part; a cancelled import ends quietly, an unreadable or failing one says so on its page."""
    try:
        do(run)
    except Stopped:
        return
    except Unreadable as error:
        lifecycle.fail(run, actor=run.started_by, now=timezone.now(), problem=error.problem.as_json())
    except DatabaseError:
        # Somebody else was quicker with one of the names, or the database was away: the outbox tries again.
        raise
    except Exception:
        logger.exception("Import %s failed.", run.pk)
        lifecycle.fail(run, actor=run.started_by, now=timezone.now(), problem=Problem("unexpected").as_json())


def _contents_of(run: ImportRun) -> Contents:
    """Read the kept file, noting the progress; stop when the import is cancelled meanwhile."""

    def note(done: int, total: int) -> None:
        still = ImportRun.objects.filter(pk=run.pk, status=run.status)
        if not still.update(rows_done=done, rows_total=total):
            raise Stopped

    with run.file.open("rb") as handle:
        return read_contents(handle.read(), run.chosen_columns, note)


def _read(run: ImportRun) -> None:
    read = _contents_of(run)
    _show(run, read, plan_contents(read), now=timezone.now())


def _apply(run: ImportRun) -> None:
    read = _contents_of(run)
    with transaction.atomic():
        # Cancelling waits here, or came first.
        if lock(run).status != run.status:
            raise Stopped
        now = timezone.now()
        store.hold(read.rows, now=now)
        made = plan_contents(read)
        if made.errors:
            # What is in the portal changed since the dry run; the new report says what is in the way.
            _show(run, read, made, now=now)
        else:
            store.write(made, source=run.original_name, actor=run.started_by, now=now)
            lifecycle.finish(run, actor=run.started_by, now=now, report=report_of(made, read))


def _show(run: ImportRun, read: Contents, made: Plan, *, now: datetime) -> None:
    found = {"header": read.header, "columns": read.columns, "report": report_of(made, read)}
    lifecycle.show(run, actor=run.started_by, now=now, **found)


def import_file(content: bytes, *, name: str, now: datetime, dry_run: bool, progress: Progress = _no_progress) -> Plan:
    """Import a file at once, for the command line; return the plan.

    Nothing is written with errors, as a dry run, or when everything is there already.
    """
    read = read_contents(content, progress=progress)
    with transaction.atomic():
        if not dry_run:
            store.hold(read.rows, now=now)
        made = plan_contents(read)
        if not dry_run and not made.errors and made.does_anything:
            store.write(made, source=display_name(name), actor=None, now=now)
            run = _keep(
                content,
                kind_of(content),
                name=name,
                actor=None,
                now=now,
                status=ImportRun.Status.APPLIED,
                header=read.header,
                columns={str(position): column for position, column in read.columns.items()},
                report=report_of(made, read),
                rows_total=read.total,
                rows_done=read.total,
                finished_at=now,
            )
            record(run, lifecycle.finish.event_name, actor=None, now=now)
    return made
