"""The list of people, and the log."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core import changes
from apps.core.events import kind_of, note_of
from apps.core.models import Event
from apps.core.naming import names_of
from apps.core.pages.list import EXPORT_LIMIT
from apps.core.templatetags.portal import icon

from .models import User


def _cell(classes: str) -> dict[str, Any]:
    return {"td": {"class": classes}}


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


class EventTable(tables.Table):
    """Who did what when to which row. Rows are named all at once, however many kinds of them a page shows."""

    at = tables.DateTimeColumn(verbose_name=_("When"), format="Y-m-d H:i", orderable=True, attrs=_cell("num nw"))
    what = tables.Column(verbose_name=_("Event"), empty_values=(), attrs=_cell("title"))
    actor = tables.Column(verbose_name=_("Done by"), default=_("The portal"), attrs=_cell("nw"))
    about = tables.Column(verbose_name=_("About"), empty_values=())
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), default="—", attrs=_cell("quiet"))
    note = tables.Column(verbose_name=_("Note"), empty_values=(), attrs=_cell("quiet"))

    class Meta:
        model = Event
        fields = ["at", "what", "actor", "about", "project", "note"]
        orderable = False

    @cached_property
    def _events(self) -> list[Event]:
        page = getattr(self, "page", None)
        return [row.record for row in page.object_list] if page else list(self.data.data[:EXPORT_LIMIT])

    @cached_property
    def names(self) -> dict[Any, str]:
        """{(model, key): name} of the rows that the events are about, as far as the person may see them."""
        about: dict[Any, set[int]] = {}
        for event in self._events:
            if model := event.subject_model:
                about.setdefault(model, set()).add(event.subject_id)
        return names_of(about, self.request.user)

    @cached_property
    def changed(self) -> dict[int, list[changes.Change]]:
        return changes.in_words(self._events, self.request.user, briefly=True)

    def render_what(self, record: Event) -> str:
        kind = kind_of(record.name)
        return format_html('<span class="nw">{} {}</span>', icon(kind.icon, "s"), kind.title)

    def value_what(self, record: Event) -> str:
        return str(kind_of(record.name).title)

    def render_about(self, record: Event) -> str:
        """What kind of row, and its name; as a link where it has a page and the person may see it."""
        model = record.subject_model
        kind, name = self._kind(record), self.names.get((model, record.subject_id))
        if name is None or not hasattr(model, "get_absolute_url"):
            return kind
        address = reverse("accounts:log_subject", args=[record.pk])
        return format_html(
            '<a href="{}">{}</a><span class="sub">{}</span>', address, name or kind, kind if name else ""
        )

    def value_about(self, record: Event) -> str:
        return f"{self._kind(record)} {self.names.get((record.subject_model, record.subject_id), '')}".strip()

    def _kind(self, event: Event) -> str:
        model = event.subject_model
        return str(model._meta.verbose_name if model else event.subject_type)

    def render_note(self, record: Event) -> str:
        """Its note, and old and new values of what was changed."""
        changed = [
            f"{one.field}: {one.old} → {one.new}" if one.is_told else str(one.field)
            for one in self.changed.get(record.pk, [])
        ]
        return " · ".join(part for part in (note_of(record), *changed) if part)
