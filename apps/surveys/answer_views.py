"""Where people answer: by the link without an account or in the portal, on the engineer's phone, from paper."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from apps.core.client import client_address
from apps.core.pages import FormPage

from . import access, links, services
from .forms import PaperForm, QuestionsForm
from .models import Answer, SurveyRequest
from .queries import handed_over_by, with_questions

TOO_MANY_REQUESTS = 429


class AnswerPage(FormPage):
    """The questions, as long as nobody has answered them and the link is open; else a friendly word."""

    model = SurveyRequest
    title = _("Your evaluation")
    form_class = QuestionsForm
    template_name = "surveys/answer.html"
    submit_label = _("Send the evaluation")
    way = Answer.Way.LINK

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_open(timezone.now()):
            return self._closed()
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_open(timezone.now()):
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def _closed(self) -> HttpResponse:
        context = {"title": self.title, "survey": self.object, "way": self.way}
        return render(self.request, "surveys/closed.html", context)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.object}

    def perform(self, form: Any) -> Any:
        user = self.request.user
        services.give_answer(
            survey=self.object,
            way=self.way,
            values=form.values,
            actor=user if user.is_authenticated else None,
            now=self.now,
            scans=form.cleaned_data.get("scans", ()),
        )

    def get_success_url(self, row: Any) -> str:
        return str(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"survey": self.object, "way": self.way, "back_url": ""}


@method_decorator(login_not_required, name="dispatch")
class AnswerByLink(AnswerPage):
    """For who holds the link; signed in, for the person who was asked alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        address = client_address(request)
        if links.is_guessing(address):
            return render(request, "surveys/guessing.html", {"title": self.title}, status=TOO_MANY_REQUESTS)
        self.object = links.request_of(kwargs["token"], address=address)
        if self.object is None:
            raise Http404
        user: Any = request.user
        if user.is_authenticated:
            if not access.may_answer(self.object, user):
                raise PermissionDenied
            self.way = Answer.Way.PORTAL
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}

    def _perform_once(self, form: Any, key: str) -> str:
        # Nobody need be signed in to whom a submission key could belong; a request is answered once in any case.
        self.perform(form)
        return self.get_success_url(None)


class AnswerOnPhone(AnswerPage):
    """The engineer hands over the phone: the questions without anything else, and a word of thanks afterwards."""

    way = Answer.Way.PHONE

    def permitted(self, user: Any) -> bool:
        return bool(user.is_staff_side) and not user.is_auditor_only

    def get_object(self) -> Any:
        return get_object_or_404(handed_over_by(self.request.user), pk=self.kwargs["pk"])


class EnterPaper(AnswerPage):
    """What somebody wrote on paper, typed in by staff, with the scan."""

    way = Answer.Way.PAPER
    title = _("Enter a paper survey")
    section = "satisfaction"
    form_class = PaperForm
    template_name = "surveys/enter.html"
    submit_label = _("Save")
    success_message = _("Kept. It counts as answered on paper.")

    def permitted(self, user: Any) -> bool:
        return access.may_ask(user)

    def permitted_on(self, row: SurveyRequest, user: Any) -> bool:
        return access.may_enter(row, user)

    def get_queryset(self) -> Any:
        return with_questions(super().get_queryset())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.is_answered:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super(AnswerPage, self).get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super(AnswerPage, self).post(request, *args, **kwargs)

    def get_success_url(self, row: Any) -> str:
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.object.get_absolute_url()}
