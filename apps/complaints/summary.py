"""The month's complaints in figures: by kind, cause, project and department, and what is a hot spot (C-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import Avg, Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.projects.models import ProjectPerson
from apps.surveys.models import Answer

from .models import Complaint
from .rules import HOT_DAYS, hot_spots, month_span

#: A project manager whose owners' satisfaction is below this is flagged, once so many have answered (K-07).
UNDER = 50
ENOUGH = 5


@dataclass(frozen=True)
class Line:
    """One line of a breakdown, with the list of what stands behind it."""

    words: str
    count: int
    percent: int
    url: str


@dataclass(frozen=True)
class Breakdown:
    """A month's complaints by one of their sides."""

    title: str
    lines: list[Line]


def moment_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def of_month(month: date, user: Any) -> dict[str, Any]:
    """Return the figures of a month, out of the files the person may see."""
    begin, end = month_span(month)
    rows = Complaint.objects.visible_to(user).select_related("project")
    found = list(rows.within(moment_of(begin), moment_of(end)))
    span = {"tab": "all", "since": f"{begin}", "until": f"{end - timedelta(days=1)}"}
    settled = [row for row in found if row.settled_at]
    at_once = [row for row in settled if row.settled_at and row.settled_at - row.opened_at <= timedelta(hours=24)]
    return {
        "month": begin,
        "previous": begin - timedelta(days=1),
        "next": end,
        "count": len(found),
        "open": sum(row.is_open for row in found),
        "settled": len(settled),
        "at_once": len(at_once),
        "again": sum(row.round > 1 for row in found),
        "up": sum(row.instance > 1 for row in found),
        "url": _list(span),
        "breakdowns": [
            _by(found, _("By kind"), "kind", lambda row: (row.kind, str(row.get_kind_display())), span),
            _by(
                found,
                _("By cause"),
                "cause",
                lambda row: (row.cause, str(row.get_cause_display() or _("Not found yet"))),
                span,
            ),
            _by(
                found,
                _("By project"),
                "project",
                lambda row: (row.project_id or "", str(row.project or _("No project"))),
                span,
            ),
            _by(
                found,
                _("By department"),
                "department",
                lambda row: (row.department, row.department or _("Not known")),
                span,
            ),
        ],
        "hot": _hot(user, end),
        "under_half": managers_under_half(user),
    }


def _by(
    rows: list[Complaint], title: str, name: str, key: Callable[[Complaint], tuple[Any, str]], span: dict[str, str]
) -> Breakdown:
    counted = Counter(key(row) for row in rows).most_common()
    most = counted[0][1] if counted else 1
    lines = [
        Line(words, count, round(100 * count / most), _list(span | ({name: value} if value else {})))
        for (value, words), count in counted
    ]
    return Breakdown(title, lines)


def _hot(user: Any, end: date) -> list[Line]:
    """What was complained of three times or more in the last 90 days, on one project and of one kind."""
    begin = end - timedelta(days=HOT_DAYS)
    rows = Complaint.objects.visible_to(user).within(moment_of(begin), moment_of(end)).select_related("project")
    span = {"tab": "all", "since": f"{begin}", "until": f"{end - timedelta(days=1)}"}
    found = hot_spots((row.project_id, str(row.project), row.kind) for row in rows if row.project_id)
    lines = []
    for what, count in found:
        project, name, kind = cast("tuple[int, str, str]", what)
        words = f"{name} · {Complaint.Kind(kind).label}"
        lines.append(Line(words, count, 100, _list(span | {"project": str(project), "kind": kind})))
    return lines


def managers_under_half(user: Any) -> list[dict[str, Any]]:
    """Return the project managers whose owners are less than half satisfied, with how many answered (K-07)."""
    of_manager = {"request__project__people__role": ProjectPerson.Role.MANAGER, "index__isnull": False}
    rows = Answer.objects.visible_to(user).filter(**of_manager).order_by()
    counted = rows.values(name=F("request__project__people__user__name")).annotate(mean=Avg("index"), count=Count("pk"))
    return [row for row in counted.order_by("mean") if row["mean"] < UNDER and row["count"] >= ENOUGH]


def _list(query: dict[str, Any]) -> str:
    return f"{reverse('complaints:list')}?{urlencode(query)}"
