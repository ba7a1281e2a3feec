"""Tickets and work orders as querysets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from apps.core.scoping import ScopedQuerySet
from apps.service_levels.models import Clock

#: Silence for so long after the sheet was sent closes a ticket nobody signed (model, "States").
SILENCE = timedelta(days=3)

ORDER_ENDED = ["declined", "signed", "unsigned", "cancelled"]


class TicketQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.exclude(status__in=["closed", "cancelled"])

    def to_dispatch(self) -> Self:
        """Open tickets for which nobody is under way: new, acknowledged, or with no order that goes on."""
        from .models import WorkOrder  # noqa: PLC0415  models import this module

        going_on = WorkOrder.objects.exclude(status__in=ORDER_ENDED).values("ticket")
        return self.filter(status__in=["new", "acknowledged", "in_progress"]).exclude(pk__in=going_on)

    def by_nearest_promise(self) -> Self:
        """Ordered by the promise nearest to breaking (``nearest_clock``, ``nearest_due``), else by level and age."""
        about = ContentType.objects.get_for_model(self.model)
        due = Clock.objects.going_on().filter(subject_type=about, subject_id=OuterRef("pk"), due_at__isnull=False)
        nearest = due.order_by("due_at", "pk")
        rows = self.annotate(
            nearest_due=Subquery(nearest.values("due_at")[:1]), nearest_clock=Subquery(nearest.values("pk")[:1])
        )
        return rows.order_by(F("nearest_due").asc(nulls_last=True), "level", "reported_at", "pk")

    def closed(self) -> Self:
        return self.filter(status="closed")

    def awaiting_confirmation(self) -> Self:
        return self.filter(status="awaiting_confirmation")

    def chargeable(self) -> Self:
        """Those whose latest decision about cover says that it is not covered (W-19)."""
        from .models import CoverDecision  # noqa: PLC0415

        decided = CoverDecision.objects.filter(ticket=OuterRef("pk")).order_by("-decided_at", "-pk")
        return self.alias(is_covered=Subquery(decided.values("is_covered")[:1])).filter(is_covered=False)

    def silent_since(self, now: datetime) -> Self:
        """Awaiting confirmation of an unsigned sheet for as long as silence may last, and the owner wrote nothing.

        What somebody wrote by the label, without an account, is a word of the owner's side.
        """
        from .models import Message  # noqa: PLC0415

        of_owner = Q(author__kind="owner") | Q(author=None)
        said = Message.objects.filter(
            of_owner, ticket=OuterRef("pk"), written_at__gte=OuterRef("confirmation_asked_at")
        )
        return self.awaiting_confirmation().filter(~Exists(said), confirmation_asked_at__lte=now - SILENCE)


class WorkOrderQuerySet(ScopedQuerySet):
    def going_on(self) -> Self:
        return self.exclude(status__in=ORDER_ENDED)

    def of_engineer(self, user: Any) -> Self:
        return self.filter(engineer=user)

    def of_day(self, day: date) -> Self:
        """Those with an appointment on this day of the portal's time zone, however they stand."""
        begin = timezone.make_aware(datetime.combine(day, time.min))
        return self.filter(appointment_from__gte=begin, appointment_from__lt=begin + timedelta(days=1))

    def ended_by_work(self) -> Self:
        """Those that were worked to the end, signed or not."""
        return self.filter(status__in=["finished", "signed", "unsigned"])

    def overlapping(self, begin: datetime, end: datetime) -> Self:
        """Going on, with an appointment that overlaps this time."""
        return self.going_on().filter(appointment_from__lt=end, appointment_to__gt=begin)
