"""Tags for due times: what is left of a promise, as a link to why it is due then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from apps.core.timewords import brief, left_in_words, moment_in_words, short

from ..explanation import Explanation
from ..models import Clock
from ..provenance import plan_in_words, rule_in_words, source_in_words
from ..standing import stand
from ..wording import amount_in_words

register = template.Library()


@register.inclusion_tag("service_levels/_due.html", takes_context=True)
def due(context: template.Context, clock: Clock | None, *, metric: bool = True) -> dict[str, Any]:
    """A promise's time in words, colour and icon; it opens the explanation."""
    now = context.get("now") or timezone.now()
    return {"standing": stand(clock, now) if clock is not None else None, "with_metric": metric}


@register.inclusion_tag("service_levels/_due_open.html", takes_context=True)
def due_open(context: template.Context, explanation: Explanation, *, plain: bool = False) -> dict[str, Any]:
    """A promise's time that opens its explanation on the page itself, for who cannot go to the promise's own page."""
    now = context.get("now") or timezone.now()
    return {"explanation": explanation, "standing": stand(explanation.clock, now), "now": now, "plain": plain}


@register.simple_tag
def moment(at: datetime, now: datetime) -> str:
    """A moment as people say it: today 10:39."""
    return moment_in_words(at, now)


@register.simple_tag
def remaining(due: datetime, now: datetime) -> str:
    """What is left until a due time, or by how much it is late."""
    return left_in_words(due - now)


@register.simple_tag
def passed(since: datetime, now: datetime) -> str:
    """How long something has been waiting."""
    return short(now - since)


@register.simple_tag
def promised(clock: Clock) -> str:
    """The target's time in words: 2 hours, 3 working days."""
    return amount_in_words(clock.amount, clock.unit)


register.filter("source_words", source_in_words)
register.filter("rule_words", rule_in_words)
register.filter("plan_words", plan_in_words)


@register.filter
def until(ends: datetime, begins: datetime) -> str:
    """The end of a stretch: the time alone where it ends on the day it begins; midnight is the end of a day."""
    ends, begins = timezone.localtime(ends), timezone.localtime(begins)
    is_midnight = ends > begins and (ends.hour, ends.minute) == (0, 0)
    day = ends.date() - timedelta(days=1) if is_midnight else ends.date()
    clock = "24:00" if is_midnight else f"{ends:%H:%M}"
    return clock if day == begins.date() else f"{brief(day, 'm-d')} {clock}"
