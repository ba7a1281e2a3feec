"""Pages about requests: the list, one request, its conversation, its kind and level."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.pages import DetailPage, FormPage, ListPage, Tab

from .. import access, progress, services
from ..documents import with_sheet
from ..filters import TicketFilter
from ..forms import MessageForm, TriageForm
from ..models import CoverDecision, Message, Ticket, TicketPhoto, WorkOrder
from ..tables import TicketTable
from ..wording import cover_badge, cover_in_words, level_meaning, map_links
from .waiting_photos import KeepsPhotos


class TicketList(ListPage):
    """The requests of the projects in a person's scope."""

    model = Ticket
    section = "tickets"
    title = _("Requests")
    related = ("project",)
    prefetch = (
        Prefetch("work_orders", WorkOrder._default_manager.select_related("engineer").order_by("pk")),
        "cover_decisions",
    )
    filterset_class = TicketFilter
    table_class = TicketTable
    create_url: Any = reverse_lazy("tickets:create")
    empty_text = _("No request here. Faults that are reported appear at once.")
    tabs = (
        Tab("open", _("Open now"), lambda rows: rows.open()),
        Tab("to_dispatch", _("To dispatch"), lambda rows: rows.to_dispatch()),
        Tab("awaiting", _("Awaiting confirmation"), lambda rows: rows.awaiting_confirmation()),
        Tab("closed", _("Closed"), lambda rows: rows.closed()),
        Tab("all", _("All"), lambda rows: rows),
    )

    @property
    def create_label(self) -> Any:
        return _("Register a call") if access.is_dispatcher(self.request.user) else _("Report a fault")

    def may_create(self, user: Any) -> bool:
        return access.may_open(user) and not user.is_auditor_only


class TicketDetail(DetailPage):
    """One request: where it stands, what was decided, what was said, who works on it."""

    model = Ticket
    section = "tickets"
    template_name = "tickets/ticket.html"
    related = ("project__owner", "equipment__site__parent", "equipment__model", "opened_by")
    prefetch = (Prefetch("cover_decisions", CoverDecision._default_manager.all()),)
    timeline_size = 0
    deferred = ("side",)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if "part" in self.request.GET else rows  # the badges stand on the page alone

    def get_object(self) -> Any:
        """Load the request; who sees it has its project in sight, which its buttons need not ask again."""
        ticket: Any = super().get_object()
        access.note_in_sight(ticket, self.request.user)
        return ticket

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket = self.object
        user: Any = self.request.user
        context = super().get_context_data(**kwargs)
        rows = WorkOrder._default_manager.visible_to(user).filter(ticket=ticket).select_related("engineer")
        orders = list(with_sheet(rows).order_by("pk"))
        photos = TicketPhoto._default_manager.visible_to(user).filter(ticket=ticket)
        by_message: dict[int | None, list[TicketPhoto]] = {}
        for photo in photos:
            by_message.setdefault(photo.message_id, []).append(photo)
        messages = Message._default_manager.visible_to(user).filter(ticket=ticket).select_related("author")
        decision = next(iter(ticket.cover_decisions.all()), None)
        current = [order for order in orders if order.ended_at is None and order.status in progress.PASSED]
        to_sign = next((order for order in current if order.status == WorkOrder.Status.FINISHED), None)
        is_owner_side = not user.is_staff_side
        may_change = not user.is_auditor_only
        return context | {
            "decision": decision,
            "decision_words": cover_in_words(decision) if decision else "",
            "decision_badge": cover_badge(decision) if decision else None,
            "level_meaning": level_meaning(ticket.level),
            "photos": by_message.pop(None, []),
            "thread": [(message, by_message.get(message.pk, [])) for message in messages],
            "orders": orders,
            "current_order": current[-1] if current else None,
            "done_steps": progress.happened(ticket, orders, user),
            "steps_to_come": progress.to_come(ticket, orders),
            "sheet_to_sign": to_sign.sheet_id if to_sign and is_owner_side else None,
            "decide": [edge for edge in context["steps"] if is_owner_side and edge.name in {"confirm", "not_fixed"}],
            "other_steps": [
                edge for edge in context["steps"] if not (is_owner_side and edge.name in {"confirm", "not_fixed"})
            ],
            "may_dispatch": may_change and access.may_dispatch(ticket, user) and ticket.status in services.DISPATCHABLE,
            "triage_form": self._triage_form() if may_change and access.may_dispatch(ticket, user) else None,
            "message_form": MessageForm(user=user) if may_change and access.may_write_message(ticket, user) else None,
            "map_links": map_links(ticket.project.address or str(ticket.project)),
        }

    def _triage_form(self) -> TriageForm | None:
        ticket = self.object
        if not ticket.is_open:
            return None
        return TriageForm(user=self.request.user, initial=_class_of(ticket))


class WriteMessage(KeepsPhotos, FormPage):
    """Add a line to the conversation of a request."""

    model = Ticket
    section = "tickets"
    title = _("Write a message")
    submit_label = _("Send")
    form_class = MessageForm
    related = ("project",)
    template_name = "tickets/message_form.html"

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_write_message(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"has_photos": bool(self.waiting)}

    def perform(self, form: MessageForm) -> Message:
        data = form.cleaned_data
        return services.write_message(
            ticket=self.object,
            body=data["body"],
            for_staff=data.get("for_staff", False),
            photos=data["photos"],
            waiting=self.waiting,
            actor=self.request.user,
            now=self.now,
        )


class Triage(FormPage):
    """Set kind and level of a request (R-02, R-03)."""

    model = Ticket
    section = "tickets"
    title = _("Kind and level")
    form_class = TriageForm
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_dispatch(row, user)

    def get_initial(self) -> dict[str, Any]:
        return _class_of(self.object)

    def perform(self, form: TriageForm) -> Ticket:
        return services.triage(ticket=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


def _class_of(ticket: Ticket) -> dict[str, Any]:
    return {"kind": ticket.kind, "level": ticket.level, "is_complex": ticket.is_complex}
