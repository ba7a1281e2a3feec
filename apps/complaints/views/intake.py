"""Where complaints come in: an owner's person complains, customer service takes one in."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.events import project_of
from apps.core.forms import as_key
from apps.core.pages import FormPage
from apps.projects.models import Equipment, Project
from apps.surveys.models import LowAnswer

from .. import access, services
from ..forms import IntakeForm, OwnerComplaintForm
from ..models import Complaint
from ..subjects import all_subjects

SECTION = "complaints"


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
        label, _sign, named = self.request.GET.get("about", "").partition(":")
        key = as_key(named)
        known: list[Any] = [LowAnswer, Equipment, Project, *(one.model for one in all_subjects())]
        models = {model._meta.label_lower: model for model in known}
        if label not in models or key is None:
            return None
        found = models[label]._default_manager.visible_to(self.request.user).filter(pk=key).first()
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
        initial: dict[str, Any] = {"project": project_of(subject), "about": str(subject)}
        if subject._meta.label_lower == "inspections.visit":
            initial |= {"channel": Complaint.Channel.VISIT, "contact_name": subject.contact_name}
            initial |= {"contact_phone": subject.contact_phone}
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
