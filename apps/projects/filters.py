"""How the lists of projects, equipment, models and owners are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FragmentFilter, ScopedFilterSet, as_key

from .models import Equipment, EquipmentModel, Owner, Project


class ProjectFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number, name, contract number or address"))

    class Meta:
        model = Project
        fields = ["q", "owner", "trade", "status"]


def asked_equipment(request: Any) -> Any:
    """Return the piece of equipment that the address names: all pieces of all projects would be no choice."""
    asked = as_key(request.GET.get("equipment")) if request is not None else None
    return Equipment._default_manager.none() if asked is None else Equipment._default_manager.filter(pk=asked)


class AboutEquipmentFilterSet(ScopedFilterSet):
    """A list that the page of a piece of equipment leads to: ``equipment`` is among its filters only then."""

    equipment = django_filters.ModelChoiceFilter(label=_("Equipment"), queryset=asked_equipment)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("equipment"):
            del self.filters["equipment"]


class EquipmentFilter(ScopedFilterSet):
    """Sites are offered once a project is chosen: all sites of all projects would be no choice."""

    q = FragmentFilter(field_name="search_text", label=_("Asset code, name, serial number or place"))

    class Meta:
        model = Equipment
        fields = ["q", "project", "model", "site"]

    @property
    def form(self) -> forms.Form:
        form: Any = super().form
        chosen = as_key(self.data.get("project"))
        if chosen is None:
            form.fields.pop("site", None)
        elif "site" in form.fields:
            form.fields["site"].queryset = form.fields["site"].queryset.filter(project=chosen).select_related("parent")
        return form


class EquipmentModelFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("Maker or model"), method="by_words")

    class Meta:
        model = EquipmentModel
        fields = ["q", "size_class"]

    def by_words(self, rows: Any, name: str, value: str) -> Any:
        """Find in maker and model alike. There are hundreds of models at most, so no index serves this."""
        return rows.filter(Q(maker__icontains=value) | Q(name__icontains=value))


class OwnerFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Name or address"))

    class Meta:
        model = Owner
        fields = ["q"]
