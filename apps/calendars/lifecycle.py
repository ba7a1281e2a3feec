"""The states of an import of holidays: to be confirmed → in force → rolled back; or discarded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access, national
from .models import CalendarImport

S = CalendarImport.Status


@transition(
    CalendarImport,
    _("Put into force"),
    sources={S.READY},
    target=S.APPLIED,
    allowed=access.may_decide,
    title=_("Holidays put into force"),
    icon="circle-check",
    style="primary",
    tone="ok",
    audience=Audience.STAFF,
)
def apply(run: CalendarImport, *, actor: Any, now: datetime) -> None:
    """Replace the year's days by those that were shown; open due times are reckoned anew."""
    run.source_before = national.source_of(run.year)
    national.replace(run.year, run.before, run.after, source=run.source, actor=actor, now=now)
    run.applied_by = actor
    run.applied_at = now


@transition(
    CalendarImport,
    _("Roll back"),
    sources={S.APPLIED},
    target=S.ROLLED_BACK,
    allowed=access.may_roll_back,
    title=_("Holidays rolled back"),
    icon="arrow-back-up",
    style="danger",
    tone="warn",
    audience=Audience.STAFF,
)
def roll_back(run: CalendarImport, *, actor: Any, now: datetime) -> None:
    """Put back what was before the import, which may be nothing: the year is then not published any more."""
    national.replace(run.year, run.after, run.before, source=run.source_before, actor=actor, now=now)
    run.rolled_back_by = actor
    run.rolled_back_at = now


@transition(
    CalendarImport,
    _("Drop the import"),
    sources={S.READY},
    target=S.DISCARDED,
    allowed=access.may_decide,
    title=_("Import discarded"),
    icon="ban",
    tone="idle",
    audience=Audience.STAFF,
)
def discard(run: CalendarImport, *, actor: Any, now: datetime) -> None:
    """Leave the stored days as they are."""
