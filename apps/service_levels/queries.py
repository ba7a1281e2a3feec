"""Narrowings of policies, targets, clocks and pauses."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, F, Q

from apps.core.scoping import Audience, ScopedQuerySet

#: From so many percent of its time on a promise is due soon: the first step of the default ladder (R-15).
DUE_SOON_PERCENT = 75


class _OfSubject(ScopedQuerySet):
    def about(self, subject: models.Model) -> Self:
        """Those about this row."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)


class PolicyQuerySet(ScopedQuerySet):
    def by_preset(self, key: str) -> Self:
        """The policies that are, or were copied from, a preset."""
        return self.filter(preset_key=key)

    def with_use(self) -> Self:
        """With ``promises``, how many the current version makes to owners, and ``served``, how many projects."""
        of_owner = Q(current__targets__audience=Audience.OWNER)
        return self.annotate(
            promises=Count("current__targets", filter=of_owner, distinct=True), served=Count("projects", distinct=True)
        )


class TargetQuerySet(ScopedQuerySet):
    def of_project(self, project_id: int | None) -> Self:
        """The targets by which a project is served now."""
        return self.filter(version__current_of__projects__project_id=project_id)

    def promises(self) -> Self:
        """What the owner is promised; house duties are left out."""
        return self.filter(audience=Audience.OWNER)


class ClockQuerySet(_OfSubject):
    def going_on(self) -> Self:
        """On the board: running, paused, or missed and still awaited."""
        return self.filter(is_over=False)

    def overdue(self, now: datetime) -> Self:
        """Going on after their due time."""
        return self.going_on().filter(due_at__lt=now)

    def due_soon(self, now: datetime) -> Self:
        """Not overdue, and of which the sweep has told that most of the time is used up."""
        return self.going_on().filter(due_at__gte=now, last_percent__gte=DUE_SOON_PERCENT)

    def in_time(self, now: datetime) -> Self:
        """Running with time to spare."""
        return self.going_on().filter(due_at__gte=now, last_percent__lt=DUE_SOON_PERCENT)

    def halted(self) -> Self:
        """Standing still: there is no due time."""
        return self.going_on().filter(due_at__isnull=True)

    def tally(self, now: datetime, *, at_most: int) -> dict[str, int]:
        """Return how many go on, are overdue, due soon, in time, halted, of the nearest ``at_most``; one query."""
        soon = Q(due_at__gte=now, last_percent__gte=DUE_SOON_PERCENT)
        nearest = self.going_on().order_by(F("due_at").asc(nulls_last=True))[:at_most]
        counted: dict[str, int] = nearest.aggregate(
            all=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            due_soon=Count("pk", filter=soon),
            running=Count("pk", filter=Q(due_at__gte=now) & ~soon),
            paused=Count("pk", filter=Q(due_at__isnull=True)),
        )
        return counted

    def to_check(self, now: datetime) -> Self:
        """At which the sweep must look now."""
        return self.filter(next_check_at__isnull=False, next_check_at__lte=now)

    def settled(self) -> Self:
        """Met, met late or missed for good: what attainment counts, without those only reclassification missed."""
        state: Any = self.model.State
        done = self.filter(is_over=True, is_reclassified=False)
        return done.filter(state__in=[state.MET, state.MET_LATE, state.MISSED])


class PauseQuerySet(_OfSubject):
    def about_clock(self, clock: Any) -> Self:
        """Those of the row a clock is about."""
        return self.filter(subject_type=clock.subject_type_id, subject_id=clock.subject_id)

    def open(self) -> Self:
        """Those that go on."""
        return self.filter(ended_at__isnull=True)
