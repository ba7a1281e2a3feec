"""What is learned from many cases: quality samples and their verdicts (K-09), proposals to departments (C-07)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from ..queries import ProposalQuerySet


class Sampling(ScopedModel):
    """The sample of one week; drawn once."""

    scope = "staff"
    audience = Audience.STAFF

    week = models.DateField(_("week"), unique=True, help_text=_("Its Monday."))
    population = models.PositiveIntegerField(_("requests closed"))
    drawn_at = models.DateTimeField(_("drawn by lot at"))

    class Meta:
        verbose_name = _("sample of a week")
        verbose_name_plural = _("samples of weeks")
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"{self.week:%G-W%V}"

    def get_absolute_url(self) -> str:
        return f"{reverse('complaints:samples')}?week={self.week:%Y-%m-%d}"


class Sample(ScopedModel):
    """One request of a week's sample. Two checkers look at it independently when it is ``is_double``."""

    scope = "staff"
    audience = Audience.STAFF

    sampling = models.ForeignKey(Sampling, on_delete=models.CASCADE, related_name="samples")
    ticket = models.ForeignKey(
        "tickets.Ticket", verbose_name=_("request"), on_delete=models.PROTECT, related_name="samples"
    )
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("engineer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=16)
    is_double = models.BooleanField(_("two checkers"), default=False)

    class Meta:
        verbose_name = _("sampled request")
        verbose_name_plural = _("sampled requests")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sampling", "ticket"], name="request_once_per_sample")]

    def __str__(self) -> str:
        return str(self.ticket)

    def get_absolute_url(self) -> str:
        return reverse("complaints:judge", args=[self.pk])

    @property
    def wanted(self) -> int:
        """How many checkers judge it."""
        return 2 if self.is_double else 1


class Verdict(ScopedModel):
    """What one checker found: response time, response quality, service quality."""

    class Mark(models.TextChoices):
        PASS = "pass", _("Passes")
        FAIL = "fail", _("Fails")
        NOT_APPLICABLE = "na", _("Not applicable")

    scope = "staff"
    audience = Audience.STAFF

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="verdicts")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    response_time = models.CharField(_("response time"), max_length=4, choices=Mark)
    response_quality = models.CharField(_("response quality"), max_length=4, choices=Mark)
    service_quality = models.CharField(_("service quality"), max_length=4, choices=Mark)
    note = models.CharField(_("note"), max_length=300, blank=True)
    judged_at = models.DateTimeField(_("judged at"))

    class Meta:
        verbose_name = _("quality verdict")
        verbose_name_plural = _("quality verdicts")
        ordering = ["judged_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["sample", "checker"], name="one_verdict_per_checker")]

    def __str__(self) -> str:
        return f"{self.checker} {self.judged_at:%Y-%m-%d}"

    @property
    def marks(self) -> tuple[str, str, str]:
        return self.response_time, self.response_quality, self.service_quality


class Proposal(ScopedModel):
    """What the summary of complaints proposes to a department, and what came of it (C-07)."""

    class Status(models.TextChoices):
        MADE = "made", _("Proposed")
        ADOPTED = "adopted", _("Adopted")
        DECLINED = "declined", _("Not adopted")
        DONE = "done", _("Carried out")

    STATUS_LOOK = {
        Status.MADE: ("warn", "send"),
        Status.ADOPTED: ("info", "check"),
        Status.DECLINED: ("idle", "ban"),
        Status.DONE: ("ok", "circle-check"),
    }

    scope = "staff"
    audience = Audience.STAFF

    month = models.DateField(_("month"))
    department = models.CharField(_("department"), max_length=80)
    text = models.TextField(_("proposal"), max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("proposed at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MADE)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["month", "-made_at"], name="proposal_by_month")]

    def __str__(self) -> str:
        return f"{self.department} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return f"{reverse('complaints:summary')}?month={self.month:%Y-%m}"
