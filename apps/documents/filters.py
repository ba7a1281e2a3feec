"""Filters of the list of documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FragmentFilter, ScopedFilterSet
from apps.projects.models import Project

from .models import Document
from .registry import all_types


def _type_choices() -> list[tuple[str, Any]]:
    return [(name, kind.title) for name, kind in all_types().items()]


class DocumentFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Number"))
    project = django_filters.ModelChoiceFilter(queryset=Project._default_manager.all(), label=_("Project"))
    type = django_filters.ChoiceFilter(choices=_type_choices, label=_("Type"))
    status = django_filters.ChoiceFilter(choices=Document.Status.choices, label=_("Status"))

    class Meta:
        model = Document
        fields = ["q", "project", "type", "status"]
