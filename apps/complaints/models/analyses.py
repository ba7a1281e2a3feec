"""What is made of many complaints at a month's and a year's end: the analysis, the management review (ISO 10002)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.calendars.due_days import DueDay, chosen
from apps.calendars.models import DatedByPerson
from apps.core.scoping import Audience, ScopedModel

from ..queries import AnalysisQuerySet, ResolutionQuerySet
from ..rules import span_of


class Analysis(ScopedModel):
    """A month's analysis or a year's management review; its figures are frozen in the paper it is issued as.

    It names nobody who complained or was complained of, so that everybody of quality and management may read it.
    """

    class Kind(models.TextChoices):
        MONTH = "month", _("Monthly analysis")
        YEAR = "year", _("Management review")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    STATUS_LOOK = {Status.DRAFT: ("warn", "pencil"), Status.ISSUED: ("ok", "rosette-discount-check")}

    scope = "staff"
    audience = Audience.RESTRICTED

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    begins_on = models.DateField(_("first day of the period"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("number"), max_length=24, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    made_at = models.DateTimeField(_("made at"))
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[Any] = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis of complaints")
        verbose_name_plural = _("analyses of complaints")
        ordering = ["-begins_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "begins_on"], name="one_analysis_per_period"),
            models.CheckConstraint(
                name="issued_analysis_has_number_and_time",
                condition=~Q(status="issued") | (~Q(number="") & Q(issued_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:analysis", args=[self.pk])

    @property
    def period(self) -> str:
        return f"{self.begins_on:%Y-%m}" if self.kind == self.Kind.MONTH else f"{self.begins_on:%Y}"

    @property
    def span(self) -> tuple[date, date]:
        """The first day of the period, and of the next."""
        return span_of(self.kind, self.begins_on)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.DRAFT


class Resolution(DatedByPerson, ScopedModel):
    """A goal, a decision or an improvement that a review brings, by whom until when, and later what came of it."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("Goal")
        DECISION = "decision", pgettext_lazy("review", "Decision")
        IMPROVEMENT = "improvement", _("Improvement")

    scope = "staff"
    audience = Audience.RESTRICTED

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("review"), on_delete=models.PROTECT, related_name="resolutions"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DECISION)
    text = models.CharField(_("what is resolved"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)

    objects: ClassVar[Any] = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution of a review")
        verbose_name_plural = _("resolutions of reviews")
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("complaints:resolution", args=[self.pk])

    def is_known_to(self, person: Any) -> bool:
        """Who carries it out is told of it, though the review is not theirs to read."""
        return type(self).objects.visible_to(person).filter(pk=self.pk).exists()

    @property
    def due_day(self) -> DueDay | None:
        """By when it is done; None where the review set no day."""
        if self.due_on is None:
            return None
        rule = _("What a review resolves is done by a day set for it.")
        return chosen(self, self.due_on, rule, is_open=not self.outcome, ended=_("Done"))
