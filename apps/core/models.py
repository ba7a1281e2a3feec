"""Rows of the engines: events, counters, outbox, submission keys, saved views, stored files."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from .files import StoredFile
from .scoping import Audience, ScopedModel, ScopedQuerySet

__all__ = ["Counter", "Event", "OutboxItem", "SavedView", "StoredFile", "SubmissionKey"]


class EventQuerySet(ScopedQuerySet):
    """Events can be read and added, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Events are never deleted.")

    def about(self, subject: models.Model) -> EventQuerySet:
        """Events whose subject is this row."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=subject.pk)

    def of_no_project(self, subject: models.Model, user: Any) -> EventQuerySet:
        """Events about a row of no project that a person has before them: their audience alone decides."""
        return self.about(subject).filter(project=None)._for_audience(user)


class Event(ScopedModel):
    """One thing that happened. Timeline, audit, clocks and notifications are all read from these rows."""

    project_path = "project"
    audience_path = "audience"
    about_paths = ("subject_type", "subject_id")

    project = models.ForeignKey(
        settings.SCOPE_MODEL,
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    name = models.CharField(_("name"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    data = models.JSONField(_("data"), default=dict, blank=True)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["project", "-at", "-id"], name="event_by_project"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="event_by_subject"),
            models.Index(fields=["-at", "-id"], name="event_by_time"),
            models.Index(fields=["actor", "-at", "-id"], name="event_by_actor"),
            models.Index(fields=["name", "-at", "-id"], name="event_by_name"),
        ]
        constraints = [
            models.CheckConstraint(name="event_audience_known", condition=models.Q(audience__in=Audience.values)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"

    @property
    def subject_model(self) -> Any:
        """The model of the subject, which is not read; None for one that is gone."""
        return ContentType.objects.get_for_id(self.subject_type_id).model_class()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never deleted.")


class Counter(ScopedModel):
    """The last number given in one series and year; locked while a number is given."""

    scope = "staff"
    audience = Audience.STAFF

    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_series_and_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"


class SubmissionKey(ScopedModel):
    """A form that was sent once. Sent again, it is answered with the first result."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    key = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    result_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_result_per_submission_key")]

    def __str__(self) -> str:
        return self.key


class SavedView(ScopedModel):
    """A person's own name for a way of seeing a list: its tab, filters and order, as the address has them."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(_("list"), max_length=200)
    name = models.CharField(_("name"), max_length=24)
    query = models.CharField(_("filters and order"), max_length=1000, blank=True)
    is_start = models.BooleanField(_("the list opens with it"), default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "path", "name"], name="saved_view_name_once_a_list"),
            models.UniqueConstraint(
                fields=["user", "path"], condition=models.Q(is_start=True), name="one_start_view_a_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{self.path}?{self.query}&saved={self.pk}" if self.query else f"{self.path}?saved={self.pk}"


class OutboxItem(ScopedModel):
    """Something that must leave the process: written with the change that caused it, done at least once."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Under way")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    STATUS_LOOK = {
        Status.WAITING: ("info", "clock"),
        Status.CLAIMED: ("info", "loader"),
        Status.DONE: ("ok", "check"),
        Status.DEAD: ("bad", "alert-triangle"),
    }

    scope = "staff"
    audience = Audience.STAFF

    kind = models.CharField(_("kind"), max_length=60)
    dedupe_key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("content"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing item")
        verbose_name_plural = _("outgoing items")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_waiting",
                condition=models.Q(status__in=["waiting", "claimed"]),
            ),
            models.Index(fields=["-created_at", "-id"], name="outbox_by_time"),
            models.Index(fields=["status", "-created_at", "-id"], name="outbox_by_status"),
            models.Index(fields=["kind", "-created_at", "-id"], name="outbox_by_kind"),
        ]

    def __str__(self) -> str:
        return self.dedupe_key
