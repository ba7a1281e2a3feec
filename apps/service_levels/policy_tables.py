"""The list of policies."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import ServicePolicy


def _cell(name: str) -> dict[str, Any]:
    return {"td": {"class": name}, "th": {"class": name}}


class PolicyTable(tables.Table):
    name = tables.Column(
        linkify=True, verbose_name=gettext_lazy("Service policy"), orderable=False, attrs=_cell("title")
    )
    key = tables.Column(verbose_name=gettext_lazy("Key"), orderable=True, attrs=_cell("quiet"))
    promises = tables.Column(verbose_name=gettext_lazy("Promises"), orderable=False, attrs=_cell("r"))
    served = tables.Column(verbose_name=gettext_lazy("Projects"), orderable=False, attrs=_cell("r"))
    version = tables.Column(accessor="current", verbose_name=gettext_lazy("Version"), orderable=False, empty_values=())
    made = tables.Column(accessor="current", verbose_name=gettext_lazy("Origin"), orderable=False, empty_values=())

    class Meta:
        model = ServicePolicy
        fields = ("name", "key", "promises", "served", "version", "made")
        order_by = ("key",)

    def render_name(self, record: ServicePolicy) -> str:
        return str(record)

    def value_name(self, record: ServicePolicy) -> str:
        return str(record)

    def render_version(self, record: ServicePolicy) -> str:
        return f"v{record.current.number}" if record.current else "—"

    def value_version(self, record: ServicePolicy) -> str:
        return self.render_version(record)

    def render_made(self, record: ServicePolicy) -> str:
        if record.key != record.preset_key:
            return _("Own policy")
        return _("Preset") if record.current and record.current.is_preset else _("Preset, edited")

    def value_made(self, record: ServicePolicy) -> str:
        return self.render_made(record)
