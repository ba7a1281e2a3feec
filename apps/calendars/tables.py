"""The lists of special days, service hours and imports."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import CalendarDay, CalendarImport, ServiceHours
from .rules import week_in_words


class DayTable(tables.Table):
    on = tables.DateColumn(
        verbose_name=gettext_lazy("Date"), format="Y-m-d D", orderable=True, attrs={"td": {"class": "num"}}
    )
    name = tables.Column(linkify=True, orderable=False, attrs={"td": {"class": "title"}})
    what = tables.Column(verbose_name=gettext_lazy("What it is"), orderable=False)
    hours = tables.Column(
        verbose_name=gettext_lazy("Applies to"), orderable=False, default=gettext_lazy("The whole company")
    )
    edit = tables.TemplateColumn(
        template_name="calendars/day_edit_cell.html",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "act"}},
    )

    class Meta:
        model = CalendarDay
        fields = ("on", "name", "what", "hours", "edit")


class HoursTable(tables.Table):
    name = tables.Column(orderable=False, attrs={"td": {"class": "title"}})
    week = tables.Column(accessor="windows", verbose_name=gettext_lazy("When"), orderable=False, empty_values=())
    holidays = tables.Column(
        accessor="observes_holidays", verbose_name=gettext_lazy("National holidays"), orderable=False
    )
    is_default = tables.Column(verbose_name=gettext_lazy("Default"), orderable=False)
    edit = tables.TemplateColumn(
        template_name="calendars/hours_edit_cell.html",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "act"}},
    )

    class Meta:
        model = ServiceHours
        fields = ("name", "week", "holidays", "is_default", "edit")

    def render_week(self, record: ServiceHours) -> str:
        return _("Round the clock") if record.is_always else week_in_words(record.windows)

    def render_holidays(self, value: bool) -> str:
        return _("Observed") if value else _("Worked through")

    def render_is_default(self, value: bool) -> str:
        return _("Default") if value else "—"


class ImportTable(tables.Table):
    made_at = tables.DateTimeColumn(orderable=False, format="Y-m-d H:i", attrs={"td": {"class": "num quiet"}})
    year = tables.Column(linkify=True, orderable=False, attrs={"td": {"class": "title"}})
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )
    kind = tables.Column(orderable=False)
    made_by = tables.Column(verbose_name=gettext_lazy("Uploaded by"), orderable=False, default="—")

    class Meta:
        model = CalendarImport
        fields = ("made_at", "year", "status", "kind", "made_by")

    def value_status(self, record: CalendarImport) -> str:
        return str(record.get_status_display())
