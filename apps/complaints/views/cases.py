"""The register of complaints, one file, and what is written into it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.events import project_of
from apps.core.lifecycle import available
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab
from apps.documents import services as documents
from apps.surveys.models import LowAnswer

from .. import access, services, trace
from ..filters import ComplaintFilter
from ..forms import (
    ActionForm,
    AssessForm,
    CauseForm,
    ContactForm,
    EvidenceForm,
    IntakeForm,
    OwnerComplaintForm,
    PeopleForm,
    ProgressForm,
    PromiseForm,
)
from ..models import Action, CaseFile, Complaint, Contact, Progress
from ..subjects import all_subjects
from ..tables import ComplaintTable

SECTION = "complaints"
#: For an owner the register is a list of their own complaints.
INSIDE = ("cause", "investigator", "channel")


class ComplaintList(ListPage):
    """The register: of the files a person may see; for an owner's person their own complaints."""

    model = Complaint
    section = SECTION
    title = gettext_lazy("Complaints")
    related = ("project", "investigator")
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
    related = ("project", "emergency", "complainant", "investigator", "decided_by", "received_by")
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
        progress = Progress._default_manager.visible_to(user).filter(complaint=complaint).select_related("told_by")
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
        return context | {
            "contacts": list(contacts),
            "actions": self._with_steps(actions.select_related("responsible", "checked_by"), user),
            "works": works and complaint.is_open,
            "may_contact": access.may_contact(complaint, user) and complaint.is_open,
            "may_act": works,
            "may_issue": works and complaint.project_id is not None and not complaint.is_open,
            "may_print": works,
            "sheet": access.SHEET,
        }

    def _with_steps(self, actions: Any, user: Any) -> list[tuple[Action, list[Any]]]:
        found = []
        for action in actions:
            action.complaint = self.object
            found.append((action, available(action, user)))
        return found


class OpenComplaint(FormPage):
    """Complain, as an owner's person; take a complaint in, as customer service does. ``?about=`` names a row."""

    model = Complaint
    section = SECTION
    template_name = "complaints/complain.html"
    related = ("project",)

    def permitted(self, user: Any) -> bool:
        return access.may_complain(user)

    @property
    def form_class(self) -> Any:
        return IntakeForm if self.request.user.is_staff_side else OwnerComplaintForm

    @property
    def title(self) -> Any:
        return _("Take in a complaint") if self.request.user.is_staff_side else _("I want to complain")

    @property
    def submit_label(self) -> Any:
        return _("Take it in") if self.request.user.is_staff_side else _("Send the complaint")

    @property
    def subject(self) -> Any:
        """The row of ``?about=tickets.ticket:7``, as far as the person may see it; None for anything else."""
        label, _sign, key = self.request.GET.get("about", "").partition(":")
        known: list[Any] = [LowAnswer, *(one.model for one in all_subjects())]
        models = {model._meta.label_lower: model for model in known}
        if label not in models or not (key.isascii() and key.isdigit()):
            return None
        found = models[label]._default_manager.visible_to(self.request.user).filter(pk=int(key)).first()
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs if self.request.user.is_staff_side else kwargs | {"subject": self.subject}

    def get_initial(self) -> dict[str, Any]:
        subject = self.subject
        if subject is None or not self.request.user.is_staff_side:
            return {}
        initial = {"project": project_of(subject), "about": str(subject)}
        return initial | (_of_low_answer(subject) if isinstance(subject, LowAnswer) else {})

    def perform(self, form: Any) -> Complaint:
        data = dict(form.cleaned_data)
        user, subject = self.request.user, self.subject
        people = data.pop("people")
        project = data.pop("project", None) or (project_of(subject) if subject is not None else None)
        if isinstance(subject, LowAnswer):
            subject = subject.answer.request.subject
        if user.is_staff_side:
            return services.open_complaint(
                **data, project=project, subject=subject, accused=people, actor=user, now=self.now
            )
        return services.open_complaint(
            **data,
            channel=Complaint.Channel.PORTAL,
            project=project,
            subject=subject,
            accused=[row.user for row in people],
            complainant=user,
            actor=user,
            now=self.now,
        )

    def _check_still_visible(self, row: Any) -> None:
        """Take a complaint in even when it is then kept from who took it: somebody named them in it."""

    def get_success_url(self, row: Complaint) -> str:
        rows = self.get_queryset()
        return super().get_success_url(row) if rows.filter(pk=row.pk).exists() else _register()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"subject": self.subject, "back_url": _register()}


def _of_low_answer(low: LowAnswer) -> dict[str, Any]:
    """What a low answer says already: who answered, about whose work."""
    request = low.answer.request
    return {
        "channel": Complaint.Channel.LOW_RATING,
        "contact_name": request.name,
        "contact_phone": request.phone,
        "people": list(request.about_people.all()),
    }


def _register() -> str:
    return reverse("complaints:list")


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
        return access.works_on(row, user) and row.project_id is not None

    def perform(self, row: Complaint) -> str:
        documents.issue_now(access.SHEET, row, actor=self.request.user, now=timezone.now())
        return row.get_absolute_url()
