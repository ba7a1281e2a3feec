"""The tag of a day that is due and that no clock watches: tapped, it opens why it is that day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from apps.core.timewords import brief

from ..due_days import DueDay
from ..loading import Calendars

register = template.Library()


@register.inclusion_tag("components/due_day.html", takes_context=True)
def due_day(
    context: template.Context, due: DueDay | None, form: str = "Y-m-d", *, label: str = "", quiet: bool = False
) -> dict[str, Any]:
    """A due day as ``form`` says, after its label; in red while it is late, unless ``quiet``. Works without scripts."""
    if due is None:
        return {"due": None}
    now = context.get("now")
    now = now if isinstance(now, datetime) else timezone.now()
    result, tone = due.result(now)
    return {
        "due": due,
        "day": shown(due.due, form),
        "label": label,
        "is_late": due.is_late(now) and not quiet,
        "is_over": due.is_late(now),
        "result": result,
        "tone": tone,
        "lines": list(due.lines(_calendars(context, due), named=_is_ours(context))),
    }


@register.filter
def shown(at: date | datetime, form: str = "") -> str:
    """A day as a day, a moment with its hour and minute, unless a form is given: as that says, with another year."""
    return brief(at, form or ("Y-m-d H:i" if isinstance(at, datetime) else "Y-m-d"))


def _is_ours(context: template.Context) -> bool:
    user = getattr(context.get("request"), "user", None)
    return bool(user is not None and user.is_authenticated and user.is_staff_side)


def _calendars(context: template.Context, due: DueDay) -> Calendars | None:
    """The calendars that working days need, read once a page for all the days on it."""
    if not due.needs_calendar:
        return None
    years = due.due_at.year - 1, due.due_at.year + 1
    request = context.get("request")
    if request is None:
        return Calendars(*years)
    known: dict[Any, Calendars] = request.__dict__.setdefault("due_day_calendars", {})
    return known.setdefault(years, Calendars(*years))
