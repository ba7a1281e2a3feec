"""Analyses of months and reviews of years: the list, one with its figures, and what is written into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab
from apps.documents import services as documents

from .. import access, figures, reviews
from ..figures import Span
from ..filters import AnalysisFilter
from ..models import Analysis, Resolution
from ..quality_forms import ConclusionForm, PeriodForm, ResolutionForm, ResultOfResolutionForm
from ..review_documents import TYPES, in_order
from ..tables import AnalysisTable

SECTION = "complaints"
K = Analysis.Kind


class AnalysisList(ListPage):
    """The analyses and reviews, the newest first; those of the last periods come by themselves."""

    model = Analysis
    section = SECTION
    title = _("Analyses and reviews")
    related = ("issued_by",)
    template_name = "complaints/analyses.html"
    filterset_class = AnalysisFilter
    table_class = AnalysisTable
    tabs = (
        Tab("all", _("All"), lambda rows: rows),
        Tab("months", _("Monthly analyses"), lambda rows: rows.filter(kind=K.MONTH)),
        Tab("years", _("Management reviews"), lambda rows: rows.filter(kind=K.YEAR)),
    )
    create_url = "complaints:make_analysis"
    create_label = _("Issue for a month or year")
    empty_text = _("When a month is over, its draft appears here by itself.")

    def permitted(self, user: Any) -> bool:
        return access.may_see_summary(user)

    def may_create(self, user: Any) -> bool:
        return access.may_see_summary(user) and not user.is_auditor_only


class MakeAnalysis(FormPage):
    model = Analysis
    section = SECTION
    title = _("Issue for a month or year")
    submit_label = _("Prepare the draft")
    form_class = PeriodForm

    def permitted(self, user: Any) -> bool:
        return access.may_see_summary(user)

    def perform(self, form: Any) -> Analysis:
        kind, day = form.chosen
        return reviews.prepare_by_hand(kind=kind, begins_on=day, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": reverse("complaints:analyses")}


class AnalysisDetail(DetailPage):
    """One analysis: the figures as they stand, conclusion, resolutions, the issued paper."""

    model = Analysis
    section = SECTION
    template_name = "complaints/analysis.html"
    related = ("issued_by",)
    deferred = ("history",)

    def permitted(self, user: Any) -> bool:
        return access.may_see_summary(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        analysis, user = self.object, self.request.user
        kind = TYPES[K(analysis.kind)]
        lines = Resolution._default_manager.visible_to(user).filter(analysis=analysis)
        lines = lines.select_related("responsible", "dated_by")
        begin, end = analysis.span
        return super().get_context_data(**kwargs) | {
            "core": figures.core_of(Span(begin, end)),
            "last": end - timedelta(days=1),
            "resolutions": in_order(lines),
            "type": kind,
            "paper": documents.document_of(kind, analysis),
            "may_write": access.may_write_analysis(analysis, user) and not user.is_auditor_only,
            "may_note": access.may_see_summary(user) and not user.is_auditor_only,
            "may_preview": access.may_issue_analysis(analysis, user),
        }


class AnalysisPart(FormPage):
    """A form that writes one thing into a draft."""

    model: Any = Analysis
    section = SECTION

    def permitted(self, user: Any) -> bool:
        return access.may_see_summary(user)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return access.may_write_analysis(row, user)

    def get_success_url(self, row: Any) -> str:
        return str(row.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.object.get_absolute_url()}


class Conclude(AnalysisPart):
    title = _("Conclusion")
    form_class = ConclusionForm

    def get_initial(self) -> dict[str, Any]:
        return {"conclusion": self.object.conclusion}

    def perform(self, form: Any) -> Analysis:
        return reviews.conclude(analysis=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class Resolve(AnalysisPart):
    title = _("Goal, decision or improvement")
    form_class = ResolutionForm

    def perform(self, form: Any) -> Analysis:
        reviews.resolve(analysis=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object


class NoteOutcome(AnalysisPart):
    """What came of a resolution, at any later time."""

    model = Resolution
    title = _("What came of it")
    form_class = ResultOfResolutionForm
    related = ("analysis",)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: Resolution, user: Any) -> bool:
        return access.may_note_outcome(row, user)

    def get_initial(self) -> dict[str, Any]:
        return {"outcome": self.object.outcome}

    def perform(self, form: Any) -> Resolution:
        outcome = form.cleaned_data["outcome"]
        return reviews.note_outcome(line=self.object, outcome=outcome, actor=self.request.user, now=self.now)


class ResolutionDetail(DetailPage):
    """A resolution as who carries it out sees it; who may read the review is led there."""

    model = Resolution
    section = SECTION
    related = ("analysis", "responsible", "dated_by")
    template_name = "complaints/resolution.html"
    timeline_size = 0

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        line = self.get_object()
        if access.may_see_summary(request.user):
            return HttpResponseRedirect(f"{line.analysis.get_absolute_url()}#resolutions")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_note = access.may_note_outcome(self.object, self.request.user)
        return super().get_context_data(**kwargs) | {"may_note": may_note}


class DropResolution(ActionPage):
    """Take a resolution out of a draft."""

    model = Resolution
    related = ("analysis",)

    def permitted_on(self, row: Resolution, user: Any) -> bool:
        return access.may_write_analysis(row.analysis, user)

    def perform(self, row: Resolution) -> str:
        return reviews.drop(line=row, actor=self.request.user, now=timezone.now()).get_absolute_url()
