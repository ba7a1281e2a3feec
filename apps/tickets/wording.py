"""Words about requests and orders that stand on several pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.models import Event
from apps.core.registry import Badge
from apps.core.scoping import Audience
from apps.service_levels.explanation import in_order
from apps.service_levels.models import Clock

from .models import CoverDecision, Ticket

#: What a fault level means (R-03).
LEVEL_MEANING = {
    Ticket.Level.CRITICAL: _("Down, or a basic function lost"),
    Ticket.Level.SEVERE: _("In danger of going down"),
    Ticket.Level.PARTIAL: _("Partly affected"),
    Ticket.Level.MINOR: _("Now and then, or indirectly"),
}


def level_meaning(level: int) -> Any:
    """Return what a fault level means."""
    return LEVEL_MEANING[Ticket.Level(level)]


def cover_badge(decision: CoverDecision) -> Badge:
    """Return a cover decision as a badge; its note is the decision in words."""
    if decision.is_covered:
        return Badge(_("Covered"), "ok", "shield-check", cover_in_words(decision))
    return Badge(_("Chargeable"), "warn", "coin-yuan", cover_in_words(decision))


def cover_in_words(decision: CoverDecision) -> str:
    """Return the decision's ground with its days (W-19)."""
    days = {
        "fault": date_format(decision.fault_on, "Y-m-d"),
        "from": date_format(decision.covered_from, "Y-m-d") if decision.covered_from else "",
        "until": date_format(decision.covered_until, "Y-m-d") if decision.covered_until else "",
    }
    match decision.ground:
        case CoverDecision.Ground.IN_FORCE:
            return gettext("Fault of %(fault)s, warranty from %(from)s until %(until)s.") % days
        case CoverDecision.Ground.EXPIRED:
            return gettext("Fault of %(fault)s, warranty over since %(until)s.") % days
        case CoverDecision.Ground.NOT_STARTED:
            return gettext("Fault of %(fault)s, warranty only from %(from)s.") % days
    return gettext("No warranty is recorded for this project.")


def map_links(place: str) -> list[tuple[str, str]]:
    """Return (name, address) of the maps that find a place; nothing is sent before somebody follows one."""
    if not place:
        return []
    return [
        ("高德", "https://uri.amap.com/search?" + urlencode({"keyword": place})),
        ("百度", "https://api.map.baidu.com/geocoder?" + urlencode({"address": place, "output": "html"})),
        ("腾讯", "https://apis.map.qq.com/uri/v1/search?" + urlencode({"keyword": place})),
    ]


def promised_lines(event: Event) -> list[str]:
    """Return what a message about a new request adds: by when its owner was promised what (R-01, R-04)."""
    ticket: Any = event.subject
    clocks = Clock.objects.about(ticket).filter(audience=Audience.OWNER, due_at__isnull=False)
    words = [
        gettext("%(metric)s by %(due)s")
        % {"metric": clock.get_metric_display(), "due": f"{timezone.localtime(clock.due_at):%Y-%m-%d %H:%M}"}
        for clock in in_order(clocks)
        if clock.due_at is not None
    ]
    return [gettext("We promise: %(promises)s") % {"promises": gettext("; ").join(words)}] if words else []
