"""Plans and visits as querysets."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Count, Exists, F, OuterRef, Q

from apps.core.scoping import ScopedQuerySet
from apps.projects.models import ProjectPerson

VISIT_ENDED = ["reported", "approved", "skipped"]
VISIT_NOT_DONE = ["planned", "assigned", "under_way"]


class PlanQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        """Plans that make visits: not ended, of a project that is not closed."""
        return self.filter(is_active=True, months__gte=1).exclude(project__status="closed")

    def counting_made(self, until: date) -> Self:
        """Count as ``made`` the visits of each plan's present count, from its first day to ``until``."""
        within = Q(visits__series=F("series"), visits__planned_on__gte=F("starts_on"), visits__planned_on__lte=until)
        within &= Q(continues_on=None) | Q(visits__planned_on__gte=F("continues_on"))
        within &= Q(ends_on=None) | Q(visits__planned_on__lte=F("ends_on"))
        return self.annotate(made=Count("visits", filter=within))


class VisitQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.exclude(status__in=VISIT_ENDED)

    def overdue(self, today: date) -> Self:
        """Not done though its window is over; a fact, not a state."""
        return self.filter(status__in=VISIT_NOT_DONE, window_ends_on__lt=today)

    def of_engineer(self, user: Any) -> Self:
        return self.filter(assigned_to=user)

    def upcoming(self, today: date) -> Self:
        """Still to be done, from today on."""
        return self.filter(status__in=["planned", "assigned"], scheduled_on__gte=today)

    def coming(self, today: date) -> Self:
        """What an owner looks out for: from today on, and what is under way or waits for a signature."""
        return self.open().filter(Q(scheduled_on__gte=today) | Q(status__in=["under_way", "done"]))

    def to_approve(self) -> Self:
        return self.filter(status="reported")

    def to_end_under(self, user: Any) -> Self:
        """Visits of the projects this person manages that wait for the owner's signature or for their approval."""
        managed = ProjectPerson.objects.filter(user=user, role="manager").values("project")
        return self.filter(status__in=["done", "reported"], project__in=managed)

    def noting_manager(self, user: Any) -> Self:
        """Note on each row whether ``user`` manages its project, with the same query."""
        managing = ProjectPerson.objects.filter(project=OuterRef("project"), user=user, role="manager")
        return self.annotate(viewer_manages=Exists(managing))


class ChecklistQuerySet(ScopedQuerySet):
    def counted(self) -> Self:
        """Count the points, those with a reading, and the plans that use the list."""
        reading = ~Q(items__unit="") | Q(items__lower__isnull=False) | Q(items__upper__isnull=False)
        return self.annotate(
            points=Count("items", distinct=True),
            readings=Count("items", filter=reading, distinct=True),
            in_use=Count("plans", filter=Q(plans__is_active=True), distinct=True),
        )
