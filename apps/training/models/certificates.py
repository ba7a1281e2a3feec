"""Certificates of courses, and the licences our people work by."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.projects.models import EquipmentModel, Project

from ..queries import CertificateQuerySet, LicenceQuerySet, RetrainingQuerySet
from .courses import Course
from .exams import Attempt
from .sessions import Session

#: Without signs that look alike on paper.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_check_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _place in range(8))


class Certificate(ScopedModel):
    """What a person has learnt, until when it holds, checked by anybody with number and code (T-05)."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STATUS_LOOK = {Status.VALID: ("ok", "rosette-discount-check"), Status.WITHDRAWN: ("bad", "ban")}

    project_path = "project"
    audience = Audience.OWNER

    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("check code"), max_length=12, default=new_check_code)
    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="certificates")
    #: A project of the person's organisation; None for our own people.
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="training_certificates"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_certificates",
    )
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey("projects.Owner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    attempt = models.OneToOneField(Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="certificate")
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VALID)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on", "-pk"]
        indexes = [
            models.Index(fields=["course", "-issued_on"], name="certificate_by_course"),
            models.Index(fields=["status", "-issued_on"], name="certificate_by_status"),
            models.Index(fields=["-issued_on", "-id"], name="certificate_by_day"),
            models.Index(fields=["expires_on"], name="certificate_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="certificate_ends_after_issue",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
            ),
            models.UniqueConstraint(
                fields=["session", "name", "user"],
                condition=Q(attempt__isnull=True),
                name="one_certificate_of_presence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("training:certificate_detail", args=[self.pk])

    def is_known_to(self, person: Any) -> bool:
        """Those who see a certificate are told of it; colleagues of the same project are not."""
        return type(self).objects.visible_to(person).filter(pk=self.pk).exists()

    def is_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today

    @property
    def state(self) -> str:
        """Valid, expired or withdrawn, as it stands today: "ok", "warn" or "bad"."""
        if self.status == self.Status.WITHDRAWN:
            return "bad"
        return "warn" if self.is_expired(timezone.localdate()) else "ok"


class LicenceKind(models.TextChoices):
    """What our people must hold for some work (R-19, T-06)."""

    ELECTRICIAN = "electrician", _("Electrician")
    HIGH_VOLTAGE = "high_voltage", _("High-voltage electrician")
    HEIGHT = "height", _("Work at height")
    WELDING = "welding", _("Welding and hot work")
    REFRIGERATION = "refrigeration", _("Refrigeration")
    LIFT = "lift", _("Lifting equipment")
    SERVICE = "service", _("Service work licence")


class Licence(ScopedModel):
    """A licence of one of ours, with its number and its end (R-19)."""

    scope = "staff"
    audience = Audience.STAFF

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="licences"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=LicenceKind)
    number = models.CharField(_("number"), max_length=60)
    issued_by = models.CharField(_("issuing body"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    certificate = models.OneToOneField(
        Certificate, null=True, blank=True, on_delete=models.PROTECT, related_name="licence"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["expires_on", "pk"]
        indexes = [
            models.Index(fields=["user", "kind", "-expires_on"], name="licence_by_person"),
            models.Index(fields=["kind", "expires_on"], name="licence_by_kind"),
            models.Index(fields=["expires_on", "id"], name="licence_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="licence_ends_after_issue",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("training:licence_edit", args=[self.pk])


class LicenceFile(StoredFile):
    """A scan of a licence."""

    scope = "staff"
    audience = Audience.STAFF

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="files")


class LicenceNeed(ScopedModel):
    """A licence that some work needs: of a trade or with an equipment model, on every job or one kind of it (R-19)."""

    class Work(models.TextChoices):
        REPAIR = "repair", _("Repairs")
        VISIT = "visit", _("Revisits and inspections")

    scope = "staff"
    audience = Audience.STAFF

    work = models.CharField(
        _("kind of work"), max_length=8, choices=Work, blank=True, help_text=_("Empty: for all work on site.")
    )
    trade = models.CharField(
        _("trade"), max_length=20, choices=Project.Trade, blank=True, help_text=_("Empty: for every trade.")
    )
    equipment_model = models.ForeignKey(
        EquipmentModel,
        verbose_name=_("equipment model"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Only work on this equipment needs it, whatever the trade."),
    )
    kind = models.CharField(_("licence"), max_length=20, choices=LicenceKind)
    blocks = models.BooleanField(_("keeps from being sent"), default=True)

    class Meta:
        verbose_name = _("needed licence")
        verbose_name_plural = _("needed licences")
        ordering = ["trade", "equipment_model", "work", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["trade", "work", "kind"],
                condition=Q(equipment_model__isnull=True),
                name="licence_need_of_trade_once",
            ),
            models.UniqueConstraint(
                fields=["equipment_model", "work", "kind"],
                condition=Q(equipment_model__isnull=False),
                name="licence_need_of_model_once",
            ),
            models.CheckConstraint(
                name="licence_need_of_trade_or_model", condition=Q(trade="") | Q(equipment_model__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("training:licence_needs")

    @property
    def reason(self) -> str:
        """What the licence is needed for, in words."""
        what = str(self.equipment_model or self.get_trade_display() or _("Every trade"))
        return f"{what} · {self.get_work_display()}" if self.work else what


class Retraining(ScopedModel):
    """A licence that ends or has ended: its holder is to be trained anew, and the trainer sees it until it is renewed.

    Made by the worker two months ahead (T-06); settled by the licence that takes the place of the old.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be planned")
        PLANNED = "planned", _("Registered for a training")
        RENEWED = "renewed", _("Renewed")
        DROPPED = "dropped", _("Not needed any more")

    STATUS_LOOK = {
        Status.OPEN: ("warn", "calendar-plus"),
        Status.PLANNED: ("info", "user-check"),
        Status.RENEWED: ("ok", "circle-check"),
        Status.DROPPED: ("idle", "ban"),
    }

    scope = "staff"
    audience = Audience.STAFF

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="retraining")
    session = models.ForeignKey(
        Session, verbose_name=_("training"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    noted_at = models.DateTimeField(_("noted at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects: ClassVar[Any] = RetrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("retraining")
        verbose_name_plural = _("retrainings")
        ordering = ["licence__expires_on", "pk"]
        indexes = [models.Index(fields=["status", "noted_at"], name="retraining_by_status")]

    def __str__(self) -> str:
        return f"{self.licence.user} {self.licence}"

    def get_absolute_url(self) -> str:
        return reverse("training:retraining_detail", args=[self.pk])
