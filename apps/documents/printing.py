"""Selections for the printer: issued documents merged into one PDF, labels of equipment on A4 sheets."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.outbox import enqueue, handles
from apps.projects.models import Equipment

from . import rendering
from .company import must_be_set_up, profile
from .models import Document, PrintRun
from .services import render_document

PRINT = "documents.print"
#: Kept small enough for a worker's memory.
MAX_SELECTION = 500
STEP = 25
#: What is being issued is finished first.
PRINTABLE = [Document.Status.ISSUED, Document.Status.ISSUING]


def request_print(*, kind: str, keys: list[int], actor: Any, now: datetime) -> PrintRun:
    """Have a selection put into one PDF. Only what the person may see is taken, and of documents no drafts."""
    if kind == PrintRun.Kind.DOCUMENTS:
        rows = Document.objects.visible_to(actor).filter(pk__in=keys, status__in=PRINTABLE)
        selection = list(rows.order_by("number").values_list("pk", flat=True)[: MAX_SELECTION + 1])
        nothing = _("None of the chosen documents is issued yet. Issue them first, then print.")
    else:
        must_be_set_up()
        equipment = Equipment.objects.visible_to(actor).filter(pk__in=keys)
        selection = list(equipment.order_by("asset_code").values_list("pk", flat=True)[: MAX_SELECTION + 1])
        nothing = _("Choose at least one piece of equipment.")
    if not selection:
        raise DomainError(nothing)
    if len(selection) > MAX_SELECTION:
        raise DomainError(_("At most %(count)s at once. Choose fewer.") % {"count": MAX_SELECTION})
    with transaction.atomic():
        run = PrintRun.objects.create(kind=kind, requested_by=actor, requested_at=now, selection=selection)
        enqueue(PRINT, f"{PRINT}:{run.pk}", {"run": run.pk}, now=now)
    return run


def cancel(run: PrintRun) -> None:
    """Stop preparing a selection; a finished one stays."""
    PrintRun.objects.filter(pk=run.pk, status=PrintRun.Status.WAITING).update(status=PrintRun.Status.CANCELLED)


@handles(PRINT)
def prepare(payload: dict[str, Any]) -> None:
    """Make the PDF of a waiting selection, noting progress; does nothing for one that is done or cancelled."""
    run = PrintRun.objects.select_related("requested_by").get(pk=payload["run"])
    parts: list[bytes] = []
    for start in range(0, len(run.selection), STEP):
        if not PrintRun.objects.filter(pk=run.pk, status=PrintRun.Status.WAITING).exists():
            return
        keys = run.selection[start : start + STEP]
        parts += _documents(run, keys) if run.kind == PrintRun.Kind.DOCUMENTS else []
        PrintRun.objects.filter(pk=run.pk).update(done=start + len(keys))
    pdf = rendering.merge_pdfs(parts) if run.kind == PrintRun.Kind.DOCUMENTS else _label_sheets(run)
    name = default_storage.save(f"documents/print/{hashlib.sha256(pdf).hexdigest()}.pdf", ContentFile(pdf))
    PrintRun.objects.filter(pk=run.pk, status=PrintRun.Status.WAITING).update(
        status=PrintRun.Status.DONE, pdf=name, done=len(run.selection)
    )


def _documents(run: PrintRun, keys: list[int]) -> list[bytes]:
    rows = Document.objects.visible_to(run.requested_by).filter(pk__in=keys)
    for pk in rows.filter(status=Document.Status.ISSUING).values_list("pk", flat=True):
        render_document({"document": pk})
    found = rows.filter(status=Document.Status.ISSUED).in_bulk()
    parts = []
    for key in keys:
        if key in found:
            with found[key].pdf.open() as file:
                parts.append(file.read())
    return parts


def _label_sheets(run: PrintRun) -> bytes:
    rows = Equipment.objects.visible_to(run.requested_by).filter(pk__in=run.selection).select_related("project")
    company = profile()
    labels = [
        {
            "name": item.name,
            "asset_code": item.asset_code,
            "project": item.project.name,
            "qr_text": settings.PUBLIC_URL + reverse("tickets:label", args=[item.label_token]),
        }
        for item in rows.order_by("asset_code")
    ]
    data = {"title": "设备标签", "company": company.name, "hotline": company.hotline, "labels": labels}
    return rendering.render_pdf(rendering.render_html("documents/equipment_labels.html", data))
