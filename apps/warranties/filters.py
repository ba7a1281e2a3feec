"""Filters of the list of warranty cards."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.projects.models import Owner, Project

from .models import WarrantyCard


class CardFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="warranty__project__search_text", label=_("Project"))
    owner = django_filters.ModelChoiceFilter(
        field_name="warranty__project__owner", queryset=Owner._default_manager.all(), label=_("Owner")
    )
    project = django_filters.ModelChoiceFilter(
        field_name="warranty__project", queryset=Project._default_manager.all(), label=_("Project")
    )
    due_before = django_filters.DateFilter(
        field_name="due_on", lookup_expr="lte", label=_("Due until"), widget=DateInput
    )

    class Meta:
        model = WarrantyCard
        fields = ["q", "owner", "project", "due_before"]
