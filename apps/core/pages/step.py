"""One page for every edge of every state machine: POST takes the step; a step with a form shows it first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from ..errors import IllegalTransition
from ..forms import ScopedForm
from ..lifecycle import Transition, machines
from . import kept
from .form import FormPage


class NoInput(ScopedForm):
    """The form of a step that asks for nothing."""


class StepPage(FormPage):
    """Take a step on a row: ``/steps/tickets.ticket/7/confirm/``. Step forms are given the row as ``row``."""

    template_name = "core/step.html"
    edge: Transition

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        edge = machines().get(kwargs["model"], {}).get(kwargs["step"])
        if edge is None or edge.allowed is None:
            raise Http404
        self.edge = edge
        self.model = edge.model
        self.title = self.submit_label = edge.label
        self.form_class = edge.form_class() or NoInput
        self.takes_device_time = edge.takes_device_time
        return super().dispatch(request, *args, **kwargs)

    def permitted_on(self, row: Any, user: Any) -> bool:
        # Who may in some state but not in this one is told how it stands, not turned away.
        return user.is_auditor_only is False and (
            row.status not in self.edge.sources or self.edge.is_open_to(row, user)
        )

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.edge.form is None:
            return HttpResponseNotAllowed(["POST"])
        if not self.edge.is_open_to(self.object, request.user):
            return self._show_how_it_stands()
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | {"row": self.object} if self.edge.form else kwargs

    def perform(self, form: Any) -> Any:
        data = {name: value for name, value in form.cleaned_data.items() if name in self.edge.accepts}
        return self.edge(self.object, actor=self.request.user, now=self.now, **data)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except PermissionDenied:
            if self.object.status in self.edge.sources:
                raise
            return self._show_how_it_stands()

    def form_invalid(self, form: Any) -> HttpResponse:
        self.object.refresh_from_db()
        if self.edge.form is not None and self.object.status in self.edge.sources:
            return super().form_invalid(form)
        return self._show_how_it_stands(" ".join(form.non_field_errors()))

    def _show_how_it_stands(self, message: str = "") -> HttpResponse:
        self.refusal = message or str(IllegalTransition.of(self.edge.label, self.object))
        if not kept.is_kept(self.request):
            messages.warning(self.request, self.refusal)
        return HttpResponseRedirect(self.object.get_absolute_url())
