"""Spans, moments and counted days in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR, DAY = 60, 24 * 60


def amount_of_days(amount: int, unit: str) -> str:
    """Return so many ``days``, ``working_days`` or ``months`` in words."""
    words = {
        "days": ngettext("%(n)s day", "%(n)s days", amount),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", amount),
        "months": ngettext("%(n)s month", "%(n)s months", amount),
    }
    return words[unit] % {"n": amount}


def minutes_in_words(minutes: int) -> str:
    """Return minutes as people say them: "45 minutes", "2 hours", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, HOUR)
    words = []
    if hours:
        words.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if rest or not hours:
        words.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(words)


def short(span: timedelta) -> str:
    """Return a span for a badge: "12 min", "3 h 05 min", "4 d 2 h"; without a sign."""
    minutes = abs(int(span.total_seconds())) // 60
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    if days:
        return _("%(d)s d %(h)s h") % {"d": days, "h": hours} if hours else _("%(d)s d") % {"d": days}
    if hours:
        return _("%(h)s h %(m)02d min") % {"h": hours, "m": left}
    return _("%(m)s min") % {"m": left}


def left_in_words(span: timedelta) -> str:
    """Return "2 h 10 min left" or "35 min late"."""
    if span < timedelta():
        return _("%(time)s late") % {"time": short(span)}
    return _("%(time)s left") % {"time": short(span)}


def moment_in_words(at: datetime, now: datetime) -> str:
    """Return a moment as people say it: "Today 10:39", "Tomorrow 08:30", "11-23 17:30", with the year if another."""
    here, today = timezone.localtime(at), timezone.localdate(now)
    clock = f"{here:%H:%M}"
    match (here.date() - today).days:
        case 0:
            return _("Today %(time)s") % {"time": clock}
        case 1:
            return _("Tomorrow %(time)s") % {"time": clock}
        case -1:
            return _("Yesterday %(time)s") % {"time": clock}
    return f"{here:%m-%d} {clock}" if here.year == today.year else f"{here:%Y-%m-%d} {clock}"


def brief(at: date | datetime, form: str = "m-d H:i") -> str:
    """Return a day or moment as ``form`` says, with the year before it where it is not this one."""
    here = timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
    return date_format(here, form if here.year == timezone.localdate().year or "Y" in form else f"Y-{form}")
