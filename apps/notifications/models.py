"""What a person is told in the portal, how they want to be told, and the senders by which the portal reaches out."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import Event
from apps.core.scoping import Audience, ScopedModel

from .queries import SenderQuerySet

QUIET_FROM, QUIET_UNTIL = time(22), time(7)


class Channel(models.TextChoices):
    """A way to a person. Robots speak to groups and are rows of ``Sender``."""

    PORTAL = "portal", _("In the portal")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Mode(models.TextChoices):
    """When a channel is used."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In the daily digest")
    OFF = "off", _("Not at all")


#: A bell that rings once a day is no bell, and a digest does not fit into an SMS.
MODES: dict[str, tuple[Mode, ...]] = {
    Channel.PORTAL: (Mode.AT_ONCE, Mode.OFF),
    Channel.EMAIL: (Mode.AT_ONCE, Mode.DIGEST, Mode.OFF),
    Channel.SMS: (Mode.AT_ONCE, Mode.OFF),
}


class Notification(ScopedModel):
    """One event told to one person, until they read it."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notifications")
    topic = models.CharField(_("topic"), max_length=30, default="other")
    #: Number and title of what it is about, as they were then: the list needs to load nothing more.
    about = models.CharField(_("about"), max_length=160, blank=True)
    created_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    #: Off where the person's choice keeps the topic out of the bell.
    is_shown = models.BooleanField(_("in the portal"), default=True)
    #: When the other channels were seen to; empty while that waits.
    spread_at = models.DateTimeField(null=True, blank=True)
    awaits_digest = models.BooleanField(_("waits for the digest"), default=False)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_by_user"),
            models.Index(fields=["user", "topic", "-created_at", "-id"], name="notification_by_topic"),
            models.Index(
                fields=["user", "-created_at"],
                name="notification_unread",
                condition=Q(read_at__isnull=True, is_shown=True),
            ),
            models.Index(fields=["id"], name="notification_unspread", condition=Q(spread_at__isnull=True)),
            models.Index(fields=["created_at", "user"], name="notification_digest", condition=Q(awaits_digest=True)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.event}"


class DefaultRule(ScopedModel):
    """How people of one role are told about a topic by a channel, where that differs from the topic's own default."""

    scope = "staff"
    audience = Audience.STAFF

    #: A staff role, or "owner" for owners' people.
    group = models.CharField(_("role"), max_length=20)
    topic = models.CharField(_("topic"), max_length=30)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    mode = models.CharField(_("when"), max_length=10, choices=Mode)

    class Meta:
        verbose_name = _("default of notifications")
        verbose_name_plural = _("defaults of notifications")
        constraints = [
            models.UniqueConstraint(fields=["group", "topic", "channel"], name="one_default_per_group_and_topic")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.topic} {self.channel}: {self.mode}"


class Choice(ScopedModel):
    """How a person wants to be told about a topic by a channel, whatever the default says."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choices")
    topic = models.CharField(_("topic"), max_length=30)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    mode = models.CharField(_("when"), max_length=10, choices=Mode)

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = [models.UniqueConstraint(fields=["user", "topic", "channel"], name="one_choice_per_topic")]

    def __str__(self) -> str:
        return f"{self.user} {self.topic} {self.channel}: {self.mode}"


class QuietHours(ScopedModel):
    """When a person wants neither e-mail nor SMS, emergencies excepted. Without a row: 22:00 to 07:00."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    is_on = models.BooleanField(_("quiet hours"), default=True)
    starts_at = models.TimeField(_("from"), default=QUIET_FROM)
    ends_at = models.TimeField(_("until"), default=QUIET_UNTIL)

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}" if self.is_on else "—"


class Sender(ScopedModel):
    """A way out of the portal over HTTP: an SMS provider, or a robot that speaks to a group."""

    class Kind(models.TextChoices):
        SMS = "sms", _("SMS provider")
        WECOM = "wecom", _("WeCom robot")
        DINGTALK = "dingtalk", _("DingTalk robot")
        FEISHU = "feishu", _("Feishu robot")

    class Look(models.TextChoices):
        MARKDOWN = "markdown", _("Formatted")
        TEXT = "text", _("Plain text")

    class Method(models.TextChoices):
        POST = "POST", "POST"
        GET = "GET", "GET"

    class Body(models.TextChoices):
        JSON = "json", "JSON"
        FORM = "form", _("Form fields")

    class Members(models.TextChoices):
        STAFF = Audience.STAFF.value, _("Staff only")
        OWNER = Audience.OWNER.value, _("Owners' people too")

    scope = "staff"
    audience = Audience.STAFF

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    is_on = models.BooleanField(_("in use"), default=True)
    #: Robots carry their key in the address, so it is as secret as the secret.
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=300, blank=True)
    look = models.CharField(_("format"), max_length=10, choices=Look, default=Look.MARKDOWN)
    members = models.CharField(_("who is in the group"), max_length=12, choices=Members, default=Members.STAFF)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    projects: Any = models.ManyToManyField(
        settings.SCOPE_MODEL, verbose_name=_("only these projects"), blank=True, related_name="+"
    )
    method = models.CharField(_("method"), max_length=4, choices=Method, default=Method.POST)
    headers = models.TextField(_("header lines"), blank=True)
    body_format = models.CharField(_("body as"), max_length=4, choices=Body, default=Body.JSON)
    body = models.TextField(_("body"), blank=True)
    success_text = models.CharField(_("accepted when the answer contains"), max_length=60, blank=True)

    objects: ClassVar[Any] = SenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notifications:sender_edit", args=[self.pk])

    @property
    def is_robot(self) -> bool:
        return self.kind != self.Kind.SMS

    @property
    def shown_url(self) -> str:
        """The address as it may be shown: host alone, since the rest may be a key."""
        parts: Any = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname or ''}/…"
