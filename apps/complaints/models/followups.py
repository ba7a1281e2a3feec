"""Follow-ups by telephone after work is done, the attempts at them, and requests for another engineer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from ..queries import EngineerRequestQuerySet, FollowUpQuerySet
from ..rules import FOLLOW_UP_DAYS


class FollowUp(ScopedModel):
    """A call after a completed request or visit: is the owner satisfied? (R-13, V-14). Made once a round."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("To call")
        SATISFIED = "satisfied", _("Satisfied")
        UNSATISFIED = "unsatisfied", _("Not satisfied")
        NOT_REACHED = "not_reached", _("Not reached")
        DROPPED = "dropped", _("No longer needed")

    STATUS_LOOK = {
        Status.PLANNED: ("warn", "phone"),
        Status.SATISFIED: ("ok", "circle-check"),
        Status.UNSATISFIED: ("bad", "alert-triangle"),
        Status.NOT_REACHED: ("idle", "user-off"),
        Status.DROPPED: ("idle", "ban"),
    }

    project_path = "project"
    audience = Audience.STAFF

    project = models.ForeignKey(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    number = models.CharField(_("number"), max_length=24)
    title = models.CharField(_("what"), max_length=160)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    completed_at = models.DateTimeField(_("completed at"))
    due_at = models.DateTimeField(_("call by"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("called by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    said = models.TextField(_("what was said"), max_length=2000, blank=True)
    complaint = models.ForeignKey(
        "complaints.Complaint", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search_text = FragmentField(sources=("number", "title", "contact_name", "contact_phone"))

    objects: ClassVar[Any] = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_at", "pk"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="follow_up_fragments"),
            models.Index(fields=["due_at", "id"], name="follow_up_by_due"),
            models.Index(fields=["status", "due_at"], name="follow_up_by_status"),
            models.Index(fields=["project", "due_at"], name="follow_up_by_project"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "round"], name="one_follow_up_per_subject_and_round"
            ),
            models.CheckConstraint(
                name="called_follow_up_has_time",
                condition=~Q(status__in=["satisfied", "unsatisfied"]) | Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:call", args=[self.pk])

    @property
    def due_day(self) -> DueDay:
        """Why the call is due when it is (R-13)."""
        return DueDay(
            self.due_at,
            _("After work is done we call within three days."),
            start=self.completed_at,
            started=_("Completed"),
            amount=FOLLOW_UP_DAYS,
            done_at=self.done_at,
            is_open=self.status == self.Status.PLANNED,
        )


class Attempt(ScopedModel):
    """One try at a follow-up that reached nobody."""

    project_path = "follow_up__project"
    audience = Audience.STAFF

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("moment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class EngineerRequest(ScopedModel):
    """An owner asks for another engineer; the reason is kept, and not shown to engineers (R-14)."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Not granted")

    STATUS_LOOK = {
        Status.ASKED: ("warn", "user-question"),
        Status.GRANTED: ("ok", "user-check"),
        Status.DECLINED: ("idle", "ban"),
    }

    project_path = "ticket__project"
    audience = Audience.OWNER
    lock_first = ("ticket",)

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="engineer_requests")
    reason = models.TextField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = EngineerRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for another engineer")
        verbose_name_plural = _("requests for another engineer")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(status="asked"), name="one_open_engineer_request_per_ticket"
            )
        ]

    def __str__(self) -> str:
        return str(_("Another engineer for %(number)s") % {"number": self.ticket.number})

    def get_absolute_url(self) -> str:
        return f"{self.ticket.get_absolute_url()}#panel-engineer_requests"
