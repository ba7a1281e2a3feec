"""Training plans of projects, sessions, who takes part, and the signed sheets."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel

from ..queries import ParticipantQuerySet, SessionFileQuerySet, SessionQuerySet
from .courses import Course


def new_attendance_token() -> str:
    return secrets.token_urlsafe(18)


class TrainingPlan(ScopedModel):
    """What a project's owner needs to learn, as agreed; its lines are the project's sessions (T-01)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being agreed")
        AGREED = "agreed", _("Agreed")

    STATUS_LOOK = {Status.DRAFT: ("info", "pencil"), Status.AGREED: ("ok", "circle-check")}

    project_path = "project"
    audience = Audience.OWNER

    project = models.OneToOneField(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="training_plan"
    )
    number = models.CharField(_("number"), max_length=20, unique=True)
    need = models.TextField(_("need"), help_text=_("Who has to be able to do what."))
    people = models.PositiveSmallIntegerField(_("people to train"), default=0)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    agreed_with = models.CharField(_("agreed with"), max_length=80, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("training plan")
        verbose_name_plural = _("training plans")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("training:plan_detail", args=[self.pk])


class Session(ScopedModel):
    """One training: of a project, or a class open to all (T-01, T-03, T-04)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open for registration")
        HELD = "held", _("Held")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        CLASSROOM = "classroom", _("Classroom")
        ONLINE = "online", _("Online")
        LIVE = "live", _("Live online")

    STATUS_LOOK = {
        Status.PLANNED: ("idle", "calendar"),
        Status.OPEN: ("info", "calendar-plus"),
        Status.HELD: ("warn", "users"),
        Status.CLOSED: ("ok", "circle-check"),
        Status.CANCELLED: ("idle", "ban"),
    }

    project_path = "project"
    audience_path = "audience"

    number = models.CharField(_("number"), max_length=20, unique=True)
    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="sessions")
    project = models.ForeignKey(
        "projects.Project",
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_sessions",
        help_text=_("Empty: a class open to all who may learn the course."),
    )
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.OWNER)
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.ON_SITE)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trainer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    hours = models.DecimalField(
        _("hours taught"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0)], default=0
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    link = models.URLField(_("address of the live class"), max_length=300, blank=True)
    seats = models.PositiveSmallIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: no limit."))
    is_chargeable = models.BooleanField(_("is charged"), default=False)
    #: "2026-spring" of a yearly class: opened exactly once (T-04).
    term = models.CharField(max_length=12, blank=True)
    #: The number of the visit during which it was given (V-12).
    visit_number = models.CharField(_("given on visit"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    attendance_token = models.CharField(max_length=40, unique=True, default=new_attendance_token)
    materials_sent_at = models.DateTimeField(_("materials sent"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    improvement = models.CharField(_("what to do better"), max_length=500, blank=True)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "-starts_at"], name="session_by_project"),
            models.Index(fields=["course", "-starts_at"], name="session_by_course"),
            models.Index(fields=["trainer", "-starts_at"], name="session_by_trainer"),
            models.Index(fields=["status", "-starts_at"], name="session_by_status"),
            models.Index(fields=["-starts_at", "-id"], name="session_by_day"),
        ]
        constraints = [
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(fields=["course", "term"], condition=~Q(term=""), name="one_class_per_term"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.course}"

    def get_absolute_url(self) -> str:
        return reverse("training:session_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.PLANNED, self.Status.OPEN}

    @property
    def is_remote(self) -> bool:
        """Whether people take part from where they are: they say themselves that they are there."""
        return self.way in {self.Way.ONLINE, self.Way.LIVE}

    def takes_attendance(self, now: datetime) -> bool:
        """Say whether people may sign in themselves by the code: from two hours before to two hours after."""
        return self.status in {self.Status.PLANNED, self.Status.OPEN, self.Status.HELD} and (
            abs((self.starts_at - now).total_seconds()) <= 2 * 3600
            or self.starts_at <= now <= self.ends_at
            or 0 <= (now - self.ends_at).total_seconds() <= 2 * 3600
        )


class Participant(ScopedModel):
    """A person in a session: registered or waiting, then there or not, for how many hours."""

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        WAITING = "waiting", _("On the waiting list")
        WITHDRAWN = "withdrawn", _("No longer registered")

    class Method(models.TextChoices):
        SIGNATURE = "signature", _("Signed on the trainer's device")
        OWN_PHONE = "own_phone", _("On their own phone")
        SHEET = "sheet", _("On the printed sheet")

    STATUS_LOOK = {
        Status.REGISTERED: ("info", "user-check"),
        Status.WAITING: ("warn", "clock"),
        Status.WITHDRAWN: ("idle", "user-off"),
    }

    project_path = "session__project"
    audience_path = "session__audience"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    owner = models.ForeignKey("projects.Owner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REGISTERED)
    registered_at = models.DateTimeField(_("registered at"))
    received_at = models.DateTimeField(_("materials received"), null=True, blank=True)
    attended_at = models.DateTimeField(_("was there"), null=True, blank=True)
    method = models.CharField(_("shown by"), max_length=10, choices=Method, blank=True)
    hours = models.DecimalField(_("hours of training"), max_digits=4, decimal_places=1, default=0)
    signature = models.FileField(upload_to="training/signatures", max_length=200, blank=True)
    strokes = models.JSONField(default=list, blank=True)

    objects: ClassVar[Any] = ParticipantQuerySet.as_manager()
    lock_first = ("session",)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["registered_at", "pk"]
        indexes = [models.Index(fields=["user", "-registered_at"], name="participant_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"], condition=Q(user__isnull=False), name="person_once_per_session"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()

    @property
    def organisation(self) -> str:
        return self.owner.name if self.owner is not None else ""


class SessionFile(StoredFile):
    """A scan of the signed attendance sheet, or another proof of a session."""

    project_path = "session__project"
    audience_path = "session__audience"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="files")

    objects: ClassVar[Any] = SessionFileQuerySet.as_manager()
