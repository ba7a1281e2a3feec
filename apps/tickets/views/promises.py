"""What people do to the promises of a request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.pages import ActionPage, FormPage
from apps.documents import services as documents

from .. import access, milestones, promise_services, services
from ..forms import MilestoneForm, PauseForm
from ..models import Ticket, WorkOrder
from ..promise_sheet import PROMISE_SHEET


class CheckArrangement(ActionPage):
    """Note that somebody goes (R-07)."""

    model = Ticket
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_dispatch(row, user)

    def perform(self, row: Ticket) -> str:
        promise_services.check_arrangement(ticket=row, actor=self.request.user, now=timezone.now())
        messages.success(self.request, _("Noted: the arrangement is checked."))
        return row.get_absolute_url()


class PausePromises(FormPage):
    """Let the promised times of a request stand still."""

    model = Ticket
    section = "tickets"
    title = gettext_lazy("Pause the promises")
    submit_label = gettext_lazy("Pause")
    form_class = PauseForm
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_pause(row, user)

    def perform(self, form: PauseForm) -> Ticket:
        return promise_services.pause_promises(
            ticket=self.object, **form.cleaned_data, actor=self.request.user, now=self.now
        )


class NoteMilestone(FormPage):
    """Note what was reached: guided, diagnosed, handed over (R-04)."""

    model = Ticket
    section = "tickets"
    title = gettext_lazy("Note progress")
    form_class = MilestoneForm
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_note_milestone(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"milestones": milestones.awaited(self.object)}

    def perform(self, form: MilestoneForm) -> Ticket:
        return milestones.note_milestone(ticket=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class ResumePromises(ActionPage):
    """Let them go on."""

    model = Ticket
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_pause(row, user)

    def perform(self, row: Ticket) -> str:
        promise_services.resume_promises(ticket=row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()


class SetComplexity(ActionPage):
    """Say at locate-and-plan whether the repair is complex (R-03)."""

    model = WorkOrder
    related = ("ticket__project",)

    def permitted_on(self, row: WorkOrder, user: Any) -> bool:
        return access.is_assigned_engineer(row, user)

    def perform(self, row: WorkOrder) -> str:
        is_complex = self.request.POST.get("is_complex") == "1"
        services.set_complexity(order=row, is_complex=is_complex, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()


class IssuePromiseSheet(ActionPage):
    """Issue the promise sheet of a request: what was promised, what counted, what paused, with what result."""

    model = Ticket
    related = ("project",)

    def permitted_on(self, row: Ticket, user: Any) -> bool:
        return access.may_issue_promise_sheet(row, user)

    def perform(self, row: Ticket) -> str:
        document = documents.issue_anew(PROMISE_SHEET, row, actor=self.request.user, now=timezone.now())
        return document.get_absolute_url()
