"""One import as a row: its file, what the columns mean, what it would do, how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.files import stored_name
from apps.core.scoping import Audience, ScopedModel


class ImportRun(ScopedModel):
    """One import of a spreadsheet: read, shown, confirmed, applied; all of it or nothing."""

    class Status(models.TextChoices):
        READING = "reading", _("Reading")
        READY = "ready", _("Ready to apply")
        APPLYING = "applying", _("Applying")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_LOOK = {
        Status.READING: ("info", "loader"),
        Status.READY: ("warn", "list-check"),
        Status.APPLYING: ("info", "loader"),
        Status.APPLIED: ("ok", "circle-check"),
        Status.FAILED: ("bad", "alert-triangle"),
        Status.CANCELLED: ("idle", "ban"),
    }

    scope = "staff"
    audience = Audience.STAFF

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.READING)
    file = models.FileField(_("file"), upload_to=stored_name, max_length=200)
    original_name = models.CharField(_("file name"), max_length=120)
    #: Our field for each column of the file, by position ("" for those left out), as recognised or corrected.
    columns = models.JSONField(default=dict, blank=True)
    header = models.JSONField(default=list, blank=True)
    #: What the dry run found: counts, and a line per error (first 500).
    report = models.JSONField(default=dict, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="import_by_start")]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("projects:import_detail", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        """Whether a worker is at it."""
        return self.status in {self.Status.READING, self.Status.APPLYING}

    @property
    def chosen_columns(self) -> dict[int, str] | None:
        """The meaning of each column by position; None before the first reading."""
        return {int(position): field for position, field in self.columns.items() if field} if self.columns else None

    @property
    def would_do_something(self) -> bool:
        """Whether anything would be created or changed."""
        return any(count["created"] or count["changed"] for count in self.report.get("counts", {}).values())

    @property
    def can_be_applied(self) -> bool:
        """Whether it is read, without errors, and not all there already."""
        return self.status == self.Status.READY and not self.report.get("errors") and self.would_do_something
