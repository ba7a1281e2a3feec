"""Forms of plans, visits, checklists and findings. They validate only; services write."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core.forms import DateInput, PhotosField, ScopedForm, ScopedModelForm

from .models import Checklist, Finding, Visit, VisitCheck, VisitPlan
from .recording import RECORDED, CheckEntry
from .rules import plain
from .services import ItemLine

EMPTY_ROWS = 5
#: The id of the record's form element.
RECORD_ID = "record"


def _offer_engineers(form: forms.Form, name: str, *always: Any) -> None:
    """Offer who may do a visit; a person chosen earlier stays in the list."""
    field: Any = form.fields[name]
    kept = [person.pk for person in always if person is not None]
    staff = field.queryset.staff()
    field.queryset = (
        staff.filter(staff_roles__role__in=[Role.ENGINEER, Role.TECHNICAL_SUPPORT]) | staff.filter(pk__in=kept)
    ).distinct()


class PlanForm(ScopedModelForm):
    class Meta:
        model = VisitPlan
        fields = [
            "project",
            "kind",
            "months",
            "anchor",
            "starts_on",
            "ends_on",
            "tolerance_days",
            "checklist",
            "assigned_to",
        ]
        widgets = {"anchor": DateInput(), "starts_on": DateInput(), "ends_on": DateInput()}
        help_texts = {
            "ends_on": _("Empty: no end."),
            "tolerance_days": _("After so many days a visit that is not done is overdue."),
            "checklist": _("Copied into each visit when it is made; visits already made keep their points."),
            "assigned_to": _("Each visit is assigned to this person when it is made. Empty: it waits to be assigned."),
        }

    def layout(self) -> Layout:
        pairs = ("kind", "months"), ("anchor", "starts_on"), ("ends_on", "tolerance_days"), ("checklist", "assigned_to")
        project = ["project"] if "project" in self.fields else []
        return Layout(*project, *(Row(*(name for name in pair if name in self.fields)) for pair in pairs))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_engineers(self, "assigned_to", self.instance.assigned_to)
        if self.instance.pk:
            del self.fields["project"], self.fields["kind"]
            return
        for name, text in {
            "anchor": _("The first visit is one period later. Empty: the day of acceptance."),
            "starts_on": _("Visits before this day are not made up. Empty: today."),
        }.items():
            self.fields[name].required = False
            self.fields[name].help_text = text


class AssignForm(ScopedModelForm):
    class Meta:
        model = Visit
        fields = ["assigned_to", "scheduled_on"]
        widgets = {"scheduled_on": DateInput()}
        help_texts = {"scheduled_on": _("Moving this visit leaves the plan's other visits where they are.")}

    def __init__(self, *args: Any, row: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].required = True
        _offer_engineers(self, "assigned_to", row.assigned_to)


class InterruptForm(AssignForm):
    """Who goes on with a visit under way, when, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads it too. What was recorded so far stays."),
    )

    class Meta(AssignForm.Meta):
        help_texts = {"scheduled_on": _("The day on which the visit is gone on with.")}

    def __init__(self, *args: Any, row: Visit, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.initial["scheduled_on"] = timezone.localdate()


class SkipForm(ScopedForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads it too. The next visits of the plan stay as they are."),
    )

    def __init__(self, *args: Any, row: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class RecordForm(ScopedModelForm):
    """The whole record of a visit: what was asked and seen, and each point of the checklist."""

    class Meta:
        model = Visit
        fields = list(RECORDED)
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("running_state", "experience", "suggestions", "conclusion")
        } | {
            "way": forms.RadioSelect,
            "contact_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, checks: list[VisitCheck], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        for check in checks:
            self._add_fields(check)
        for field in self.fields.values():
            # Forms for photos stand between the fields, so the fields name the form that they belong to.
            field.widget.attrs["form"] = RECORD_ID
            if not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs.setdefault("class", "form-control")

    def _add_fields(self, check: VisitCheck) -> None:
        self.fields[f"verdict_{check.pk}"] = forms.ChoiceField(
            choices=[("", "—"), *VisitCheck.Verdict.choices], required=False, initial=check.verdict
        )
        self.fields[f"note_{check.pk}"] = forms.CharField(
            label=_("What is abnormal"), max_length=300, required=False, initial=check.note
        )
        if check.asks_reading:
            self.fields[f"value_{check.pk}"] = forms.DecimalField(
                label=check.text,
                max_digits=10,
                decimal_places=2,
                required=False,
                initial=plain(check.value),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def entries(self) -> dict[int, CheckEntry]:
        """What was entered for each point, by its key."""
        data = self.cleaned_data
        return {
            check.pk: CheckEntry(
                verdict=data[f"verdict_{check.pk}"],
                value=data.get(f"value_{check.pk}"),
                note=data[f"note_{check.pk}"].strip(),
            )
            for check in self.checks
        }

    @property
    def facts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in RECORDED}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The points with their fields, as the page draws them."""
        return [
            {
                "check": check,
                "verdict": self[f"verdict_{check.pk}"],
                "note": self[f"note_{check.pk}"],
                "value": self[f"value_{check.pk}"] if check.asks_reading else None,
            }
            for check in self.checks
        ]


class PhotosForm(ScopedForm):
    photos = PhotosField(label=_("Photos"))


class FindingForm(ScopedModelForm):
    # A field called "action" would hide the address of its form from scripts.
    prefix = "finding"

    class Meta:
        model = Finding
        fields = ["category", "text", "action", "responsible", "due_on", "equipment"]
        widgets = {
            "category": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 2}),
            "action": forms.Textarea(attrs={"rows": 2}),
            "due_on": DateInput(),
        }
        help_texts = {
            "category": _("A quality defect opens a repair when the visit is finished."),
            "action": _("For a quality defect: the corrective action."),
            "responsible": _("Who has to answer it."),
        }

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = Finding.Category.choices
        equipment: Any = self.fields["equipment"]
        equipment.queryset = equipment.queryset.filter(project=visit.project_id)
        responsible: Any = self.fields["responsible"]
        responsible.queryset = responsible.queryset.staff()


class FollowUpForm(ScopedModelForm):
    class Meta:
        model = Finding
        fields = ["answer", "effect"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 3}), "effect": forms.Textarea(attrs={"rows": 3})}
        labels = {"answer": _("Answer"), "effect": _("Effect, as checked")}
        help_texts = {
            "answer": _("What was done about it, or what the owner was told."),
            "effect": _("Fill this in after checking that it worked. Empty: not checked yet."),
        }


class ItemForm(forms.Form):
    """One row of a checklist; a row whose text is emptied is dropped."""

    text = forms.CharField(label=_("Point"), max_length=120, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=12, required=False)
    lower = forms.DecimalField(label=_("At least"), max_digits=10, decimal_places=2, required=False)
    upper = forms.DecimalField(label=_("At most"), max_digits=10, decimal_places=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "form-control", "aria-label": field.label, "placeholder": field.label}
            if name in {"lower", "upper"}:
                field.widget = forms.TextInput(attrs=field.widget.attrs | {"inputmode": "decimal"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("text") and any(data.get(name) not in {None, ""} for name in ("unit", "lower", "upper")):
            raise ValidationError(_("Write what is looked at, or empty the whole row."))
        lower, upper = data.get("lower"), data.get("upper")
        if lower is not None and upper is not None and lower > upper:
            raise ValidationError(_("The lower limit is above the upper one."))
        return data


ItemRows = forms.formset_factory(ItemForm, extra=EMPTY_ROWS)


class ChecklistForm(ScopedModelForm):
    """A checklist with its points in rows."""

    class Meta:
        model = Checklist
        fields = ["name"]
        labels = {"name": _("Name of the checklist")}

    @cached_property
    def rows(self) -> Any:
        if self.is_bound:
            return ItemRows(self.data, prefix="items")
        items = self.instance.items.all() if self.instance.pk else []
        initial = [
            {"text": item.text, "unit": item.unit, "lower": plain(item.lower), "upper": plain(item.upper)}
            for item in items
        ]
        return ItemRows(initial=initial, prefix="items")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.rows.is_valid():
            raise ValidationError(_("Look at the marked rows below."))
        lines = [row.cleaned_data for row in self.rows if row.cleaned_data.get("text")]
        data["items"] = [ItemLine(**line) for line in lines]
        return data
