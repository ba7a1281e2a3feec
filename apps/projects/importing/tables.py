"""The list of imports, and how it is narrowed."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedFilterSet

from ..models import ImportRun
from ..tables import StatusColumn


class ImportRunFilter(ScopedFilterSet):
    status = django_filters.ChoiceFilter(choices=ImportRun.Status.choices, label=_("Status"), empty_label=_("All"))

    class Meta:
        model = ImportRun
        fields = ["status"]


class ImportRunTable(tables.Table):
    started_at = tables.DateTimeColumn(orderable=True, format="Y-m-d H:i", attrs={"td": {"class": "num quiet"}})
    original_name = tables.Column(linkify=True)
    status = StatusColumn(verbose_name=_("Status"))
    rows_total = tables.Column(verbose_name=_("Rows"), attrs={"td": {"class": "r num"}, "th": {"class": "r"}})
    started_by = tables.Column(verbose_name=_("Started by"), default=_("Command line"))

    class Meta:
        model = ImportRun
        fields = ["started_at", "original_name", "status", "rows_total", "started_by"]
        orderable = False
        attrs = {"class": "tbl"}
