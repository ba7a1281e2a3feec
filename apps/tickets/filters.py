"""How the lists of requests and work orders are narrowed."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FragmentFilter, ScopedFilterSet
from apps.projects.filters import AboutEquipmentFilterSet
from apps.projects.models import Project

from . import access
from .models import Ticket, WorkOrder


class TicketFilter(AboutEquipmentFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, what happened, contact"))
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=Project._default_manager.all())
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Ticket.Kind)
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Ticket.Level)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Ticket.Status)

    class Meta:
        model = Ticket
        fields = ["q", "project", "equipment", "kind", "level", "status"]


class WorkOrderFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number"))
    engineer = django_filters.ModelChoiceFilter(label=_("Engineer"), queryset=access.people_to_send())
    status = django_filters.ChoiceFilter(label=_("Status"), choices=WorkOrder.Status)

    class Meta:
        model = WorkOrder
        fields = ["q", "engineer", "status"]
