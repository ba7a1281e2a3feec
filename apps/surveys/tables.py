"""The lists of surveys, low answers and questionnaires."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import LowAnswer, Questionnaire, SurveyRequest


def _cell(name: str) -> dict[str, Any]:
    return {"td": {"class": name}}


class SurveyTable(tables.Table):
    asked_at = tables.DateTimeColumn(
        verbose_name=gettext_lazy("Asked at"), format="Y-m-d H:i", orderable=True, attrs=_cell("num quiet")
    )
    about = tables.Column(linkify=True, verbose_name=gettext_lazy("About"), orderable=False, attrs=_cell("title"))
    occasion = tables.Column(verbose_name=gettext_lazy("Occasion"), orderable=False)
    project = tables.Column(
        linkify=lambda record: None if record.is_of_project else record.project.get_absolute_url(),
        verbose_name=gettext_lazy("Project"),
        orderable=False,
        attrs=_cell("quiet"),
    )
    name = tables.Column(verbose_name=gettext_lazy("Asked"), orderable=False)
    state = tables.TemplateColumn(
        "{% load portal %}{% badge record.badge %}", verbose_name=gettext_lazy("Status"), orderable=False
    )
    index = tables.TemplateColumn(
        "{% load portal %}{% if record.is_answered %}{% badge record.answer.badge %}{% endif %}",
        verbose_name=gettext_lazy("Index"),
        orderable=False,
    )
    way = tables.Column(accessor="answer__way", verbose_name=gettext_lazy("Way"), orderable=False, default="—")

    class Meta:
        model = SurveyRequest
        fields = ("asked_at", "about", "occasion", "project", "name", "state", "index", "way")

    def render_project(self, record: SurveyRequest) -> str:
        return "—" if record.is_of_project else str(record.project)

    def value_project(self, record: SurveyRequest) -> str:
        return str(record.project)

    def render_way(self, record: SurveyRequest) -> str:
        return str(record.answer.get_way_display())

    def value_state(self, record: SurveyRequest) -> str:
        return str(record.badge.word)

    def value_index(self, record: SurveyRequest) -> Decimal | None:
        return record.answer.index if record.is_answered else None


class LowTable(tables.Table):
    due_at = tables.TemplateColumn(
        template_name="surveys/due_cell.html", verbose_name=gettext_lazy("Call by"), orderable=True
    )
    about = tables.Column(
        accessor="answer__request__matter",
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=gettext_lazy("About"),
        orderable=False,
        attrs=_cell("title"),
    )
    project = tables.Column(
        accessor="answer__request__project",
        linkify=True,
        verbose_name=gettext_lazy("Project"),
        orderable=False,
        attrs=_cell("quiet"),
    )
    name = tables.Column(accessor="answer__request__name", verbose_name=gettext_lazy("Who answered"), orderable=False)
    index = tables.Column(
        accessor="answer__index", verbose_name=gettext_lazy("Index"), orderable=False, attrs=_cell("r")
    )
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )
    done_by = tables.Column(verbose_name=gettext_lazy("Called by"), orderable=False, default="—", attrs=_cell("quiet"))

    class Meta:
        model = LowAnswer
        fields = ("due_at", "about", "project", "name", "index", "status", "done_by")

    def value_due_at(self, record: LowAnswer) -> datetime:
        return record.due_at

    def value_status(self, record: LowAnswer) -> str:
        return str(record.get_status_display())


class QuestionnaireTable(tables.Table):
    name = tables.Column(
        linkify=True, verbose_name=gettext_lazy("Questionnaire"), orderable=False, attrs=_cell("title")
    )
    occasion = tables.Column(verbose_name=gettext_lazy("Occasion"), orderable=False)
    version = tables.Column(
        accessor="current__number", verbose_name=gettext_lazy("Version"), orderable=False, attrs=_cell("r")
    )
    made_at = tables.DateTimeColumn(
        accessor="current__made_at", verbose_name=gettext_lazy("Made at"), format="Y-m-d", orderable=False
    )
    is_active = tables.Column(verbose_name=gettext_lazy("Status"), orderable=False)

    class Meta:
        model = Questionnaire
        fields = ("name", "occasion", "version", "made_at", "is_active")

    def render_is_active(self, value: bool) -> str:
        return _("In use") if value else _("Not in use")
