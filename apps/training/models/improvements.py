"""What a training taught us to do better: who does it until when, and whether it worked."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay, chosen
from apps.calendars.models import DatedByPerson
from apps.core.scoping import Audience, ScopedModel

from ..queries import ImprovementQuerySet
from .courses import Course
from .sessions import Session


class Improvement(DatedByPerson, ScopedModel):
    """One action after the evaluation of a training, followed until somebody else found that it worked (T-01)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done, to be checked")
        CLOSED = "closed", _("Effective")

    STATUS_LOOK = {Status.OPEN: ("warn", "clock"), Status.DONE: ("info", "eye"), Status.CLOSED: ("ok", "circle-check")}

    scope = "staff"
    audience = Audience.STAFF

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="improvements")
    #: The training after which it was found; None for what concerns the course as a whole.
    session = models.ForeignKey(
        Session,
        verbose_name=_("training"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="improvements",
    )
    text = models.CharField(_("what to do better"), max_length=500)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("to be done by"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    result = models.CharField(_("what was done"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    verdict = models.CharField(_("how it worked"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ImprovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="improvement_by_day"),
            models.Index(fields=["status", "due_on"], name="improvement_by_status"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("training:improvement_detail", args=[self.pk])

    def is_late(self, today: date) -> bool:
        return self.status == self.Status.OPEN and self.due_on < today

    @property
    def due_day(self) -> DueDay:
        """By when it is to be done: a day that a person chose."""
        rule = _("What a training taught us is done by a day set for it, and checked afterwards.")
        return chosen(self, self.due_on, rule, done_at=self.done_at, is_open=self.status == self.Status.OPEN)
