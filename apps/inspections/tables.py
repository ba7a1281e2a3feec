"""The lists of visits, plans and checklists."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Checklist, Visit, VisitPlan


def _cell(name: str) -> dict[str, Any]:
    return {"td": {"class": name}}


class VisitTable(tables.Table):
    """``clocks`` is set by the page: {visit: the clock that watches its day}."""

    clocks: dict[Any, Any] = {}

    scheduled_on = tables.DateColumn(verbose_name=gettext_lazy("Date"), format="Y-m-d", orderable=True)
    number = tables.Column(linkify=True, verbose_name=gettext_lazy("Number"), orderable=False, attrs=_cell("title"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"), orderable=False)
    project = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"), orderable=False, attrs=_cell("quiet"))
    assigned_to = tables.Column(
        verbose_name=gettext_lazy("Engineer"), orderable=False, default="—", attrs=_cell("quiet")
    )
    window_ends_on = tables.TemplateColumn(
        template_name="inspections/due_cell.html",
        verbose_name=gettext_lazy("At the latest"),
        orderable=False,
        attrs=_cell("quiet"),
    )
    status = tables.TemplateColumn(
        template_name="inspections/visit_status.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Visit
        fields = ("scheduled_on", "number", "kind", "project", "assigned_to", "window_ends_on", "status")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()

    def value_window_ends_on(self, record: Visit) -> date:
        return record.window_ends_on

    def value_status(self, record: Visit) -> str:
        word = str(record.get_status_display())
        return f"{word} ({_('Overdue')})" if record.is_overdue(self.today) else word


class PlanTable(tables.Table):
    kind = tables.Column(linkify=True, verbose_name=gettext_lazy("Plan"), orderable=False, attrs=_cell("title"))
    project = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"), orderable=False, attrs=_cell("quiet"))
    anchor = tables.DateColumn(verbose_name=gettext_lazy("Counted from"), format="Y-m-d", orderable=False)
    starts_on = tables.DateColumn(verbose_name=gettext_lazy("Visits from"), format="Y-m-d", orderable=False)
    ends_on = tables.DateColumn(
        verbose_name=gettext_lazy("Until"), format="Y-m-d", orderable=False, default=gettext_lazy("no end")
    )
    checklist = tables.Column(verbose_name=gettext_lazy("Checklist"), orderable=False, default="—")
    assigned_to = tables.Column(verbose_name=gettext_lazy("Usually done by"), orderable=False, default="—")
    is_active = tables.TemplateColumn(
        template_name="inspections/plan_state.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = VisitPlan
        fields = ("kind", "project", "anchor", "starts_on", "ends_on", "checklist", "assigned_to", "is_active")

    def render_kind(self, record: VisitPlan) -> str:
        return str(record)

    def value_is_active(self, record: VisitPlan) -> str:
        return _("Active") if record.is_active else _("Ended")


class ChecklistTable(tables.Table):
    name = tables.Column(linkify=True, verbose_name=gettext_lazy("Checklist"), orderable=True, attrs=_cell("title"))
    points = tables.Column(verbose_name=gettext_lazy("Points"), orderable=False, attrs=_cell("r"))
    readings = tables.Column(verbose_name=gettext_lazy("With reading"), orderable=False, attrs=_cell("r"))
    in_use = tables.Column(verbose_name=gettext_lazy("Plans"), orderable=False, attrs=_cell("r"))

    class Meta:
        model = Checklist
        fields = ("name", "points", "readings", "in_use")
