"""Attempts at an exam: the paper as it was drawn, what was answered, what it was worth."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from ..queries import PaperQuerySet, PersonalQuerySet
from .courses import Course, Question
from .sessions import Session


class Attempt(ScopedModel):
    """One person's try at a course's exam (T-01, T-05). Its end is the server's, whatever the browser says."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Under way")
        SUBMITTED = "submitted", _("Waits to be marked")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Not passed")
        COACHED = "coached", _("Coached, may try again")

    STATUS_LOOK = {
        Status.RUNNING: ("info", "pencil"),
        Status.SUBMITTED: ("warn", "clock"),
        Status.PASSED: ("ok", "circle-check"),
        Status.FAILED: ("bad", "x"),
        Status.COACHED: ("info", "refresh"),
    }

    scope = "own organisation"
    organisation_path = "user__owner_person__owner__people__user"
    organisation_projects_path = "user__owner_person__owner__projects"
    audience = Audience.OWNER

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="attempts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="training_attempts"
    )
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts")
    #: The first, the second … of this person in this course.
    nth = models.PositiveSmallIntegerField(_("attempt"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField(_("begun at"))
    ends_at = models.DateTimeField(_("ends at"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("result in percent"), null=True, blank=True)
    coaching = models.CharField(_("coaching"), max_length=500, blank=True)
    coached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam attempt")
        verbose_name_plural = _("exam attempts")
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="attempt_by_time"),
            models.Index(fields=["course", "-started_at"], name="attempt_by_course"),
            models.Index(fields=["status", "-started_at"], name="attempt_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "course", "nth"], name="attempt_number_unique"),
            models.UniqueConstraint(
                fields=["user", "course"], condition=Q(status="running"), name="one_exam_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return _("%(course)s, attempt %(number)s") % {"course": self.course, "number": self.nth}

    def get_absolute_url(self) -> str:
        return reverse("training:attempt", args=[self.pk])

    def is_over(self, now: datetime) -> bool:
        """Say whether nothing can be answered any more."""
        return self.status != self.Status.RUNNING or now >= self.ends_at


class AttemptQuestion(ScopedModel):
    """One question of a drawn paper, with its choices in the order shown, and what was answered last."""

    scope = "own organisation"
    organisation_path = "attempt__user__owner_person__owner__people__user"
    organisation_projects_path = "attempt__user__owner_person__owner__projects"
    audience = Audience.OWNER

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="used")
    position = models.PositiveSmallIntegerField()
    #: Shown choice n is choice ``order[n]`` of the question.
    order = models.JSONField(default=list)
    response = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    #: 0 to 1; None until it is marked.
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects: ClassVar[Any] = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "position"]
        indexes = [models.Index(fields=["question", "share"], name="marked_by_question")]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="paper_position_unique"),
            models.UniqueConstraint(fields=["attempt", "question"], name="question_once_per_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The choices as shown: (the value a browser sends, the words)."""
        options = self.question.options
        return [(str(place), options[index]) for place, index in enumerate(self.order)]
