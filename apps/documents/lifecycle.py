"""The states of a document: draft → issuing → issued → void or replaced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access
from .models import Document

S = Document.Status


@transition(
    Document,
    _("Issue"),
    sources={S.DRAFT},
    target=S.ISSUING,
    allowed=None,
    title=_("Document is being issued"),
    icon="file-text",
    audience=Audience.STAFF,
)
def reserve(
    document: Document, *, actor: Any, now: datetime, number: str, version: int, data: dict[str, Any]
) -> dict[str, Any]:
    """Give the number and freeze the data; the bytes follow from a worker."""
    document.number = number
    document.version = version
    document.data = data
    document.issued_at = now
    document.issued_by = actor
    return {"note": number}


@transition(
    Document,
    _("Complete"),
    sources={S.ISSUING},
    target=S.ISSUED,
    allowed=None,
    title=_("Document issued"),
    icon="rosette-discount-check",
    tone="ok",
)
def complete(document: Document, *, actor: Any, now: datetime, pdf: str, sha256: str, size: int) -> dict[str, Any]:
    """Take over the rendered bytes: what was signed is what is stored (D-05)."""
    document.pdf.name = pdf
    document.pdf_sha256 = sha256
    document.pdf_size = size
    return {"note": document.number}


@transition(
    Document,
    _("Void"),
    sources={S.ISSUED},
    target=S.VOID,
    allowed=access.may_void,
    title=_("Document voided"),
    form="VoidForm",
    icon="ban",
    style="danger",
    tone="bad",
)
def void(document: Document, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Declare an issued document void; its number stays, with the reason."""
    document.void_reason = reason
    return {"note": f"{document.number} {reason}"}


@transition(
    Document,
    _("Withdraw the paper"),
    sources={S.ISSUING, S.ISSUED},
    target=S.VOID,
    allowed=None,
    title=_("Document voided"),
    icon="ban",
    tone="bad",
)
def withdraw(document: Document, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Declare a paper void because what it says was withdrawn; its number stays, with the reason."""
    document.void_reason = reason
    return {"note": f"{document.number} {reason}"}


@transition(
    Document,
    _("Replace"),
    sources={S.ISSUING, S.ISSUED},
    target=S.REPLACED,
    allowed=None,
    title=_("Document replaced by a newer version"),
    icon="replace",
)
def replace(document: Document, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Make room for a newer version of the same document."""
    return {"note": document.number}


@transition(
    Document,
    _("Discard"),
    sources={S.DRAFT},
    target=S.VOID,
    allowed=None,
    title=_("Draft discarded"),
    icon="trash",
    audience=Audience.STAFF,
)
def discard(document: Document, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Drop a draft that was never signed, because its subject is being corrected."""
    document.void_reason = reason
    return {"note": reason}
