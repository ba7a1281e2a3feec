"""Signatures: taken on our device, given with an account, or by link and code; each refers to what was shown."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from apps.core.client import NOWHERE, Client
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.uploads import AcceptedFile

from .models import Document, Signature, SignatureSample
from .registry import get_type

MAX_IMAGE_BYTES = 300_000
MAX_IMAGE_EDGE = 3000
MAX_STROKES = 400
MAX_GUESSES = 5
PNG_PREFIX = "data:image/png;base64,"

SIGNED = declare_event("documents.document.signed", gettext_lazy("Signed"), icon="writing-sign", tone="ok")
LEFT_UNSIGNED = declare_event(
    "documents.document.left_unsigned", gettext_lazy("Nobody signed"), icon="user-off", tone="warn"
)


@dataclass(frozen=True)
class Drawing:
    """A drawn signature: the picture, and the strokes as they were drawn."""

    png: bytes
    strokes: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Signer:
    """Who signs, how they were identified, and from where."""

    name: str
    role: str
    method: str
    phone: str = ""
    user: Any = None
    client: Client = NOWHERE


def read_drawing(data_url: str, strokes: Any) -> Drawing:
    """Return a drawn signature out of what the page sent. Raises ``DomainError`` when there is none."""
    empty = DomainError(_("Please sign in the box with a finger or the mouse."), field="signature_image")
    if not data_url.startswith(PNG_PREFIX) or len(data_url) > MAX_IMAGE_BYTES * 4 // 3:
        raise empty
    try:
        png = base64.b64decode(data_url[len(PNG_PREFIX) :], validate=True)
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            if max(image.size) > MAX_IMAGE_EDGE:
                raise empty
            drawn = image.convert("RGBA")
        if drawn.getchannel("A").getbbox() is None:
            raise empty
    except DomainError:
        raise
    except Exception as error:
        # The library raises whatever the damage happens to cause.
        raise empty from error
    out = io.BytesIO()
    drawn.crop(drawn.getchannel("A").getbbox()).save(out, "PNG", optimize=True)
    return Drawing(out.getvalue(), strokes[:MAX_STROKES] if isinstance(strokes, list) else [])


def sign_for_contractor(document: Document, *, client: Client) -> Signature:
    """Put the signature of who made the draft under its content: the one they drew once, or their account alone."""
    person: Any = document.created_by
    sample = SignatureSample.objects.filter(user=person).first()
    signature = Signature(
        document=document,
        side=Signature.Side.CONTRACTOR,
        name=person.name,
        role=get_type(document.type).contractor_position,
        user=person,
        method=Signature.Method.ACCOUNT,
        strokes=sample.strokes if sample else [],
        content_sha256=document.content_sha256,
        signed_at=document.created_at,
        address=client.address,
        device=client.device,
    )
    if sample:
        with sample.image.open() as file:
            signature.image.save("contractor.png", ContentFile(file.read()), save=False)
    signature.save()
    return signature


def sign_for_owner(
    document: Document, *, signer: Signer, drawing: Drawing | None, content_sha256: str, actor: Any, now: datetime
) -> Signature:
    """Sign for the owner exactly the content that was shown, and let the subject go on.

    Raises ``DomainError`` if the content has changed since, or somebody has signed already.
    """
    with transaction.atomic():
        document = _open_for_signing(document)
        if not document.content_sha256 or not constant_time_compare(content_sha256, document.content_sha256):
            raise DomainError(_("The sheet has changed since you opened it. Please read it again, then sign."))
        signature = Signature(
            document=document,
            side=Signature.Side.OWNER,
            name=signer.name,
            role=signer.role,
            phone=signer.phone,
            user=signer.user,
            method=signer.method,
            strokes=drawing.strokes if drawing else [],
            content_sha256=document.content_sha256,
            signed_at=now,
            address=signer.client.address,
            device=signer.client.device,
        )
        if drawing:
            digest = hashlib.sha256(drawing.png).hexdigest()[:16]
            signature.image.save(f"{digest}.png", ContentFile(drawing.png), save=False)
        signature.save()
        note = f"{signer.name} {signer.role}".strip()
        record(document, SIGNED, actor=actor, now=now, data={"note": note, "method": signer.method})
        get_type(document.type).tell_signed(document.subject, document, actor=actor, now=now)
    return signature


def keep_site_photo(photo: AcceptedFile) -> str:
    """Store the photo that stands in the signature's place; return its storage name."""
    name = f"documents/unsigned/{photo.sha256[:2]}/{photo.sha256}.{photo.extension}"
    return default_storage.save(name, ContentFile(photo.content))


def leave_unsigned(
    document: Document, *, reason: str, photo: str, taken_at: datetime, actor: Any, now: datetime
) -> Document:
    """State that nobody of the owner could sign: the reason, and a photo of the site in the signature's place."""
    with transaction.atomic():
        document = _open_for_signing(document)
        document.unsigned = {
            "reason": reason,
            "photo": photo,
            "taken_at": f"{timezone.localtime(taken_at):%Y-%m-%d %H:%M}",
            "witness": actor.name,
        }
        document.save(update_fields=["unsigned"])
        record(document, LEFT_UNSIGNED, actor=actor, now=now, data={"note": reason})
        get_type(document.type).tell_signed(document.subject, document, actor=actor, now=now)
    return document


def _open_for_signing(document: Document) -> Document:
    lock(document.subject)  # before its document, as every step of the subject does
    document = lock(document)
    signed = document.signatures.filter(side=Signature.Side.OWNER).exists()
    if document.status != Document.Status.DRAFT or document.unsigned or signed:
        raise DomainError(_("This sheet is signed already. Nothing was changed."))
    return document


def check_code_of(document: Document, code: str) -> bool:
    """Say whether the code that goes with a signing link is right; after five wrong ones none is."""
    if document.signing_attempts >= MAX_GUESSES:
        return False
    if constant_time_compare(code.strip(), document.signing_code):
        return True
    Document.objects.filter(pk=document.pk).update(signing_attempts=F("signing_attempts") + 1)
    return False


def noting_sample(rows: Any, user: Any) -> Any:
    """Note on each row, with its own query, whether ``user`` has a drawn signature: ``has_sample``."""
    return rows.annotate(has_sample=Exists(SignatureSample.objects.filter(user=user)))


def has_sample(user: Any) -> bool:
    """Say whether a person has drawn the signature that goes under their work."""
    return SignatureSample.objects.filter(user=user).exists()


def keep_sample(*, user: Any, drawing: Drawing, now: datetime) -> SignatureSample:
    """Keep a person's own signature, to be put under their work from now on."""
    sample = SignatureSample.objects.filter(user=user).first() or SignatureSample(user=user)
    sample.strokes = drawing.strokes
    sample.drawn_at = now
    sample.image.save(f"{user.pk}.png", ContentFile(drawing.png), save=False)
    sample.save()
    return sample
