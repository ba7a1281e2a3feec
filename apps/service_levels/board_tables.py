"""The rows of the promise board."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from .models import Clock


def _cell(name: str) -> str:
    return f"service_levels/cells/{name}.html"


def look(kind: str) -> dict[str, Any]:
    return {"td": {"class": kind}}


class BoardTable(tables.Table):
    """``lines`` is set by the page: {pk: Line of the board}."""

    lines: dict[Any, Any] = {}

    due_at = tables.Column(verbose_name=_("Due"), empty_values=(), orderable=False, attrs=look("due"))
    ruler = tables.Column(verbose_name=_("Used up"), empty_values=(), orderable=False, attrs=look("ruler-cell plain"))
    metric = tables.Column(verbose_name=_("Promise"), orderable=False, attrs=look("nw"))
    title = tables.Column(verbose_name=_("About"), empty_values=(), orderable=False, attrs=look("title"))
    cover = tables.Column(verbose_name=_("Cover"), empty_values=(), orderable=False, attrs=look("plain"))
    responsible = tables.Column(
        verbose_name=_("Person responsible"), empty_values=(), orderable=False, attrs=look("nw ink2")
    )
    next = tables.Column(verbose_name=_("Next step"), empty_values=(), orderable=False, attrs=look("act r"))

    class Meta:
        model = Clock
        fields = ["due_at", "ruler", "metric", "title", "cover", "responsible", "next"]
        orderable = False
        attrs = {"class": "two board"}

    def _render(self, name: str, record: Clock) -> str:
        return render_to_string(_cell(name), {"line": self.lines.get(record.pk), "clock": record})

    def render_due_at(self, record: Clock) -> str:
        return self._render("due", record)

    def render_ruler(self, record: Clock) -> str:
        return self._render("ruler", record)

    def render_title(self, record: Clock) -> str:
        return self._render("title", record)

    def render_cover(self, record: Clock) -> str:
        return self._render("cover", record)

    def render_next(self, record: Clock) -> str:
        return self._render("next", record)

    def render_responsible(self, record: Clock) -> str:
        return str(record.responsible or _("nobody yet"))

    def value_due_at(self, record: Clock) -> datetime | None:
        return record.due_at

    def value_ruler(self, record: Clock) -> str:
        return str(record.get_state_display())

    def value_title(self, record: Clock) -> str:
        return f"{record.number} {record.title} · {record.project}".strip()

    def value_cover(self, record: Clock) -> str:
        return ""

    def value_next(self, record: Clock) -> str:
        return ""
