"""What we undertake out of a complaint: promised progress notes, corrective and preventive actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay, chosen
from apps.calendars.models import DatedByPerson
from apps.core.scoping import Audience, ScopedModel

from ..queries import ActionQuerySet, InFileQuerySet
from .cases import Complaint


class Progress(DatedByPerson, ScopedModel):
    """A progress note promised to the complainant by a moment; missed, it escalates once (C-04)."""

    project_path = "complaint__project"
    audience = Audience.RESTRICTED
    shown_to_complainant: dict[str, bool] = {}

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="progress")
    promised_by = models.DateTimeField(_("promised by"))
    about = models.CharField(_("what about"), max_length=120)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("what was told"), max_length=2000, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = InFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["promised_by", "pk"]
        indexes = [
            models.Index(
                fields=["promised_by"],
                name="progress_to_tell",
                condition=Q(told_at__isnull=True, missed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.about

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()

    @property
    def due_day(self) -> DueDay:
        """Why the note is due when it is (C-04)."""
        rule = _("The complainant was promised to be told how it goes.")
        return chosen(self, self.promised_by, rule, done_at=self.told_at, is_open=self.told_at is None)


class Action(DatedByPerson, ScopedModel):
    """A corrective or preventive action: who until when, and later whether it worked."""

    class Kind(models.TextChoices):
        CORRECTIVE = "corrective", _("Corrective")
        PREVENTIVE = "preventive", _("Preventive")

    class Status(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done, to be checked")
        WORKED = "worked", _("Effective")
        FAILED = "failed", _("Not effective")

    STATUS_LOOK = {
        Status.OPEN: ("warn", "clock"),
        Status.DONE: ("info", "eye"),
        Status.WORKED: ("ok", "circle-check"),
        Status.FAILED: ("bad", "alert-triangle"),
    }

    project_path = "complaint__project"
    audience = Audience.RESTRICTED
    lock_first = ("complaint",)

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CORRECTIVE)
    text = models.CharField(_("action"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("to be done by"))
    check_on = models.DateField(_("check on"))
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

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["responsible", "due_on"], name="action_by_person")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("complaints:action_detail", args=[self.pk])

    def is_known_to(self, person: Any) -> bool:
        """Who carries it out is told of it, though the file is not theirs to read."""
        return type(self).objects.visible_to(person).filter(pk=self.pk).exists()

    @property
    def due_day(self) -> DueDay:
        """By when it is carried out."""
        rule = _("An action out of a complaint is carried out by a day agreed for it.")
        return chosen(self, self.due_on, rule, done_at=self.done_at, is_open=self.status == self.Status.OPEN)

    @property
    def check_day(self) -> DueDay:
        """When its effect is checked."""
        rule = _("Whether an action worked is checked on a day agreed for it.")
        is_open = self.status in {self.Status.OPEN, self.Status.DONE}
        return chosen(self, self.check_on, rule, done_at=self.checked_at, is_open=is_open)
