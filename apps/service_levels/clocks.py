"""The engine: events start, stop, pause, resume, re-target and cancel clocks. Nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType

from apps.calendars.loading import Calendars
from apps.core.events import Told, declared_events
from apps.core.models import Event
from apps.core.scoping import stricter

from . import recomputing, timing
from .models import Clock, Pause, Target
from .rules import Unit
from .sources import Facts, Source, source_of

OWN_EVENTS = "service_levels."
S = Clock.State
M = Target.Metric

#: What begins anew when a matter is opened again; what came before (acknowledging, guiding) was done.
REPAIR_SIDE = frozenset(
    {
        M.ARRANGE,
        M.RECEIVE,
        M.CHECK,
        M.ARRIVE,
        M.LOCATE,
        M.SOLUTION,
        M.RESTORE,
        M.REPAIR,
        M.REPLACE,
        M.REMOTE_FIX,
        M.FOLLOW_UP,
    }
)
#: Why a clock was cancelled, where no event of the matter did it.
RECLASSIFIED = "service_levels.reclassified"


def follow(told: Told) -> None:
    """Let events act on clocks; called for every event, inside the transaction that wrote it."""
    for event, _people in told:
        if event.name.startswith(OWN_EVENTS):
            continue
        if event.name in recomputing.CALENDAR_EVENTS:
            recomputing.ask(event)
            continue
        source = source_of(event.subject)
        facts = source.facts(event.subject, event) if source else None
        if source and facts:
            _Step(source, facts, event).take()


def clocks_started_by(subject: Any, event: Event) -> list[Clock]:
    """Return, unsaved, the clocks that an event would start about a row that it makes."""
    source = source_of(subject)
    facts = source.facts(subject, event) if source else None
    return _Step(source, facts, event).started() if source and facts else []


@dataclass
class _Step:
    """One event acting on the clocks of the matter it concerns."""

    source: Source
    facts: Facts
    event: Event

    def take(self) -> None:
        name = self.event.name
        self._withdraw(self.source.withdraws.get(name, frozenset()))
        self._stop()
        if name in self.source.ends:
            self._cancel(but=self.source.ends[name])
        if name in self.source.reopens:
            self._cancel(but=frozenset())
        if name in self.source.reclassifies:
            self._reclassify()
        if name in self.source.redates:
            self._redate()
        if pause := self.source.pause(self.event):
            self._pause(*pause)
        elif name in self.source.resumes or name in self.source.ends or name in self.source.reopens:
            self._resume()
        self._start()
        self._hand_to_responsible()

    # What is there

    @cached_property
    def calendars(self) -> Calendars:
        calendars = Calendars.load(around=self.event.at)
        return (
            calendars.know(target.hours for target in self.targets if target.hours) if self.facts.is_new else calendars
        )

    @cached_property
    def going_on(self) -> list[Clock]:
        if self.facts.is_new:
            return []
        rows = Clock.objects.about(self.facts.subject).going_on().select_for_update(of=("self",))
        return list(rows.select_related("target").order_by("pk"))

    @cached_property
    def targets(self) -> list[Target]:
        """The targets that count for the matter now."""
        return [
            target
            for target in Target.objects.of_project(self.facts.project_id).select_related("hours")
            if self._concerns(target)
        ]

    @cached_property
    def pauses(self) -> list[Pause]:
        return [] if self.facts.is_new else list(Pause.objects.about(self.facts.subject))

    def _concerns(self, target: Target) -> bool:
        facts = self.facts
        return (
            (not target.kinds or facts.kind in target.kinds)
            and (not target.levels or facts.level in target.levels)
            and (not target.complexity or (target.complexity == Target.Complexity.COMPLEX) == facts.is_complex)
        )

    # What it does

    def _start(self) -> None:
        self._begin(self._starting(), self._starts_at, self.event.name)

    def started(self) -> list[Clock]:
        """The clocks that begin, unsaved."""
        found = [self._clock(target, self._starts_at, self.event.name) for target in self._starting()]
        return [clock for clock in found if clock is not None]

    @property
    def _starts_at(self) -> datetime:
        return self.facts.started_at or self.event.at

    def _starting(self) -> list[Target]:
        """The targets that the event starts."""
        name = self.event.name
        opening = self.source.reopens.get(name)
        return [
            target
            for target in self.targets
            if name in target.start_events or (opening in target.start_events and target.metric in REPAIR_SIDE)
        ]

    def _begin(self, targets: Iterable[Target], at: datetime, name: str) -> list[Clock]:
        clocks = [clock for target in targets if (clock := self._clock(target, at, name)) is not None]
        return Clock.objects.bulk_create(clocks, ignore_conflicts=True) if clocks else []

    def _clock(self, target: Target, at: datetime, name: str) -> Clock | None:
        """A clock of a target; None where the contract sets the time and nobody has set it yet."""
        facts = self.facts
        if target.amount is None and not (target.unit == Unit.WINDOW and facts.window_ends_at):
            return None
        if declared_events().keys().isdisjoint(target.stop_events):
            return None  # nothing could ever end it: it waits, like a target that nothing starts
        clock = Clock(
            project_id=facts.project_id,
            subject_type=ContentType.objects.get_for_model(facts.subject),
            subject_id=facts.subject.pk,
            number=facts.number,
            title=facts.title[:160],
            round=facts.round,
            start_event=name,
            started_at=at,
            responsible_id=facts.responsible_id,
        )
        self._aim(clock, target)
        timing.set_due(clock, self._counting(clock), self.calendars, window_ends_at=facts.window_ends_at)
        if any(pause.ended_at is None for pause in self._counting(clock)):
            timing.halt(clock)
        return clock

    def _aim(self, clock: Clock, target: Target) -> None:
        """Copy a target into a clock."""
        clock.target = target
        clock.metric, clock.amount, clock.unit = target.metric, target.amount, target.unit
        clock.hours_id, clock.ladder = target.hours_id, target.ladder
        clock.audience = stricter(target.audience, self.facts.audience)
        self._classify(clock)

    def _classify(self, clock: Clock) -> None:
        clock.kind, clock.level, clock.is_urgent = self.facts.kind, self.facts.level, self.facts.is_urgent

    def _counting(self, clock: Clock) -> list[Pause]:
        return timing.counting(clock, self.pauses)

    def _stop(self) -> None:
        for clock in self.going_on:
            if self.event.name in clock.target.stop_events:
                timing.stop(clock, self.event, self._counting(clock), self.calendars)
                clock.save()
        self._forget_over()

    def _cancel(self, *, but: frozenset[str]) -> None:
        for clock in self.going_on:
            if clock.metric not in but:
                timing.cancel(clock, self.event.at, self.event.name)
                clock.save()
        self._forget_over()

    def _forget_over(self) -> None:
        self.going_on = [clock for clock in self.going_on if not clock.is_over]

    def _withdraw(self, names: frozenset[str]) -> None:
        """What was reported done was not: the clocks it stopped go on, to their old due times."""
        if not names:
            return
        rows = Clock.objects.about(self.facts.subject).filter(stop_event__in=names, round=self.facts.round)
        for clock in rows.exclude(state=S.CANCELLED).select_for_update(of=("self",)).select_related("target"):
            timing.resume(clock, self._counting(clock), self.calendars, now=self.event.at)
            clock.save()
            self.going_on.append(clock)

    def _pause(self, reason: str, note: str) -> None:
        if any(pause.ended_at is None for pause in self.pauses):
            return
        pause = Pause.objects.create(
            project_id=self.facts.project_id,
            subject=self.facts.subject,
            reason=reason,
            note=note[:300],
            began_at=self.event.at,
            began_by=self.event.actor,
        )
        self.pauses.append(pause)
        for clock in self.going_on:
            if clock.state == S.RUNNING and timing.counting(clock, [pause]):
                timing.pause(clock, self.event.at)
                clock.save()

    def _resume(self) -> None:
        open_ = [pause for pause in self.pauses if pause.ended_at is None]
        for pause in open_:
            pause.ended_at = max(self.event.at, pause.began_at)
            pause.ended_by = self.event.actor
            pause.save(update_fields=["ended_at", "ended_by"])
        for clock in self.going_on if open_ else ():
            if clock.state == S.PAUSED:
                timing.resume(clock, self._counting(clock), self.calendars, now=self.event.at)
                clock.save()

    def _reclassify(self) -> None:
        """Another kind, level or complexity: every running clock takes its new target, from the original start.

        A clock of a metric that the new class does not promise is cancelled; one that it promises and that has not run
        begins where the round began. What is missed stays missed.
        """
        known = list(Clock.objects.about(self.facts.subject).filter(round=self.facts.round).select_related("target"))
        versions = {clock.target.version_id for clock in known}
        rows = (
            Target.objects.filter(version__in=versions)
            if versions
            else Target.objects.of_project(self.facts.project_id)
        )
        wanted = {target.metric: target for target in rows.order_by("position", "pk") if self._concerns(target)}
        for clock in self.going_on:
            self._classify(clock)
            target = wanted.get(clock.metric)
            if clock.state == S.MISSED or target == clock.target:
                clock.save()
            elif target is None or (target.amount is None and target.unit != Unit.WINDOW):
                timing.cancel(clock, self.event.at, RECLASSIFIED)
                clock.save()
            else:
                self._aim(clock, target)
                self._set_again(clock)
        self._begin_late(wanted, known)
        self._forget_over()

    def _redate(self) -> None:
        """What the clocks count from was entered wrongly; so a miss that followed from it was none."""
        for clock in self.going_on:
            clock.started_at, clock.missed_at = self._starts_at, None
            self._set_again(clock)

    def _set_again(self, clock: Clock) -> None:
        counting = self._counting(clock)
        timing.set_due(clock, counting, self.calendars, window_ends_at=self.facts.window_ends_at)
        if any(pause.ended_at is None for pause in counting):
            timing.halt(clock)
        else:
            timing.miss_if_past(clock, self.event.at, reclassified=True)
        clock.save()

    def _begin_late(self, wanted: dict[str, Target], known: list[Clock]) -> None:
        opening, began_at = self.source.opening, self.facts.round_began_at
        if not opening or began_at is None:
            return
        by_metric = {clock.metric: clock for clock in known}
        missing = [target for target in wanted.values() if opening in target.start_events]
        if self.facts.round > 1:
            missing = [target for target in missing if target.metric in REPAIR_SIDE]
        happened: set[str] | None = None
        for target in missing:
            old = by_metric.get(target.metric)
            if old is not None and old.stop_event != RECLASSIFIED:
                continue
            happened = self.source.happened(self.facts) if happened is None else happened
            clock = self._clock(target, began_at, opening)
            if clock is None or happened.intersection(target.stop_events):
                continue
            if old is not None:
                clock.pk, clock._state.adding = old.pk, False
            if clock.state != S.PAUSED:
                timing.miss_if_past(clock, self.event.at, reclassified=True)
            clock.save()

    def _hand_to_responsible(self) -> None:
        others = [clock for clock in self.going_on if clock.responsible_id != self.facts.responsible_id]
        if others:
            keys = [clock.pk for clock in others]
            Clock.objects.filter(pk__in=keys).update(responsible_id=self.facts.responsible_id)
