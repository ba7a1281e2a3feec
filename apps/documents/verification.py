"""The public page behind the QR code: what a document is, and whether a file is the one that was issued."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from .company import profile
from .forms import VerifyForm
from .models import Document
from .registry import get_type

#: What was never issued has no verification page.
SHOWN = [Document.Status.ISSUED, Document.Status.VOID, Document.Status.REPLACED]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show kind, number, date, state and SHA-256, nothing else; check an uploaded file against it (keeps nothing)."""
    rows = Document._default_manager.filter(status__in=SHOWN).exclude(pdf_sha256="")
    document = get_object_or_404(rows, verification_token=token)
    form = VerifyForm(request.POST or None, request.FILES or None)
    matches: Any = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > settings.UPLOAD_MAX_BYTES:
            form.add_error("file", _("This file is too large to be one of our documents."))
        else:
            digest = hashlib.sha256(upload.read()).hexdigest()
            matches = constant_time_compare(digest, document.pdf_sha256)
    context = {
        "title": _("Check a document"),
        "document": document,
        "kind_title": get_type(document.type).title_of(document),
        "company": profile(),
        "form": form,
        "matches": matches,
    }
    return render(request, "documents/verify.html", context)
