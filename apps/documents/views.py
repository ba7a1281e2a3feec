"""Pages of documents: list, one document, company, printing. Signing and verification have their own modules."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage
from apps.core.pages.base import Page
from apps.core.pages.files import send
from apps.projects.models import Equipment

from . import access, company, printing, services, signing
from .filters import DocumentFilter
from .forms import CompanyForm, SampleForm
from .models import CompanyImage, CompanyProfile, Document, PrintRun, SignatureSample
from .registry import get_type
from .tables import DocumentTable

#: Documents of our own making need their inline style; nothing else is allowed, and no script at all.
PAPER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self' data:; sandbox"


def paper(html: str | bytes) -> HttpResponse:
    """Answer with a document as a page that can run nothing."""
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = PAPER_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


class DocumentList(ListPage):
    model = Document
    title = _("Documents")
    section = "documents"
    related = ("project",)
    filterset_class = DocumentFilter
    table_class = DocumentTable
    bulk_actions = (("documents:print", _("Print the selection"), "printer"),)
    empty_text = _("Documents appear here once they are drafted: warranty cards, repair sheets, revisit reports.")

    def may_use_bulk(self, user: Any) -> bool:
        return access.may_print(user)


class DocumentDetail(DetailPage):
    model = Document
    section = "documents"
    template_name = "documents/detail.html"
    related = ("project__owner", "issued_by")
    prefetch = ("signatures", "subject")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        may_take = access.may_take_signature(document, user)
        return context | {
            "kind": get_type(document.type),
            "kind_title": get_type(document.type).title_of(document),
            "may_take_signature": may_take and document.status == Document.Status.DRAFT,
            "may_sign": document.status == Document.Status.DRAFT and access.may_sign(document, user),
        }


class DocumentPdf(ScopedPage):
    """The issued bytes, for the screen or (``?download``) to keep."""

    model = Document

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        document = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if not document.pdf:
            raise Http404
        response = send(
            document.pdf,
            content_type="application/pdf",
            name=document.file_name,
            inline="download" not in request.GET,
        )
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
        return response


class DocumentContent(ScopedPage):
    """The unsigned content exactly as it was shown for signing."""

    model = Document

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        document = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if not document.content:
            raise Http404
        with document.content.open() as file:
            return paper(file.read())


class Preview(Page):
    """A document as it would be if it were issued now; nothing is kept."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            kind = get_type(kwargs["type"])
        except KeyError as error:
            raise Http404 from error
        rows = kind.model._default_manager.visible_to(request.user).select_related(*kind.related)
        subject = get_object_or_404(rows, pk=kwargs["pk"])
        if not kind.may_issue(subject, request.user):
            raise PermissionDenied
        return paper(services.preview_html(kind.name, subject, now=timezone.now()))


class CompanyPage(FormPage):
    model = CompanyProfile
    title = _("Company profile")
    section = "company"
    form_class = CompanyForm
    template_name = "documents/company.html"
    success_message = _("Saved. Documents issued from now on carry it.")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_company(user)

    def get_object(self) -> CompanyProfile:
        return company.profile()

    def perform(self, form: Any) -> CompanyProfile:
        values = {name: form.cleaned_data[name] for name in CompanyForm.Meta.fields}
        logo = next(iter(form.cleaned_data["logo"]), None)
        return company.change_profile(values=values, logo=logo, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = CompanyImage._default_manager.visible_to(self.request.user)
        logo = rows.filter(kind=CompanyImage.Kind.LOGO).first()
        return super().get_context_data(**kwargs) | {"logo": logo, "seal": company.seal()}


class MySignature(FormPage):
    """One's own signature: drawn once, put under one's work from now on."""

    model = SignatureSample
    title = _("My signature")
    form_class = SampleForm
    template_name = "documents/my_signature.html"
    success_message = _("Kept. It goes under the sheets that you finish from now on.")
    submit_label = _("Keep this signature")

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get_object(self) -> Any:
        return None

    def perform(self, form: Any) -> Any:
        return signing.keep_sample(user=self.request.user, drawing=form.cleaned_data["drawing"], now=self.now)

    def get_success_url(self, row: Any) -> str:
        return reverse("documents:my_signature")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sample": self.get_queryset().first()}


class SamplePicture(ScopedPage):
    model = SignatureSample

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sample = get_object_or_404(self.get_queryset())
        return send(sample.image, content_type="image/png", name="signature.png", inline=True)


class SignaturePicture(ScopedPage):
    """The picture of a signature, through the document it stands under."""

    model = Document

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        document = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        signature = get_object_or_404(document.signatures.exclude(image=""), side=kwargs["side"])
        return send(signature.image, content_type="image/png", name="signature.png", inline=True)


class PrintSelection(ActionPage):
    """Have the chosen documents put into one PDF."""

    model: Any = Document
    kind = PrintRun.Kind.DOCUMENTS

    def permitted(self, user: Any) -> bool:
        return access.may_print(user)

    def perform(self, row: Any) -> str:
        keys = self.selected_keys()
        run = printing.request_print(kind=self.kind, keys=keys, actor=self.request.user, now=timezone.now())
        return run.get_absolute_url()

    def get_back_url(self) -> str:
        return reverse("documents:list")


class PrintLabels(PrintSelection):
    """Have labels of the chosen equipment put on A4 sheets."""

    model = Equipment
    kind = PrintRun.Kind.LABELS

    def get_back_url(self) -> str:
        return reverse("projects:equipment_list")


class PrintRunDetail(DetailPage):
    model = PrintRun
    template_name = "documents/print_run.html"
    timeline_size = 0


class PrintRunPdf(ScopedPage):
    model = PrintRun

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        run = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if not run.pdf:
            raise Http404
        return send(run.pdf, content_type="application/pdf", name=f"print-{run.pk}.pdf", inline=True)


class PrintRunCancel(ActionPage):
    model = PrintRun

    def perform(self, row: PrintRun) -> str:
        printing.cancel(row)
        return row.get_absolute_url()
