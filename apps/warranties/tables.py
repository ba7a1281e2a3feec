"""The list of warranty cards."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .models import WarrantyCard


class CardTable(tables.Table):
    """``clocks`` is set by the page: {card: the clock that watches its day}."""

    clocks: dict[Any, Any] = {}

    select = tables.CheckBoxColumn(accessor="pk", orderable=False)
    due_on = tables.TemplateColumn(template_name="warranties/due_cell.html", verbose_name=_("Due on"), orderable=True)
    number = tables.Column(linkify=True, verbose_name=_("Number"), orderable=False, empty_values=())
    project = tables.Column(accessor="warranty__project", linkify=True, verbose_name=_("Project"), orderable=False)
    owner = tables.Column(accessor="warranty__project__owner", verbose_name=_("Owner"), orderable=False)
    cover = tables.TemplateColumn(
        "{{ record.warranty.starts_on|date:'Y-m-d' }} – {{ record.warranty.ends_on|date:'Y-m-d' }}",
        verbose_name=_("Cover"),
        orderable=False,
    )
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False
    )
    issued_at = tables.DateTimeColumn(verbose_name=_("Issued at"), format="Y-m-d", orderable=False)

    class Meta:
        model = WarrantyCard
        fields = ("select", "due_on", "number", "project", "owner", "cover", "status", "issued_at")
        order_by = ("due_on",)

    def render_number(self, record: WarrantyCard) -> str:
        return record.number or "—"

    def value_due_on(self, record: WarrantyCard) -> date:
        return record.due_on

    def value_status(self, record: WarrantyCard) -> str:
        return record.get_status_display()

    def value_cover(self, record: WarrantyCard) -> str:
        return str(record.warranty)
