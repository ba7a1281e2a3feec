"""Filters of the list of policies."""

from __future__ import annotations

from apps.core.forms import ScopedFilterSet

from .models import ServicePolicy


class PolicyFilter(ScopedFilterSet):
    class Meta:
        model = ServicePolicy
        fields: list[str] = []
