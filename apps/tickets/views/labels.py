"""Public pages of the equipment label: report and follow, without an account and without anything private."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from apps.core import registry
from apps.core.client import client_address
from apps.core.forms import as_key
from apps.core.pages import FormPage, ScopedPage
from apps.projects.models import Equipment
from apps.service_levels.explanation import Explanation, promises_of
from apps.service_levels.standing import measure

from .. import labels
from ..forms import LabelForm
from ..models import Ticket
from ..progress import public_steps
from ..rules import initial_level
from .opening import class_asked, promised_if_reported
from .waiting_photos import KeepsPhotos


@method_decorator(login_not_required, name="dispatch")
class LabelReport(KeepsPhotos, FormPage):
    """Equipment, place and cover; an open request first; then what happened, photos and telephone."""

    model = Equipment
    title = _("Report a fault")
    form_class = LabelForm
    template_name = "tickets/label.html"
    submit_label = _("Send the report")
    keeper = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_object(self) -> Equipment:
        rows = Equipment._default_manager.select_related("project", "site__parent")
        return get_object_or_404(rows, label_token=self.kwargs["token"])

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; to its own script, what is promised for the kind that was chosen."""
        if request.htmx and not request.htmx.boosted:
            context = {"foreseen": self._promised(class_asked(request.GET)[0]), "now": timezone.now()}
            return render(request, "service_levels/_foreseen.html", context)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}

    def _promised(self, kind: str) -> list[Explanation]:
        return promised_if_reported(self.object.project, kind, initial_level(kind), timezone.now())

    def perform(self, form: Any) -> Ticket:
        data = form.cleaned_data
        known = {ticket.pk: ticket for ticket in labels.open_on(self.object)}
        given: dict[str, Any] = {name: data[name] for name in ("contact_name", "contact_phone", "photos")}
        given |= {"waiting": self.waiting, "address": client_address(self.request), "now": self.now}
        same = known.get(as_key(data["same"]) or 0)
        if same is not None:
            return labels.join(same, text=f"{data['title']} {data['description']}".strip(), **given)
        words = {name: data[name] for name in ("kind", "title", "description")}
        return labels.report(self.object, **words, **given)

    def _perform_once(self, form: Any, key: str) -> str:
        # Nobody is signed in to whom a submission key could belong: the request just made is the first result.
        name = f"label-report-{key[:40]}"
        if key and name in self.request.session:
            return str(self.request.session[name])
        url = reverse("tickets:track", args=[self.perform(form).tracking_token])
        if key:
            self.request.session[name] = url
        return url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        equipment = self.object
        return super().get_context_data(**kwargs) | {
            "equipment": equipment,
            "badges": registry.badges([equipment], self.request.user)[equipment.pk],
            "known": labels.open_on(equipment),
            "foreseen": self._promised(class_asked({"kind": kwargs["form"]["kind"].value()})[0]),
            "back_url": "",
        }


@method_decorator(login_not_required, name="dispatch")
class Track(ScopedPage):
    """How a request stands, for who holds its link: steps and times, no names, no telephone numbers."""

    model = Ticket
    template_name = "tickets/track.html"
    title = _("Follow the request")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Ticket._default_manager.select_related("equipment")
        ticket = get_object_or_404(rows, tracking_token=kwargs["token"])
        steps, promised = public_steps(ticket)
        now = timezone.now()
        waited_for = [standing for standing in measure(promised, now).values() if standing.due]
        context = {
            "steps": steps,
            "promised": promised,
            "nearest": next(iter(waited_for), None),
            "why": {one.clock.pk: one for one in promises_of(ticket, now=now, named=False)},
        }
        return self.render_to_response(self.get_context_data(ticket=ticket, **context))
