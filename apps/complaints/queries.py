"""Complaints, what their files hold, follow-ups, as querysets. Here is the rule of who sees a complaint."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import (
    BigIntegerField,
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core.scoping import ScopedQuerySet

from .rules import AT_ONCE

#: Customer service works on a complaint until somebody investigates it.
AT_THE_DESK = ["received", "acknowledged"]
OVER = ["closed", "withdrawn"]
#: What stands in an address for a word that is not there.
NONE = "-"
#: How long it took from receipt to settlement.
TOOK = ExpressionWrapper(F("settled_at") - F("opened_at"), output_field=DurationField())
#: What is said of how complaints went.
WAYS = {
    "open": ~Q(status__in=OVER),
    "settled": Q(settled_at__isnull=False),
    "at_once": Q(took__lte=AT_ONCE),
    "again": Q(round__gt=1),
    "up": Q(instance__gt=1),
}


class ComplaintQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Narrow to the files that a person may see (model, "complaints file").

        Quality and manager see all, an investigator their own, customer service those that are not handed over yet,
        the administrator those that they have to decide one step up, because no manager may, and what they decided;
        whoever is complained of sees none of those, whatever their roles. An owner's person sees what they filed.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if not user.is_staff_side:
            return self.filter(complainant=user)
        accused_in = self.model.accused.through._base_manager.filter(user=user).values("complaint")
        rows = self.exclude(pk__in=accused_in)
        if user.sees_restricted:
            return rows
        seen = Q(investigator=user)
        if user.has_role("customer_service"):
            seen |= Q(investigator__isnull=True, status__in=AT_THE_DESK)
        if user.has_role("administrator"):
            seen |= Q(decided_by=user) | Q(self._without_manager_above(), status="escalated")
        return rows.filter(seen)

    def _without_manager_above(self) -> Q:
        """No manager is left who did not decide, did not investigate and is not complained of."""
        accused = self.model.accused.through._base_manager
        managers = User.objects.with_role("manager").exclude(staff_roles__role="auditor")
        for part in ("decided_by", "investigator"):
            managers = managers.exclude(pk=Coalesce(OuterRef(part), Value(0), output_field=BigIntegerField()))
        unaccused = ~Exists(accused.filter(complaint=OuterRef(OuterRef("pk")), user=OuterRef("pk")))
        return Q(~Exists(managers.filter(unaccused)))

    def open(self) -> Self:
        return self.exclude(status__in=OVER)

    def over(self) -> Self:
        return self.filter(status__in=OVER)

    def to_ask(self) -> Self:
        """Settled: the complainant is asked within 24 hours (C-05)."""
        return self.filter(status="settled")

    def that_went(self, way: str) -> Self:
        """Narrow by how it went: open, settled, settled within a day, reopened, one step up; others are an error."""
        rows = self.annotate(took=TOOK) if way == "at_once" else self
        return rows.filter(WAYS[way])

    def about_equipment(self, piece: Any) -> Self:
        """About a piece of equipment, or a request about it."""
        return self.filter(equipment=piece)

    def about(self, row: models.Model) -> Self:
        return self.filter(subject_type=ContentType.objects.get_for_model(row), subject_id=row.pk)

    def within(self, begin: datetime, end: datetime) -> Self:
        """Received from ``begin`` until before ``end``."""
        return self.filter(opened_at__gte=begin, opened_at__lt=end)


class InFileQuerySet(ScopedQuerySet):
    """What hangs in a complaint's file: as visible as the file; to the complainant, what is told to them."""

    def visible_to(self, user: Any) -> Self:
        from .models import Complaint  # noqa: PLC0415  models import this module

        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        rows = self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))
        if user.is_staff_side:
            return rows
        shown = getattr(self.model, "shown_to_complainant", None)
        return self.none() if shown is None else rows.filter(**shown)


class ActionQuerySet(InFileQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who is to carry an action out sees it without its file, unless the file is about them."""
        rows = super().visible_to(user)
        if not user.is_authenticated or not user.is_active or not user.is_staff_side:
            return rows
        seen = Q(pk__in=rows.order_by().values("pk")) | Q(responsible=user)
        return self.filter(seen).exclude(complaint__accused=user)

    def to_do(self) -> Self:
        """To be carried out, or to be checked, whichever day comes first at the top."""
        day = Case(When(status="open", then=F("due_on")), default=F("check_on"))
        return self.filter(status__in=["open", "done"]).annotate(day=day).order_by("day", "pk")


class FollowUpQuerySet(ScopedQuerySet):
    def _for_audience(self, user: Any) -> Self:
        """A call that brought a complaint says what was complained of: kept from the same people as the complaint."""
        return super()._for_audience(user).exclude(complaint__accused=user)

    def to_call(self) -> Self:
        """Not called yet, the nearest promise first."""
        return self.filter(status="planned").order_by("due_at", "pk")

    def overdue(self, now: datetime) -> Self:
        return self.to_call().filter(due_at__lt=now)

    def done(self) -> Self:
        return self.exclude(status="planned")


class EngineerRequestQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The owner's side, and those of ours who see every project: the reason is not for engineers to read."""
        rows = super().visible_to(user)
        return rows if not user.is_authenticated or not user.is_staff_side or user.sees_all_projects else self.none()

    def waiting(self) -> Self:
        return self.filter(status="asked")


class AnalysisQuerySet(ScopedQuerySet):
    """Analyses: for quality and management."""

    def visible_to(self, user: Any) -> Self:
        rows = super().visible_to(user)
        return rows if user.is_authenticated and user.sees_restricted else rows.none()


class ResolutionQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What analyses resolve: as these; who is to carry one out sees it alone, once the paper is issued."""
        rows = super().visible_to(user)
        if not user.is_authenticated or user.sees_restricted:
            return rows
        return rows.filter(responsible=user, analysis__issued_at__isnull=False)


class ProposalQuerySet(ScopedQuerySet):
    def of_span(self, begin: date, end: date) -> Self:
        """Proposals of a period, and those from before of which nothing has come yet."""
        waiting = Q(month__lt=begin, status__in=["made", "adopted"])
        return self.filter(Q(month__gte=begin, month__lt=end) | waiting).order_by("-month", "-made_at", "-pk")
