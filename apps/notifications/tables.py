"""The lists of senders and of outgoing items."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.models import OutboxItem
from apps.core.outbox import kinds

from .models import Sender
from .topics import topic_named


class SenderTable(tables.Table):
    name = tables.Column(linkify=True, verbose_name=_("Name"), orderable=False, attrs={"td": {"class": "title"}})
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    shown_url = tables.Column(verbose_name=_("Address"), orderable=False)
    topics = tables.Column(verbose_name=_("Topics"), orderable=False, empty_values=())
    is_on = tables.BooleanColumn(verbose_name=_("Enabled"), orderable=False, yesno=(_("Yes"), _("No")))

    class Meta:
        model = Sender
        fields = ("name", "kind", "shown_url", "topics", "is_on")

    def render_topics(self, record: Sender) -> str:
        return "、".join(str(topic_named(name).title) for name in record.topics) or "—"


class OutgoingTable(tables.Table):
    select = tables.CheckBoxColumn(accessor="pk", orderable=False)
    created_at = tables.DateTimeColumn(verbose_name=_("Written at"), format="Y-m-d H:i", orderable=True)
    kind = tables.Column(verbose_name=_("Kind"), orderable=False, attrs={"td": {"class": "title"}})
    told = tables.Column(verbose_name=_("Receiver"), orderable=False, empty_values=())
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=_("Status"), orderable=False
    )
    attempts = tables.Column(verbose_name=_("Attempts"), orderable=False, attrs={"td": {"class": "r"}})
    due_at = tables.DateTimeColumn(verbose_name=_("Due at"), format="Y-m-d H:i", orderable=False)
    last_error = tables.Column(verbose_name=_("Last error"), orderable=False)

    class Meta:
        model = OutboxItem
        fields = ("select", "created_at", "kind", "told", "status", "attempts", "due_at", "last_error")
        order_by = ("-created_at",)

    def render_kind(self, value: str) -> Any:
        return dict(kinds()).get(value, value)

    def render_last_error(self, value: str) -> str:
        # The name of the exception is for the log.
        return value.partition(": ")[2][:200] or value[:200]

    def render_told(self, record: OutboxItem) -> str:
        payload = record.payload
        if "sender" in payload:
            return self._names()[0].get(payload["sender"], "—")
        return self._names()[1].get(payload.get("user"), "—")

    def value_status(self, record: OutboxItem) -> str:
        return record.get_status_display()

    def _names(self) -> tuple[dict[int, str], dict[int, str]]:
        """Read the names on this page, or of the whole export, at once."""
        if not hasattr(self, "_found"):
            page = getattr(self, "page", None)
            rows = [row.record for row in page.object_list] if page else list(self.data)
            user = self.request.user
            senders = {row.payload["sender"] for row in rows if "sender" in row.payload}
            people = {row.payload["user"] for row in rows if "user" in row.payload}
            self._found = (
                dict(Sender._default_manager.visible_to(user).filter(pk__in=senders).values_list("pk", "name")),
                dict(User._default_manager.visible_to(user).filter(pk__in=people).values_list("pk", "name")),
            )
        return self._found
