"""Public pages of the equipment label: report and follow, without an account and without anything private."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from apps.core import registry
from apps.core.client import client_address
from apps.core.pages import FormPage, ScopedPage
from apps.projects.models import Equipment
from apps.service_levels.standing import measure

from .. import labels
from ..forms import LabelForm
from ..models import Ticket
from ..progress import public_steps


@method_decorator(login_not_required, name="dispatch")
class LabelReport(FormPage):
    """Equipment, place and cover; an open request first; then what happened, photos and telephone."""

    model = Equipment
    title = _("Report a fault")
    form_class = LabelForm
    template_name = "tickets/label.html"
    submit_label = _("Send the report")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super(FormPage, self).dispatch(request, *args, **kwargs)

    def get_object(self) -> Equipment:
        rows = Equipment._default_manager.select_related("project", "site__parent")
        return get_object_or_404(rows, label_token=self.kwargs["token"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": AnonymousUser()}

    def perform(self, form: Any) -> Ticket:
        data = form.cleaned_data
        known = {ticket.pk: ticket for ticket in labels.open_on(self.object)}
        who = {name: data[name] for name in ("contact_name", "contact_phone")}
        where = {"address": client_address(self.request), "now": self.now}
        same = known.get(int(data["same"])) if data["same"].isdigit() else None
        if same is not None:
            return labels.join(same, text=f"{data['title']} {data['description']}".strip(), **who, **where)
        return labels.report(
            self.object,
            kind=data["kind"],
            title=data["title"],
            description=data["description"],
            photos=data["photos"],
            **who,
            **where,
        )

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
            "badges": registry.badges([equipment])[equipment.pk],
            "known": labels.open_on(equipment),
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
        waited_for = [standing for standing in measure(promised, timezone.now()).values() if standing.due]
        return self.render_to_response(
            self.get_context_data(ticket=ticket, steps=steps, promised=promised, nearest=next(iter(waited_for), None))
        )
