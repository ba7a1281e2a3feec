"""Requests, their messages and photos, and the work orders that fulfil them."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from .queries import TicketQuerySet, WorkOrderQuerySet


def new_tracking_token() -> str:
    return secrets.token_urlsafe(18)


class Ticket(ScopedModel):
    """One request of an owner (服务请求), from report to confirmation (R-01 … R-03)."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        IN_PROGRESS = "in_progress", _("In progress")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("Awaiting confirmation")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", _("Consultation")
        FAULT = "fault", _("Fault")
        EMERGENCY = "emergency", _("Emergency")
        MAINTENANCE = "maintenance", _("Maintenance request")
        RETURN = "return", _("Return or exchange")
        SERVICE_ORDER = "service_order", _("Service order")
        SUGGESTION = "suggestion", _("Suggestion")

    class Level(models.IntegerChoices):
        CRITICAL = 1, _("Level 1")
        SEVERE = 2, _("Level 2")
        PARTIAL = 3, _("Level 3")
        MINOR = 4, _("Level 4")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        HOTLINE = "hotline", _("Hotline")
        EMAIL = "email", _("E-mail")
        MESSAGING = "messaging", _("Messaging")
        LETTER = "letter", _("Letter")
        ON_SITE = "on_site", _("On site")
        QR_CODE = "qr_code", _("QR label")

    STATUS_LOOK = {
        Status.NEW: ("idle", "inbox"),
        Status.ACKNOWLEDGED: ("idle", "user-question"),
        Status.IN_PROGRESS: ("info", "tool"),
        Status.AWAITING_CONFIRMATION: ("warn", "writing-sign"),
        Status.CLOSED: ("ok", "circle-check"),
        Status.CANCELLED: ("idle", "ban"),
    }

    project_path = "project"
    audience = Audience.OWNER

    number = models.CharField(_("number"), max_length=20, unique=True)
    project = models.ForeignKey(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="tickets"
    )
    equipment = models.ForeignKey(
        "projects.Equipment",
        verbose_name=_("equipment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.FAULT)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.PARTIAL)
    title = models.CharField(_("what happened"), max_length=120)
    description = models.TextField(_("details"), blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.PORTAL)
    contact_name = models.CharField(_("contact"), max_length=60)
    contact_phone = models.CharField(_("telephone"), max_length=30)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported at"))
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.NEW)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    #: When the sheet was sent without the owner's signature: silence for three days closes the ticket.
    confirmation_asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    #: When the present round began; None in the first, which begins with the report.
    reopened_at = models.DateTimeField(null=True, blank=True)
    #: Whether its repair counts as complex, for promises that tell the two apart (R-03).
    is_complex = models.BooleanField(_("complex repair"), default=False)
    #: Who reported from a label follows the request by this, without an account.
    tracking_token = models.CharField(max_length=40, unique=True, default=new_tracking_token)
    search_text = FragmentField(sources=("number", "title", "description", "contact_name", "contact_phone"))

    objects: ClassVar[Any] = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="ticket_fragments"),
            models.Index(fields=["project", "-reported_at"], name="ticket_by_project"),
            models.Index(fields=["equipment", "-reported_at"], name="ticket_by_equipment"),
            models.Index(fields=["status", "-reported_at"], name="ticket_by_status"),
            models.Index(fields=["level", "-reported_at"], name="ticket_by_level"),
            models.Index(fields=["kind", "-reported_at"], name="ticket_by_kind"),
            models.Index(fields=["-reported_at", "-id"], name="ticket_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="ticket_level_known", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="closed_ticket_has_time", condition=~Q(status="closed") | Q(closed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="fault_began_before_report",
                condition=Q(began_at__isnull=True) | Q(began_at__lte=F("reported_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status not in {self.Status.CLOSED, self.Status.CANCELLED}


class CoverDecision(ScopedModel):
    """Whether a ticket is covered, as decided when it was opened; a later decision is a new row (W-19)."""

    class Ground(models.TextChoices):
        IN_FORCE = "in_force", _("Warranty in force on the day of the fault")
        EXPIRED = "expired", _("Warranty over before the day of the fault")
        NOT_STARTED = "not_started", _("Fault before the warranty started")
        NO_WARRANTY = "no_warranty", _("No warranty recorded for this project")

    project_path = "ticket__project"
    audience = Audience.OWNER

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="cover_decisions")
    is_covered = models.BooleanField(_("covered"))
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    warranty = models.ForeignKey(
        "warranties.Warranty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fault_on = models.DateField(_("day of the fault"))
    #: Copied, so that a warranty changed later does not rewrite what was decided.
    covered_from = models.DateField(null=True, blank=True)
    covered_until = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("cover decision")
        verbose_name_plural = _("cover decisions")
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["ticket", "-decided_at"], name="cover_decision_by_ticket")]

    def __str__(self) -> str:
        return str(self.get_ground_display())


class Message(ScopedModel):
    """A line of the conversation about a ticket; staff notes are not for the owner's eyes."""

    project_path = "ticket__project"
    audience_path = "audience"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("message"), max_length=4000)
    audience = models.CharField(_("who reads it"), max_length=12, choices=Audience, default=Audience.OWNER)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["ticket", "written_at"], name="message_by_ticket")]

    def __str__(self) -> str:
        return self.body[:40]

    def get_absolute_url(self) -> str:
        return f"{self.ticket.get_absolute_url()}#message-{self.pk}"


