"""Follow-up calls: the list by promise, one call with its script, and asking for another engineer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.pages import FormPage, ListPage, Tab
from apps.tickets.models import Ticket

from .. import access, call_lifecycle, engineers, followups
from ..filters import FollowUpFilter
from ..forms import CallForm, EngineerForm
from ..models import Complaint, EngineerRequest, FollowUp
from ..rules import ATTEMPTS
from ..tables import FollowUpTable


class FollowUpList(ListPage):
    """The calls to be made, the nearest promise first."""

    model = FollowUp
    section = "complaints"
    title = gettext_lazy("Follow-up calls")
    related = ("project", "done_by")
    template_name = "complaints/calls.html"
    filterset_class = FollowUpFilter
    table_class = FollowUpTable
    empty_text = gettext_lazy("Nobody to call. Completed requests and visits appear here by themselves.")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        now = timezone.now()
        return (
            Tab("to_call", gettext_lazy("To call"), lambda rows: rows.to_call()),
            Tab("overdue", gettext_lazy("Overdue"), lambda rows: rows.overdue(now)),
            Tab("done", gettext_lazy("Done"), lambda rows: rows.done().order_by("-due_at", "-pk")),
            Tab("all", gettext_lazy("All"), lambda rows: rows),
        )

    def permitted(self, user: Any) -> bool:
        return access.may_see_calls(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = self.get_queryset().to_call().first() if access.may_call(self.request.user) else None
        context = super().get_context_data(**kwargs) | {"first": first}
        if table := context.get("table"):
            table.clocks = followups.clocks_of([row.record for row in table.page.object_list], self.request.user)
        return context


class Call(FormPage):
    """One call: whom, about what, the script, and how it went; then the next."""

    model = FollowUp
    section = "complaints"
    form_class = CallForm
    template_name = "complaints/call.html"
    related = ("project__owner", "done_by", "complaint")
    submit_label = gettext_lazy("Save, next call")

    def permitted(self, user: Any) -> bool:
        return access.may_see_calls(user)

    def permitted_on(self, row: FollowUp, user: Any) -> bool:
        return self.request.method == "GET" or access.may_call(user)

    @property
    def title(self) -> Any:
        return _("Follow-up call")

    def get_form(self) -> Any:
        form = super().get_form()
        if not isinstance(self.object.subject, Ticket):
            results = [one for one in CallForm.RESULTS if one[0] != "reopen"]
            form.fields["result"].choices = results
        return form

    def perform(self, form: Any) -> FollowUp:
        call, user, now = self.object, self.request.user, self.now
        result, said = form.cleaned_data["result"], form.cleaned_data["said"]
        if result == "satisfied":
            done: FollowUp = call_lifecycle.note_satisfied(call, actor=user, now=now, said=said)
            return done
        if result == "not_reached":
            return followups.note_not_reached(call=call, note=said[:200], actor=user, now=now)
        return followups.note_unsatisfied(call=call, said=said, what_next=result, actor=user, now=now)

    def get_success_url(self, row: FollowUp) -> str:
        self._say_what_followed(row)
        following = followups.next_call(row, self.request.user)
        if following is None:
            messages.success(self.request, _("That was the last call of the list."))
            return reverse("complaints:calls")
        return following.get_absolute_url()

    def _say_what_followed(self, call: FollowUp) -> None:
        """Name what was opened: the next call comes at once, and the last one is out of sight."""
        if call.complaint is not None:
            words = _("%(call)s: complaint %(number)s is open.")
            messages.success(self.request, words % {"call": call.number, "number": call.complaint.number})
        elif call.status == FollowUp.Status.UNSATISFIED:
            messages.success(self.request, _("%(number)s goes on under its number.") % {"number": call.number})

    def _visible_complaint(self) -> Complaint | None:
        rows = Complaint._default_manager.visible_to(self.request.user)
        found: Complaint | None = rows.filter(pk=self.object.complaint_id).first() if self.object.complaint_id else None
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        rows = FollowUp._default_manager.visible_to(self.request.user).to_call()
        return super().get_context_data(**kwargs) | {
            "call": call,
            "subject": call.subject,
            "complaint": self._visible_complaint(),
            "attempts": call.attempts.select_related("by"),
            "most": ATTEMPTS,
            "waiting": rows.count(),
            "clock": followups.clocks_of([call], self.request.user).get(call.pk),
            "may_call": access.may_call(self.request.user) and call.status == FollowUp.Status.PLANNED,
            "back_url": reverse("complaints:calls"),
        }


class AskForEngineer(FormPage):
    """An owner asks for another engineer (R-14)."""

    model = Ticket
    section = "tickets"
    title = gettext_lazy("Ask for another engineer")
    submit_label = gettext_lazy("Send")
    success_message = gettext_lazy("We have got it. You are told as soon as it is decided.")
    form_class = EngineerForm
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_ask_engineer(row, user)

    def perform(self, form: Any) -> EngineerRequest:
        return engineers.ask_for_engineer(
            ticket=self.object, reason=form.cleaned_data["reason"], actor=self.request.user, now=self.now
        )
