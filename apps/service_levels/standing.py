"""How promises stand now, in a few words and as a ruler: for lists, badges, cards and panels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from apps.calendars.loading import Calendars
from apps.core.registry import Badge
from apps.core.timewords import moment_in_words
from apps.core.worktime import WorkCalendar, working_time_between

from . import rules, timing
from .explanation import result_of
from .models import Clock, Pause
from .queries import DUE_SOON_PERCENT
from .rules import FULL, Unit

S = Clock.State
#: On every ruler the due mark stands at 80 % of its width; what is longer than the ruler is cut.
DUE_MARK = 0.8
LONGEST = 125
#: The nearest to breaking first, what stands still last.
BY_DUE = (F("due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Standing:
    """A promise as a line shows it: "13 min left", its colour and icon, when it is due, how much of it is used up."""

    clock: Clock
    words: str
    tone: str
    icon: str
    due: str
    percent: int | None = None

    @property
    def filled(self) -> str:
        """The ruler's filled part, as SVG takes it."""
        return f"{min(self.percent or 0, FULL) * DUE_MARK:.1f}%"

    @property
    def overrun(self) -> str:
        """What stands out over the due mark; "" for what is in time."""
        over = min(self.percent or 0, LONGEST) - FULL
        return f"{over * DUE_MARK:.1f}%" if over > 0 else ""


def stand(clock: Clock, now: datetime, *, percent: int | None = None) -> Standing:
    """Return how a clock stands; reads nothing."""
    words, tone = result_of(clock, now=now)
    icon = Clock.STATE_LOOK[S(clock.state)][1]
    if tone == "bad" and not clock.is_over:
        icon = "alert-triangle"
    elif clock.state == S.RUNNING and clock.last_percent >= DUE_SOON_PERCENT:
        tone = "warn"
        icon = "clock-exclamation"
    due = moment_in_words(clock.due_at, now) if clock.due_at else ""
    return Standing(clock, words, tone, icon, due, percent)


def measure(clocks: Sequence[Clock], now: datetime) -> dict[Any, Standing]:
    """Return {pk: standing with its ruler}; at most two queries however many clocks. Reads ``hours``, ``target``."""
    if not clocks:
        return {}
    hours = [clock.hours for clock in clocks if clock.hours is not None]
    calendars = Calendars.load(around=min(clock.started_at for clock in clocks), until=now).know(hours)
    halted = [clock for clock in clocks if clock.state == S.PAUSED]
    pauses: dict[Any, list[Pause]] = {}
    if halted:
        for pause in Pause.objects.filter(subject_id__in={clock.subject_id for clock in halted}):
            pauses.setdefault((pause.subject_type_id, pause.subject_id), []).append(pause)
    return {
        clock.pk: stand(clock, now, percent=_percent(clock, pauses.get(_key(clock), []), calendars, now))
        for clock in clocks
    }


def _key(clock: Clock) -> tuple[int, int]:
    return clock.subject_type_id, clock.subject_id


def _percent(clock: Clock, pauses: list[Pause], calendars: Calendars, now: datetime) -> int | None:
    """How much of its time a clock has used up; of one that stands still, until it was halted."""
    if clock.due_at is not None:
        at = clock.stopped_at or now
        calendar = timing.calendar_of(clock, calendars)
        if clock.unit == Unit.MINUTES:
            total = timedelta(minutes=clock.amount or 0) or rules.AT_ONCE
            return _share(total - _signed(at, clock.due_at, calendar), total)
        return _share(at - clock.started_at, clock.due_at - clock.started_at)
    counting = timing.counting(clock, pauses)
    open_ = next((pause for pause in counting if pause.ended_at is None), None)
    if open_ is None or clock.unit == Unit.WINDOW:
        return None
    promise = timing.promise_of(clock, counting, calendars)
    left = rules.left(promise, open_.began_at)
    spent = rules.used(promise, open_.began_at)
    return _share(spent, spent + left)


def _signed(at: datetime, due: datetime, calendar: WorkCalendar) -> timedelta:
    """Return what is left of the calendar's time until ``due``; negative after it."""
    return working_time_between(at, due, calendar) if at <= due else -working_time_between(due, at, calendar)


def _share(part: timedelta, whole: timedelta) -> int:
    return max(0, int(part / whole * FULL)) if whole else FULL


def nearest(model: type[Any], keys: Iterable[Any], user: Any) -> dict[Any, Clock]:
    """Return {key: the clock nearest to breaking} of many rows of a model, of those ``user`` may see; one query."""
    return _first_of_each(_of_rows(Clock.objects.visible_to(user), model, keys))


def watching(metric: str, rows: Sequence[Any], user: Any) -> dict[Any, Clock]:
    """Return {key: the clock going on that watches this duty of a row} of rows of one model, in one query.

    Only clocks ``user`` may see; a row without one is explained by its house rule (``calendars.due_days``).
    """
    if not rows:
        return {}
    clocks = _of_rows(Clock.objects.visible_to(user), type(rows[0]), [row.pk for row in rows])
    return _first_of_each(clocks.filter(metric=metric))


def _of_rows(clocks: Any, model: type[Any], keys: Iterable[Any]) -> QuerySet[Clock]:
    kind = ContentType.objects.get_for_model(model)
    rows: QuerySet[Clock] = clocks.going_on().filter(subject_type=kind, subject_id__in=list(keys))
    return rows.select_related("target", "hours").order_by(*BY_DUE)


def _first_of_each(clocks: Iterable[Clock]) -> dict[Any, Clock]:
    found: dict[Any, Clock] = {}
    for clock in clocks:
        found.setdefault(clock.subject_id, clock)
    return found


def badge_of(clock: Clock, now: datetime) -> Badge:
    """Return a promise as a badge that opens its explanation."""
    standing = stand(clock, now)
    words = {"metric": clock.get_metric_display(), "words": standing.words}
    note = _("Due %(time)s") % {"time": standing.due} if standing.due else ""
    return Badge(_("%(metric)s: %(words)s") % words, standing.tone, standing.icon, note, clock.get_absolute_url())


def subject_of(clock: Clock) -> Any:
    """Return an unsaved stand-in for the row a clock is about: enough for its address and its badges."""
    model = ContentType.objects.get_for_id(clock.subject_type_id).model_class()
    return model(pk=clock.subject_id) if model is not None else None


#: Views of the board in their order; each with tone and icon.
VIEW_LOOK = {
    "all": ("", ""),
    "overdue": ("bad", "alert-triangle"),
    "due_soon": ("warn", "clock-exclamation"),
    "running": ("info", "progress"),
    "paused": ("idle", "player-pause"),
}
