"""Learn from materials in their order; what was seen of a video is what the server counted (T-03)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.lifecycle import lock

from .models import Course, Material, Progress
from .rules import add_seen, is_seen, length

#: A player reports every eight seconds: what lies longer back without a word was not played.
SILENCE = timedelta(seconds=90)
#: A report names a few intervals; more than that is no player of ours.
MAX_INTERVALS = 50


@dataclass(frozen=True)
class Step:
    """A material as it stands for a person: done, open, or waiting for the one before it."""

    material: Material
    progress: Progress | None
    is_open: bool

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.done_at is not None

    @property
    def percent(self) -> int:
        if self.is_done:
            return 100
        if self.progress is None or not self.material.seconds:
            return 0
        return min(99, self.progress.seconds_seen * 100 // self.material.seconds)


def steps_of(course: Course, user: Any) -> list[Step]:
    """Return a course's materials in order, as they stand for a person."""
    known = {row.material_id: row for row in Progress.objects.filter(user=user, material__course=course)}
    steps: list[Step] = []
    for material in course.materials.select_related("stored").order_by("position", "pk"):
        before_done = not steps or steps[-1].is_done
        steps.append(Step(material, known.get(material.pk), before_done or material.pk in known))
    return steps


def is_learnt(course: Course, user: Any) -> bool:
    """Say whether a person is through with every material."""
    total = course.materials.count()
    return Progress.objects.done().filter(user=user, material__course=course).count() >= total


def _open_step(material: Material, user: Any) -> Step:
    step = next(step for step in steps_of(material.course, user) if step.material.pk == material.pk)
    if not step.is_open:
        raise DomainError(_("First finish the material before this one."))
    return step


def _progress_of(material: Material, user: Any, now: datetime) -> Progress:
    _open_step(material, user)
    row, _made = Progress.objects.get_or_create(user=user, material=material, defaults={"reported_at": now})
    return lock(row)


def report_seen(
    *, material: Material, intervals: Iterable[Sequence[float]], position: float, actor: Any, now: datetime
) -> Progress:
    """Add what a player says was seen; no more counts than time has gone by since a player's last report.

    The first report starts the clock, and a person has one clock, however many tabs, devices and videos play at once.
    Called every few seconds, so it writes no event.
    """
    if material.kind != Material.Kind.VIDEO or not material.seconds:
        raise DomainError(_("Only videos are counted in seconds."))
    with transaction.atomic():
        clock = _clock_of(actor, now)
        row = _progress_of(material, actor, now)
        elapsed = (now - max(clock, row.reported_at)).total_seconds()
        before = length(row.seen)
        claimed = list(intervals)[:MAX_INTERVALS]
        if claimed:
            row.seen = add_seen(row.seen, claimed, elapsed=elapsed, whole=material.seconds)
        row.seconds_seen = int(length(row.seen))
        row.position = int(max(0, min(position, material.seconds)))
        # What was ahead of time is taken from the next report: no number of reports makes a video play faster.
        row.reported_at = now + timedelta(seconds=max(0.0, length(row.seen) - before - elapsed))
        if row.done_at is None and is_seen(row.seen, material.seconds):
            row.done_at = now
        row.save()
    return row


def _clock_of(user: Any, now: datetime) -> datetime:
    """Return until when a person's playing is counted, with every video of theirs locked."""
    videos = Progress.objects.filter(user=user, material__kind=Material.Kind.VIDEO)
    clocks = videos.select_for_update(of=("self",)).order_by("pk").values_list("reported_at", flat=True)
    return max([now - SILENCE, *clocks])


def finish_material(*, material: Material, actor: Any, now: datetime) -> Progress:
    """Note that a person has read or looked at a material; a video is done by being seen alone."""
    with transaction.atomic():
        row = _progress_of(material, actor, now)
        if material.kind == Material.Kind.VIDEO:
            raise DomainError(_("A video is done when nine tenths of it have been seen."))
        if row.done_at is None:
            row.done_at = row.reported_at = now
            row.save()
    return row


def learners_of(course: Course) -> list[dict[str, Any]]:
    """Return how far everybody is who began to learn a course: name, materials done, of how many."""
    total = course.materials.count()
    found: dict[int, dict[str, Any]] = {}
    rows = Progress.objects.filter(material__course=course).select_related("user").order_by("user__name", "pk")
    for row in rows:
        line = found.setdefault(row.user_id, {"user": row.user, "done": 0, "total": total, "last": row.reported_at})
        line["done"] += row.done_at is not None
        line["last"] = max(line["last"], row.reported_at)
    return list(found.values())
