"""What happens to one clock in memory: its due time, its next escalation, its end. The engine and the sweep save it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from apps.calendars.loading import Calendars
from apps.core.models import Event
from apps.core.worktime import WorkCalendar, next_opening

from . import rules
from .models import Clock, Pause
from .rules import Promise, Unit

S = Clock.State
#: Who is told at how many percent of the time (R-15).
DEFAULT_LADDER = [(75, "responsible"), (100, "customer_service"), (150, "project_manager"), (200, "manager")]
#: Faults of these levels escalate at once, others at the next opening.
URGENT_LEVELS = {1, 2}


def calendar_of(clock: Clock, calendars: Calendars) -> WorkCalendar:
    """Return the calendar in which a clock counts."""
    if clock.unit == Unit.WORKING_DAYS:
        return calendars.working_days
    return calendars.of(clock.hours_id)


def counting(clock: Clock, pauses: Iterable[Pause]) -> list[Pause]:
    """Return the pauses that count for a clock: none for one that never pauses, parts only where the policy says so."""
    if not clock.target.is_pausable:
        return []
    parts = clock.target.pauses_for_parts
    return [pause for pause in pauses if parts or pause.reason != Pause.Reason.PARTS]


def promise_of(
    clock: Clock, pauses: Iterable[Pause], calendars: Calendars, *, window_ends_at: datetime | None = None
) -> Promise:
    """Return what decides a clock's due time; a pause that goes on does not count yet."""
    return Promise(
        start=clock.started_at,
        amount=clock.amount or 0,
        unit=clock.unit,
        calendar=calendar_of(clock, calendars),
        pauses=[(pause.began_at, pause.ended_at) for pause in pauses if pause.ended_at is not None],
        window_ends_at=window_ends_at or (clock.due_at if clock.unit == Unit.WINDOW else None),
    )


def set_due(
    clock: Clock, pauses: Iterable[Pause], calendars: Calendars, *, window_ends_at: datetime | None = None
) -> None:
    """Set due time and next check of a running clock from its start.

    The next check is not moved to an opening: the sweep does that, and a request opens without reading calendars.
    """
    promise = promise_of(clock, pauses, calendars, window_ends_at=window_ends_at)
    clock.due_at = rules.due_at(promise)
    clock.state = S.RUNNING
    first, last = clock.started_at.date(), clock.due_at.date()
    if clock.unit == Unit.WORKING_DAYS:
        clock.is_provisional = calendars.working_days_provisional(first, last)
    elif clock.unit == Unit.MINUTES:
        clock.is_provisional = calendars.is_provisional(clock.hours_id, first, last)
    set_next_check(clock, promise)


def set_next_check(clock: Clock, promise: Promise, office: WorkCalendar | None = None) -> None:
    """Set when the sweep looks at a clock next: its due time until it is missed, and the next step of its ladder."""
    moments = [moment for _percent, _who, moment in steps_ahead(clock, promise, office)[:1]]
    if clock.state == S.RUNNING and clock.due_at is not None:
        moments.append(clock.due_at)
    clock.next_check_at = min(moments) if moments else None


def steps_ahead(clock: Clock, promise: Promise, office: WorkCalendar | None = None) -> list[tuple[int, str, datetime]]:
    """Return the steps of the ladder not taken yet, as (percent, who, when), the next first.

    With ``office``, steps that need not wake anybody wait for its next opening.
    """
    ladder: list[tuple[int, str]] = clock.ladder or DEFAULT_LADDER
    ahead = []
    for percent, who in sorted(ladder):
        if percent > clock.last_percent:
            moment = rules.step_at(promise, percent)
            if office is not None and not escalates_at_once(clock):
                moment = next_opening(moment, office)
            ahead.append((percent, who, moment))
    return sorted(ahead, key=lambda step: (step[2], step[0]))


def escalates_at_once(clock: Clock) -> bool:
    """Say whether a clock wakes people at night: emergencies and faults of levels 1 and 2."""
    return clock.is_urgent or clock.level in URGENT_LEVELS


def halt(clock: Clock) -> None:
    """Let a clock stand still: it has no due time until it goes on."""
    clock.state = S.PAUSED
    clock.due_at = None
    clock.next_check_at = None


def pause(clock: Clock, at: datetime) -> None:
    """Pause a running clock, unless it was missed before."""
    miss_if_past(clock, at)
    if clock.state == S.RUNNING:
        halt(clock)


def resume(clock: Clock, pauses: Iterable[Pause], calendars: Calendars, *, now: datetime) -> None:
    """Let a clock go on, with the time of its pauses added. A missed one stays missed."""
    clock.stopped_at, clock.stop_event, clock.late_minutes, clock.is_over = None, "", None, False
    set_due(clock, pauses, calendars)
    if clock.missed_at is not None:
        clock.state = S.MISSED
        set_next_check(clock, promise_of(clock, pauses, calendars))
    else:
        miss_if_past(clock, now)


def miss_if_past(clock: Clock, at: datetime, *, reclassified: bool = False) -> None:
    """Mark a running clock missed whose due time is over; a missed clock never becomes unmissed."""
    if clock.state == S.RUNNING and clock.due_at is not None and clock.due_at <= at:
        clock.state = S.MISSED
        clock.missed_at = clock.due_at
        clock.is_reclassified = reclassified


def stop(clock: Clock, event: Event, pauses: Iterable[Pause], calendars: Calendars) -> None:
    """End a clock by the event it waited for, at the time the event happened."""
    at = max(event.at, clock.started_at)
    closed = list(pauses)
    if clock.state == S.PAUSED:
        due_time = rules.due_at(promise_of(clock, _ended(closed, at), calendars))
    else:
        due_time = clock.due_at or at
    clock.due_at = due_time
    if at <= due_time:
        clock.state, clock.missed_at, clock.late_minutes = S.MET, None, None
    else:
        promise = promise_of(clock, closed, calendars)
        clock.state, clock.missed_at = S.MET_LATE, clock.missed_at or due_time
        clock.late_minutes = rules.late_minutes(promise, due_time, at)
    _end(clock, at, event.name)


def _ended(pauses: list[Pause], at: datetime) -> list[Pause]:
    """The pauses as if the one that goes on ended now."""
    return [
        pause if pause.ended_at is not None else Pause(began_at=pause.began_at, ended_at=max(at, pause.began_at))
        for pause in pauses
    ]


def cancel(clock: Clock, at: datetime, name: str) -> None:
    """End a clock that is waited for no longer; one missed by now stays missed."""
    miss_if_past(clock, at)
    if clock.state != S.MISSED:
        clock.state = S.CANCELLED
    _end(clock, at, name)


def _end(clock: Clock, at: datetime, name: str) -> None:
    clock.stopped_at = at
    clock.stop_event = name
    clock.is_over = True
    clock.next_check_at = None
