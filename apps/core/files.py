"""The base of every kept file: a row that hangs under a project, and bytes under a name of our own."""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .scoping import ScopedModel
from .uploads import AcceptedFile


def stored_name(instance: StoredFile, filename: str) -> str:
    """Name the file ourselves; only the extension, decided by content, is taken over."""
    extension = filename.rpartition(".")[2]
    token = secrets.token_hex(16)
    return f"{instance._meta.label_lower.replace('.', '/')}/{token[:2]}/{token}.{extension}"


class StoredFile(ScopedModel):
    """A kept file. Subclasses say which row it belongs to and so who may open it; it is served by one page."""

    file = models.FileField(_("file"), upload_to=stored_name, max_length=200)
    original_name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("core:file", args=[self._meta.label_lower, self.pk])

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")

    @classmethod
    def keep(cls, accepted: AcceptedFile, *, actor: Any, now: Any, **owner: Any) -> Self:
        """Store an accepted file and its row. A row that is rolled back leaves at most an unreachable file."""
        row = cls(
            original_name=accepted.original_name,
            content_type=accepted.content_type,
            size=len(accepted.content),
            sha256=accepted.sha256,
            width=accepted.width,
            height=accepted.height,
            taken_at=accepted.taken_at,
            uploaded_by=actor,
            uploaded_at=now,
            **owner,
        )
        row.file.save(f"kept.{accepted.extension}", ContentFile(accepted.content), save=False)
        row.save(force_insert=True)
        return row
