"""The sweep: marks what is missed and takes each step of a clock's ladder once (R-15)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import Role, User
from apps.calendars.loading import Calendars
from apps.core.events import declare_event, record, record_many
from apps.core.scoping import Audience
from apps.projects.models import ProjectPerson

from . import timing
from .models import Clock, EscalationStep, Pause, Sweep
from .rules import FULL

logger = logging.getLogger(__name__)

DUE_SOON = declare_event("service_levels.clock.due_soon", gettext_lazy("Promise due soon"), icon="clock", tone="warn")
OVERDUE = declare_event(
    "service_levels.clock.overdue", gettext_lazy("Promise missed"), icon="alert-triangle", tone="bad"
)
ESCALATED = declare_event(
    "service_levels.clock.escalated", gettext_lazy("Promise long overdue"), icon="alert-triangle", tone="bad"
)
DIGEST = declare_event(
    "service_levels.clock.digest", gettext_lazy("Promises missed meanwhile"), icon="alert-triangle", tone="bad"
)

SWEEP = "escalation"
#: After so long a silence people get one digest instead of a flood.
SILENCE = timedelta(days=1)
BATCH = 1000
#: When a clock that could not be reckoned is looked at again.
TRY_AGAIN = timedelta(hours=1)
ROLES = {"customer_service": Role.CUSTOMER_SERVICE, "manager": Role.MANAGER}
CHANGED = ("state", "missed_at", "last_percent", "next_check_at")


def sweep(*, now: datetime, batch: int = BATCH) -> int:
    """Take every step that is due and mark what is missed; return how many clocks were looked at.

    Only clocks whose next check is due are read. Two sweeps at once share the work; each step is taken once. After
    more than a day without a sweep the people concerned get one digest each.
    """
    is_quiet = _was_silent(now)
    seen = 0
    waiting: dict[Any, set[int]] = defaultdict(set)
    while True:
        with transaction.atomic():
            rows = Clock.objects.to_check(now).select_for_update(of=("self",), skip_locked=True)
            clocks = list(rows.select_related("target", "responsible").order_by("next_check_at", "pk")[:batch])
            if not clocks:
                break
            round_ = _Batch(clocks, now=now, is_quiet=is_quiet)
            round_.take()
        seen += len(clocks)
        for person, keys in round_.told_later.items():
            waiting[person] |= keys
    _send_digest(waiting, now=now)
    return seen


def _was_silent(now: datetime) -> bool:
    """Note this run, and say whether the one before is more than a day ago."""
    with transaction.atomic():
        run, created = Sweep.objects.select_for_update().get_or_create(name=SWEEP, defaults={"ran_at": now})
        silent = not created and now - run.ran_at > SILENCE
        run.ran_at = max(now, run.ran_at)
        run.save(update_fields=["ran_at"])
    return silent


class _Batch:
    """The clocks of one round of the sweep, with all that they need in a handful of queries."""

    def __init__(self, clocks: list[Clock], *, now: datetime, is_quiet: bool) -> None:
        self.clocks, self.now, self.is_quiet = clocks, now, is_quiet
        self.calendars = Calendars.load(around=min(*(clock.started_at for clock in clocks), now), until=now)
        self.pauses = _pauses_of(clocks)
        self.subjects = _subjects_of(clocks)
        self.people = _People(clocks)
        self.steps: list[EscalationStep] = []
        self.lines: list[tuple[Any, str, dict[str, Any], list[Any]]] = []
        self.told_later: dict[Any, set[int]] = defaultdict(set)

    def take(self) -> None:
        """Look at every clock and write what follows; one that cannot be reckoned leaves the others."""
        for clock in self.clocks:
            try:
                self._check(clock)
            except Exception:
                logger.exception("Clock %s could not be checked.", clock.pk)
                clock.next_check_at = self.now + TRY_AGAIN
        EscalationStep.objects.bulk_create(self.steps, ignore_conflicts=True)
        # The rows exist: their key is met, and what changed is set, in one statement and far faster than bulk_update.
        Clock.objects.bulk_create(self.clocks, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED)
        record_many(self.lines, actor=None, now=self.now, audience=Audience.STAFF)

    def _check(self, clock: Clock) -> None:
        counting = timing.counting(clock, self.pauses.get(_key(clock), ()))
        promise = timing.promise_of(clock, counting, self.calendars)
        timing.miss_if_past(clock, self.now)
        ahead = timing.steps_ahead(clock, promise, self.calendars.office)
        if due := [step for step in ahead if step[2] <= self.now]:
            self._take_steps(clock, due)
        timing.set_next_check(clock, promise, self.calendars.office)

    def _take_steps(self, clock: Clock, due: list[tuple[int, str, datetime]]) -> None:
        told: dict[int, Any] = {}
        for percent, who, _moment in due:
            self.steps.append(EscalationStep(clock=clock, percent=percent, who=who, taken_at=self.now))
            told |= {person.pk: person for person in self.people.of(who, clock)}
        clock.last_percent = max(percent for percent, _who, _moment in due)
        if self.is_quiet:
            for person in told.values():
                self.told_later[person].add(clock.pk)
        if (subject := self.subjects.get(_key(clock))) is not None:
            self.lines.append(_line(clock, subject, [] if self.is_quiet else list(told.values())))


def _key(row: Any) -> tuple[int, int]:
    return row.subject_type_id, row.subject_id


def _line(clock: Clock, subject: Any, people: list[Any]) -> tuple[Any, str, dict[str, Any], list[Any]]:
    percent = clock.last_percent
    name = DUE_SOON if percent < FULL else OVERDUE if percent == FULL else ESCALATED
    due = timezone.localtime(clock.due_at).strftime("%m-%d %H:%M") if clock.due_at else ""
    note = _("%(metric)s · due %(due)s · %(percent)s %%") % {
        "metric": clock.get_metric_display(),
        "due": due,
        "percent": percent,
    }
    urgent = timing.escalates_at_once(clock)
    data = {"note": note, "clock": clock.pk, "percent": percent, "urgent": urgent, "ladder": True}
    return subject, name, data, people


def _pauses_of(clocks: list[Clock]) -> dict[tuple[int, int], list[Pause]]:
    keys = {clock.subject_id for clock in clocks}
    found: dict[tuple[int, int], list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(subject_id__in=keys):
        found[_key(pause)].append(pause)
    return found


def _subjects_of(clocks: Iterable[Clock]) -> dict[tuple[int, int], Any]:
    """Load what the clocks are about, one query a kind of row."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for clock in clocks:
        wanted[clock.subject_type_id].add(clock.subject_id)
    found: dict[tuple[int, int], Any] = {}
    for type_id, keys in wanted.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        way = model.project_path.rpartition("__")[0]
        rows = model._base_manager.filter(pk__in=keys)
        for row in rows.select_related(way) if way else rows:
            found[type_id, row.pk] = row
    return found


