"""The lists of projects, equipment, models and owners."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from .access import may_keep_models
from .models import Equipment, EquipmentModel, Owner, Project, ProjectPerson

#: How a column is drawn: what names the row, codes, names beside it, figures.
TITLE = {"td": {"class": "title"}}
CODE = {"td": {"class": "num quiet"}}
QUIET = {"td": {"class": "quiet"}}
FIGURE = {"td": {"class": "r num"}}


class BadgesColumn(tables.Column):
    """What other apps say about a row, in colour, word and icon."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), orderable=False, exclude_from_export=True, **kwargs)

    def render(self, record: Any, table: Any) -> str:
        badge = get_template("components/badge.html")
        found = getattr(table, "badges", {}).get(record.pk, [])
        return format_html_join(" ", "{}", ((badge.render({"badge": one}),) for one in found))


class StatusColumn(tables.TemplateColumn):
    """The status of a row in the look its model declares; in an export its word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(template_code="{% load portal %}{% status record %}", orderable=False, **kwargs)

    def value(self, record: Any, **kwargs: Any) -> str:
        return str(record.get_status_display())


class ProjectTable(tables.Table):
    number = tables.Column(orderable=True, attrs=CODE)
    name = tables.Column(linkify=True, attrs=TITLE)
    owner = tables.Column(attrs=QUIET)
    trade = tables.Column()
    manager = tables.Column(verbose_name=_("Project manager"), empty_values=(), orderable=False)
    badges = BadgesColumn(verbose_name=_("Cover"))
    status = StatusColumn(verbose_name=_("Status"))
    contract_amount = tables.Column(attrs=FIGURE)

    class Meta:
        model = Project
        fields = ["number", "name", "owner", "trade", "manager", "badges", "status", "contract_amount"]
        orderable = False

    def render_manager(self, record: Project) -> str:
        return next((row.user.name for row in record.people.all() if row.role == ProjectPerson.Role.MANAGER), "—")

    def render_contract_amount(self, value: Any) -> str:
        return f"{value:,.2f}"

    def value_contract_amount(self, value: Any) -> Any:
        return value


class EquipmentTable(tables.Table):
    select = tables.CheckBoxColumn(accessor="pk")
    asset_code = tables.Column(orderable=True, attrs=CODE)
    name = tables.Column(linkify=True, attrs=TITLE)
    model = tables.Column()
    serial_number = tables.Column(attrs=CODE)
    where = tables.Column(verbose_name=_("Place"), empty_values=("",), orderable=False)
    badges = BadgesColumn(verbose_name=_("Cover"))
    project = tables.Column(linkify=True, attrs=QUIET)

    class Meta:
        model = Equipment
        fields = ["select", "asset_code", "name", "model", "serial_number", "where", "badges", "project"]
        orderable = False


class EquipmentModelTable(tables.Table):
    maker = tables.Column()
    name = tables.Column(linkify=lambda record, table: _edit_address(record, table.request.user), attrs=TITLE)
    size_class = tables.Column()
    normal_life_years = tables.Column(attrs=FIGURE)

    class Meta:
        model = EquipmentModel
        fields = ["maker", "name", "size_class", "normal_life_years"]
        orderable = False


def _edit_address(model: EquipmentModel, user: Any) -> str | None:
    return reverse("projects:model_edit", args=[model.pk]) if may_keep_models(user) else None


class OwnerTable(tables.Table):
    name = tables.Column(linkify=True, orderable=True, attrs=TITLE)
    address = tables.Column()
    phone = tables.Column(attrs={"td": {"class": "num"}})
    project_count = tables.Column(verbose_name=_("Projects"), attrs=FIGURE)
    people_count = tables.Column(verbose_name=_("People"), attrs=FIGURE)

    class Meta:
        model = Owner
        fields = ["name", "address", "phone", "project_count", "people_count"]
        orderable = False
