"""The stored calendars as the clocks count in them: everything in two queries, built when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.worktime import Windows, WorkCalendar

from .models import CalendarDay, ServiceHours
from .rules import clock_windows, week_windows

Days = dict[date, bool | Windows]

#: What the office works where nobody has set up service hours.
OFFICE_WEEK = {str(weekday): [["08:30", "12:00"], ["13:30", "17:30"]] for weekday in range(5)}
#: Working days as days: Monday to Friday, the whole day.
WORKING_WEEK = {str(weekday): [["00:00", "00:00"]] for weekday in range(5)}
YEARS_BEFORE, YEARS_AFTER = 1, 2


class Calendars:
    """All service hours with the special days of some years, each read by one query when first asked for."""

    def __init__(self, first_year: int, last_year: int) -> None:
        self._years = first_year, last_year
        self._built: dict[int, WorkCalendar] = {}

    @classmethod
    def load(cls, *, around: datetime, until: datetime | None = None) -> Calendars:
        """Return the calendars from the year before ``around`` to two years after it, or after ``until``."""
        first = timezone.localtime(around).year - YEARS_BEFORE
        return cls(first, timezone.localtime(max(around, until or around)).year + YEARS_AFTER)

    def know(self, hours: Iterable[ServiceHours]) -> Calendars:
        """Take service hours that are loaded already; others are not asked for then."""
        self._hours = {row.pk: row for row in hours}
        return self

    @cached_property
    def _hours(self) -> dict[int, ServiceHours]:
        return {row.pk: row for row in ServiceHours.objects.all()}

    @cached_property
    def _days(self) -> list[CalendarDay]:
        first, last = self._years
        rows = CalendarDay.objects.filter(on__range=(date(first, 1, 1), date(last, 12, 31)))
        return list(rows.select_related("year"))

    def of(self, hours_id: int | None) -> WorkCalendar:
        """Return the calendar of some service hours; of None, and where they are round the clock, every moment counts.

        The company's days count where holidays are observed, a day of the hours' own everywhere but round the clock.
        """
        hours = None if hours_id is None else self._hours[hours_id]
        if hours is None or hours.is_always:
            return self._always
        if hours.pk not in self._built:
            layers = [self._national, self._company] if hours.observes_holidays else []
            own = _of_rows(row for row in self._days if row.hours_id == hours.pk)
            self._built[hours.pk] = _calendar(hours.windows, [*layers, own])
        return self._built[hours.pk]

    @cached_property
    def office(self) -> WorkCalendar:
        """The default hours; the office's built-in ones where none are set up."""
        default = next((row for row in self._hours.values() if row.is_default), None)
        return self.of(default.pk) if default else _calendar(OFFICE_WEEK, [self._national, self._company])

    @cached_property
    def working_days(self) -> WorkCalendar:
        """National working days, each a whole day; the company's days do not change them."""
        return _calendar(WORKING_WEEK, [self._national])

    def is_provisional(self, hours_id: int | None, first: date, last: date) -> bool:
        """Say whether what is counted between two dates in such hours may change with a year not published yet."""
        hours = None if hours_id is None else self._hours[hours_id]
        return hours is not None and hours.observes_holidays and self.working_days_provisional(first, last)

    def working_days_provisional(self, first: date, last: date) -> bool:
        """Say whether two dates span a year whose holidays are not published yet."""
        return not self._published.issuperset(range(first.year, last.year + 1))

    def day_name(self, day: date) -> str:
        """Return what a special date is called, "" for an ordinary one; the company's word goes first."""
        return self._names.get(day, "")

    @cached_property
    def _always(self) -> WorkCalendar:
        return WorkCalendar.always(settings.TIME_ZONE)

    @cached_property
    def _national(self) -> Days:
        return _of_rows(row for row in self._days if row.layer == CalendarDay.Layer.NATIONAL)

    @cached_property
    def _company(self) -> Days:
        return _of_rows(row for row in self._days if row.layer == CalendarDay.Layer.COMPANY)

    @cached_property
    def _published(self) -> frozenset[int]:
        return frozenset(row.year.year for row in self._days if row.year is not None)

    @cached_property
    def _names(self) -> dict[date, str]:
        named = [row for row in self._days if row.hours_id is None]
        return {row.on: full_name(row) for row in sorted(named, key=lambda row: row.layer == CalendarDay.Layer.COMPANY)}


def full_name(row: CalendarDay) -> str:
    """Return a date's name as it is said: “国庆节”, and “国庆节调休上班” for its make-up day."""
    if row.layer != CalendarDay.Layer.NATIONAL or not row.is_working:
        return row.name
    return _("%(holiday)s make-up workday") % {"holiday": row.name}


def _of_rows(rows: Iterable[CalendarDay]) -> Days:
    return {row.on: clock_windows(row.windows) if row.windows else row.is_working for row in rows}


def _calendar(week: Mapping[str, list[list[str]]], layers: list[Days]) -> WorkCalendar:
    """Lay the layers upon each other, the last on top; a date's own windows stay where a higher one merely works."""
    days: Days = {}
    for layer in layers:
        for on, says in layer.items():
            days[on] = days[on] if says is True and isinstance(days.get(on), list) else says
    return WorkCalendar(week_windows(week), days, settings.TIME_ZONE)