class _People:
    """Who is told at a step, loaded in three queries for a whole batch."""

    def __init__(self, clocks: list[Clock]) -> None:
        self._by_role: dict[str, list[Any]] = {}
        for who, role in ROLES.items():
            self._by_role[who] = list(User.objects.with_role(role))
        self._managers: dict[int, list[Any]] = defaultdict(list)
        rows = ProjectPerson.objects.filter(
            project__in={clock.project_id for clock in clocks}, role=ProjectPerson.Role.MANAGER
        ).select_related("user")
        for row in rows:
            self._managers[row.project_id].append(row.user)

    def of(self, who: str, clock: Clock) -> list[Any]:
        """Return the people of a step; where nobody holds that place, customer service."""
        if who == "responsible":
            people = [clock.responsible] if clock.responsible else []
        elif who == "project_manager":
            people = self._managers[clock.project_id]
        else:
            people = self._by_role.get(who, [])
        return people or self._by_role["customer_service"]


def _send_digest(waiting: dict[Any, set[int]], *, now: datetime) -> None:
    """Tell each person once what was missed while nothing ran."""
    with transaction.atomic():
        for person, clocks in waiting.items():
            count = len(clocks)
            note = ngettext("%(n)s promise came due", "%(n)s promises came due", count) % {"n": count}
            data = {"note": note, "url": reverse("service_levels:board")}
            record(person, DIGEST, actor=None, now=now, audience=Audience.STAFF, data=data, tells=[person])
