"""What visits add to other pages: menu, home cards, the project's page, the search."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry
from apps.core.search import matching
from apps.notifications.topics import STAFF, declare_topic
from apps.projects.services import declare_sent

from . import access, afterwards, day, licensing
from .models import Finding, Visit, VisitPlan

__all__ = ["afterwards"]

SHOWN = 6
DISPATCHERS = (Role.CUSTOMER_SERVICE, Role.MANAGER)

registry.register(
    registry.MenuEntry("visits", _("Visits"), "inspections:list", "calendar-check", 30, lambda user: True)
)
registry.register(registry.JobSource("visits", day.jobs_of))
declare_sent(lambda project: project.visits.exclude(assigned_to=None).values_list("assigned_to", flat=True))
registry.register(registry.HistorySource("inspections.visitplan", Visit, "plan"))
registry.register(registry.HistorySource("projects.equipment", Visit, "findings__equipment"))
registry.register(registry.HistorySource("projects.equipment", Finding, "equipment"))
for target in ("projects.project", "projects.equipment"):
    registry.register(registry.HistoryView(target, "visits", _("Visits"), (Visit, Finding)))


def _list_url(**query: Any) -> str:
    return reverse("inspections:list") + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def _rows(visits: Any, **more: Any) -> dict[str, Any] | None:
    """The first visits of a card with its link; no card when there are none."""
    found = list(visits.select_related("project", "assigned_to")[: SHOWN + 1])
    if not found:
        return None
    return {
        "visits": found[:SHOWN],
        "count": f"{SHOWN}+" if len(found) > SHOWN else len(found),
        "link_label": _("All"),
        **more,
    }


def _of_project(project: Any, user: Any) -> dict[str, Any]:
    visits = Visit.objects.visible_to(user).filter(project=project).open().select_related("assigned_to")
    plans = VisitPlan.objects.visible_to(user).filter(project=project).active()
    return {
        "visits": visits[:SHOWN],
        "plans": plans,
        "staff": user.is_staff_side,
        "project": project,
        "may_plan": user.is_staff_side and access.may_plan(project, user),
        "link_url": _list_url(tab="all", project=project.pk),
        "link_label": _("All"),
    }


registry.register(
    registry.Panel(
        target="projects.project",
        name="visits",
        title=_("Next visits"),
        template="inspections/project_panel.html",
        context=_of_project,
        order=30,
        column="side",
    )
)


def _days_of_visits(project: Any, user: Any) -> Any:
    """The days on which a project was visited."""
    return Visit.objects.visible_to(user).filter(project=project).annotate(day=TruncDate("done_at"))


def _of_equipment(equipment: Any, user: Any) -> dict[str, Any] | None:
    """What visits found about a piece of equipment, the latest first; no panel when they found nothing."""
    findings = Finding.objects.visible_to(user).filter(equipment=equipment).select_related("visit", "ticket")
    found = list(findings.order_by("-visit__scheduled_on", "-pk")[: SHOWN + 1])
    if not found:
        return None
    return {
        "findings": found[:SHOWN],
        "count": f"{SHOWN}+" if len(found) > SHOWN else len(found),
        "link_url": _list_url(tab="all", equipment=equipment.pk),
        "link_label": _("All these visits"),
    }


registry.register(
    registry.Panel(
        target="projects.equipment",
        name="findings",
        title=_("Found on visits"),
        template="inspections/equipment_panel.html",
        context=_of_equipment,
        order=30,
    )
)


def _next(request: HttpRequest) -> dict[str, Any] | None:
    visits = Visit.objects.visible_to(request.user).coming(timezone.localdate())
    return _rows(visits, link_url=_list_url(tab="open"))


def _overdue(request: HttpRequest) -> dict[str, Any] | None:
    visits = Visit.objects.visible_to(request.user).overdue(timezone.localdate())
    return _rows(visits, link_url=_list_url(tab="overdue"))


def _unlicensed(request: HttpRequest) -> dict[str, Any] | None:
    visits = licensing.unlicensed(Visit.objects.visible_to(request.user))
    return _rows(visits, link_url=_list_url(tab="unlicensed"))


def _to_approve(request: HttpRequest) -> dict[str, Any] | None:
    visits = Visit.objects.visible_to(request.user).to_approve()
    return _rows(visits, link_url=_list_url(tab="to_approve"))


def _to_end(request: HttpRequest) -> dict[str, Any] | None:
    visits = Visit.objects.visible_to(request.user).to_end_under(request.user)
    return _rows(visits, link_url=_list_url(tab="all"))


registry.register(registry.DaySource("projects.project", "visits", _("Visits"), "ring", _days_of_visits))

CARDS = [
    ("visits_next", _("Next visits"), "home_rows", _next, lambda user: not user.is_staff_side, 40),
    ("visits_overdue", _("Overdue visits"), "home_rows", _overdue, lambda user: user.has_role(*DISPATCHERS), 40),
    (
        "visits_unlicensed",
        _("Visits without a valid licence"),
        "home_rows",
        _unlicensed,
        lambda user: user.has_role(*DISPATCHERS) or user.runs_projects,
        42,
    ),
    (
        "visits_to_approve",
        _("Reports to approve"),
        "home_rows",
        _to_approve,
        lambda user: user.has_role(Role.MANAGER),
        35,
    ),
    (
        "visits_to_end",
        _("To be signed or approved in my projects"),
        "home_rows",
        _to_end,
        lambda user: user.runs_projects and not user.has_role(Role.MANAGER),
        25,
    ),
]
for name, title, template, context, shown_to, order in CARDS:
    column = "main" if name in {"visits_to_approve", "visits_to_end"} else "side"
    registry.register(registry.HomeCard(name, title, f"inspections/{template}.html", context, shown_to, order, column))


def _find(user: Any, text: str) -> Any:
    return matching(Visit.objects.visible_to(user), text).select_related("project").order_by("-scheduled_on", "-pk")


registry.register(
    registry.SearchSource(
        "visits",
        _("Visits"),
        "calendar-check",
        _find,
        lambda visit: (visit.number, f"{visit.get_kind_display()} · {visit.project} · {visit.scheduled_on}"),
        order=50,
        list_name="inspections:list",
    )
)

declare_topic(
    "visits",
    _("Visits and patrols"),
    events=("inspections.visit.",),
    groups=STAFF,
    mail_at_once={Role.ENGINEER},
    order=60,
)
declare_topic("findings", _("Findings"), events=("inspections.finding.",), groups=STAFF, order=65)
