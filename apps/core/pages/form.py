"""A form that calls one service; sent twice it acts once; an error keeps everything typed."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from ..client import serving
from ..errors import DomainError
from ..events import told_later
from ..forms import as_key
from ..models import SubmissionKey
from . import kept
from .base import ScopedPage


class FormPage(ScopedPage):
    """A page with one form. With ``pk`` in the address it edits that row, else it makes one.

    A subclass names ``model``, ``form_class``, ``submit_label`` and writes ``perform``, which calls one service and
    returns the row. The row is re-read through the person's scope before the transaction ends: a row that has left
    their sight is rolled back.
    """

    form_class: Any = None
    template_name = "core/form.html"
    submit_label: Any = None
    success_message: Any = ""
    object: Any = None
    back_url: Any = ""
    #: Whether what is done here on a device without a connection, and told later, happened when it was done there.
    takes_device_time: bool = False
    happened_at: datetime | None = None
    #: Why what was sent did not act; told to a device that had kept it (``kept``), which sees no page.
    refusal: str = ""

    def perform(self, form: Any) -> Any:
        """Call the service; return the row it wrote. ``DomainError`` is shown on the form."""
        raise NotImplementedError

    def get_object(self) -> Any:
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def permitted_on(self, row: Any, user: Any) -> bool:
        """Say whether the person may edit this row (it is in their sight)."""
        return True

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = {"user": self.request.user, "initial": self.get_initial()}
        if issubclass(self.form_class, ModelForm):
            kwargs["instance"] = self.object
        if self.request.method == "POST":
            kwargs |= {"data": self.request.POST, "files": self.request.FILES}
        return kwargs

    def get_form(self) -> Any:
        return self.form_class(**self.get_form_kwargs())

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.object = self.get_object()
            if self.object is not None and not self.permitted_on(self.object, request.user):
                return self._answer(self._done_before())
        return self._answer(super().dispatch(request, *args, **kwargs))

    def _answer(self, response: Any) -> Any:
        return kept.answer(response, self.refusal) if kept.is_kept(self.request) else response

    def _done_before(self) -> HttpResponse:
        """Lead to what this form did when it was sent first: that may be why it is not permitted any more."""
        done = self._first_result(self._submission_key()) if self.request.method == "POST" else ""
        if not done:
            raise PermissionDenied
        return HttpResponseRedirect(done)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        # Before anything is judged: what it did when it was sent first may be what makes it wrong now.
        key = self._submission_key()
        if done := self._first_result(key):
            return HttpResponseRedirect(done)
        if self.takes_device_time and self.object is not None:
            self.happened_at = kept.happened_at(request, self.object, timezone.now())
        form = self.get_form()
        if not form.is_valid():
            return self._refuse(form)
        try:
            return HttpResponseRedirect(self._perform_once(form, key))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._refuse(form)

    def _submission_key(self) -> str:
        """Return what one sending of this form is known by: a key counts at its own address alone."""
        key = self.request.POST.get("submission_key", "")
        return blake2b(f"{self.request.path}\n{key}".encode(), digest_size=20).hexdigest() if key else ""

    def _refuse(self, form: Any) -> HttpResponse:
        self.refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return self.form_invalid(form)

    def _perform_once(self, form: Any, key: str) -> str:
        try:
            later = timezone.now() if self.happened_at else None
            with transaction.atomic(), told_later(later), serving(self.request):
                first = SubmissionKey.objects.create(user=self.request.user, key=key) if key else None
                row = self.perform(form)
                self._check_still_visible(row)
                url = self.get_success_url(row)
                if first is not None:
                    first.result_url = url
                    first.save(update_fields=["result_url"])
        except IntegrityError:
            # The same form arrived a moment ago by another way; its result is the answer.
            if done := self._first_result(key):
                return done
            raise
        if self.success_message:
            messages.success(self.request, self.success_message)
        return url

    def _first_result(self, key: str) -> str:
        if not key or not self.request.user.is_authenticated:
            return ""
        found = SubmissionKey.objects.filter(user=self.request.user, key=key).values_list("result_url", flat=True)
        return next(iter(found), "")

    def _check_still_visible(self, row: Any) -> None:
        if not isinstance(row, models.Model):
            return
        rows: Any = row._meta.default_manager
        if not rows.visible_to(self.request.user).filter(pk=row.pk).exists():
            raise DomainError(_("With these values you could not see the record any more. Nothing was saved."))

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self, row: Any) -> str:
        return cast(str, row.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["object"] = self.object
        context["submit_label"] = self.submit_label or _("Save")
        context["submission_key"] = self.request.POST.get("submission_key") or secrets.token_urlsafe(20)
        context["back_url"] = self.back_url or (self.object.get_absolute_url() if self.object is not None else "")
        return context

    @property
    def now(self) -> datetime:
        """When what is sent happened."""
        return self.happened_at or timezone.now()


class ActionPage(ScopedPage):
    """A POST without a form of its own: one click, one service, back to a page."""

    http_method_names = ["post", "options"]

    def perform(self, row: Any) -> str:
        """Call the service; return the address to go to."""
        raise NotImplementedError

    def permitted_on(self, row: Any, user: Any) -> bool:
        return True

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"]) if "pk" in self.kwargs else None
        if not self.permitted_on(row, request.user):
            raise PermissionDenied
        try:
            return HttpResponseRedirect(self.perform(row))
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(row.get_absolute_url() if row is not None else self.get_back_url())

    def selected_keys(self) -> list[int]:
        """Return the keys of the rows that were ticked in a list."""
        keys = (as_key(value) for value in self.request.POST.getlist("selected"))
        return [key for key in keys if key is not None]

    def get_back_url(self) -> str:
        """Return where to go when there is no row and a rule says no."""
        return "/"
