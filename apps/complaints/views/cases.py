"""The register of complaints, one file, and what is written into it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.lifecycle import available
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage, Tab
from apps.core.pages.files import send
from apps.documents import services as documents

from .. import access, services, trace
from ..filters import ComplaintFilter
from ..forms import (
    ActionForm,
    AssessForm,
    CauseForm,
    ContactForm,
    EvidenceForm,
    PeopleForm,
    ProgressForm,
    PromiseForm,
)
from ..models import Action, CaseFile, Complaint, Contact, Progress
from ..tables import ComplaintTable

SECTION = "complaints"
#: For an owner the register is a list of their own complaints.
INSIDE = ("cause", "investigator", "channel")


class ComplaintList(ListPage):
    """The register: of the files a person may see; for an owner's person their own complaints."""

    model = Complaint
    section = SECTION
    title = gettext_lazy("Complaints")
    related = ("project", "investigator", "dated_by")
    template_name = "complaints/list.html"
    filterset_class = ComplaintFilter
    table_class = ComplaintTable
    tabs = (
        Tab("open", gettext_lazy("Open now"), lambda rows: rows.open()),
        Tab("to_ask", gettext_lazy("To be asked"), lambda rows: rows.to_ask()),
        Tab("over", gettext_lazy("Closed"), lambda rows: rows.over()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    create_url: Any = "complaints:create"
    empty_text = gettext_lazy("No complaint here. What people complain of appears at once.")

    @property
    def create_label(self) -> Any:
        return _("Take in a complaint") if self.request.user.is_staff_side else _("Complain")

    def may_create(self, user: Any) -> bool:
        return access.may_complain(user) and not user.is_auditor_only

    def hidden_columns(self) -> tuple[str, ...]:
        return () if self.request.user.is_staff_side else INSIDE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "may_call": access.may_see_calls(user),
            "may_judge": access.may_judge(user),
            "may_sum": access.may_see_summary(user),
        }


class ComplaintDetail(DetailPage):
    """One complaint: the whole file for those who work on it, its public side for who complained."""

    model = Complaint
    section = SECTION
    related = ("project", "equipment__model", "emergency", "complainant", "investigator", "decided_by", "received_by")
    prefetch = ("accused",)
    deferred = ("side", "history")

    def get_template_names(self) -> list[str]:
        return ["complaints/file.html" if self.request.user.is_staff_side else "complaints/mine.html"]

    def _timeline(self) -> dict[str, Any]:
        return {"timeline": trace.history_of(self.object, self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint: Complaint = self.object
        user = self.request.user
        context = super().get_context_data(**kwargs)
        files = list(CaseFile._default_manager.visible_to(user).filter(complaint=complaint))
        progress = (
            Progress._default_manager.visible_to(user).filter(complaint=complaint).select_related("told_by", "dated_by")
        )
        context |= {
            "files": [one for one in files if not one.is_evidence],
            "evidence": [one for one in files if one.is_evidence],
            "progress": list(progress),
        }
        if not user.is_staff_side:
            return context | {"timeline": trace.history_of(complaint, user)}
        contacts = Contact._default_manager.visible_to(user).filter(complaint=complaint).select_related("by")
        actions = Action._default_manager.visible_to(user).filter(complaint=complaint)
        works = access.works_on(complaint, user)
        paper = documents.document_of(access.SHEET, complaint) if works and not complaint.is_open else None
        return context | {
            "contacts": list(contacts),
            "actions": self._with_steps(actions.select_related("responsible", "checked_by", "dated_by"), user),
            "works": works and complaint.is_open,
            "may_contact": access.may_contact(complaint, user) and complaint.is_open,
            "may_act": works,
            "may_issue": works and not complaint.is_open and paper is None,
            "may_print": works,
            "sheet": access.SHEET,
            "paper": paper,
        }

    def _with_steps(self, actions: Any, user: Any) -> list[tuple[Action, list[Any]]]:
        found = []
        for action in actions:
            action.complaint = self.object
            found.append((action, available(action, user)))
        return found


class FilePart(FormPage):
    """A form that writes one thing into a file."""

    model = Complaint
    section = SECTION
    related = ("project",)
    prefetch = ("accused",)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: Complaint, user: Any) -> bool:
        return access.works_on(row, user)


class Assess(FilePart):
    title = gettext_lazy("Assess the complaint")
    form_class = AssessForm

    def permitted_on(self, row: Complaint, user: Any) -> bool:
        return access.may_contact(row, user)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in AssessForm.base_fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.object}

    def perform(self, form: Any) -> Complaint:
        return services.assess(complaint=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class NamePeople(FilePart):
    title = gettext_lazy("People complained of")
    form_class = PeopleForm
    success_message = gettext_lazy("Noted. The file is kept from them.")

    def permitted_on(self, row: Complaint, user: Any) -> bool:
        return access.may_contact(row, user)

    def get_initial(self) -> dict[str, Any]:
        return {"people": list(self.object.accused.all())}

    def perform(self, form: Any) -> Complaint:
        people = form.cleaned_data["people"]
        return services.name_people(complaint=self.object, people=people, actor=self.request.user, now=self.now)


class LogContact(FilePart):
    title = gettext_lazy("Note a contact")
    form_class = ContactForm

    def permitted_on(self, row: Complaint, user: Any) -> bool:
        return access.may_contact(row, user)

    def get_initial(self) -> dict[str, Any]:
        return {"whom": self.object.who}

    def perform(self, form: Any) -> Complaint:
        services.log_contact(complaint=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object


class AddEvidence(FilePart):
    title = gettext_lazy("Add evidence")
    form_class = EvidenceForm

    def perform(self, form: Any) -> Complaint:
        files = form.cleaned_data["files"]
        return services.add_evidence(complaint=self.object, files=files, actor=self.request.user, now=self.now)


class FindCause(FilePart):
    title = gettext_lazy("Cause: five times why")
    form_class = CauseForm

    def get_initial(self) -> dict[str, Any]:
        whys = {f"why_{n}": line for n, line in enumerate(self.object.five_whys, start=1)}
        return {"cause": self.object.cause, **whys}

    def perform(self, form: Any) -> Complaint:
        cause = form.cleaned_data["cause"]
        return services.find_cause(
            complaint=self.object, cause=cause, whys=form.whys, actor=self.request.user, now=self.now
        )


class PromiseProgress(FilePart):
    title = gettext_lazy("Promise a progress note")
    form_class = PromiseForm

    def perform(self, form: Any) -> Complaint:
        services.promise_progress(complaint=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object


class SetAction(FilePart):
    title = gettext_lazy("Agree an action")
    form_class = ActionForm

    def perform(self, form: Any) -> Complaint:
        services.set_action(complaint=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object


class TellProgress(FilePart):
    """Tell the complainant how it stands, as promised."""

    model: Any = Progress
    title = gettext_lazy("Tell the progress")
    form_class = ProgressForm
    related = ("complaint__project",)
    prefetch = ("complaint__accused",)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return access.works_on(row.complaint, user)

    def perform(self, form: Any) -> Progress:
        return services.tell_progress(
            progress=self.object, text=form.cleaned_data["text"], actor=self.request.user, now=self.now
        )


class IssueSheet(ActionPage):
    """Issue the complaint sheet: number, data and bytes are frozen."""

    model = Complaint
    related = ("project__owner",)

    def permitted_on(self, row: Complaint, user: Any) -> bool:
        return access.works_on(row, user)

    def perform(self, row: Complaint) -> str:
        documents.issue_now(access.SHEET, row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()


class Sheet(ScopedPage):
    """The issued sheet, for who works on the file: an investigator opens no restricted paper elsewhere."""

    model = Complaint
    related = ("project",)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        complaint = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if not access.works_on(complaint, request.user):
            raise PermissionDenied
        paper = documents.document_of(access.SHEET, complaint)
        if paper is None or not paper.pdf:
            raise Http404
        return send(paper.pdf, content_type="application/pdf", name=paper.file_name, inline=True)


class ActionDetail(DetailPage):
    """An action as who carries it out sees it; who may read the file is led there."""

    model = Action
    section = SECTION
    related = ("complaint__project", "responsible", "checked_by")
    prefetch = ("complaint__accused",)
    template_name = "complaints/action.html"
    timeline_size = 0

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = self.get_object()
        if Complaint._default_manager.visible_to(request.user).filter(pk=action.complaint_id).exists():
            return HttpResponseRedirect(f"{action.complaint.get_absolute_url()}#actions")
        return super().get(request, *args, **kwargs)
