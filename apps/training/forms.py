"""Forms of courses, plans, sessions and licences. They validate only; services write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.forms import DateInput, DateTimeInput, ScopedForm, ScopedModelForm, UploadsField
from apps.documents.signing import read_drawing
from apps.projects.models import Owner, OwnerPerson

from .authoring import PartLine
from .classes import classes_for
from .improvements import USUAL_TIME
from .models import (
    Course,
    Improvement,
    LicenceKind,
    Material,
    Part,
    Participant,
    Retraining,
    Session,
    TrainingPlan,
)
from .videos import accept_material

SHORT = forms.Textarea(attrs={"rows": 3})


class MaterialField(UploadsField):
    """A video, a document or a picture."""

    accept = staticmethod(accept_material)


class CourseForm(ScopedModelForm):
    """A course with the five parts of its syllabus."""

    class Meta:
        model = Course
        fields = [
            "name",
            "summary",
            "audience",
            "responsible",
            "prerequisites",
            "is_online",
            "is_seasonal",
            "is_active",
            "gives_certificate",
            "validity_months",
            "licence_kind",
            "exam_questions",
            "exam_minutes",
            "pass_percent",
            "max_attempts",
        ]
        widgets = {"licence_kind": forms.Select, "prerequisites": forms.CheckboxSelectMultiple}
        help_texts = {
            "exam_questions": _("0: no exam; who was there gets the certificate."),
            "validity_months": _("Empty: it does not end."),
            "licence_kind": _("For our people: passing brings this licence, which dispatch asks for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence_kind"].widget.choices = [("", "—"), *LicenceKind.choices]
        responsible: Any = self.fields["responsible"]
        responsible.queryset = responsible.queryset.with_role(Role.TRAINER, Role.MANAGER)
        others: Any = self.fields["prerequisites"]
        others.queryset = others.queryset.filter(gives_certificate=True).exclude(pk=self.instance.pk)
        known = {row.part: row for row in self.instance.parts.all()} if self.instance.pk else {}
        for part in Part:
            row = known.get(part.value)
            self.fields[f"{part}_content"] = forms.CharField(
                label=part.label, max_length=300, required=False, initial=row.content if row else ""
            )
            for name, label in (("minutes", _("Minutes")), ("weight", _("Weight in the exam"))):
                self.fields[f"{part}_{name}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=9999, required=False, initial=getattr(row, name) if row else 0
                )

    def layout(self) -> Layout:
        return Layout(
            "name",
            "summary",
            Row("audience", "responsible"),
            "prerequisites",
            Row("is_online", "is_seasonal", "is_active", "gives_certificate"),
            Row("validity_months", "licence_kind"),
            Row("exam_questions", "exam_minutes", "pass_percent", "max_attempts"),
            *(Row(f"{part}_content", f"{part}_minutes", f"{part}_weight", css_class="part-row") for part in Part),
        )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "prerequisites"}

    @property
    def parts(self) -> dict[str, PartLine]:
        data = self.cleaned_data
        return {
            part.value: PartLine(data[f"{part}_content"], data[f"{part}_minutes"] or 0, data[f"{part}_weight"] or 0)
            for part in Part
        }


class MaterialForm(ScopedModelForm):
    file = MaterialField(
        label=_("File"), required=False, max_files=1, help_text=_("MP4, WebM, PDF, Word or a picture.")
    )
    url = forms.URLField(label=_("Address"), required=False, assume_scheme="https", help_text=_("Of a link."))

    class Meta:
        model = Material
        fields = ["kind", "title", "url", "seconds"]
        help_texts = {"seconds": _("Of a video; read from the file where it says so.")}


class AskForm(ScopedForm):
    text = forms.CharField(label=_("Your question"), max_length=500, widget=SHORT)


class AnswerForm(ScopedForm):
    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=SHORT)


class PlanForm(ScopedModelForm):
    class Meta:
        model = TrainingPlan
        fields = ["need", "people"]
        widgets = {"need": forms.Textarea(attrs={"rows": 5})}


class AgreeForm(ScopedForm):
    agreed_with = forms.CharField(label=_("Agreed with"), max_length=80)
    agreed_on = forms.DateField(label=_("Agreed on"), widget=DateInput())

    def __init__(self, *args: Any, row: TrainingPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("agreed_on", timezone.localdate())


class ReasonForm(ScopedForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CloseForm(ScopedForm):
    """What to do better; who does it and until when may be left to the trainer and a month."""

    improvement = forms.CharField(
        label=_("What to do better next time"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is followed until somebody else found that it works."),
    )
    responsible = forms.ModelChoiceField(label=_("Who does it"), queryset=User._default_manager.none(), required=False)
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, row: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_staff(self, "responsible")
        self.initial.setdefault("responsible", row.trainer_id)
        self.initial.setdefault("due_on", timezone.localdate() + USUAL_TIME)


def _offer_staff(form: forms.Form, name: str) -> None:
    field: Any = form.fields[name]
    field.queryset = User._default_manager.staff().order_by("name", "pk")


class ImprovementForm(ScopedForm):
    """Something to do better in a course."""

    text = forms.CharField(label=_("What to do better"), max_length=500, widget=SHORT)
    responsible = forms.ModelChoiceField(label=_("Who does it"), queryset=User._default_manager.none())
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_staff(self, "responsible")
        self.initial.setdefault("due_on", timezone.localdate() + USUAL_TIME)

    def layout(self) -> Layout:
        return Layout("text", Row("responsible", "due_on"))


class ResultForm(ScopedForm):
    result = forms.CharField(label=_("What was done"), max_length=300, widget=SHORT)

    def __init__(self, *args: Any, row: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class VerdictForm(ScopedForm):
    verdict = forms.CharField(label=_("How it was seen to work"), max_length=300, widget=SHORT)

    def __init__(self, *args: Any, row: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AgainForm(ScopedForm):
    verdict = forms.CharField(label=_("What is still wrong"), max_length=300, widget=SHORT)
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput())

    def __init__(self, *args: Any, row: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class RetrainingForm(ScopedForm):
    """The training that brings a licence anew, among those that are coming."""

    session = forms.ModelChoiceField(label=_("Training"), queryset=Session._default_manager.none())

    def __init__(self, *args: Any, row: Retraining, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["session"]
        field.queryset = classes_for(row.licence, now=timezone.now())
        field.label_from_instance = lambda one: f"{timezone.localtime(one.starts_at):%Y-%m-%d %H:%M} {one}"
        if not field.queryset.exists():
            field.help_text = _("No training that brings this licence is coming. Plan one first.")


class CoachForm(ScopedForm):
    coaching = forms.CharField(
        label=_("What was gone through"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it too, and may then try again."),
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class SessionForm(ScopedModelForm):
    link = forms.URLField(label=_("Address of the live class"), max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Session
        fields = [
            "course",
            "project",
            "way",
            "trainer",
            "starts_at",
            "ends_at",
            "hours",
            "place",
            "link",
            "seats",
            "is_chargeable",
            "visit_number",
        ]
        widgets = {"starts_at": DateTimeInput(), "ends_at": DateTimeInput()}
        help_texts = {"hours": _("0: as long as it lasts."), "visit_number": _("Only for training given on a visit.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainer: Any = self.fields["trainer"]
        trainer.queryset = trainer.queryset.with_role(Role.TRAINER, Role.ENGINEER, Role.TECHNICAL_SUPPORT, Role.MANAGER)
        course: Any = self.fields["course"]
        course.queryset = course.queryset.taught()
        if self.instance.pk:
            del self.fields["course"], self.fields["project"]

    def layout(self) -> Layout:
        first = [Row("course", "project")] if "course" in self.fields else []
        pairs = ("way", "trainer"), ("starts_at", "ends_at"), ("place", "link"), ("hours", "seats")
        return Layout(*first, *(Row(*pair) for pair in pairs), Row("visit_number", "is_chargeable"))


class NamePeopleForm(ScopedForm):
    """Name people for a session: of the owner, of ours, or somebody without an account."""

    owner_people = forms.ModelMultipleChoiceField(
        label=_("Owner's people"),
        queryset=OwnerPerson._default_manager.select_related("user", "owner").filter(user__is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    staff = forms.ModelMultipleChoiceField(
        label=_("Our people"),
        queryset=User._default_manager.staff(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(label=_("Somebody without an account: name"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The link to evaluate the training goes there, or by SMS.")
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["owner_people"]
        if session.project_id and session.project is not None:
            people.queryset = people.queryset.filter(owner=session.project.owner_id)
        if not self.user.is_staff_side:
            del self.fields["staff"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("owner_people", "staff", "name")):
            raise forms.ValidationError(_("Choose at least one person."))
        return data


class DrawnForm(ScopedForm):
    """A signature drawn on this device."""

    signature_image = forms.CharField(widget=forms.HiddenInput, required=False)
    signature_strokes = forms.JSONField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        try:
            data["drawing"] = read_drawing(data.get("signature_image") or "", data.get("signature_strokes"))
        except DomainError as error:
            self.add_error(None, str(error))
        return data


class DoorForm(DrawnForm):
    """Somebody who was not registered."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class AttendForm(ScopedForm):
    """Who signs in by the code without an account says name and telephone as registered."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))


class SheetForm(ScopedForm):
    """Who signed on the printed sheet, the scan of it, and corrected hours."""

    present = forms.ModelMultipleChoiceField(
        label=_("Signed on the sheet"),
        queryset=Participant._default_manager.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    files: Any = UploadsField(label=_("Scan of the signed sheet"), required=False, max_files=4)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["present"]
        rows = field.queryset.filter(session=session).exclude(status=Participant.Status.WITHDRAWN)
        field.queryset = rows.filter(attended_at=None)


class HoursForm(ScopedForm):
    """The hours of those who were there."""

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(session.participants.visible_to(self.user).present())
        for row in self.people:
            self.fields[f"hours_{row.pk}"] = forms.DecimalField(
                label=row.name, min_value=0, max_value=session.hours, max_digits=4, decimal_places=1, initial=row.hours
            )

    @property
    def hours(self) -> dict[int, Decimal]:
        return {row.pk: self.cleaned_data[f"hours_{row.pk}"] for row in self.people}


class OwnerOfDoorForm(DoorForm):
    """Somebody who was not registered, at a class open to all: of which organisation."""

    owner = forms.ModelChoiceField(label=_("Organisation"), queryset=Owner._default_manager.all(), required=False)
