"""The public page behind a session's code: sign in on one's own phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy

from apps.core.client import client_address
from apps.core.errors import DomainError
from apps.core.pages import FormPage

from .. import attendance
from ..forms import AttendForm
from ..models import Session


@method_decorator(login_not_required, name="dispatch")
class Attend(FormPage):
    """Sign in by the session's code on one's own phone: with the account, or by name and telephone."""

    model = Session
    title = gettext_lazy("Sign in to the training")
    form_class = AttendForm
    template_name = "training/attend.html"
    submit_label = gettext_lazy("I am here")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_object(self) -> Session:
        rows = Session._default_manager.select_related("course")
        return get_object_or_404(rows, attendance_token=self.kwargs["token"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "account" in request.POST and request.user.is_authenticated:
            if request.user.is_auditor_only:
                raise PermissionDenied
            try:
                attendance.sign_in_oneself(session=self.object, actor=request.user, now=self.now)
            except DomainError as error:
                messages.error(request, str(error))
                return self.render_to_response(self.get_context_data(form=self.get_form()), status=422)
            return self.render_to_response(self.get_context_data(form=self.get_form(), is_in=True))
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            attendance.sign_in_by_link(
                session=self.object, **form.cleaned_data, address=client_address(request), now=self.now
            )
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, is_in=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.object.takes_attendance(timezone.now())
        return super().get_context_data(**kwargs) | {"session": self.object, "is_open": is_open, "back_url": ""}
