"""Issued documents, their signatures, and the company that issues them."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex


class CompanyProfile(ScopedModel):
    """The contractor that runs this portal: its letterhead, seal and hotline. There is one row."""

    scope = "reference"
    audience = Audience.OWNER

    name = models.CharField(_("company name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=30)
    address = models.CharField(_("address"), max_length=200, blank=True)
    hotline = models.CharField(_("hotline"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    seal_text = models.CharField(_("purpose on the seal"), max_length=30, default="售后服务专用章")

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profile")
        constraints = [models.CheckConstraint(name="one_company_profile", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:company")


class CompanyImage(StoredFile):
    """A picture of the company's: its logo. The seal is drawn out of its name."""

    class Kind(models.TextChoices):
        LOGO = "logo", _("Logo")

    scope = "reference"
    audience = Audience.OWNER

    kind = models.CharField(max_length=6, choices=Kind)

    class Meta:
        ordering = ["-pk"]


def new_verification_token() -> str:
    return secrets.token_urlsafe(18)


def new_signing_token() -> str:
    return secrets.token_urlsafe(32)


def new_signing_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


class Document(ScopedModel):
    """One printed document: the data frozen, the content that was shown for signing, the bytes that were issued."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUING = "issuing", _("Being issued")
        ISSUED = "issued", _("Issued")
        VOID = "void", _("Void")
        REPLACED = "replaced", _("Replaced")

    STATUS_LOOK = {
        Status.DRAFT: ("idle", "pencil"),
        Status.ISSUING: ("info", "loader"),
        Status.ISSUED: ("ok", "rosette-discount-check"),
        Status.VOID: ("bad", "ban"),
        Status.REPLACED: ("idle", "replace"),
    }

    project_path = "project"
    audience_path = "audience"
    about_paths = ("subject_type", "subject_id")

    #: None for what is of no one project: a monthly analysis, our own people's certificates.
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    type = models.CharField(_("type"), max_length=40)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    number = models.CharField(_("number"), max_length=24, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.OWNER)
    data = models.JSONField(_("frozen data"))
    #: The unsigned content exactly as it was shown, and its SHA-256; signatures refer to it.
    content = models.FileField(upload_to="documents/content", max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.FileField(upload_to="documents/issued", max_length=200, blank=True)
    pdf_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(null=True, blank=True)
    verification_token = models.CharField(max_length=40, unique=True, default=new_verification_token)
    #: Who holds the link and the code may sign for the owner until the document is issued; guesses are counted.
    signing_token = models.CharField(max_length=60, unique=True, default=new_signing_token)
    signing_code = models.CharField(max_length=6, default=new_signing_code)
    signing_attempts = models.PositiveSmallIntegerField(default=0)
    #: Where nobody signed for the owner: reason, photo (storage name), who says so. Empty otherwise.
    unsigned = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search_text = FragmentField(sources=("number",))
    void_reason = models.CharField(_("reason"), max_length=200, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            FragmentIndex(fields=["search_text"], name="document_fragments"),
            models.Index(fields=["project", "-issued_at"], name="document_by_project"),
            models.Index(fields=["subject_type", "subject_id"], name="document_by_subject"),
            models.Index(fields=["type", "-issued_at"], name="document_by_type"),
            models.Index(fields=["created_at"], name="document_stray", condition=Q(status="issuing")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number", "version"], condition=~Q(number=""), name="document_number_unique"
            ),
            models.UniqueConstraint(
                fields=["type", "subject_type", "subject_id"],
                condition=Q(status__in=["draft", "issuing", "issued"]),
                name="one_document_in_force_per_subject",
            ),
            models.CheckConstraint(
                name="issued_document_has_bytes_and_number",
                condition=~Q(status="issued") | (~Q(number="") & ~Q(pdf_sha256="") & Q(issued_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.get_status_display())

    def get_absolute_url(self) -> str:
        return reverse("documents:detail", args=[self.pk])

    def is_known_to(self, person: Any) -> bool:
        """A restricted document is known to whom its subject is."""
        return self.subject.is_known_to(person) if self.subject else super().is_known_to(person)

    @property
    def is_issued(self) -> bool:
        return self.status == self.Status.ISSUED

    @property
    def check_code(self) -> str:
        """The first twelve signs of the content's hash, as printed in the footer."""
        return "-".join(self.content_sha256[i : i + 4] for i in (0, 4, 8))

    @property
    def file_name(self) -> str:
        return f"{self.number}-v{self.version}.pdf" if self.version > 1 else f"{self.number}.pdf"


class Signature(ScopedModel):
    """One signature under a document's content: who, how identified, when, where, and the hash of what was shown."""

    class Side(models.TextChoices):
        CONTRACTOR = "contractor", _("Contractor")
        OWNER = "owner", _("Owner")

    class Method(models.TextChoices):
        ON_SITE = "on_site", _("On the engineer's device")
        ACCOUNT = "account", _("With their own account")
        LINK = "link", _("By the signing link")

    project_path = "document__project"
    audience_path = "document__audience"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(_("identified by"), max_length=8, choices=Method)
    #: Drawn on screen; empty when somebody signed with their account alone.
    image = models.FileField(upload_to="documents/signatures", max_length=200, blank=True)
    strokes = models.JSONField(default=list)
    content_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("signed at"))
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["document", "side"], name="one_signature_per_side")]

    def __str__(self) -> str:
        return f"{self.name} {self.signed_at:%Y-%m-%d %H:%M}"


class SignatureSample(ScopedModel):
    """The signature a member of staff drew once and puts under their own work."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signature_sample")
    image = models.FileField(upload_to="documents/samples", max_length=200)
    strokes = models.JSONField(default=list)
    drawn_at = models.DateTimeField(_("drawn at"))

    def __str__(self) -> str:
        return str(self.user)


class PrintRun(ScopedModel):
    """A selection put into one PDF for the printer: issued documents, or labels of equipment."""

    class Kind(models.TextChoices):
        DOCUMENTS = "documents", _("Documents")
        LABELS = "labels", _("Equipment labels")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        DONE = "done", _("Ready to print")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_LOOK = {
        Status.WAITING: ("info", "loader"),
        Status.DONE: ("ok", "printer"),
        Status.CANCELLED: ("idle", "ban"),
    }

    scope = "own"
    own_path = "requested_by"
    audience = Audience.OWNER

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DOCUMENTS)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(_("requested at"))
    #: Keys of the chosen documents or pieces of equipment, in printing order.
    selection = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    pdf = models.FileField(upload_to="documents/print", max_length=200, blank=True)

    class Meta:
        verbose_name = _("print run")
        verbose_name_plural = _("print runs")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {len(self.selection)}"

    def get_absolute_url(self) -> str:
        return reverse("documents:print_run", args=[self.pk])

    @property
    def total(self) -> int:
        return len(self.selection)
