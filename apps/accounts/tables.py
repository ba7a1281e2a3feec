"""The list of people."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from .models import User


class PersonTable(tables.Table):
    name = tables.Column(linkify=True, orderable=True, attrs={"td": {"class": "title"}})
    role_names = tables.Column(verbose_name=_("Roles"), orderable=False, empty_values=())
    access = tables.TemplateColumn(
        verbose_name=_("Access"), template_name="accounts/_access.html", orderable=False, exclude_from_export=True
    )

    class Meta:
        model = User
        fields = ["name", "role_names", "phone", "email", "username", "access"]
        orderable = False

    def render_role_names(self, record: User) -> str:
        return "、".join(record.role_names) if record.is_staff_side else str(record.get_kind_display())
