"""Pages of surveys: results, the surveys, low answers, questionnaires. The questions have a module of their own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.qr import qr_data_uri
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage, Tab

from . import access, documents, results, sending, services
from .filters import LowFilter, QuestionnaireFilter, SurveyFilter
from .forms import AskForm, QuestionnaireForm
from .models import LowAnswer, Questionnaire, SurveyRequest
from .queries import with_questions
from .tables import LowTable, QuestionnaireTable, SurveyTable


class Results(ScopedPage):
    """The index with the number of answers and the response rate, by occasion, project, engineer and month."""

    model = SurveyRequest
    title = _("Satisfaction")
    section = "satisfaction"
    template_name = "surveys/results.html"

    def permitted(self, user: Any) -> bool:
        return access.sees_results(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filterset = SurveyFilter(self.request.GET, queryset=self.get_queryset(), request=self.request)
        rows = filterset.qs
        whole, occasions, months = results.by_time_and_occasion(rows)
        groups = (
            (_("By occasion"), occasions),
            (_("By project"), results.by_project(rows)),
            (_("By engineer"), results.by_engineer(rows)),
            (_("By month"), months),
        )
        return super().get_context_data(**kwargs) | {
            "filterset": filterset,
            "whole": whole,
            "groups": groups,
            "spreads": results.spreads(rows),
            "words": results.words(rows),
            "target": results.TARGET,
        }


class SurveyList(ListPage):
    model = SurveyRequest
    title = _("Surveys")
    section = "satisfaction"
    template_name = "surveys/list.html"
    related = ("project", "answer")
    filterset_class = SurveyFilter
    table_class = SurveyTable
    create_url = "surveys:ask"
    create_label = _("Ask somebody")
    empty_text = _("Nobody was asked yet. Requests are made when a repair or a visit is done.")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        now = timezone.now()
        return (
            Tab("all", _("All"), lambda rows: rows),
            Tab("answered", _("Filled in"), lambda rows: rows.answered()),
            Tab("waiting", _("To be filled in"), lambda rows: rows.open(now)),
            Tab("expired", _("Expired"), lambda rows: rows.expired(now)),
        )

    def permitted(self, user: Any) -> bool:
        return access.sees_results(user)

    def may_create(self, user: Any) -> bool:
        return access.may_ask(user)


class SurveyDetail(DetailPage):
    """One request and, for those whom it is not about, what was answered."""

    model = SurveyRequest
    section = "satisfaction"
    template_name = "surveys/detail.html"

    def permitted(self, user: Any) -> bool:
        return not user.is_staff_side or access.sees_results(user)

    def get_queryset(self) -> Any:
        return with_questions(super().get_queryset())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff_side:
            return HttpResponseRedirect(self.get_object().get_link())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.object, self.request.user
        may_enter = access.may_enter(row, user)
        link = settings.PUBLIC_URL + row.get_link()
        is_open = row.is_open(timezone.now())
        return super().get_context_data(**kwargs) | {
            "survey": row,
            "is_open": is_open,
            "is_sent_out": is_open and row.person is None and sending.may_send(row),
            "link": link if may_enter and is_open else "",
            "qr": qr_data_uri(link) if may_enter and is_open else "",
            "may_enter": may_enter and not row.is_answered,
            "may_print": access.may_issue_answer_sheet(row.answer, user) if row.is_answered else may_enter,
        }


class Ask(FormPage):
    model = SurveyRequest
    title = _("Ask somebody")
    section = "satisfaction"
    form_class = AskForm
    submit_label = _("Ask")
    success_message = _("Asked. The link is open for 14 days.")

    def permitted(self, user: Any) -> bool:
        return access.may_ask(user)

    def perform(self, form: Any) -> SurveyRequest:
        return services.ask_by_hand(**form.cleaned_data, actor=self.request.user, now=self.now)


class IssueSheet(ActionPage):
    """Have the sheet printed: blank to be filled in, or as it was answered."""

    model = SurveyRequest

    def get_queryset(self) -> Any:
        return with_questions(super().get_queryset())

    def permitted(self, user: Any) -> bool:
        return access.may_ask(user)

    def permitted_on(self, row: SurveyRequest, user: Any) -> bool:
        return access.may_issue_answer_sheet(row.answer, user) if row.is_answered else access.may_issue_sheet(row, user)

    def perform(self, row: SurveyRequest) -> str:
        return documents.sheet_of(row, actor=self.request.user, now=timezone.now()).get_absolute_url()


class LowList(ListPage):
    model = LowAnswer
    title = _("Low answers")
    section = "satisfaction"
    template_name = "surveys/low_list.html"
    related = ("answer__request__project", "done_by")
    filterset_class = LowFilter
    table_class = LowTable
    tabs = (
        Tab("open", _("To call"), lambda rows: rows.open()),
        Tab("all", _("All"), lambda rows: rows),
    )
    empty_text = _("No low answer waits for a call.")

    def permitted(self, user: Any) -> bool:
        return access.sees_results(user)


class LowDetail(DetailPage):
    """A low answer: what was said, whom to call, what was done about it."""

    model = LowAnswer
    section = "satisfaction"
    template_name = "surveys/low_detail.html"
    related = ("answer__request__project__owner", "done_by")
    prefetch = ("answer__request__about_people", "answer__lines__question")

    def permitted(self, user: Any) -> bool:
        return access.sees_results(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "low": self.object,
            "survey": self.object.answer.request,
            "answer": self.object.answer,
            "overdue": self.object.is_overdue(timezone.now()),
        }


class QuestionnaireList(ListPage):
    model = Questionnaire
    title = _("Questionnaires")
    section = "satisfaction"
    template_name = "surveys/questionnaire_list.html"
    prefetch = ("versions",)
    filterset_class = QuestionnaireFilter
    table_class = QuestionnaireTable
    create_url = "surveys:questionnaire_create"
    create_label = _("New questionnaire")
    empty_text = _("No questionnaires yet. Without one in use for an occasion, nobody is asked.")

    def permitted(self, user: Any) -> bool:
        return access.sees_questionnaires(user)

    def may_create(self, user: Any) -> bool:
        return access.may_edit_questionnaires(user)


class QuestionnaireDetail(DetailPage):
    model = Questionnaire
    section = "satisfaction"
    template_name = "surveys/questionnaire_detail.html"
    prefetch = ("versions__questions", "versions__made_by")

    def permitted(self, user: Any) -> bool:
        return access.sees_questionnaires(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.object.versions.all())
        wanted = self.request.GET.get("version", "")
        return super().get_context_data(**kwargs) | {
            "versions": versions,
            "version": next((one for one in versions if str(one.number) == wanted), versions[0] if versions else None),
            "may_edit": access.may_edit_questionnaires(self.request.user),
        }


class QuestionnaireCreate(FormPage):
    model = Questionnaire
    title = _("New questionnaire")
    section = "satisfaction"
    template_name = "surveys/questionnaire_form.html"
    form_class = QuestionnaireForm

    def permitted(self, user: Any) -> bool:
        return access.may_edit_questionnaires(user)

    def perform(self, form: Any) -> Questionnaire:
        data = form.cleaned_data
        return services.save_questionnaire(questionnaire=self.object, **data, actor=self.request.user, now=self.now)


class QuestionnaireEdit(QuestionnaireCreate):
    title = _("Edit the questionnaire")
