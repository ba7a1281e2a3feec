"""National days in the tables: seeded from the package that knows them, replaced by imports, always with the event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.events import declare_event, record

from .models import CalendarDay, CalendarYear
from .rules import Notice

PUBLISHED = declare_event("calendars.calendaryear.published", _("Holidays of the year changed"), icon="calendar-check")

SEEDED_YEARS = range(2020, 2027)
SEED_SOURCE = "国务院办公厅通知（chinesecalendar）"

#: A national day as imports keep it.
Line = dict[str, Any]


def seed_national(*, now: datetime) -> int:
    """Store the national days of 2020–2026 as far as a year has never been stored; return how many years were new."""
    with transaction.atomic():
        known = set(CalendarYear.objects.values_list("year", flat=True))
        years = [year for year in SEEDED_YEARS if year not in known]
        names = {holiday.value: holiday.chinese for holiday in Holiday}
        for year in years:
            said = [(on, False, names[name]) for on, name in holidays.items() if on.year == year]
            said += [(on, True, names[name]) for on, name in workdays.items() if on.year == year]
            lines = [_line(on, works, name, year) for on, works, name in sorted(said)]
            replace(year, [], lines, source=SEED_SOURCE, actor=None, now=now)
    return len(years)


def lines_of(notice: Notice) -> list[Line]:
    """Return the days of a notice as imports keep them."""
    return [_line(day.on, day.is_working, day.name, notice.year) for day in notice.days]


def stored(year: int, dates: Iterable[date]) -> list[Line]:
    """Return the national days that a notice about ``year`` with these dates replaces."""
    rows = CalendarDay.objects.national().select_related("year").order_by("on")
    found = rows.filter(year__year=year) | rows.filter(on__in=list(dates))
    return [_line(row.on, row.is_working, row.name, row.year.year) for row in found]


def source_of(year: int) -> str:
    """Return where the stored days of a year come from."""
    return CalendarYear.objects.filter(year=year).values_list("source", flat=True).first() or ""


def others_than(year: int) -> dict[date, bool]:
    """Return whether the days of the other years' notices are worked, those around ``year``."""
    rows = CalendarDay.objects.national().filter(on__range=(date(year - 1, 1, 1), date(year, 12, 31)))
    return dict(rows.exclude(year__year=year).values_list("on", "is_working"))


def _line(on: date, is_working: bool, name: str, year: int) -> Line:
    return {"on": on.isoformat(), "is_working": is_working, "name": name, "year": year}


def replace(
    year: int, before: Sequence[Line], after: Sequence[Line], *, source: str, actor: Any, now: datetime
) -> CalendarYear:
    """Replace national days that were looked at by others; the year is published while it has any.

    Raises ``DomainError`` when what is stored is no longer what was looked at.
    """
    with transaction.atomic():
        row, _created = CalendarYear.objects.select_for_update().get_or_create(year=year)
        dates = {date.fromisoformat(line["on"]) for line in [*before, *after]}
        if stored(year, dates) != list(before):
            raise DomainError(_("The stored days have changed since. Import the notice again to see the difference."))
        CalendarDay.objects.national().filter(on__in=dates).delete()
        years = {row.year: row.pk} | dict(
            CalendarYear.objects.filter(year__in={line["year"] for line in after}).values_list("year", "pk")
        )
        CalendarDay.objects.bulk_create(
            CalendarDay(
                layer=CalendarDay.Layer.NATIONAL,
                year_id=years[line["year"]],
                on=date.fromisoformat(line["on"]),
                is_working=line["is_working"],
                name=line["name"],
            )
            for line in after
        )
        is_published = any(line["year"] == year for line in after)
        row.published_at = (row.published_at or now) if is_published else None
        row.source = source
        row.save()
        first = min(date(year, 1, 1), *dates)  # a notice may alter the December before
        data = {"year": year, "first": first.isoformat(), "last": f"{year}-12-31", "note": str(year)}
        record(row, PUBLISHED, actor=actor, now=now, data=data)
    return row
