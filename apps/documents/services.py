"""Draft, sign, issue: what was shown is what is signed, and what was signed is what is stored (D-05)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.client import NOWHERE, Client, served
from apps.core.errors import DomainError
from apps.core.events import audience_of, project_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.outbox import enqueue, enqueue_again, handles
from apps.core.scoping import stricter
from apps.core.sweeps import one_by_one

from . import lifecycle, rendering
from .company import letterhead, must_be_set_up
from .models import Document, Signature
from .registry import DocumentType, get_type
from .signing import sign_for_contractor

RENDER = "documents.render"
NOT_ISSUED = {"number": "", "version": 0, "issued_at": "", "check_code": "", "verify_url": "", "token": ""}
STRAY_AFTER = timedelta(minutes=5)
#: Within this, the same order once more is a second click.
TWICE = timedelta(seconds=10)


def document_of(type_name: str, subject: models.Model) -> Document | None:
    """Return the document of a subject that is in force or on its way, or None."""
    kind = ContentType.objects.get_for_model(subject)
    return (
        Document.objects.filter(type=type_name, subject_type=kind, subject_id=subject.pk)
        .exclude(status__in=[Document.Status.VOID, Document.Status.REPLACED])
        .first()
    )


def draft(type_name: str, subject: models.Model, *, actor: Any, now: datetime) -> Document:
    """Freeze a document's data as a draft; a draft that stands for the subject is discarded first."""
    kind = get_type(type_name)
    with transaction.atomic():
        standing = document_of(type_name, subject)
        if standing is not None and standing.status != Document.Status.DRAFT:
            raise DomainError(_("“%(number)s” is issued already. Void it first.") % {"number": standing.number})
        if standing is not None:
            discard_draft(standing, actor=actor, now=now)
        return _new_draft(kind, subject, actor=actor, now=now)


def discard_draft(document: Document, *, actor: Any, now: datetime) -> None:
    """Drop a draft nobody of the owner has signed, because its subject is being corrected."""
    if document.signatures.filter(side=Signature.Side.OWNER).exists():
        raise DomainError(_("The owner has signed already. What was signed is not changed."))
    document.signatures.all().delete()
    lifecycle.discard(document, actor=actor, now=now, reason=_("Corrected before signing"))


def _new_draft(kind: DocumentType, subject: Any, *, actor: Any, now: datetime) -> Document:
    must_be_set_up()
    content = kind.build(subject, now=now)
    data = content.data | {"letterhead": letterhead(), "issue": NOT_ISSUED | {"number": content.number}}
    document = Document.objects.create(
        project=project_of(subject),
        type=kind.name,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        audience=stricter(audience_of(subject), kind.audience),
        data=data,
        created_at=now,
        created_by=actor,
    )
    transaction.on_commit(partial(_render_content, document.pk, served()), robust=True)
    return document


def ensure_content(document: Document, *, client: Client = NOWHERE) -> Document:
    """Render and keep the unsigned content, signed by who made it, if that has not happened yet.

    Called after the transaction that made the draft, never within it. The data is frozen and rendering is
    deterministic, so whoever comes first brings the same bytes. ``client`` says from where it was made, if that is
    known.
    """
    if document.content_sha256:
        return document
    html = rendering.render_html(
        get_type(document.type).template, document.data, images=pictures_of(document.data)
    ).encode()
    sha256 = hashlib.sha256(html).hexdigest()
    name = default_storage.save(f"documents/content/{sha256[:2]}/{sha256}.html", ContentFile(html))
    with transaction.atomic():
        first = Document.objects.filter(pk=document.pk, content_sha256="").update(content=name, content_sha256=sha256)
        document.refresh_from_db()
        if first and get_type(document.type).signed and document.created_by is not None:
            sign_for_contractor(document, client=client)
    return document


def _render_content(pk: int, client: Client) -> None:
    ensure_content(Document.objects.get(pk=pk), client=client)


def preview_html(type_name: str, subject: models.Model, *, now: datetime) -> str:
    """Render a document as it would be, without number, marked as a draft; nothing is kept."""
    kind = get_type(type_name)
    content = kind.build(subject, now=now)
    data = content.data | {"letterhead": letterhead(), "issue": NOT_ISSUED}
    return rendering.render_html(kind.template, data, mark="草稿", images=pictures_of(data))


def pictures_of(data: Any) -> dict[str, str]:
    """Return {storage name: data URI} of every picture the data names; a lost file shows as an empty frame."""
    found = {}
    for name in set(_storage_names(data)):
        if default_storage.exists(name):
            with default_storage.open(name) as file:
                found[name] = rendering.photo_data_uri(file.read())
    return found


def _storage_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"file", "logo"} and isinstance(item, str) and item:
                yield item
            else:
                yield from _storage_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _storage_names(item)


def issue_now(type_name: str, subject: models.Model, *, actor: Any, now: datetime) -> Document:
    """Draft and issue a document that nobody signs."""
    with transaction.atomic():
        return issue(draft(type_name, subject, actor=actor, now=now), actor=actor, now=now)


def issue_anew(type_name: str, subject: models.Model, *, actor: Any, now: datetime) -> Document:
    """Issue a document that nobody signs as things stand now; one issued before is replaced by it.

    A second click is answered with what the first has set going.
    """
    with transaction.atomic():
        standing = document_of(type_name, subject)
        if standing is not None and standing.status == Document.Status.ISSUING and _just_issued(standing, now):
            return standing
        if standing is not None and standing.status != Document.Status.DRAFT:
            lifecycle.replace(standing, actor=actor, now=now)
        return issue_now(type_name, subject, actor=actor, now=now)


