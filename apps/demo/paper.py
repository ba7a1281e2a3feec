"""Have documents shown, signed and rendered as the portal does it, in the moment of the story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.core.client import NOWHERE, Client
from apps.core.models import OutboxItem
from apps.core.outbox import deliver_item
from apps.documents import services as documents
from apps.documents import signing
from apps.documents.models import Document, Signature

from . import pictures

PHONES = ["Android · Chrome", "HarmonyOS · Huawei", "iPhone · Safari"]


def show(kind: str, subject: Any) -> Document:
    """Return the drafted document of a subject with the content that is put before the owner."""
    document = documents.document_of(kind, subject)
    if document is None:
        raise LookupError(f"There is no {kind} of {subject}.")
    client = phone_of(document.created_by) if document.created_by else NOWHERE
    return documents.ensure_content(document, client=client)


def phone_of(engineer: Any) -> Client:
    return Client(f"10.8.3.{20 + engineer.pk % 200}", PHONES[engineer.pk % len(PHONES)])


def sign_on_site(document: Document, *, name: str, role: str, phone: str, engineer: Any, now: datetime) -> None:
    """The owner's person signs on the engineer's phone."""
    signer = signing.Signer(
        name=name,
        role=role,
        phone=phone,
        method=Signature.Method.ON_SITE,
        client=phone_of(engineer),
    )
    _sign(document, signer, actor=engineer, now=now)


def sign_with_account(document: Document, *, user: Any, role: str, now: datetime) -> None:
    """The owner's person signs on their own page."""
    signer = signing.Signer(
        name=user.name,
        role=role,
        phone=user.phone or "",
        user=user,
        method=Signature.Method.ACCOUNT,
        client=Client("10.20.1.17", "Windows · Edge"),
    )
    _sign(document, signer, actor=user, now=now)


def _sign(document: Document, signer: signing.Signer, *, actor: Any, now: datetime) -> None:
    signing.sign_for_owner(
        document,
        signer=signer,
        drawing=pictures.signature(signer.name),
        content_sha256=document.content_sha256,
        actor=actor,
        now=now,
    )


def leave_unsigned(document: Document, *, reason: str, where: tuple[str, str], engineer: Any, now: datetime) -> None:
    """Nobody is there to sign: a photo of the place stands in for the signature."""
    photo = pictures.photo(*where, now, good=True)
    signing.leave_unsigned(
        document, reason=reason, photo=signing.keep_site_photo(photo), taken_at=now, actor=engineer, now=now
    )


def render(document: Document | None) -> None:
    """Render a document that is being issued, as the worker would a moment later."""
    if document is None:
        raise LookupError("There is no document to render.")
    item = OutboxItem.objects.get(dedupe_key=f"{documents.RENDER}:{document.pk}")
    if not deliver_item(item.pk):
        item.refresh_from_db()
        raise RuntimeError(f"{document} could not be rendered: {item.last_error}")
