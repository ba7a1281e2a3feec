"""Filters of the lists of visits and plans."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User
from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.projects.filters import AboutEquipmentFilterSet, asked_equipment
from apps.projects.models import Project

from .models import Checklist, Visit, VisitPlan


def _engineers(request: Any) -> Any:
    return User._default_manager.with_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT)


class VisitFilter(AboutEquipmentFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number"))
    project = django_filters.ModelChoiceFilter(queryset=Project._default_manager.all(), label=_("Project"))
    equipment = django_filters.ModelChoiceFilter(
        "findings__equipment", queryset=asked_equipment, label=_("Equipment"), distinct=True
    )
    kind = django_filters.ChoiceFilter(choices=VisitPlan.Kind.choices, label=_("Kind"))
    status = django_filters.ChoiceFilter(choices=Visit.Status.choices, label=_("Status"))
    assigned_to = django_filters.ModelChoiceFilter(queryset=_engineers, label=_("Engineer"))
    since = django_filters.DateFilter("scheduled_on", "gte", label=_("From"), widget=DateInput())
    until = django_filters.DateFilter("scheduled_on", "lte", label=_("To"), widget=DateInput())

    class Meta:
        model = Visit
        fields = ["q", "project", "equipment", "kind", "status", "assigned_to", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and not self.request.user.is_staff_side:
            del self.filters["assigned_to"]


class PlanFilter(ScopedFilterSet):
    project = django_filters.ModelChoiceFilter(queryset=Project._default_manager.all(), label=_("Project"))
    kind = django_filters.ChoiceFilter(choices=VisitPlan.Kind.choices, label=_("Kind"))

    class Meta:
        model = VisitPlan
        fields = ["project", "kind"]


class ChecklistFilter(ScopedFilterSet):
    class Meta:
        model = Checklist
        fields: list[str] = []
