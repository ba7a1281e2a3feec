"""Pages about imports: upload, progress and report, correction of the columns. They are the administrator's."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from apps.core.pages import DetailPage, FormPage, ListPage, ScopedPage

from ..access import may_import
from ..importing import lifecycle, services, wording
from ..importing.columns import COLUMNS
from ..importing.forms import ColumnsForm, UploadForm
from ..importing.tables import ImportRunFilter, ImportRunTable
from ..models import ImportRun


class ImportPage(ScopedPage):
    """What the pages about imports share."""

    model = ImportRun
    section = "equipment"
    related = ("started_by",)

    def permitted(self, user: Any) -> bool:
        return may_import(user)


class ImportList(ImportPage, ListPage):
    """The imports so far, the latest first."""

    title = _("Imports")
    filterset_class = ImportRunFilter
    table_class = ImportRunTable
    create_url = "projects:import_create"
    create_label = _("Import a spreadsheet")
    empty_text = _("Nothing was imported yet. Upload the equipment list of a project as XLSX or CSV.")
    exportable = False

    def may_create(self, user: Any) -> bool:
        return not user.is_auditor_only


class ImportCreate(ImportPage, FormPage):
    """Upload a spreadsheet; it is read first, and written only after its report was seen."""

    title = _("Import a spreadsheet")
    form_class = UploadForm
    template_name = "projects/import_create.html"
    submit_label = _("Upload and check")
    back_url: Any = reverse_lazy("projects:import_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"columns": COLUMNS}

    def perform(self, form: Any) -> ImportRun:
        return services.start_import(upload=form.cleaned_data["file"], actor=self.request.user, now=self.now)


class ImportDetail(ImportPage, DetailPage):
    """How an import stands: its progress while a worker is at it, else its report."""

    template_name = "projects/import_detail.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.htmx:
            return super().get(request, *args, **kwargs)
        self.object = self.get_object()
        if not self.object.is_busy:
            return HttpResponseClientRefresh()
        return render(request, "projects/import_progress.html", {"object": self.object})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.object.report
        problems = wording.problems(report)
        return super().get_context_data(**kwargs) | {
            "counts": wording.counts(report.get("counts", {})),
            "errors": [problem for problem in problems if problem.is_error],
            "notes": [problem for problem in problems if not problem.is_error],
            "changes": wording.changes(report),
            "columns": wording.columns(self.object),
        }


class ImportColumns(ImportPage, FormPage):
    """Say what the columns mean where they were not recognised rightly; the file is then read again."""

    title = _("Correct the columns")
    form_class = ColumnsForm
    template_name = "projects/import_columns.html"
    submit_label = _("Read again with these columns")

    def permitted_on(self, row: Any, user: Any) -> bool:
        return not user.is_auditor_only

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"run": self.object}

    def perform(self, form: Any) -> ImportRun:
        return lifecycle.read_again(self.object, actor=self.request.user, now=self.now, columns=form.columns)
