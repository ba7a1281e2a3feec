"""Service hours, the days that differ from their weekday, and the imports that bring a year's holidays."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from .queries import CalendarDayQuerySet
from .rules import windows_in_words


class ServiceHours(ScopedModel):
    """When service is given: a week's windows, or every hour. Promises count in such hours."""

    scope = "reference"
    audience = Audience.OWNER

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    #: {"0": [["08:30", "12:00"], …], …}; 0 is Monday.
    windows = models.JSONField(_("windows"), default=dict, blank=True)
    is_always = models.BooleanField(_("round the clock"), default=False)
    observes_holidays = models.BooleanField(_("observes holidays"), default=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        ordering = ["-is_default", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_hours"),
            models.CheckConstraint(
                name="round_the_clock_knows_no_holidays",
                condition=Q(is_always=False) | Q(observes_holidays=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("calendars:hours")


class CalendarYear(ScopedModel):
    """A year's national holidays and make-up days, and whether the notice about them is out."""

    scope = "reference"
    audience = Audience.OWNER

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    #: None while nothing is published; the days of the year come and go with it.
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("calendars:year", args=[self.year])


class CalendarDay(ScopedModel):
    """A date that differs from its weekday: by national notice, for the company, or for certain service hours."""

    class Layer(models.TextChoices):
        NATIONAL = "national", _("National")
        COMPANY = "company", _("The whole company")
        OWN = "own", _("Certain service hours")

    scope = "reference"
    audience = Audience.OWNER

    layer = models.CharField(_("layer"), max_length=8, choices=Layer)
    #: The year whose notice says so; a notice may alter the December before.
    year = models.ForeignKey(CalendarYear, null=True, blank=True, on_delete=models.PROTECT, related_name="days")
    hours = models.ForeignKey(
        ServiceHours,
        verbose_name=_("service hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="days",
    )
    on = models.DateField(_("date"))
    is_working = models.BooleanField(_("working day"))
    #: The date's own windows; None for those of an ordinary working day.
    windows = models.JSONField(_("own windows"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=60)

    objects: ClassVar[Any] = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["on", "id"], name="calendar_day_by_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "on"], condition=Q(hours__isnull=True), name="one_day_per_layer_and_date"
            ),
            models.UniqueConstraint(
                fields=["hours", "on"], condition=Q(hours__isnull=False), name="one_day_per_hours_and_date"
            ),
            models.CheckConstraint(
                name="day_of_its_layer",
                condition=Q(layer="national", year__isnull=False, hours__isnull=True)
                | Q(layer="company", year__isnull=True, hours__isnull=True)
                | Q(layer="own", year__isnull=True, hours__isnull=False),
            ),
            models.CheckConstraint(
                name="day_off_has_no_windows", condition=Q(is_working=True) | Q(windows__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("calendars:year", args=[self.on.year])

    @property
    def what(self) -> str:
        """What the day is, in words: off, an ordinary working day, or its windows."""
        if not self.is_working:
            return str(_("Day off"))
        return windows_in_words(self.windows) if self.windows else str(_("Worked"))


class CalendarImport(ScopedModel):
    """One notice about a year's holidays: read and shown, confirmed, perhaps taken back."""

    class Status(models.TextChoices):
        READY = "ready", _("To be confirmed")
        APPLIED = "applied", _("In force")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        DISCARDED = "discarded", _("Discarded")

    class Kind(models.TextChoices):
        HOLIDAY_CN = "holiday_cn", _("holiday-cn file")
        TABLE = "table", _("Pasted table")

    STATUS_LOOK = {
        Status.READY: ("warn", "list-check"),
        Status.APPLIED: ("ok", "circle-check"),
        Status.ROLLED_BACK: ("idle", "arrow-back-up"),
        Status.DISCARDED: ("idle", "ban"),
    }

    scope = "staff"
    audience = Audience.STAFF

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.READY)
    raw = models.TextField(_("text"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    #: National days that it replaces, and by what: [{"on", "is_working", "name", "year"}].
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    source_before = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("uploaded at"))
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    rolled_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    rolled_back_at = models.DateTimeField(_("rolled back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar import")
        verbose_name_plural = _("calendar imports")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="calendar_import_by_time"),
            models.Index(fields=["status", "-applied_at"], name="calendar_import_in_force"),
        ]

    def __str__(self) -> str:
        return str(_("Holidays of %(year)s") % {"year": self.year})

    def get_absolute_url(self) -> str:
        return reverse("calendars:import_detail", args=[self.pk])

    @property
    def is_last_applied(self) -> bool:
        """Whether no other import came into force after this one."""
        in_force = CalendarImport.objects.filter(status=self.Status.APPLIED).order_by("-applied_at", "-pk")
        return bool(in_force.values_list("pk", flat=True).first() == self.pk)


class DatedByPerson(models.Model):
    """Mixin of rows with a due day that a person chose: who set it last, and when."""

    dated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    dated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def note_dated(self, actor: Any, now: datetime) -> None:
        """Keep who chose the day, and when; saved with the row."""
        self.dated_by, self.dated_at = actor, now
