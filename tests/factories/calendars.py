"""Service hours, special days, imports of holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

from apps.accounts.models import Role
from apps.calendars.loading import OFFICE_WEEK
from apps.calendars.models import CalendarDay, CalendarImport, CalendarYear, ServiceHours

from .base import NOW, TODAY, serial
from .people import make_staff


def make_hours(**fields: Any) -> ServiceHours:
    n = serial()
    return ServiceHours.objects.create(**{"key": f"hours-{n}", "name": f"服务时间{n}", "windows": OFFICE_WEEK} | fields)


def make_calendar_year(**fields: Any) -> CalendarYear:
    return CalendarYear.objects.create(**{"year": 2026, "source": "国办发明电", "published_at": NOW} | fields)


def make_calendar_day(**fields: Any) -> CalendarDay:
    """Return a company day, a national one for a ``year``, or one of some ``hours``."""
    layer = "national" if "year" in fields else "own" if "hours" in fields else "company"
    values = {"layer": layer, "on": TODAY, "is_working": False, "name": f"公司日{serial()}"}
    return CalendarDay.objects.create(**values | fields)


def make_calendar_import(**fields: Any) -> CalendarImport:
    """Return an import that would make New Year's Day of its year a holiday."""
    year = fields.get("year", 2027)
    line = {"on": date(year, 1, 1).isoformat(), "is_working": False, "name": "元旦", "year": year}
    return CalendarImport.objects.create(
        **{
            "year": year,
            "kind": CalendarImport.Kind.TABLE,
            "raw": f"{year}-01-01,休,元旦",
            "before": [],
            "after": [line],
            "made_by": fields.pop("made_by", None) or make_staff(Role.ADMINISTRATOR),
            "made_at": NOW,
        }
        | fields
    )
