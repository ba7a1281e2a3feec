"""Why a promise is due when it is: what started it, what was counted, skipped and paused, with what result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.calendars.loading import Calendars
from apps.core.events import kind_of
from apps.core.scoping import Audience
from apps.core.timewords import left_in_words, minutes_in_words

from . import rules, timing
from .models import Clock, Pause, Target
from .rules import Stretch, Unit
from .wording import amount_in_words

S = Clock.State
WHO = {
    "responsible": gettext_lazy("Person responsible"),
    "customer_service": gettext_lazy("Customer service"),
    "project_manager": gettext_lazy("Project manager"),
    "manager": gettext_lazy("Manager"),
}


@dataclass(frozen=True)
class Line:
    """One line of the way: a stretch of time, or a moment (``begins`` is ``ends``); ``is_ahead`` is still to come.

    ``kind`` is start, first_day, counted, closed, off, paused, now, due or end.
    """

    kind: str
    begins: datetime
    ends: datetime
    words: str
    note: str = ""
    is_ahead: bool = False

    @property
    def is_moment(self) -> bool:
        return self.begins == self.ends


@dataclass(frozen=True)
class Sums:
    """Target, used and left in one unit; they add up. ``is_over``: more was used than promised."""

    target: str
    used: str
    left: str
    is_over: bool = False


@dataclass(frozen=True)
class Rung:
    """One step of the escalation ladder: taken, or to be taken if nothing happens."""

    percent: int
    who: str | LazyText
    at: datetime
    is_taken: bool


@dataclass(frozen=True)
class Explanation:
    """Everything a reader needs to check a due time by hand."""

    clock: Clock
    started: str | LazyText
    amount: str
    calendar: str
    result: str
    tone: str
    lines: list[Line]
    counted: str
    skipped: list[str]
    pauses: list[Pause]
    sums: Sums | None = None
    provisional: str = ""
    ladder: list[Rung] = field(default_factory=list)

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due_at


def explain(clock: Clock, *, now: datetime, with_ladder: bool = False) -> Explanation:
    """Explain one clock as it stands at ``now``; reads calendars and pauses, changes nothing."""
    calendars = Calendars.load(around=min(clock.started_at, now), until=clock.due_at or now)
    pauses = list(Pause.objects.about_clock(clock).select_related("began_by"))
    found = explained(clock, pauses, calendars, now=now)
    if not with_ladder:
        return found
    promise = timing.promise_of(clock, timing.counting(clock, pauses), calendars)
    return replace(found, ladder=list(_ladder(clock, promise, calendars)))


def promises_of(subject: Any, *, now: datetime, named: bool = True) -> list[Explanation]:
    """Explain what the owner was promised about a row, in the order it falls due; house duties are left out.

    Without ``named`` a pause says its reason alone: for pages that anybody may read who holds the link.
    """
    rows = Clock.objects.about(subject).filter(audience=Audience.OWNER).select_related("hours", "target")
    clocks = in_order(rows)
    if not clocks:
        return []
    pauses = list(Pause.objects.about(subject).select_related("began_by"))
    if not named:
        for pause in pauses:
            pause.began_by, pause.note = None, ""
    first = min(clock.started_at for clock in clocks)
    last = max(clock.due_at or now for clock in clocks)
    calendars = Calendars.load(around=first, until=last)
    return [explained(clock, pauses, calendars, now=now) for clock in clocks]


def in_order(clocks: Iterable[Clock]) -> list[Clock]:
    """Return clocks about one row in the order in which promises fall due, round by round."""
    order = {metric: n for n, metric in enumerate(Target.Metric.values)}
    return sorted(clocks, key=lambda clock: (clock.round, order.get(clock.metric, 0), clock.pk or 0))


def explained(clock: Clock, pauses: Iterable[Pause], calendars: Calendars, *, now: datetime) -> Explanation:
    """Explain a clock from pauses and calendars that are loaded; ``clock.hours`` and ``clock.target`` are read."""
    counting = timing.counting(clock, pauses)
    open_ = next((pause for pause in counting if pause.ended_at is None), None) if not clock.is_over else None
    promise = timing.promise_of(clock, counting, calendars)
    cut = clock.stopped_at or (open_.began_at if open_ and clock.state == S.PAUSED else now)
    until = clock.due_at or cut
    stretches = [] if clock.unit == Unit.WINDOW else rules.way(promise, min(until, cut) if clock.is_over else until)
    result, tone = result_of(clock, open_, now=now)
    return Explanation(
        clock=clock,
        started=kind_of(clock.start_event).title,
        amount=amount_in_words(clock.amount, clock.unit),
        calendar=calendar_in_words(clock),
        result=result,
        tone=tone,
        lines=list(_lines(clock, stretches, counting, calendars, cut=cut, now=now)),
        counted=_counted(stretches, clock),
        skipped=_skipped(stretches, calendars),
        pauses=[pause for pause in counting if pause.began_at <= cut and (pause.ended_at or now) > clock.started_at],
        sums=_sums(clock, promise, stretches, cut),
        provisional=_provisional(clock) if clock.is_provisional and not clock.is_over else "",
    )


def calendar_in_words(clock: Clock) -> str:
    """Return the calendar a clock counts in, in words."""
    if clock.unit == Unit.WORKING_DAYS:
        return _("National working days; the day it starts is not counted, due at the end of the last day")
    if clock.unit in {Unit.DAYS, Unit.MONTHS}:
        return _("Calendar days; the day it starts is not counted, due at the end of the last day")
    if clock.unit == Unit.WINDOW:
        return _("The days planned for it")
    return str(clock.hours) if clock.hours_id else _("Round the clock (7×24)")


def result_of(clock: Clock, pause: Pause | None = None, *, now: datetime) -> tuple[str, str]:
    """Return how a clock stands in words, and the tone; ``pause`` is the one that goes on."""
    state = S(clock.state)
    tone = Clock.STATE_LOOK[state][0]
    if not clock.is_over and clock.due_at is not None and state != S.PAUSED:
        return left_in_words(clock.due_at - now), "bad" if clock.is_late(now) else tone
    match state:
        case S.MET:
            words = _("Kept")
        case S.MET_LATE:
            words = _("Kept %(time)s late") % {"time": minutes_in_words(clock.late_minutes or 0)}
        case S.CANCELLED:
            words = _("No longer awaited")
        case S.PAUSED:
            words = _("Paused: %(reason)s") % {"reason": pause.get_reason_display()} if pause else _("Paused")
        case S.MISSED:
            words = _("Missed")
        case _:
            words = str(state.label)
    return words, tone


def _provisional(clock: Clock) -> str:
    year = clock.due_at.year if clock.due_at else ""
    return _("Provisional: the holidays of %(year)s are not published yet. The time is set anew when they are.") % {
        "year": year
    }


def _lines(
    clock: Clock,
    stretches: list[Stretch],
    pauses: list[Pause],
    calendars: Calendars,
    *,
    cut: datetime,
    now: datetime,
) -> Iterator[Line]:
    started = _("Started: %(event)s") % {"event": kind_of(clock.start_event).title}
    yield Line("start", clock.started_at, clock.started_at, started, calendar_in_words(clock))
    for stretch, is_ahead in _split(stretches, clock, cut):
        words, note = _words(stretch, clock, pauses, calendars, is_ahead=is_ahead)
        kind = "first_day" if stretch.kind == "start" else stretch.kind
        yield Line(kind, stretch.begins, stretch.ends, words, note, is_ahead)
    if clock.state == S.PAUSED:
        open_ = next((pause for pause in pauses if pause.ended_at is None), None)
        yield Line("paused", cut, now, _("Paused since"), _reason(open_) if open_ else "")
    yield from sorted(_marks(clock, now), key=lambda line: line.ends)


def _marks(clock: Clock, now: datetime) -> Iterator[Line]:
    """The due time and the end, or the present moment of what is late."""
    if clock.due_at is not None:
        yield Line("due", clock.due_at, clock.due_at, _("Due"), is_ahead=clock.due_at > (clock.stopped_at or now))
    if clock.stopped_at is not None:
        result, _tone = result_of(clock, now=now)
        title = kind_of(clock.stop_event).title if clock.state != S.CANCELLED else result
        yield Line("end", clock.stopped_at, clock.stopped_at, str(title), result if title != result else "")
    elif clock.is_late(now) and clock.due_at is not None:
        yield Line("now", now, now, left_in_words(clock.due_at - now))


def _split(stretches: list[Stretch], clock: Clock, cut: datetime) -> Iterator[tuple[Stretch, bool]]:
    """Part what lies behind from what lies ahead; a day is not parted."""
    for stretch in stretches:
        if stretch.begins >= cut:
            yield stretch, True
        elif stretch.ends <= cut or clock.unit != Unit.MINUTES:
            yield stretch, False
        else:
            here = cut.astimezone(stretch.begins.tzinfo)
            yield replace(stretch, ends=here), False
            yield replace(stretch, begins=here), True


def _words(
    stretch: Stretch, clock: Clock, pauses: list[Pause], calendars: Calendars, *, is_ahead: bool
) -> tuple[str, str]:
    day = stretch.begins.date()
    span = {"time": minutes_in_words(_minutes(stretch, up=is_ahead))}
    match stretch.kind:
        case "counted" if clock.unit == Unit.MINUTES:
            return (_("To be counted: %(time)s") if is_ahead else _("Counted: %(time)s")) % span, calendars.day_name(
                day
            )
        case "counted":
            names = _names(stretch, calendars)
            words = ngettext("%(n)s day counted", "%(n)s days counted", stretch.days) % {"n": stretch.days}
            return words, names if clock.unit == Unit.WORKING_DAYS else ""
        case "off":
            words = ngettext("Skipped: %(n)s day off", "Skipped: %(n)s days off", stretch.days) % {"n": stretch.days}
            return words, _names(stretch, calendars) or _("Weekend")
        case "start":
            return _("The day of the start is not counted"), ""
        case "paused":
            matching = [one for one in pauses if one.began_at <= stretch.begins]
            return _("Paused: %(time)s") % span, _reason(matching[-1]) if matching else ""
        case _:
            return _("Skipped: %(time)s outside service hours") % span, ""


def _minutes(stretch: Stretch, *, up: bool = False) -> int:
    """The whole minutes of a stretch; of what is ahead rounded up, so that they add up with those behind."""
    seconds = (stretch.ends - stretch.begins).total_seconds()
    return int(-(-seconds // 60) if up else seconds // 60)


def _reason(pause: Pause) -> str:
    """Who let it stand still, and why."""
    why = f"{pause.get_reason_display()} · {pause.note}" if pause.note else str(pause.get_reason_display())
    return f"{pause.began_by} · {why}" if pause.began_by_id else why


def _names(stretch: Stretch, calendars: Calendars) -> str:
    """The names of the special days in a stretch, each once."""
    found: dict[str, None] = {}
    for shift in range(stretch.days):
        name = calendars.day_name(stretch.begins.date() + timedelta(days=shift))
        if name:
            found[name] = None
    return _(", ").join(found)


def _sums(clock: Clock, promise: rules.Promise, stretches: list[Stretch], at: datetime) -> Sums | None:
    if clock.unit == Unit.WINDOW or clock.state == S.CANCELLED:
        return None
    if clock.unit == Unit.MINUTES:
        used = int(rules.used(promise, at).total_seconds() // 60)
        left = promise.amount - used
        target = amount_in_words(clock.amount, clock.unit)
        return Sums(target, minutes_in_words(used), minutes_in_words(abs(left)), left < 0)
    counted = [stretch for stretch in stretches if stretch.kind == "counted"]
    total = clock.amount or 0
    if clock.unit == Unit.MONTHS:
        total = sum(stretch.days for stretch in counted)
    over = sum(_days_until(stretch, at) for stretch in counted)
    return Sums(amount_in_words(clock.amount, clock.unit), _in_days(over), _in_days(max(0, total - over)))


def _days_until(stretch: Stretch, at: datetime) -> int:
    """How many days of a stretch are over."""
    if stretch.ends <= at:
        return stretch.days
    return max(0, (at.astimezone(stretch.begins.tzinfo).date() - stretch.begins.date()).days)


def _in_days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _counted(stretches: list[Stretch], clock: Clock) -> str:
    counted = [stretch for stretch in stretches if stretch.kind == "counted"]
    if clock.unit == Unit.MINUTES:
        return minutes_in_words(sum(_minutes(stretch) for stretch in counted))
    return _in_days(sum(stretch.days for stretch in counted))


def _skipped(stretches: list[Stretch], calendars: Calendars) -> list[str]:
    """What was left out, in short: nights, days off, pauses."""
    nights = sum(stretch.kind == "closed" for stretch in stretches)
    off = sum(stretch.days for stretch in stretches if stretch.kind == "off")
    holidays = _(", ").join(
        dict.fromkeys(name for stretch in stretches if stretch.kind == "off" and (name := _names(stretch, calendars)))
    )
    paused = sum(_minutes(stretch) for stretch in stretches if stretch.kind == "paused")
    words = []
    if nights:
        words.append(ngettext("%(n)s break or night", "%(n)s breaks and nights", nights) % {"n": nights})
    if off:
        text = ngettext("%(n)s day off", "%(n)s days off", off) % {"n": off}
        words.append(_("%(days)s (%(names)s)") % {"days": text, "names": holidays} if holidays else text)
    if paused:
        words.append(_("paused for %(time)s") % {"time": minutes_in_words(paused)})
    return words


def _ladder(clock: Clock, promise: rules.Promise, calendars: Calendars) -> Iterator[Rung]:
    for step in clock.steps.all():
        yield Rung(step.percent, WHO.get(step.who, step.who), step.taken_at, True)
    if clock.state in {S.RUNNING, S.MISSED} and not clock.is_over:
        for percent, who, at in timing.steps_ahead(clock, promise, calendars.office):
            yield Rung(percent, WHO.get(who, who), at, False)