def _just_issued(document: Document, now: datetime) -> bool:
    return document.issued_at is not None and now - document.issued_at < TWICE


def issue(document: Document, *, actor: Any, now: datetime) -> Document:
    """Reserve the number, freeze the data, and have a worker render it."""
    kind = get_type(document.type)
    with transaction.atomic():
        document = lock(document)
        number = document.data["issue"]["number"] or next_number(kind.series, now=now)
        used = Document.objects.filter(type=document.type, number=number).aggregate(last=Max("version"))["last"]
        version = (used or 0) + 1
        facts = {
            "number": number,
            "version": version,
            "issued_at": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
            "check_code": document.check_code,
            "verify_url": settings.PUBLIC_URL + reverse("verify", args=[document.verification_token]),
            "token": document.verification_token,
        }
        document = lifecycle.reserve(
            document, actor=actor, now=now, number=number, version=version, data=document.data | {"issue": facts}
        )
        enqueue(RENDER, f"{RENDER}:{document.pk}", {"document": document.pk}, now=now)
    return document


@handles(RENDER)
def render_document(payload: dict[str, Any]) -> None:
    """Render an issuing document and store its bytes; does nothing for one that is done."""
    document = Document.objects.select_related("project").get(pk=payload["document"])
    if document.status != Document.Status.ISSUING:
        return
    ensure_content(document)
    data = document.data | {"issue": document.data["issue"] | {"check_code": document.check_code}}
    pdf = rendering.render_pdf(
        rendering.render_html(
            get_type(document.type).template,
            data,
            signatures=signature_blocks(document),
            images=pictures_of(data) | _signature_pictures(document),
        )
    )
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = default_storage.save(f"documents/issued/{sha256[:2]}/{sha256}.pdf", ContentFile(pdf))
    with transaction.atomic():
        document = lock(document)
        if document.status != Document.Status.ISSUING:
            return
        # Issued is the moment its number was given and printed; how late the worker came is the event's received_at.
        now = document.issued_at or timezone.now()
        document = lifecycle.complete(
            document, actor=document.issued_by, now=now, pdf=name, sha256=sha256, size=len(pdf)
        )
        get_type(document.type).tell_issued(document.subject, document, actor=document.issued_by, now=now)


def finish_strays(*, now: datetime, limit: int = 20) -> int:
    """Take up what was left half-way: contents not rendered, documents still being issued. Return how many.

    The latest come first, so that those which cannot be rendered never keep others waiting.
    """
    before = now - STRAY_AFTER
    unread = Document.objects.filter(status=Document.Status.DRAFT, content_sha256="", created_at__lt=before)
    rendered = one_by_one(unread.order_by("-created_at")[:limit], lambda row: bool(ensure_content(row)))
    issuing = Document.objects.filter(status=Document.Status.ISSUING, issued_at__lt=before)
    found = list(issuing.order_by("-issued_at").values_list("pk", flat=True)[:limit])
    for pk in found:
        enqueue_again(RENDER, f"{RENDER}:{pk}", {"document": pk}, now=now)
    return rendered + len(found)


def signature_blocks(document: Document) -> list[dict[str, Any]]:
    """Return the signature blocks as printed: the contractor's with the seal, and the owner's or why there is none."""
    kind = get_type(document.type)
    if not kind.signed:
        return []
    signatures = {signature.side: signature for signature in document.signatures.all()}
    ours = signatures.get(Signature.Side.CONTRACTOR)
    theirs = signatures.get(Signature.Side.OWNER)
    company = document.data["letterhead"]["company"]
    owner = document.project.owner.name if document.project else ""
    blocks = [_block(kind.contractor_role, company, ours) | {"seal": True}]
    if theirs is None and document.unsigned:
        blocks.append(_unsigned_block(kind.owner_role, owner, document.unsigned))
    else:
        blocks.append(_block(kind.owner_role, owner, theirs))
    return blocks


METHOD_WORDS = {
    Signature.Method.ON_SITE: "于维修人员设备手写",
    Signature.Method.ACCOUNT: "凭本人账号签署",
    Signature.Method.LINK: "凭签字链接与验证码手写",
}


def _block(role: str, organisation: str, signature: Signature | None) -> dict[str, Any]:
    if signature is None:
        blank = dict.fromkeys(("name", "position", "method", "signed_on", "image"), "")
        return {"role": role, "organisation": organisation, **blank}
    at = timezone.localtime(signature.signed_at)
    return {
        "role": role,
        "organisation": organisation,
        "name": signature.name,
        "position": signature.role,
        "method": f"{METHOD_WORDS[Signature.Method(signature.method)]} {at:%H:%M}",
        "signed_on": f"{at:%Y 年 %m 月 %d 日}",
        "image": signature.image.name if signature.image else "",
    }


def _unsigned_block(role: str, organisation: str, unsigned: dict[str, Any]) -> dict[str, Any]:
    return _block(role, organisation, None) | {
        "unsigned_reason": unsigned["reason"],
        "witness": unsigned["witness"],
        "unsigned_photo": {"caption": "现场", "taken_at": unsigned["taken_at"], "file": unsigned["photo"]},
    }


def _signature_pictures(document: Document) -> dict[str, str]:
    names = [signature.image.name for signature in document.signatures.all() if signature.image]
    pictures = {}
    for name in names:
        with default_storage.open(name) as file:
            pictures[name] = f"data:image/png;base64,{base64.b64encode(file.read()).decode('ascii')}"
    return pictures | pictures_of({"file": document.unsigned.get("photo", "")})