class TicketPhoto(StoredFile):
    """A photo sent with a request or with a message."""

    project_path = "ticket__project"
    audience_path = "audience"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="photos")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.OWNER)

    class Meta:
        ordering = ["pk"]


class PendingPhoto(StoredFile):
    """A photo that was accepted while another field of its form was wrong: it waits for the form to be sent again."""

    scope = "own"
    own_path = "uploaded_by"
    audience = Audience.OWNER

    #: The submission key of the form; it stays the same while the form is being corrected.
    key = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["uploaded_by", "key"], name="pending_photo_by_form"),
            models.Index(fields=["uploaded_at"], name="pending_photo_by_time"),
        ]


class WorkOrder(ScopedModel):
    """One task of an engineer for a ticket (维修任务书), on site or remote (R-06 … R-11)."""

    class Status(models.TextChoices):
        ISSUED = "issued", _("Issued")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        DEPARTED = "departed", _("On the way")
        ARRIVED = "arrived", _("On site")
        WORKING = "working", _("Working")
        SUSPENDED = "suspended", _("Suspended")
        FINISHED = "finished", _("Finished")
        SIGNED = "signed", _("Signed")
        UNSIGNED = "unsigned", _("Nobody signed")
        CANCELLED = "cancelled", _("Cancelled")

    class Mode(models.TextChoices):
        FIELD = "field", _("On site")
        REMOTE = "remote", _("Remote")

    class Cause(models.TextChoices):
        AGEING = "ageing", _("Worn out")
        INSTALLATION = "installation", _("Installation")
        QUALITY = "quality", _("Product quality")
        MISUSE = "misuse", _("Misuse")
        POWER = "power", _("External power")
        ENVIRONMENT = "environment", _("Environment")
        SOFTWARE = "software", _("Software or settings")
        OTHER = "other", _("Other")

    class Result(models.TextChoices):
        RESTORED = "restored", _("Restored")
        TEMPORARY = "temporary", _("Running on a temporary solution")
        NOT_FIXED = "not_fixed", _("Not fixed yet")

    class UnsignedReason(models.TextChoices):
        ABSENT = "absent", _("Nobody of the owner on site")
        BY_TELEPHONE = "by_telephone", _("Confirmed by telephone")
        REFUSED = "refused", _("Signature refused")

    STATUS_LOOK = {
        Status.ISSUED: ("warn", "inbox"),
        Status.ACCEPTED: ("info", "calendar-check"),
        Status.DECLINED: ("idle", "arrow-back-up"),
        Status.DEPARTED: ("info", "steering-wheel"),
        Status.ARRIVED: ("info", "map-pin-check"),
        Status.WORKING: ("info", "tool"),
        Status.SUSPENDED: ("idle", "player-pause"),
        Status.FINISHED: ("warn", "writing-sign"),
        Status.SIGNED: ("ok", "circle-check"),
        Status.UNSIGNED: ("warn", "user-off"),
        Status.CANCELLED: ("idle", "ban"),
    }

    project_path = "ticket__project"
    audience = Audience.OWNER
    lock_first = ("ticket",)

    number = models.CharField(_("number"), max_length=20, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="work_orders")
    round = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(_("way"), max_length=8, choices=Mode, default=Mode.FIELD)
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("engineer"),
        on_delete=models.PROTECT,
        related_name="work_orders",
    )
    dispatched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dispatched_at = models.DateTimeField(_("dispatched at"))
    appointment_from = models.DateTimeField(_("appointment from"))
    appointment_to = models.DateTimeField(_("to"))
    briefing = models.TextField(_("technical briefing"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ISSUED)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    departed_at = models.DateTimeField(_("departed at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("signed or left unsigned at"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause, blank=True)
    cause_note = models.TextField(_("cause in words"), blank=True)
    work_done = models.TextField(_("work done"), blank=True)
    result = models.CharField(_("result"), max_length=12, choices=Result, blank=True)
    test_note = models.TextField(_("test"), blank=True)
    prevention = models.TextField(_("prevention"), blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    unsigned_reason = models.CharField(_("why nobody signed"), max_length=16, choices=UnsignedReason, blank=True)
    search_text = FragmentField(sources=("number",))

    objects: ClassVar[Any] = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["appointment_from", "pk"]
        indexes = [
            models.Index(fields=["engineer", "status", "appointment_from"], name="work_order_by_engineer"),
            models.Index(fields=["ticket", "-dispatched_at"], name="work_order_by_ticket"),
            models.Index(fields=["status", "appointment_from"], name="work_order_by_status"),
            FragmentIndex(fields=["search_text"], name="work_order_fragments"),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start", condition=Q(appointment_to__gt=F("appointment_from"))
            ),
            models.CheckConstraint(
                name="unsigned_order_has_reason", condition=~Q(status="unsigned") | ~Q(unsigned_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("tickets:order_detail", args=[self.pk])


class WorkOrderPhoto(StoredFile):
    """A photo taken on the job, before or after the work, or in place of a signature."""

    class Slot(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")
        UNSIGNED = "unsigned", _("In place of the signature")

    project_path = "work_order__ticket__project"
    audience = Audience.OWNER

    work_order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="photos")
    slot = models.CharField(_("kind"), max_length=8, choices=Slot)

    class Meta:
        ordering = ["slot", "pk"]
