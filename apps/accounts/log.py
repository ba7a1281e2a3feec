"""What cards show of the log: the latest events of a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.events import kind_of
from apps.core.models import Event
from apps.core.timeline import Line

SHOWN = 6


def latest(*names: str) -> Callable[[HttpRequest], dict[str, Any]]:
    """Return what draws a card of the latest events of these names, with the way to the log of one name, or of all."""
    query = f"?name={names[0]}" if len(names) == 1 else ""

    def context(request: HttpRequest) -> dict[str, Any]:
        events = Event.objects.visible_to(request.user).filter(name__in=names).select_related("actor")
        found = list(events.prefetch_related("subject")[:SHOWN])
        return {
            "lines": [Line(event, kind_of(event.name), event.subject) for event in found],
            "link_url": reverse("accounts:log") + query,
            "link_label": _("All") if query else _("Log"),
        }

    return context
