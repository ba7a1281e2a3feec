"""The list of documents."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .models import Document
from .registry import get_type


class DocumentTable(tables.Table):
    select = tables.CheckBoxColumn(accessor="pk", orderable=False)
    number = tables.Column(linkify=True, verbose_name=_("Number"), orderable=False)
    type = tables.Column(verbose_name=_("Type"), orderable=False)
    project = tables.Column(linkify=True, verbose_name=_("Project"), orderable=False)
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False
    )
    issued_at = tables.DateTimeColumn(verbose_name=_("Issued at"), format="Y-m-d H:i", orderable=True)

    class Meta:
        model = Document
        fields = ("select", "number", "type", "project", "status", "issued_at")
        order_by = ("-issued_at",)

    def render_type(self, record: Document) -> Any:
        return get_type(record.type).title_of(record)

    def render_number(self, record: Document) -> str:
        return str(record)

    def value_status(self, record: Document) -> str:
        return record.get_status_display()
