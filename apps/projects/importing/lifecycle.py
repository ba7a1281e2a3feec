"""The states of an import: reading, ready, applying, applied; failed, cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from ..access import may_import
from .models import ImportRun
from .work import have_done

S = ImportRun.Status
STARTED = declare_event("projects.importrun.started", _("File uploaded"), icon="upload", tone="info")


def _may_change(run: ImportRun, user: Any) -> bool:
    return may_import(user)


def _may_apply(run: ImportRun, user: Any) -> bool:
    return may_import(user) and run.can_be_applied


@transition(
    ImportRun, _("Show what it would do"), sources={S.READING, S.APPLYING}, target=S.READY, allowed=None,
    title=_("File read"), icon="list-check", tone="warn", audience=Audience.STAFF,
)  # fmt: skip
def show(
    run: ImportRun, *, actor: Any, now: datetime, header: list[str], columns: Mapping[int, str], report: dict[str, Any]
) -> None:
    """Keep what the dry run found. Caused by the worker."""
    run.header = header
    run.columns = {str(position): columns.get(position, "") for position in range(len(header))}
    run.report = report


@transition(
    ImportRun, _("Import"), sources={S.READY}, target=S.APPLYING, allowed=_may_apply,
    title=_("Import confirmed"), icon="table-import", style="primary", audience=Audience.STAFF,
)  # fmt: skip
def apply(run: ImportRun, *, actor: Any, now: datetime) -> None:
    """Have it written as shown: all of it or nothing."""
    run.rows_done = 0
    have_done("projects.import_apply", run, now=now)


@transition(
    ImportRun, _("Imported"), sources={S.APPLYING}, target=S.APPLIED, allowed=None,
    title=_("Imported"), icon="circle-check", tone="ok", audience=Audience.STAFF,
)  # fmt: skip
def finish(run: ImportRun, *, actor: Any, now: datetime, report: dict[str, Any]) -> None:
    """Note that everything is written. Caused by the worker, in the transaction that wrote it."""
    run.report = report
    run.finished_at = now


@transition(
    ImportRun, _("Fail"), sources={S.READING, S.APPLYING}, target=S.FAILED, allowed=None,
    title=_("Import failed"), icon="alert-triangle", tone="bad", audience=Audience.STAFF,
)  # fmt: skip
def fail(run: ImportRun, *, actor: Any, now: datetime, problem: dict[str, Any]) -> None:
    """Note why it cannot go on; nothing was written. Caused by the worker."""
    run.report = {"problems": [problem], "errors": 1}
    run.finished_at = now


@transition(
    ImportRun, _("Cancel the import"), sources={S.READING, S.READY, S.APPLYING}, target=S.CANCELLED,
    allowed=_may_change, title=_("Import cancelled"), icon="ban", style="danger", tone="idle",
    audience=Audience.STAFF,
)  # fmt: skip
def cancel(run: ImportRun, *, actor: Any, now: datetime) -> None:
    """Give the import up. A worker that is reading stops; what is written at this moment is finished first."""
    run.finished_at = now


@transition(
    ImportRun, _("Read again"), sources={S.READY}, target=S.READING, allowed=None,
    title=_("Columns corrected"), icon="columns-3", audience=Audience.STAFF,
)  # fmt: skip
def read_again(run: ImportRun, *, actor: Any, now: datetime, columns: Mapping[int, str]) -> None:
    """Have the file read with other columns. Caused by correcting them."""
    run.columns = {str(position): columns.get(position, "") for position in range(len(run.header))}
    run.report = {}
    run.rows_done = 0
    have_done("projects.import_read", run, now=now)
