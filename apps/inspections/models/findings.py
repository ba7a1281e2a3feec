"""What a visit brought up, and the photos taken on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay, chosen
from apps.calendars.models import DatedByPerson
from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel

from .visits import Visit, VisitCheck


class Finding(DatedByPerson, ScopedModel):
    """What the visit brought up: classed, routed, answered, its effect checked (V-06, V-07)."""

    class Category(models.TextChoices):
        USE = "use", _("Use")
        QUALITY = "quality", _("Quality")
        SERVICE = "service", _("Service")
        SUGGESTION = "suggestion", _("Suggestion")

    project_path = "visit__project"
    audience = Audience.OWNER

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    #: The abnormal point that brought it up.
    check_point = models.ForeignKey(
        VisitCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    category = models.CharField(_("class"), max_length=10, choices=Category)
    text = models.CharField(_("finding"), max_length=300)
    action = models.CharField(_("action"), max_length=300, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    equipment = models.ForeignKey(
        "projects.Equipment", verbose_name=_("equipment"), null=True, blank=True, on_delete=models.PROTECT
    )
    #: The repair ticket that a quality defect opens (V-07).
    ticket = models.OneToOneField(
        "tickets.Ticket", null=True, blank=True, on_delete=models.PROTECT, related_name="finding"
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    effect = models.CharField(_("effect checked"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.visit.get_absolute_url()

    @property
    def due_day(self) -> DueDay | None:
        """By when somebody sees to it; None where no day was set."""
        if self.due_on is None:
            return None
        rule = _("What a visit finds is seen to by a day set for it.")
        return chosen(self, self.due_on, rule, is_open=not self.answer, ended=_("Answered"))


class VisitPhoto(StoredFile):
    """A photo taken on a visit."""

    project_path = "visit__project"
    audience = Audience.OWNER

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    check_point = models.ForeignKey(VisitCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")

    class Meta:
        ordering = ["pk"]
