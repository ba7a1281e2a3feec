"""The register of complaints and the list of follow-ups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.core.columns import BriefColumn

from .models import Analysis, Complaint, FollowUp


def _cell(classes: str) -> dict[str, Any]:
    return {"td": {"class": classes}}


class ComplaintTable(tables.Table):
    number = tables.Column(linkify=True, orderable=False, attrs=_cell("quiet nw"))
    title = tables.Column(linkify=True, verbose_name=_("Complaint"), orderable=False, attrs=_cell("title"))
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), orderable=False, default="—")
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False, attrs=_cell("plain")
    )
    expected_on = tables.TemplateColumn(
        """{% load due_days %}{% due_day record.due_day "m-d" %}""",
        verbose_name=_("Answer by"),
        orderable=False,
        attrs=_cell("nw"),
    )
    channel = tables.Column(verbose_name=_("Channel"), orderable=False, attrs=_cell("quiet m-hide"))
    cause = tables.Column(verbose_name=_("Cause"), orderable=False, attrs=_cell("quiet m-hide"))
    investigator = tables.Column(verbose_name=_("Investigator"), orderable=False, default="—", attrs=_cell("nw"))
    opened_at = BriefColumn(verbose_name=_("Received"), orderable=True, attrs=_cell("quiet nw"))

    class Meta:
        model = Complaint
        fields = ["number", "title", "kind", "project", "status", "expected_on"]
        fields += ["channel", "cause", "investigator", "opened_at"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_status(self, record: Complaint) -> str:
        return str(record.get_status_display())

    def value_expected_on(self, record: Complaint) -> date:
        return record.expected_on


class FollowUpTable(tables.Table):
    """``clocks`` is set by the page: {call: the clock that watches its day}."""

    clocks: dict[Any, Any] = {}

    due_at = tables.TemplateColumn(template_name="complaints/due_cell.html", orderable=True, attrs=_cell("nw"))
    title = tables.Column(linkify=True, verbose_name=_("What"), orderable=False, attrs=_cell("title"))
    number = tables.Column(orderable=False, attrs=_cell("quiet nw"))
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), orderable=False)
    contact_name = tables.Column(verbose_name=_("Contact"), orderable=False)
    contact_phone = tables.Column(verbose_name=_("Telephone"), orderable=False, attrs=_cell("nw"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False, attrs=_cell("plain")
    )
    done_by = tables.Column(verbose_name=_("Called by"), orderable=False, default="—", attrs=_cell("m-hide"))

    class Meta:
        model = FollowUp
        fields = ["due_at", "title", "number", "project", "contact_name", "contact_phone", "status", "done_by"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_status(self, record: FollowUp) -> str:
        return str(record.get_status_display())

    def value_due_at(self, record: FollowUp) -> datetime:
        return record.due_at


class AnalysisTable(tables.Table):
    period = tables.Column(
        linkify=True, accessor="period", verbose_name=_("Period"), orderable=False, attrs=_cell("title")
    )
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    number = tables.Column(orderable=False, default="—", attrs=_cell("quiet nw"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False, attrs=_cell("plain")
    )
    issued_at = tables.DateTimeColumn(format="Y-m-d H:i", orderable=False, default="—", attrs=_cell("nw"))
    issued_by = tables.Column(orderable=False, default="—")

    class Meta:
        model = Analysis
        fields = ["period", "kind", "number", "status", "issued_at", "issued_by"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_status(self, record: Analysis) -> str:
        return str(record.get_status_display())
