"""Pages of dispatch: who is sent, and the list of work orders."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.pages import FormPage, ListPage, Tab

from .. import access, services, suggestions
from ..filters import WorkOrderFilter
from ..forms import DispatchForm
from ..models import Ticket, WorkOrder
from ..tables import WorkOrderTable
from ..wording import cover_badge, cover_in_words


class WorkOrderList(ListPage):
    """Work orders by appointment, for those who dispatch."""

    model = WorkOrder
    section = "dispatch"
    title = _("Work orders")
    related = ("ticket__project", "engineer")
    filterset_class = WorkOrderFilter
    table_class = WorkOrderTable
    empty_text = _("No work order here. Send somebody from the page of a request.")
    tabs = (
        Tab("today", _("Today"), lambda rows: rows.of_day(timezone.localdate())),
        Tab("going_on", _("Going on"), lambda rows: rows.going_on()),
        Tab("all", _("All"), lambda rows: rows.order_by("-appointment_from", "-pk")),
    )

    def permitted(self, user: Any) -> bool:
        return access.may_see_dispatch(user)


class Dispatch(FormPage):
    """Send an engineer: who, when, with which briefing (R-07)."""

    model = Ticket
    section = "dispatch"
    title = _("Dispatch")
    submit_label = _("Dispatch")
    form_class = DispatchForm
    template_name = "tickets/dispatch.html"
    related = ("project__owner", "equipment__site__parent")
    prefetch = ("cover_decisions",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_dispatch(row, user)

    def get_initial(self) -> dict[str, Any]:
        begin, end = suggestions.usual_appointment(self.now)
        return {"appointment_from": begin, "appointment_to": end}

    def perform(self, form: DispatchForm) -> Ticket:
        services.dispatch(ticket=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        data = getattr(form, "cleaned_data", {})
        begin, end = suggestions.usual_appointment(self.now)
        begin, end = data.get("appointment_from") or begin, data.get("appointment_to") or end
        found = suggestions.candidates(self.object, begin, max(begin, end))
        best = suggestions.suggested(found)
        chosen = form["engineer"].value() or (best.user.pk if best else "")
        decision = next(iter(self.object.cover_decisions.all()), None)
        return super().get_context_data(**kwargs) | {
            "ticket": self.object,
            "candidates": found,
            "best": best,
            "chosen": str(chosen),
            "day": timezone.localtime(begin),
            "cover": cover_badge(decision) if decision else None,
            "cover_words": cover_in_words(decision) if decision else "",
        }
