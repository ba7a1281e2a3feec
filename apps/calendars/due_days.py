"""Why a day is due that no clock watches: a house rule counted it, or a person chose it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.recurrence import add_months
from apps.core.timewords import amount_of_days, left_in_words
from apps.core.worktime import add_working_days, is_working_day

from .loading import Calendars

ONE_DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)
Text = str | LazyText


class Count(StrEnum):
    """What a house rule counts, by the names targets use."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


def counted(start: date, amount: int, unit: Count, calendars: Calendars | None = None) -> date:
    """Return the last of so many days, working days or months after ``start``, which is not counted itself."""
    if unit == Count.MONTHS:
        return add_months(start, amount)
    if unit == Count.WORKING_DAYS:
        if calendars is None:
            raise ValueError("Working days are counted in a calendar.")
        return add_working_days(start, amount, calendars.working_days)
    return start + timedelta(days=amount)


def end_of(day: date) -> datetime:
    """Return the last second of a day."""
    return timezone.make_aware(datetime.combine(day, LAST_SECOND))


@dataclass(frozen=True)
class Line:
    """One line of the way to the day: ``kind`` is start, left_out, counted, chosen, due or end."""

    kind: str
    words: Text
    at: date | datetime | None = None
    note: Text = ""


@dataclass(frozen=True)
class DueDay:
    """By when something is due, and all a reader needs to check it by hand (R-04).

    Either a house rule counted ``amount`` of ``unit`` from ``start`` (``started``: what happened then), or a person
    chose the day: ``chosen_by``, ``chosen_at``. ``due`` is a moment, or a day up to its last second. ``done_at`` is
    when it was done; ``is_open`` says that it is still awaited. Nothing pauses such a day: it stays until somebody
    sets another one.
    """

    due: date | datetime
    rule: Text
    start: date | datetime | None = None
    started: Text = ""
    amount: int = 0
    unit: Count = Count.DAYS
    chosen_by: Any = None
    chosen_at: datetime | None = None
    done_at: datetime | None = None
    is_open: bool = True
    #: How it ended where no time of the end is kept.
    ended: Text = ""

    @property
    def due_at(self) -> datetime:
        return self.due if isinstance(self.due, datetime) else end_of(self.due)

    @property
    def is_counted(self) -> bool:
        return self.start is not None

    @property
    def needs_calendar(self) -> bool:
        return self.is_counted and self.unit == Count.WORKING_DAYS

    @property
    def target(self) -> str:
        """What is counted in words; "" for a day that was chosen."""
        if not self.is_counted:
            return ""
        return amount_of_days(self.amount, self.unit) if self.amount else _("the same day")

    @property
    def calendar(self) -> str:
        """The calendar it is counted in, in words."""
        if not self.is_counted:
            return _("None: a person chose the day")
        if self.unit == Count.WORKING_DAYS:
            return _("National working days; the day it starts is not counted")
        return _("Calendar days; the day it starts is not counted, due at the end of the last day")

    def is_late(self, now: datetime) -> bool:
        """Say whether it is awaited after its time."""
        return self.is_open and now > self.due_at

    def result(self, now: datetime) -> tuple[str, str]:
        """Return how it stands in words, and the tone."""
        if self.is_open:
            late = self.is_late(now)
            return left_in_words(self.due_at - now), "bad" if late else "info"
        if self.done_at is None:
            return (str(self.ended), "ok") if self.ended else (_("No longer awaited"), "idle")
        if self.done_at > self.due_at:
            return left_in_words(self.due_at - self.done_at), "bad"
        return _("Kept"), "ok"

    def lines(self, calendars: Calendars | None = None, *, named: bool = True) -> Iterator[Line]:
        """Tell from the start to the end how the day comes about.

        Working days need the calendars they count in. Only our own people are told who chose a day: ``named``.
        """
        if self.start is not None:
            yield Line("start", self.started, self.start)
            yield from self._way(_day(self.start), calendars)
        elif named and self.chosen_by is not None:
            yield Line("chosen", _("Set by %(person)s") % {"person": self.chosen_by}, self.chosen_at)
        else:
            yield Line("chosen", _("Set by our staff"), self.chosen_at)
        yield Line("due", _("Due"), self.due)
        if self.done_at is not None:
            yield Line("end", _("Done"), self.done_at)

    def _way(self, first: date, calendars: Calendars | None) -> Iterator[Line]:
        last = _day(self.due)
        if last > first:
            yield Line("left_out", _("The day of the start is not counted"))
        off = self._days_off(first, last, calendars)
        count = (last - first).days - len(off)
        if count > 0:
            yield Line("counted", ngettext("%(n)s day counted", "%(n)s days counted", count) % {"n": count})
        if off and calendars is not None:
            words = ngettext("Skipped: %(n)s day off", "Skipped: %(n)s days off", len(off)) % {"n": len(off)}
            names = dict.fromkeys(calendars.day_name(day) or str(_("Weekend")) for day in off)
            yield Line("left_out", words, note=_(", ").join(names))

    def _days_off(self, first: date, last: date, calendars: Calendars | None) -> list[date]:
        if not self.needs_calendar or calendars is None:
            return []
        days = [first + ONE_DAY * n for n in range(1, (last - first).days + 1)]
        return [day for day in days if not is_working_day(day, calendars.working_days)]


def chosen(row: Any, due: date | datetime, rule: Text, **more: Any) -> DueDay:
    """Explain a day of a row that a person chose, and who it was (see ``models.DatedByPerson``)."""
    person = SimpleLazyObject(lambda: row.dated_by) if row.dated_by_id else None
    return DueDay(due, rule, chosen_by=person, chosen_at=row.dated_at, **more)


def _day(at: date | datetime) -> date:
    return timezone.localdate(at) if isinstance(at, datetime) else at
