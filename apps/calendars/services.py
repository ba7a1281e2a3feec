"""Service hours, the company's days, imports of holidays: what administrators keep of the calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.scoping import Audience

from . import national
from .loading import OFFICE_WEEK
from .models import CalendarDay, CalendarImport, ServiceHours
from .rules import Unreadable, parse_notice, problems

CHANGED = declare_event("calendars.days.changed", gettext_lazy("Work calendar changed"), icon="calendar-cog")
UPLOADED = declare_event(
    "calendars.calendarimport.started", gettext_lazy("Holidays uploaded"), icon="upload", tone="info"
)
declare_event("calendars.servicehours.changed", gettext_lazy("Service hours changed"), icon="clock")
declare_event("calendars.calendarday.changed", gettext_lazy("Special day changed"), icon="calendar-cog")

LONGEST_SPAN = timedelta(days=60)
#: What an edit of hours concerns: everything that still runs.
EVER = (date(2000, 1, 1), date(2100, 12, 31))
FIRST_HOURS: list[dict[str, Any]] = [
    {"key": "always", "name": "7×24 小时", "is_always": True, "observes_holidays": False},
    {"key": "office", "name": "工作时间", "windows": OFFICE_WEEK, "is_default": True},
]


def load_calendars(*, now: datetime) -> int:
    """Store the first service hours and the national days of 2020–2026 where they are missing; return how many."""
    with transaction.atomic():
        known = set(ServiceHours.objects.values_list("key", flat=True))
        wanted = [values for values in FIRST_HOURS if values["key"] not in known]
        has_default = ServiceHours.objects.filter(is_default=True).exists()
        ServiceHours.objects.bulk_create(
            ServiceHours(**values | {"is_default": values.get("is_default", False) and not has_default})
            for values in wanted
        )
        return len(wanted) + national.seed_national(now=now)


def _record_span(row: Any, first: date, last: date, *, actor: Any, now: datetime, note: str) -> None:
    data = {"first": first.isoformat(), "last": last.isoformat(), "note": note}
    record(row, CHANGED, actor=actor, now=now, audience=Audience.STAFF, data=data)


def save_hours(*, hours: ServiceHours | None, values: dict[str, Any], actor: Any, now: datetime) -> ServiceHours:
    """Make service hours or change them: ``name, key, windows, is_always, observes_holidays, is_default``."""
    if not values["is_always"] and not any(values["windows"].values()):
        raise DomainError(_("Without any window nothing would ever be due. Fill in at least one day."))
    with transaction.atomic():
        row = ServiceHours.objects.select_for_update().get(pk=hours.pk) if hours else ServiceHours()
        before = values_of(row)
        if ServiceHours.objects.filter(key=values["key"]).exclude(pk=row.pk).exists():
            raise DomainError(_("There are service hours with this key already."), field="key")
        if row.is_default and not values["is_default"]:
            raise DomainError(_("Make other hours the default instead; there is always one."), field="is_default")
        if values["is_default"]:
            ServiceHours.objects.filter(is_default=True).exclude(pk=row.pk).update(is_default=False)
        for name, value in values.items():
            setattr(row, name, value)
        if row.is_always:
            row.windows, row.observes_holidays = {}, False
        row.save()
        if hours is None or record_change(row, before, actor=actor, now=now):
            _record_span(row, *EVER, actor=actor, now=now, note=row.name)
    return row


def add_days(
    *,
    first: date,
    last: date,
    name: str,
    is_working: bool,
    windows: Sequence[Sequence[str]] | None,
    hours: ServiceHours | None,
    actor: Any,
    now: datetime,
) -> CalendarDay:
    """Add special days from ``first`` to ``last``, of the company or of some ``hours``; return the first."""
    if not first <= last <= first + LONGEST_SPAN:
        raise DomainError(_("The last day comes after the first, at most 60 days later."), field="last")
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    layer = CalendarDay.Layer.OWN if hours else CalendarDay.Layer.COMPANY
    with transaction.atomic():
        taken = CalendarDay.objects.filter(layer=layer, hours=hours, on__in=dates).order_by("on").first()
        if taken is not None:
            raise DomainError(_("There is a day of this kind on %(day)s already: edit that one.") % {"day": taken.on})
        rows = CalendarDay.objects.bulk_create(
            CalendarDay(layer=layer, hours=hours, on=on, is_working=is_working, windows=windows or None, name=name)
            for on in dates
        )
        _record_span(rows[0], first, last, actor=actor, now=now, note=f"{first} – {last} {name}")
    return rows[0]


def change_day(
    *,
    day: CalendarDay,
    name: str,
    is_working: bool,
    windows: Sequence[Sequence[str]] | None,
    actor: Any,
    now: datetime,
) -> CalendarDay:
    """Change what a special day of ours is; to move it, remove it and add another."""
    with transaction.atomic():
        row: CalendarDay = CalendarDay.objects.ours().select_for_update().get(pk=day.pk)
        before = values_of(row)
        row.name, row.is_working, row.windows = name, is_working, windows or None
        row.save()
        if record_change(row, before, actor=actor, now=now):
            _record_span(row, row.on, row.on, actor=actor, now=now, note=str(row))
    return row


def remove_day(*, day: CalendarDay, actor: Any, now: datetime) -> None:
    """Remove a special day of ours: the date is again what lies under it."""
    with transaction.atomic():
        row = CalendarDay.objects.ours().select_for_update().get(pk=day.pk)
        _record_span(row, row.on, row.on, actor=actor, now=now, note=_("%(day)s removed") % {"day": row})
        row.delete()


def national_days_with(run: CalendarImport) -> list[tuple[date, bool]]:
    """Return the national days of an import's year as they are, or would be, with it in force."""
    after = {date.fromisoformat(line["on"]): line["is_working"] for line in run.after}
    return list((national.others_than(run.year) | after).items())


def start_import(*, text: str, source: str = "", actor: Any, now: datetime) -> CalendarImport:
    """Read a notice and keep what it would change, to be looked at; nothing is in force before it is confirmed.

    Raises ``DomainError`` for what cannot be read, fails the checks of the regulations, or changes nothing.
    """
    try:
        notice = parse_notice(text)
    except Unreadable as error:
        raise DomainError(str(error)) from error
    if found := problems(notice, national.others_than(notice.year)):
        raise DomainError(" ".join(found[:5]))
    before, after = national.stored(notice.year, [day.on for day in notice.days]), national.lines_of(notice)
    if before == after:
        raise DomainError(_("All of it is stored already. Nothing would change."))
    kinds = CalendarImport.Kind
    with transaction.atomic():
        run = CalendarImport.objects.create(
            year=notice.year,
            kind=kinds.HOLIDAY_CN if text.lstrip("\ufeff \n\r\t").startswith("{") else kinds.TABLE,
            raw=text,
            source=source or notice.source,
            before=before,
            after=after,
            made_by=actor,
            made_at=now,
        )
        record(run, UPLOADED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(notice.year)})
    return run
