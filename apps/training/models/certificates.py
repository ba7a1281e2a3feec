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
from apps.projects.models import Project

from ..queries import CertificateQuerySet, LicenceQuerySet
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
    """Which licence the work on projects of a trade needs, and whether its lack keeps somebody from being sent."""

    scope = "staff"
    audience = Audience.STAFF

    trade = models.CharField(
        _("trade"), max_length=20, choices=Project.Trade, blank=True, help_text=_("Empty: for every trade.")
    )
    kind = models.CharField(_("licence"), max_length=20, choices=LicenceKind)
    blocks = models.BooleanField(_("keeps from being sent"), default=True)

    class Meta:
        verbose_name = _("needed licence")
        verbose_name_plural = _("needed licences")
        ordering = ["trade", "kind"]
        constraints = [models.UniqueConstraint(fields=["trade", "kind"], name="licence_need_once")]

    def __str__(self) -> str:
        return f"{self.get_trade_display()} {self.get_kind_display()}".strip()

    def get_absolute_url(self) -> str:
        return reverse("training:licence_needs")
