"""The form by which a project is taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, ScopedForm, UploadsField
from apps.projects.models import Acceptance

DEFAULT_MONTHS = 24
LONGEST_MONTHS = 600


class AcceptForm(ScopedForm):
    """Acceptance and warranty in one: start basis, day, evidence, term (W-01)."""

    basis = forms.ChoiceField(label=_("Start basis"), choices=Acceptance.Basis.choices)
    accepted_on = forms.DateField(
        label=_("Accepted on"), widget=DateInput, help_text=_("The warranty counts from this day.")
    )
    completed_on = forms.DateField(
        label=_("Completed on"),
        widget=DateInput,
        required=False,
        help_text=_("Only if it differs from the acceptance."),
    )
    months = forms.IntegerField(
        label=_("Warranty term in months"), min_value=1, max_value=LONGEST_MONTHS, initial=DEFAULT_MONTHS
    )
    scope_text = forms.CharField(
        label=_("What is covered"), max_length=200, required=False, help_text=_("Empty: all works of the contract.")
    )
    reference = forms.CharField(label=_("Number of the report or certificate"), max_length=80, required=False)
    files: Any = UploadsField(
        label=_("Evidence"), help_text=_("The signed report or certificate: PDF or photo."), max_files=6
    )

    def clean_accepted_on(self) -> Any:
        day = self.cleaned_data["accepted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is in the future. Enter the day the acceptance was passed."))
        return day


class CorrectForm(AcceptForm):
    """What was recorded of the acceptance, to be set right, and why."""

    files = None
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
