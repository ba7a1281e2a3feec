"""What calendars add to other pages: the card on the home page of the administrator, who keeps them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import registry

from . import access
from .loading import full_name
from .models import CalendarDay
from .months import Mark, stretches_of

SHOWN = 3
#: From this month on the next year's notice is expected.
NOTICE_MONTH = 11


def _coming(request: HttpRequest) -> dict[str, Any]:
    """The next special days, and whether the next year's holidays are missing."""
    today = timezone.localdate()
    rows = CalendarDay.objects.visible_to(request.user).filter(
        hours=None, on__range=(today, date(today.year + 1, 12, 31))
    )
    days = sorted(rows, key=lambda row: (row.on, row.layer == CalendarDay.Layer.COMPANY))
    marks = {row.on: Mark(row.layer, row.is_working, full_name(row)) for row in days}
    published = {row.on.year for row in days if row.layer == CalendarDay.Layer.NATIONAL}
    missing = [today.year + 1] if today.month >= NOTICE_MONTH else []
    return {
        "stretches": stretches_of(sorted(marks), marks)[:SHOWN],
        "missing": [year for year in missing if year not in published],
        "link_url": reverse("calendars:current"),
        "link_label": _("Open"),
    }


registry.register(
    registry.HomeCard(
        name="calendars",
        title=_("Work calendar"),
        template="calendars/home_card.html",
        context=_coming,
        shown_to=access.may_edit_days,
        order=85,
        column="side",
    )
)
