"""Pages of certificates, and their public check."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from apps.core.client import client_address
from apps.core.errors import DomainError
from apps.core.pages import DetailPage, ListPage, Page, ScopedPage, Tab
from apps.core.pages.files import send
from apps.documents.models import Document
from apps.documents.services import document_of

from .. import certificates
from ..documents import check_address
from ..filters import CertificateFilter
from ..licence_forms import CheckForm
from ..models import Certificate
from ..tables import CertificateTable


class CertificateList(ListPage):
    model = Certificate
    title = _("Certificates")
    section = "training"
    related = ("course", "owner")
    template_name = "training/list.html"
    filterset_class = CertificateFilter
    table_class = CertificateTable
    tabs = (
        Tab("valid", _("Valid"), lambda rows: rows.in_force(timezone.localdate())),
        Tab("expired", _("Expired"), lambda rows: rows.expired(timezone.localdate())),
        Tab("all", _("All"), lambda rows: rows),
    )
    empty_text = _("No certificates yet. Passing an exam, or being at a course without one, brings them.")


class CertificateDetail(DetailPage):
    model = Certificate
    section = "training"
    related = ("course", "owner", "session", "attempt", "project")
    template_name = "training/certificate_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "document": document_of(certificates.CERTIFICATE, self.object),
            "check_url": check_address(self.object),
        }


class CertificatePdf(ScopedPage):
    """The issued bytes of a certificate, for those who see it."""

    model = Certificate

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        certificate = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        document = document_of(certificates.CERTIFICATE, certificate)
        if document is None or not document.pdf:
            raise Http404
        return send_pdf(document)


def send_pdf(document: Document) -> Any:
    """Answer with the issued bytes of a paper, to be read in the browser."""
    response = send(document.pdf, content_type="application/pdf", name=document.file_name, inline=True)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return response


@method_decorator(login_not_required, name="dispatch")
class Check(Page):
    """Anybody checks a certificate by number and code: its state, course, days and a masked name, nothing else."""

    template_name = "training/check.html"
    title = _("Check a certificate")
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = "number" in request.GET
        form = CheckForm(request.GET if asked else None, user=AnonymousUser())
        found, error = None, ""
        if asked and form.is_valid():
            try:
                found = certificates.check(
                    **form.cleaned_data, address=client_address(request), today=timezone.localdate()
                )
            except DomainError as refused:
                error = str(refused)
        context = self.get_context_data(form=form, found=found, error=error, asked=asked and form.is_valid())
        return self.render_to_response(context)
