"""How the register of complaints and the list of follow-ups are narrowed."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.projects.models import Project

from .models import Complaint, FollowUp


class ComplaintFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, matter, contact"))
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=Project._default_manager.all())
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Complaint.Kind)
    cause = django_filters.ChoiceFilter(label=_("Cause"), choices=Complaint.Cause)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Complaint.Status)
    department = django_filters.CharFilter(label=_("Department"))
    since = django_filters.DateFilter(
        field_name="opened_at", lookup_expr="date__gte", label=_("Received from"), widget=DateInput
    )
    until = django_filters.DateFilter(
        field_name="opened_at", lookup_expr="date__lte", label=_("Received until"), widget=DateInput
    )

    class Meta:
        model = Complaint
        fields = ["q", "project", "kind", "cause", "status", "department", "since", "until"]


class FollowUpFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, what, contact"))
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=Project._default_manager.all())
    status = django_filters.ChoiceFilter(label=_("Status"), choices=FollowUp.Status)

    class Meta:
        model = FollowUp
        fields = ["q", "project", "status"]
