"""A complaint and what its file holds: contacts, files, evidence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import DueDay, chosen
from apps.calendars.models import DatedByPerson
from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from ..queries import ComplaintQuerySet, InFileQuerySet
from ..rules import EXPECTED_DAYS, WHYS


class Complaint(DatedByPerson, ScopedModel):
    """One complaint (投诉), from receipt to the complainant's word that it is settled (C-01 … C-06).

    Its file is for quality and manager, the investigator, and until it is handed over customer service; never for
    somebody complained of. Who complained sees its public side.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        ACKNOWLEDGED = "acknowledged", _("Accepted for handling")
        INVESTIGATING = "investigating", _("Under investigation")
        DECIDED = "decided", _("Decided, to be told")
        TOLD = "told", _("Decision told")
        ESCALATED = "escalated", _("One step up")
        SETTLED = "settled", _("Settled, to be asked")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        HOTLINE = "hotline", _("Hotline")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        LOW_RATING = "low_rating", _("Low rating")
        FOLLOW_UP = "follow_up", _("Follow-up")
        VISIT = "visit", _("On a visit")

    class Kind(models.TextChoices):
        TIMELINESS = "timeliness", _("Too late")
        QUALITY = "quality", _("Quality of the work")
        CONDUCT = "conduct", _("Conduct")
        CHARGES = "charges", _("Charges and invoices")
        SAFETY = "safety", _("Safety")
        OTHER = "other", _("Other")

    class Cause(models.TextChoices):
        PEOPLE = "people", _("People")
        METHOD = "method", _("Procedure")
        MATERIAL = "material", _("Parts and material")
        EQUIPMENT = "equipment", _("Equipment")
        COMMUNICATION = "communication", _("Communication")
        OUTSIDE = "outside", _("Outside our hands")

    class Degree(models.IntegerChoices):
        LOW = 1, _("Low")
        MEDIUM = 2, _("Moderate")
        HIGH = 3, _("High")

    STATUS_LOOK = {
        Status.RECEIVED: ("warn", "inbox"),
        Status.ACKNOWLEDGED: ("warn", "user-question"),
        Status.INVESTIGATING: ("info", "search"),
        Status.DECIDED: ("warn", "message"),
        Status.TOLD: ("info", "message-check"),
        Status.ESCALATED: ("bad", "arrow-up"),
        Status.SETTLED: ("warn", "phone"),
        Status.CLOSED: ("ok", "circle-check"),
        Status.WITHDRAWN: ("idle", "ban"),
    }

    project_path = "project"
    audience = Audience.RESTRICTED

    number = models.CharField(_("number"), max_length=20, unique=True)
    project = models.ForeignKey(
        "projects.Project",
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
    )
    subject_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    about = models.CharField(_("what it is about"), max_length=160, blank=True)
    #: Whose make and model it counts for in the summary: that of the thing, or of the request about it.
    equipment = models.ForeignKey(
        "projects.Equipment",
        verbose_name=_("equipment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
    )
    accused = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people complained of"), blank=True, related_name="complained_of_in"
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.PORTAL)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("complaint in one line"), max_length=120)
    description = models.TextField(_("course of events"), max_length=4000, blank=True)
    remedy = models.TextField(_("remedy sought"), max_length=1000, blank=True)
    danger = models.TextField(_("what is dangerous"), max_length=1000, blank=True)
    emergency = models.ForeignKey(
        "tickets.Ticket", null=True, blank=True, on_delete=models.PROTECT, related_name="raised_by_complaints"
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Degree, default=Degree.MEDIUM)
    complexity = models.PositiveSmallIntegerField(_("complexity"), choices=Degree, default=Degree.MEDIUM)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Degree, default=Degree.MEDIUM)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    #: Who has no account follows the complaint by this.
    code = models.CharField(max_length=24, unique=True)
    complainant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("complainant"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
    )
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("complaint received at"))
    expected_on = models.DateField(_("answer expected by"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.RECEIVED)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    #: 1 until the decision is rejected; 2 is the last.
    instance = models.PositiveSmallIntegerField(_("instance"), default=1)
    round_began_at = models.DateTimeField()
    department = models.CharField(_("department concerned"), max_length=80, blank=True)
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("investigator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="investigations",
    )
    plan = models.TextField(_("plan"), max_length=2000, blank=True)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause, blank=True)
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    decision = models.TextField(_("decision"), max_length=4000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    responded_at = models.DateTimeField(_("first contact"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answer given at"), null=True, blank=True)
    search_text = FragmentField(sources=("number", "title", "description", "contact_name", "contact_phone"))

    objects: ClassVar[Any] = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-opened_at", "-pk"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="complaint_fragments"),
            models.Index(fields=["-opened_at", "-id"], name="complaint_by_time"),
            models.Index(fields=["status", "-opened_at"], name="complaint_by_status"),
            models.Index(fields=["kind", "-opened_at"], name="complaint_by_kind"),
            models.Index(fields=["cause", "-opened_at"], name="complaint_by_cause"),
            models.Index(fields=["department", "-opened_at"], name="complaint_by_department"),
            models.Index(fields=["project", "-opened_at"], name="complaint_by_project"),
            models.Index(fields=["equipment", "-opened_at"], name="complaint_by_equipment"),
            models.Index(fields=["complainant", "-opened_at"], name="complaint_by_complainant"),
            models.Index(fields=["investigator", "-opened_at"], name="complaint_by_investigator"),
            models.Index(fields=["subject_type", "subject_id"], name="complaint_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="anonymous_complaint_names_nobody",
                condition=Q(is_anonymous=False) | Q(complainant__isnull=True, contact_name=""),
            ),
            models.CheckConstraint(name="complaint_goes_up_once", condition=Q(instance__in=[1, 2])),
            models.CheckConstraint(
                name="closed_complaint_has_time", condition=~Q(status="closed") | Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status not in {self.Status.CLOSED, self.Status.WITHDRAWN}

    @property
    def due_day(self) -> DueDay:
        """Why the answer is expected by that day: the house's week, or the plan's date (C-02, C-04)."""
        done: dict[str, Any] = {"done_at": self.told_at, "is_open": self.told_at is None and self.is_open}
        if self.dated_at is not None:
            return chosen(self, self.expected_on, _("The plan of the investigation names the day."), **done)
        rule = _("Whoever complains is told to expect an answer within seven days.")
        began, started = self.round_began_at, _("Complaint received")
        return DueDay(self.expected_on, rule, start=began, started=started, amount=EXPECTED_DAYS, **done)

    @property
    def who(self) -> str:
        """The complainant in words."""
        return self.contact_name or (str(self.complainant) if self.complainant_id else str(_("Anonymous")))

    @property
    def five_whys(self) -> list[str]:
        """The five lines of the cause, empty ones included."""
        return [*self.whys, *[""] * (WHYS - len(self.whys))][:WHYS]

    def is_known_to(self, person: Any) -> bool:
        """Only who may see the file, and who complained, is told of it."""
        return type(self).objects.visible_to(person).filter(pk=self.pk).exists()

    def is_told_when_late(self, person: Any) -> bool:
        """Our people whom the ladder names, by number where the file is not theirs; never who is complained of."""
        return bool(person.is_staff_side) and not self.accused.filter(pk=person.pk).exists()


class CaseFile(StoredFile):
    """A file sent with a complaint, or evidence collected by the investigation."""

    project_path = "complaint__project"
    audience = Audience.RESTRICTED
    shown_to_complainant = {"is_evidence": False}

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="files")
    is_evidence = models.BooleanField(default=False)

    objects: ClassVar[Any] = InFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a complaint")
        verbose_name_plural = _("files of complaints")
        ordering = ["pk"]


class Contact(ScopedModel):
    """One contact of an investigation: with whom, how, what was said."""

    class Way(models.TextChoices):
        TELEPHONE = "telephone", _("By telephone")
        ON_SITE = "on_site", _("On site")
        EMAIL = "email", _("E-mail")
        MESSAGING = "messaging", _("Messaging")

    project_path = "complaint__project"
    audience = Audience.RESTRICTED

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField(_("moment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.TELEPHONE)
    whom = models.CharField(_("with whom"), max_length=80)
    said = models.TextField(_("what was said"), max_length=2000)

    objects: ClassVar[Any] = InFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact about a complaint")
        verbose_name_plural = _("contacts about complaints")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["complaint", "at"], name="contact_by_complaint")]

    def __str__(self) -> str:
        return f"{self.whom} {self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()
