"""Visits, and each one's own copy of its checklist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from ..queries import VISIT_NOT_DONE, VisitQuerySet
from ..rules import Scale, limits_in_words, plain, scale
from .plans import VisitPlan


class Visit(ScopedModel):
    """One occurrence of a plan (回访/巡检): made once, done on the phone, ending in a report (V-04 … V-07)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ASSIGNED = "assigned", _("Assigned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        REPORTED = "reported", _("Reported")
        APPROVED = "approved", _("Approved")
        SKIPPED = "skipped", _("Skipped")

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        TELEPHONE = "telephone", _("By telephone")
        EMAIL = "email", _("By e-mail")

    STATUS_LOOK = {
        Status.PLANNED: ("idle", "calendar"),
        Status.ASSIGNED: ("info", "calendar-check"),
        Status.UNDER_WAY: ("info", "walk"),
        Status.DONE: ("warn", "writing-sign"),
        Status.REPORTED: ("warn", "file-check"),
        Status.APPROVED: ("ok", "circle-check"),
        Status.SKIPPED: ("idle", "ban"),
    }

    project_path = "project"
    audience = Audience.OWNER

    number = models.CharField(_("number"), max_length=20, unique=True)
    plan = models.ForeignKey(VisitPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    series = models.PositiveSmallIntegerField(default=1)
    occurrence = models.PositiveIntegerField(null=True, blank=True)
    project = models.ForeignKey(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="visits"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=VisitPlan.Kind)
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.ON_SITE)
    #: The day the plan says; moving a visit changes ``scheduled_on``, never this.
    planned_on = models.DateField(_("planned on"))
    scheduled_on = models.DateField(_("date"))
    window_ends_on = models.DateField(_("at the latest"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visits",
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_name = models.CharField(_("person visited"), max_length=60, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    running_state = models.TextField(_("running state"), blank=True)
    experience = models.TextField(_("experience in use"), blank=True)
    suggestions = models.TextField(_("suggestions"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: Left out by a change of its plan, not by a person: should the plan come back to its day, the day is made again.
    is_dropped = models.BooleanField(default=False, editable=False)
    search_text = FragmentField(sources=("number",))

    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["scheduled_on", "pk"]
        indexes = [
            models.Index(fields=["project", "scheduled_on"], name="visit_by_project"),
            models.Index(fields=["assigned_to", "status", "scheduled_on"], name="visit_by_engineer"),
            models.Index(fields=["status", "scheduled_on"], name="visit_by_status"),
            models.Index(fields=["kind", "scheduled_on"], name="visit_by_kind"),
            models.Index(fields=["scheduled_on", "id"], name="visit_by_day"),
            FragmentIndex(fields=["search_text"], name="visit_fragments"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "series", "occurrence"], name="one_visit_per_occurrence"),
            models.CheckConstraint(
                name="plan_and_occurrence_together",
                condition=Q(plan__isnull=True, occurrence__isnull=True)
                | Q(plan__isnull=False, occurrence__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:visit_detail", args=[self.pk])

    def is_overdue(self, today: date) -> bool:
        """Say whether its window is over and it is not done; a fact, not a state."""
        return self.status in VISIT_NOT_DONE and self.window_ends_on < today

    @property
    def due_day(self) -> DueDay:
        """Why the visit is to be made by that day: its plan leaves some days after the planned one (V-01)."""
        return DueDay(
            self.window_ends_on,
            _("The visit plan says how many days after the planned day a visit may be made."),
            start=self.planned_on,
            started=_("Planned day"),
            amount=(self.window_ends_on - self.planned_on).days,
            done_at=self.done_at,
            is_open=self.status in VISIT_NOT_DONE,
        )

    @property
    def late_days(self) -> int:
        """Days since its window was over, as the page shows them; 0 while it is not overdue."""
        today = timezone.localdate()
        return (today - self.window_ends_on).days if self.is_overdue(today) else 0

    @property
    def is_moved(self) -> bool:
        return self.scheduled_on != self.planned_on


class VisitCheck(ScopedModel):
    """One point looked at on a visit, copied from the checklist so that later edits change nothing."""

    class Verdict(models.TextChoices):
        OK = "ok", _("In order")
        ABNORMAL = "abnormal", _("Abnormal")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    project_path = "visit__project"
    audience = Audience.OWNER

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("point"), max_length=120)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    lower = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    upper = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=14, choices=Verdict, blank=True)
    value = models.DecimalField(_("reading"), max_digits=10, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["visit", "position"]
        constraints = [models.UniqueConstraint(fields=["visit", "position"], name="visit_check_position_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def asks_reading(self) -> bool:
        """A point with a unit or a limit is judged by its reading."""
        return bool(self.unit) or self.has_limits

    @property
    def has_limits(self) -> bool:
        return self.lower is not None or self.upper is not None

    @property
    def limits(self) -> str:
        """The limits in words, such as “198–242 V”; nothing when there are none."""
        return limits_in_words(self.lower, self.upper, self.unit)

    @property
    def scale(self) -> Scale | None:
        return scale(self.lower, self.upper)

    @property
    def mark(self) -> int | None:
        """Where the reading stands on its scale, in percent."""
        ruler = self.scale
        return ruler.mark(self.value) if ruler is not None and self.value is not None else None

    @property
    def excess_in_words(self) -> str:
        """How far outside, as a plain number with its unit."""
        return f"{plain(abs(self.excess))} {self.unit}".strip()

    @property
    def value_in_words(self) -> str:
        return f"{plain(self.value)} {self.unit}".strip() if self.value is not None else ""

    @property
    def excess(self) -> Decimal:
        """How far the reading lies outside: above as a positive, below as a negative number, else 0."""
        if self.value is not None and self.upper is not None and self.value > self.upper:
            return self.value - self.upper
        if self.value is not None and self.lower is not None and self.value < self.lower:
            return self.value - self.lower
        return Decimal(0)
