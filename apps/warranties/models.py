"""Warranties and their cards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import Count, DueDay
from apps.core.scoping import Audience, ScopedModel
from apps.projects.models import Acceptance

from .queries import WarrantyCardQuerySet, WarrantyQuerySet


class Warranty(ScopedModel):
    """Cover of a project, or of one piece of its equipment, from an acceptance for a term (W-01, W-02)."""

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="warranties")
    equipment = models.ForeignKey(
        "projects.Equipment", null=True, blank=True, on_delete=models.PROTECT, related_name="warranties"
    )
    basis = models.CharField(_("start basis"), max_length=20, choices=Acceptance.Basis)
    starts_on = models.DateField(_("starts on"))
    months = models.PositiveSmallIntegerField(_("term in months"), default=24)
    ends_on = models.DateField(_("last covered day"))
    scope_text = models.CharField(_("what is covered"), max_length=200, blank=True)

    objects: ClassVar[Any] = WarrantyQuerySet.as_manager()

    class Meta:
        verbose_name = _("warranty")
        verbose_name_plural = _("warranties")
        ordering = ["ends_on", "pk"]
        indexes = [models.Index(fields=["project", "ends_on"], name="warranty_by_project")]
        constraints = [
            models.CheckConstraint(name="warranty_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="warranty_term_positive", condition=Q(months__gte=1)),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(equipment__isnull=True),
                name="one_warranty_of_the_whole_works",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()


class WarrantyCard(ScopedModel):
    """The duty to issue a warranty's card, due one month after completion (W-05)."""

    class Status(models.TextChoices):
        DUE = "due", _("To be issued")
        ISSUED = "issued", _("Issued")

    STATUS_LOOK = {Status.DUE: ("warn", "clock"), Status.ISSUED: ("ok", "rosette-discount-check")}

    project_path = "warranty__project"
    audience = Audience.OWNER

    warranty = models.OneToOneField(Warranty, on_delete=models.PROTECT, related_name="card")
    #: The day from which the month for issuing it counts.
    completed_on = models.DateField(_("completed on"))
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DUE)
    number = models.CharField(_("number"), max_length=24, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)

    objects: ClassVar[Any] = WarrantyCardQuerySet.as_manager()
    lock_first = ()

    class Meta:
        verbose_name = _("warranty card")
        verbose_name_plural = _("warranty cards")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="card_by_due_day")]

    def __str__(self) -> str:
        return self.number or f"{self.warranty.project}"

    def get_absolute_url(self) -> str:
        return reverse("warranties:card_detail", args=[self.pk])

    def is_overdue(self, today: Any) -> bool:
        return self.status == self.Status.DUE and today > self.due_on

    @property
    def due_day(self) -> DueDay:
        """Why the card is due when it is (W-05)."""
        return DueDay(
            self.due_on,
            _("A warranty card is issued within one month of completion."),
            start=self.completed_on,
            started=_("Completed"),
            amount=1,
            unit=Count.MONTHS,
            done_at=self.issued_at,
            is_open=self.status == self.Status.DUE,
        )
