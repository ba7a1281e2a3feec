"""The lists of requests and work orders."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.columns import BriefColumn
from apps.core.registry import Badge
from apps.core.timewords import brief

from .models import Ticket, WorkOrder
from .wording import cover_badge

MARK = """<span class="lv lv-{{ record.level }}">{{ record.get_level_display }}</span>"""


def quiet(**classes: str) -> dict[str, Any]:
    return {"td": {"class": classes.get("td", "quiet")}}


class TicketTable(tables.Table):
    number = tables.Column(linkify=True, orderable=False, attrs=quiet(td="quiet nw"))
    title = tables.Column(linkify=True, orderable=False, attrs=quiet(td="title"))
    project = tables.Column(
        orderable=False, attrs=quiet(td="quiet plain"), accessor="project__name", verbose_name=_("Project")
    )
    level = tables.TemplateColumn(MARK, verbose_name=_("Level"), orderable=True, attrs=quiet(td="plain"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False, attrs=quiet(td="plain")
    )
    cover = tables.Column(verbose_name=_("Cover"), orderable=False, empty_values=(), attrs=quiet(td="plain"))
    promise = tables.Column(verbose_name=_("Promise"), orderable=False, empty_values=(), attrs=quiet(td="plain"))
    engineer = tables.Column(verbose_name=_("Engineer"), orderable=False, empty_values=(), attrs=quiet(td="nw"))
    channel = tables.Column(orderable=False, attrs=quiet(td="quiet m-hide"))
    reported_at = BriefColumn(orderable=True, attrs=quiet(td="quiet nw"))

    class Meta:
        model = Ticket
        fields = ["number", "title", "project", "level", "status", "cover", "promise"]
        fields += ["engineer", "channel", "reported_at"]
        orderable = False
        attrs = {"class": "tbl"}

    def value_level(self, record: Ticket) -> str:
        return str(record.get_level_display())

    def value_status(self, record: Ticket) -> str:
        return str(record.get_status_display())

    def render_cover(self, record: Ticket) -> str:
        cover = self._cover(record)
        return render_to_string("components/badge.html", {"badge": cover}) if cover else ""

    def value_cover(self, record: Ticket) -> str:
        cover = self._cover(record)
        return str(cover.word) if cover else ""

    def _cover(self, record: Ticket) -> Badge | None:
        latest = next(iter(record.cover_decisions.all()), None)
        return cover_badge(latest) if latest else None

    def render_promise(self, record: Ticket) -> str:
        promise = self._promise(record)
        return render_to_string("components/badge.html", {"badge": promise}) if promise else ""

    def value_promise(self, record: Ticket) -> str:
        promise = self._promise(record)
        return str(promise.word) if promise else ""

    def _promise(self, record: Ticket) -> Badge | None:
        """The promise nearest to breaking, among the badges that the page brought."""
        return next((one for one in getattr(self, "badges", {}).get(record.pk, []) if one.url), None)

    def render_engineer(self, record: Ticket) -> str:
        """Name who works on it: the engineers of the orders that go on, else of the last one that was worked."""
        orders = list(record.work_orders.all())
        current = [
            order for order in orders if order.ended_at is None and order.status not in {"declined", "cancelled"}
        ]
        names = [order.engineer.name for order in current or [one for one in orders if one.ended_at][-1:]]
        return "、".join(dict.fromkeys(names)) or "—"


class WorkOrderTable(tables.Table):
    appointment_from = tables.Column(verbose_name=_("Appointment"), orderable=True, attrs=quiet(td="nw b"))
    title = tables.Column(
        accessor="ticket__title",
        verbose_name=_("What happened"),
        linkify=lambda record: record.get_absolute_url(),
        orderable=False,
        attrs=quiet(td="title"),
    )
    number = tables.Column(linkify=True, orderable=False, attrs=quiet(td="quiet nw"))
    project = tables.Column(
        accessor="ticket__project__name", verbose_name=_("Project"), orderable=False, attrs=quiet(td="quiet plain")
    )
    level = tables.TemplateColumn(
        MARK.replace("record.", "record.ticket."), verbose_name=_("Level"), orderable=False, attrs=quiet(td="plain")
    )
    engineer = tables.Column(accessor="engineer__name", verbose_name=_("Engineer"), orderable=False)
    mode = tables.Column(orderable=False, attrs=quiet(td="quiet m-hide"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False, attrs=quiet(td="plain")
    )

    class Meta:
        model = WorkOrder
        fields = ["appointment_from", "title", "number", "project", "level", "engineer", "mode", "status"]
        orderable = False
        attrs = {"class": "tbl"}

    def render_appointment_from(self, record: WorkOrder) -> str:
        begin, end = timezone.localtime(record.appointment_from), timezone.localtime(record.appointment_to)
        return f"{brief(begin)}–{end:%H:%M}" if begin.date() == end.date() else f"{brief(begin)}–{brief(end)}"

    def value_appointment_from(self, record: WorkOrder) -> str:
        begin, end = timezone.localtime(record.appointment_from), timezone.localtime(record.appointment_to)
        until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{begin:%Y-%m-%d %H:%M}–{until}"

    def value_level(self, record: WorkOrder) -> str:
        return str(record.ticket.get_level_display())

    def value_status(self, record: WorkOrder) -> str:
        return str(record.get_status_display())
