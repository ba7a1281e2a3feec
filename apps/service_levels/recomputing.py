"""Running promises follow the calendars: a year is published, a company day is set, service hours change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars.loading import Calendars
from apps.core.events import declare_event, record
from apps.core.models import Event
from apps.core.outbox import enqueue, handles
from apps.core.scoping import Audience

from . import timing
from .models import Clock, Pause
from .rules import Unit

KIND = "service_levels.recompute"
RECOMPUTED = declare_event(
    "service_levels.clock.recomputed", gettext_lazy("Due time recomputed"), icon="calendar-event", tone="info"
)
PUBLISHED, CHANGED = "calendars.calendaryear.published", "calendars.days.changed"
CALENDAR_EVENTS = frozenset({PUBLISHED, CHANGED})
BATCH = 500


def ask(event: Event) -> None:
    """Have a worker recompute what a change of the calendars concerns; called in the transaction of the change."""
    if event.name == PUBLISHED:
        year = int(event.data["year"])
        first, last = date(year - 1, 12, 1), date(year, 12, 31)  # a notice may alter the December before
    else:
        first, last = date.fromisoformat(event.data["first"]), date.fromisoformat(event.data["last"])
    enqueue(KIND, f"{KIND}:{event.pk}", {"first": str(first), "last": str(last)}, now=event.at)


@handles(KIND)
def _handle(payload: dict[str, Any]) -> None:
    first, last = date.fromisoformat(payload["first"]), date.fromisoformat(payload["last"])
    recompute(first=first, last=last, now=timezone.now())


def recompute(*, first: date, last: date, now: datetime) -> int:
    """Set the due times of running clocks anew that touch the days from ``first`` to ``last``; return how many changed.

    A missed clock stays missed, a paused one is reckoned when it goes on, and 7×24 knows no calendar. Each change is an
    event with the old and the new due time.
    """
    zone = timezone.get_current_timezone()
    begins = datetime.combine(first, time(), tzinfo=zone)
    ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    counted = Q(unit=Unit.MINUTES, hours__isnull=False) | Q(unit=Unit.WORKING_DAYS)
    rows = Clock.objects.filter(counted, state=Clock.State.RUNNING, started_at__lt=ends)
    rows = rows.filter(Q(due_at__gte=begins) | Q(is_provisional=True))
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            batch = rows.filter(pk__gt=after).select_for_update(of=("self",)).select_related("target").order_by("pk")
            clocks = list(batch[:BATCH])
            if not clocks:
                return changed
            after = clocks[-1].pk
            changed += _recompute(clocks, now=now)


def _recompute(clocks: list[Clock], *, now: datetime) -> int:
    calendars = Calendars.load(
        around=min(clock.started_at for clock in clocks), until=max(clock.due_at or now for clock in clocks)
    )
    pauses: dict[tuple[int, int], list[Pause]] = {}
    for pause in Pause.objects.filter(subject_id__in={clock.subject_id for clock in clocks}):
        pauses.setdefault((pause.subject_type_id, pause.subject_id), []).append(pause)
    changed = 0
    for clock in clocks:
        old, was_provisional = clock.due_at, clock.is_provisional
        counting = timing.counting(clock, pauses.get((clock.subject_type_id, clock.subject_id), ()))
        timing.set_due(clock, counting, calendars)
        if (clock.due_at, clock.is_provisional) != (old, was_provisional):
            clock.save(update_fields=["due_at", "is_provisional", "next_check_at"])
        if clock.due_at != old:
            changed += 1
            _note(clock, old, now=now)
    return changed


def _note(clock: Clock, old: datetime | None, *, now: datetime) -> None:
    if clock.subject is None or old is None or clock.due_at is None:
        return
    moments = {"old": _short(old), "new": _short(clock.due_at), "metric": clock.get_metric_display()}
    note = _("%(metric)s: %(old)s → %(new)s, because the work calendar changed") % moments
    data = {"note": note, "clock": clock.pk, "old": old.isoformat(), "new": clock.due_at.isoformat()}
    record(clock.subject, RECOMPUTED, actor=None, now=now, audience=Audience(clock.audience), data=data)


def _short(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")
