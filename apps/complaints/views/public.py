"""Public pages: complain without an account, follow a complaint by its code. They name nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from apps.core.client import client_address
from apps.core.errors import DomainError
from apps.core.pages import FormPage, Page

from .. import anonymous, trace
from ..forms import AnonymousForm, CodeForm
from ..models import Complaint


class PublicForm(FormPage):
    """A form that needs nobody signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}


@method_decorator(login_not_required, name="dispatch")
class ComplainAnonymously(PublicForm):
    """Complain without an account, with a name or without; the code that is shown follows it."""

    model = Complaint
    title = _("Complain")
    submit_label = _("Send the complaint")
    form_class = AnonymousForm
    template_name = "complaints/anonymous.html"

    def perform(self, form: Any) -> Complaint:
        data = dict(form.cleaned_data)
        is_anonymous = not data["contact_name"]
        return anonymous.complain(**data, is_anonymous=is_anonymous, address=client_address(self.request), now=self.now)

    def _perform_once(self, form: Any, key: str) -> str:
        # Nobody is signed in to whom a submission key could belong: the complaint just made is the first result.
        name = f"complaint-{key[:40]}"
        if key and name in self.request.session:
            return str(self.request.session[name])
        url = reverse("complaints:follow", args=[self.perform(form).code])
        if key:
            self.request.session[name] = url
        return url


@method_decorator(login_not_required, name="dispatch")
class EnterCode(PublicForm):
    """Where the code of a complaint is typed in."""

    model = Complaint
    title = _("Follow a complaint")
    submit_label = _("Follow")
    form_class = CodeForm
    template_name = "complaints/enter_code.html"

    def _perform_once(self, form: Any, key: str) -> str:
        found = anonymous.find(form.cleaned_data["code"], address=client_address(self.request))
        if found is None:
            raise DomainError(_("No complaint has this code. Please check each group of four."), field="code")
        return reverse("complaints:follow", args=[found.code])


@method_decorator(login_not_required, name="dispatch")
class Follow(Page):
    """How a complaint stands, for who holds its code: steps, what was told, and their word on it."""

    title = _("Follow a complaint")
    template_name = "complaints/follow.html"

    def get_complaint(self) -> Complaint:
        found = anonymous.find(self.kwargs["code"], address=client_address(self.request))
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint = self.get_complaint()
        may_answer = complaint.complainant_id is None
        told = complaint.status == Complaint.Status.TOLD
        return super().get_context_data(**kwargs) | {
            "complaint": complaint,
            "timeline": trace.history_of(complaint, None),
            "progress": complaint.progress.all(),
            "ended_with": trace.ended_with(complaint),
            "may_decide": may_answer and told,
            "may_reject": may_answer and told and complaint.instance == 1,
            "may_say": may_answer and complaint.status == Complaint.Status.SETTLED,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        complaint = self.get_complaint()
        try:
            anonymous.answer(
                complaint,
                what=request.POST.get("what", ""),
                words=request.POST.get("words", "").replace("\0", "")[:300],
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("complaints:follow", args=[complaint.code]))
