"""How the register of complaints and the list of follow-ups are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.projects.models import EquipmentModel, Project

from .models import Analysis, Complaint, FollowUp
from .queries import NONE
from .summary import FILTERS


class ComplaintFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, matter, contact"))
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), queryset=Project._default_manager.all(), null_label=_("No project")
    )
    model = django_filters.ModelChoiceFilter(
        label=_("Product"),
        field_name="equipment__model",
        queryset=EquipmentModel._default_manager.all(),
        null_label=_("No equipment"),
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Complaint.Kind)
    cause = django_filters.ChoiceFilter(
        label=_("Cause"), choices=[*Complaint.Cause.choices, (NONE, _("Not found yet"))], method="by_word"
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Complaint.Status)
    department = django_filters.CharFilter(label=_("Department"), method="by_word")
    went = django_filters.ChoiceFilter(label=_("How it went"), choices=FILTERS, method="by_way")
    since = django_filters.DateFilter(
        field_name="opened_at", lookup_expr="date__gte", label=_("Received from"), widget=DateInput
    )
    until = django_filters.DateFilter(
        field_name="opened_at", lookup_expr="date__lte", label=_("Received until"), widget=DateInput
    )

    class Meta:
        model = Complaint
        fields = ["q", "project", "model", "kind", "cause", "status", "department", "went", "since", "until"]

    def by_word(self, rows: Any, name: str, word: str) -> Any:
        """Narrow to a word, or to those that have none."""
        return rows.filter(**{name: "" if word == NONE else word})

    def by_way(self, rows: Any, name: str, way: str) -> Any:
        return rows.that_went(way)


class FollowUpFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, what, contact"))
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=Project._default_manager.all())
    status = django_filters.ChoiceFilter(label=_("Status"), choices=FollowUp.Status)

    class Meta:
        model = FollowUp
        fields = ["q", "project", "status"]


class AnalysisFilter(ScopedFilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Analysis.Status)

    class Meta:
        model = Analysis
        fields = ["status"]
