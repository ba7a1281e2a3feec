"""The clocks that run by a policy's targets, their pauses and escalation steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from ..queries import ClockQuerySet, PauseQuerySet
from .policies import UNITS, Target


class Clock(ScopedModel):
    """One running promise about one row, its target copied in: an edited policy never re-dates what was promised."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        MET_LATE = "met_late", _("Met late")
        CANCELLED = "cancelled", _("Cancelled")

    STATE_LOOK = {
        State.RUNNING: ("info", "clock"),
        State.PAUSED: ("idle", "player-pause"),
        State.MET: ("ok", "circle-check"),
        State.MISSED: ("bad", "alert-triangle"),
        State.MET_LATE: ("bad", "clock-exclamation"),
        State.CANCELLED: ("idle", "ban"),
    }

    project_path = "project"
    audience_path = "audience"
    about_paths = ("subject_type", "subject_id")
    named_people_path = "responsible"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="clocks")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    #: What the subject is called, so that a board of clocks need not load the subjects.
    number = models.CharField(_("number"), max_length=24, blank=True)
    title = models.CharField(_("what"), max_length=160, blank=True)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="clocks")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    metric = models.CharField(_("promise"), max_length=20, choices=Target.Metric)
    kind = models.CharField(_("kind"), max_length=16, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    audience = models.CharField(max_length=12, choices=Audience)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    amount = models.PositiveIntegerField(_("time"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=UNITS)
    hours = models.ForeignKey(
        "calendars.ServiceHours", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ladder = models.JSONField(default=list)
    start_event = models.CharField(max_length=80)
    started_at = models.DateTimeField(_("started at"))
    #: None while paused, when only what is left is known.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    #: The due time rests on a year whose holidays are not published yet.
    is_provisional = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    missed_at = models.DateTimeField(null=True, blank=True)
    #: Missed only because the request was put into another level: attainment leaves it out.
    is_reclassified = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    stop_event = models.CharField(max_length=80, blank=True)
    #: How late it was met, in minutes of its own calendar.
    late_minutes = models.PositiveIntegerField(_("minutes late"), null=True, blank=True)
    #: Whether it is over and off the board.
    is_over = models.BooleanField(default=False)
    #: The highest step of its ladder that was taken.
    last_percent = models.PositiveSmallIntegerField(default=0)
    #: When the sweep must look at it next; None when there is nothing left to tell.
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["next_check_at"], name="clock_to_check", condition=Q(next_check_at__isnull=False)),
            models.Index(fields=["due_at", "id"], name="clock_on_board", condition=Q(is_over=False)),
            models.Index(fields=["project", "due_at"], name="clock_by_project", condition=Q(is_over=False)),
            models.Index(fields=["responsible", "due_at"], name="clock_by_person", condition=Q(is_over=False)),
            models.Index(fields=["subject_type", "subject_id", "started_at"], name="clock_by_subject"),
            models.Index(fields=["state", "due_at"], name="clock_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "subject_type", "subject_id", "round"], name="one_clock_per_target_and_round"
            ),
            models.CheckConstraint(name="clock_audience_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(
                name="running_clock_has_due_time", condition=~Q(state="running") | Q(due_at__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_clock_is_off_the_board",
                condition=~Q(state__in=["met", "met_late", "cancelled"]) | Q(is_over=True, next_check_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_metric_display()}".strip()

    def is_known_to(self, person: Any) -> bool:
        """A restricted promise is known to whom its subject is."""
        return self.subject.is_known_to(person) if self.subject else super().is_known_to(person)

    def is_late(self, now: datetime) -> bool:
        """Say whether its due time is over and it is still awaited, or was met after it."""
        if self.is_over or self.state == self.State.MISSED:
            return self.state in {self.State.MISSED, self.State.MET_LATE}
        return self.due_at is not None and self.due_at < now

    def get_absolute_url(self) -> str:
        return reverse("service_levels:clock", args=[self.pk])


class Pause(ScopedModel):
    """A time in which the promises about a row stand still, with the reason and the person (visible to the owner)."""

    class Reason(models.TextChoices):
        WAITING_FOR_OWNER = "waiting_for_owner", _("Waiting for the owner")
        OTHER_TIME = "other_time", _("The owner asked for another time")
        NO_ACCESS = "no_access", _("No access to the site")
        FORCE_MAJEURE = "force_majeure", _("Force majeure")
        PARTS = "parts", _("Waiting for parts")

    project_path = "project"
    audience = Audience.OWNER

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="+")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("in words"), max_length=300)
    began_at = models.DateTimeField(_("from"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["began_at", "pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "began_at"], name="pause_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="one_open_pause_per_subject",
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_began", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class EscalationStep(ScopedModel):
    """One step of a clock's ladder that was taken; the constraint lets each be taken once (R-15)."""

    project_path = "clock__project"
    audience = Audience.STAFF

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="steps")
    percent = models.PositiveSmallIntegerField(_("percent of the time"))
    who = models.CharField(_("who is told"), max_length=20)
    taken_at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation steps")
        ordering = ["clock", "percent"]
        constraints = [models.UniqueConstraint(fields=["clock", "percent"], name="escalation_step_once")]

    def __str__(self) -> str:
        return f"{self.percent} %"


class Sweep(ScopedModel):
    """When a sweep last ran, so that a long silence is noticed."""

    scope = "staff"
    audience = Audience.STAFF

    name = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.ran_at:%Y-%m-%d %H:%M}"
