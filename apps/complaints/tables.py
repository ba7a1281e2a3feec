"""The register of complaints and the list of follow-ups."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .models import Complaint, FollowUp

MOMENT = "m-d H:i"
STATUS = """{% load portal %}{% status record %}"""


def _cell(classes: str) -> dict[str, Any]:
    return {"td": {"class": classes}}


class ComplaintTable(tables.Table):
    number = tables.Column(linkify=True, orderable=False, attrs=_cell("quiet nw"))
    title = tables.Column(linkify=True, verbose_name=_("Complaint"), orderable=False, attrs=_cell("title"))
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), orderable=False, default="—")
    status = tables.TemplateColumn(STATUS, verbose_name=_("Status"), orderable=False, attrs=_cell("plain"))
    expected_on = tables.DateColumn(format="m-d", verbose_name=_("Answer by"), orderable=False, attrs=_cell("nw"))
    channel = tables.Column(verbose_name=_("Channel"), orderable=False, attrs=_cell("quiet m-hide"))
    cause = tables.Column(verbose_name=_("Cause"), orderable=False, attrs=_cell("quiet m-hide"))
    investigator = tables.Column(verbose_name=_("Investigator"), orderable=False, default="—", attrs=_cell("nw"))
    opened_at = tables.DateTimeColumn(
        format=MOMENT, verbose_name=_("Received"), orderable=True, attrs=_cell("quiet nw")
    )

    class Meta:
        model = Complaint
        fields = ["number", "title", "kind", "project", "status", "expected_on"]
        fields += ["channel", "cause", "investigator", "opened_at"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_status(self, record: Complaint) -> str:
        return str(record.get_status_display())


class FollowUpTable(tables.Table):
    due_at = tables.DateTimeColumn(format=MOMENT, orderable=True, attrs=_cell("nw b"))
    title = tables.Column(linkify=True, verbose_name=_("What"), orderable=False, attrs=_cell("title"))
    number = tables.Column(orderable=False, attrs=_cell("quiet nw"))
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), orderable=False)
    contact_name = tables.Column(verbose_name=_("Contact"), orderable=False)
    contact_phone = tables.Column(verbose_name=_("Telephone"), orderable=False, attrs=_cell("nw"))
    status = tables.TemplateColumn(STATUS, verbose_name=_("Status"), orderable=False, attrs=_cell("plain"))
    done_by = tables.Column(verbose_name=_("Called by"), orderable=False, default="—", attrs=_cell("m-hide"))

    class Meta:
        model = FollowUp
        fields = ["due_at", "title", "number", "project", "contact_name", "contact_phone", "status", "done_by"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_status(self, record: FollowUp) -> str:
        return str(record.get_status_display())
