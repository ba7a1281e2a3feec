"""Documents, signatures, and what happened: events, notifications, outgoing items."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from apps.accounts.models import Role, User
from apps.core.models import Event, OutboxItem, SavedView
from apps.documents.models import CompanyImage, CompanyProfile, Document, PrintRun, Signature, SignatureSample
from apps.notifications.models import Choice, DefaultRule, Notification, QuietHours, Sender
from apps.projects.models import Project
from apps.tickets.models import WorkOrder

from .base import NOW, PDF, PNG, accepted, project_of, serial
from .people import make_staff
from .tickets import make_ticket, make_work_order


def make_company(**fields: Any) -> CompanyProfile:
    return CompanyProfile.objects.create(
        pk=1,
        **{
            "name": "江州明衢照明工程有限公司",
            "short_name": "明衢照明",
            "address": "江州市滨江区示范路 88 号",
            "hotline": "400-000-1621",
        }
        | fields,
    )


def make_company_image(**fields: Any) -> CompanyImage:
    return CompanyImage.keep(
        accepted(PNG, "logo.png", "image/png"), actor=None, now=NOW, **{"kind": CompanyImage.Kind.LOGO} | fields
    )


def make_document(*, subject: Any = None, project: Project | None = None, **fields: Any) -> Document:
    """Return a document about ``subject``; one that is issued has its number, bytes and hash."""
    subject = subject or make_work_order(status=WorkOrder.Status.SIGNED)
    n = serial()
    status = fields.get("status", Document.Status.ISSUED)
    values: dict[str, Any] = {
        "project": project or project_of(subject),
        "type": "repair_sheet",
        "subject_type": ContentType.objects.get_for_model(subject),
        "subject_id": subject.pk,
        "status": status,
        "data": {},
        "created_at": NOW,
        "content_sha256": hashlib.sha256(b"<p>sheet</p>").hexdigest(),
    }
    if status not in {Document.Status.DRAFT}:
        values |= {"number": f"WX-2026-9{n:05d}"}
    document = Document(**values | fields)
    document.content.save("content.html", ContentFile(b"<p>sheet</p>"), save=False)
    if status in {Document.Status.ISSUED, Document.Status.VOID, Document.Status.REPLACED}:
        document.pdf.save("issued.pdf", ContentFile(PDF), save=False)
        document.pdf_sha256 = hashlib.sha256(PDF).hexdigest()
        document.pdf_size = len(PDF)
        document.issued_at = document.issued_at or NOW
    document.save()
    return document


def make_signature(*, document: Document | None = None, side: str = Signature.Side.OWNER, **fields: Any) -> Signature:
    document = document or make_document()
    signature = Signature(
        **{
            "document": document,
            "side": side,
            "name": "周主任",
            "role": "设备主管",
            "method": Signature.Method.ON_SITE,
            "content_sha256": document.content_sha256,
            "signed_at": NOW,
        }
        | fields
    )
    signature.image.save("signature.png", ContentFile(PNG), save=False)
    signature.save()
    return signature


def make_signature_sample(*, user: User | None = None, **fields: Any) -> SignatureSample:
    sample = SignatureSample(user=user or make_staff(Role.ENGINEER), drawn_at=NOW, **fields)
    sample.image.save("sample.png", ContentFile(PNG), save=False)
    sample.save()
    return sample


def make_print_run(
    *, documents: list[Document] | None = None, requested_by: User | None = None, **fields: Any
) -> PrintRun:
    documents = documents if documents is not None else [make_document()]
    run = PrintRun(
        **{
            "requested_by": requested_by or make_staff(Role.ADMINISTRATOR),
            "requested_at": NOW,
            "selection": [document.pk for document in documents],
            "done": len(documents),
            "status": PrintRun.Status.DONE,
        }
        | fields
    )
    if run.status == PrintRun.Status.DONE:
        run.pdf.save("run.pdf", ContentFile(PDF), save=False)
    run.save()
    return run


def make_event(*, subject: Any = None, actor: User | None = None, **fields: Any) -> Event:
    subject = subject or make_ticket()
    return Event.objects.create(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        actor=actor,
        **{
            "project": project_of(subject),
            "name": f"{subject._meta.label_lower}.noted",
            "at": NOW,
            "audience": "owner",
        }
        | fields,
    )


def make_notification(*, user: User | None = None, event: Event | None = None, **fields: Any) -> Notification:
    return Notification.objects.create(
        user=user or make_staff(Role.MANAGER), event=event or make_event(), **{"created_at": NOW} | fields
    )


def make_saved_view(*, user: User | None = None, **fields: Any) -> SavedView:
    return SavedView.objects.create(
        user=user or make_staff(Role.MANAGER),
        **{"path": "/tickets/", "name": f"视图{serial()}", "query": "tab=all&q=路灯", "created_at": NOW} | fields,
    )


def make_outbox_item(**fields: Any) -> OutboxItem:
    return OutboxItem.objects.create(
        **{"kind": "tests.nothing", "dedupe_key": f"tests.nothing:{serial()}", "due_at": NOW, "created_at": NOW}
        | fields
    )


def make_sender(kind: str = Sender.Kind.WECOM, **fields: Any) -> Sender:
    """Return a sender; its address leads nowhere."""
    return Sender.objects.create(
        kind=kind,
        **{"name": f"机器人{serial()}", "url": "http://127.0.0.1:9/send?key=geheim", "topics": ["requests"]} | fields,
    )


def make_default_rule(**fields: Any) -> DefaultRule:
    return DefaultRule.objects.create(
        **{"group": Role.AUDITOR.value, "topic": "requests", "channel": "email", "mode": "off"} | fields
    )


def make_choice(*, user: User, **fields: Any) -> Choice:
    return Choice.objects.create(user=user, **{"topic": "messages", "channel": "email", "mode": "digest"} | fields)


def make_quiet_hours(*, user: User, **fields: Any) -> QuietHours:
    return QuietHours.objects.create(user=user, **fields)
