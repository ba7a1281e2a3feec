"""Checklists with their points, and the plans that make visits."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from ..queries import ChecklistQuerySet, PlanQuerySet
from ..rules import limits_in_words


class Checklist(ScopedModel):
    """What is looked at on a kind of visit; edited by the administrator, copied into each visit."""

    scope = "staff"
    audience = Audience.STAFF

    name = models.CharField(_("name"), max_length=80, unique=True)

    objects: ClassVar[Any] = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspections:checklist_detail", args=[self.pk])


class ChecklistItem(ScopedModel):
    """One point of a checklist; with a unit it asks for a reading, with limits it judges it (V-08)."""

    scope = "staff"
    audience = Audience.STAFF

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("point"), max_length=120)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    lower = models.DecimalField(_("at least"), max_digits=10, decimal_places=2, null=True, blank=True)
    upper = models.DecimalField(_("at most"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["checklist", "position"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "position"], name="checklist_position_unique"),
            models.CheckConstraint(
                name="limits_in_order",
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def limits(self) -> str:
        """The limits in words; nothing when there are none."""
        return limits_in_words(self.lower, self.upper, self.unit)


class VisitPlan(ScopedModel):
    """A standing plan of a project: a revisit or patrol at a steady period, counted from its anchor (V-01)."""

    class Kind(models.TextChoices):
        REVISIT = "revisit", _("Revisit")
        PATROL = "patrol", _("Patrol")

    class Period(models.IntegerChoices):
        MONTHLY = 1, _("Monthly")
        EVERY_TWO_MONTHS = 2, _("Every two months")
        QUARTERLY = 3, _("Quarterly")
        HALF_YEARLY = 6, _("Half-yearly")
        YEARLY = 12, _("Yearly")

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="visit_plans"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    months = models.PositiveSmallIntegerField(_("period"), choices=Period, default=Period.QUARTERLY)
    anchor = models.DateField(_("counted from"), help_text=_("The first visit is one period later."))
    starts_on = models.DateField(_("visits from"))
    ends_on = models.DateField(_("visits until"), null=True, blank=True)
    tolerance_days = models.PositiveSmallIntegerField(_("days of tolerance"), default=7)
    checklist = models.ForeignKey(
        Checklist,
        verbose_name=_("checklist"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plans",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("usually done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_active = models.BooleanField(_("active"), default=True)
    #: Raised when period or anchor change: the new count begins at 1 beside the old one and never meets it.
    series = models.PositiveSmallIntegerField(default=1, editable=False)
    #: Set by such a change and by reactivation: the time before was another count's, or nobody's.
    continues_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made at"))

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        ordering = ["project", "kind", "pk"]
        indexes = [
            models.Index(fields=["is_active", "project"], name="plan_active"),
            models.Index(fields=["kind", "project"], name="plan_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(name="plan_period_positive", condition=Q(months__gte=1)),
            models.CheckConstraint(
                name="plan_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return _("%(period)s %(kind)s") % {"period": self.get_months_display(), "kind": self.get_kind_display()}

    def get_absolute_url(self) -> str:
        return reverse("inspections:plan_detail", args=[self.pk])

    @property
    def first_day(self) -> date:
        """The first day on which the present count may have a visit."""
        return max(self.starts_on, self.continues_on or self.starts_on)
