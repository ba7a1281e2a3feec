"""Forms of licences, of what work needs them, and of the public check of a certificate."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, ScopedForm, ScopedModelForm, UploadsField
from apps.projects.models import EquipmentModel, Project

from .models import Licence, LicenceKind, LicenceNeed


class LicenceForm(ScopedModelForm):
    files: Any = UploadsField(label=_("Scan"), required=False, max_files=4)

    class Meta:
        model = Licence
        fields = ["user", "kind", "number", "issued_by", "issued_on", "expires_on"]
        widgets = {"issued_on": DateInput(), "expires_on": DateInput()}
        help_texts = {"expires_on": _("Empty: it does not end.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["user"]
        people.queryset = people.queryset.staff()


class NeedForm(ScopedForm):
    """A licence that the work of a trade, or with an equipment model, needs; set again it changes what is there."""

    work = forms.ChoiceField(
        label=_("Kind of work"), choices=[("", _("All work on site")), *LicenceNeed.Work.choices], required=False
    )
    equipment_model = forms.ModelChoiceField(
        label=_("Equipment model"),
        queryset=EquipmentModel._default_manager.all(),
        required=False,
        empty_label=_("No particular model"),
        help_text=_("Only work on this equipment needs it, whatever the trade."),
    )
    trade = forms.ChoiceField(
        label=_("Trade"), choices=[("", _("Every trade")), *Project.Trade.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Licence"), choices=LicenceKind)
    blocks = forms.BooleanField(
        label=_("Keeps from being sent"), required=False, initial=True, help_text=_("Otherwise dispatch only warns.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("trade") and data.get("equipment_model"):
            self.add_error("equipment_model", _("Choose a trade or an equipment model, not both."))
        return data

    def layout(self) -> Layout:
        return Layout(Row("trade", "equipment_model"), Row("work", "kind"), "blocks")


class CheckForm(ScopedForm):
    number = forms.CharField(label=_("Certificate number"), max_length=24)
    code = forms.CharField(label=_("Check code"), max_length=16)
