"""Filters of the lists of special days, service hours and imports."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, ScopedFilterSet

from .models import CalendarDay, CalendarImport, ServiceHours


class DayFilter(ScopedFilterSet):
    since = django_filters.DateFilter("on", "gte", label=_("From"), widget=DateInput())
    until = django_filters.DateFilter("on", "lte", label=_("To"), widget=DateInput())

    class Meta:
        model = CalendarDay
        fields = ["since", "until"]


class HoursFilter(ScopedFilterSet):
    class Meta:
        model = ServiceHours
        fields: list[str] = []


class ImportFilter(ScopedFilterSet):
    class Meta:
        model = CalendarImport
        fields: list[str] = []
