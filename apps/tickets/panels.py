"""What requests add to other pages: menu, home cards, panels, search, histories, the cover badge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry
from apps.core.registry import Badge
from apps.core.search import matching
from apps.notifications.topics import OWNER, STAFF, declare_topic
from apps.notifications.wording import declare_lines
from apps.service_levels.cards import of_row
from apps.service_levels.models import Target

from . import access, day, flow, milestones
from .documents import sheets_of
from .models import CoverDecision, Ticket, WorkOrder
from .services import OPENED
from .wording import cover_badge, promised_lines

SHOWN = 6
SHOWN_IN_QUEUE = 8


def cover_badges(rows: Sequence[Ticket], user: Any) -> dict[Any, Badge]:
    """Return the latest cover decision of each request as a badge, in one query (none where they came along)."""
    if rows and all("cover_decisions" in getattr(row, "_prefetched_objects_cache", {}) for row in rows):
        latest = {row.pk: next(iter(row.cover_decisions.all()), None) for row in rows}
    else:
        decided = CoverDecision.objects.filter(ticket__in=[row.pk for row in rows]).order_by("decided_at", "pk")
        latest = {decision.ticket_id: decision for decision in decided}
    return {pk: cover_badge(decision) for pk, decision in latest.items() if decision is not None}


def _requests(rows: Any, user: Any, *, report_url: str, list_url: str) -> dict[str, Any]:
    found = list(rows.order_by("-reported_at", "-pk")[: SHOWN + 1])
    return {
        "lines": found[:SHOWN],
        "more": len(found) > SHOWN,
        "report_url": report_url if access.may_open(user) and not user.is_auditor_only else "",
        "link_url": list_url,
        "link_label": _("All requests") if list_url else "",
    }


def promises_of(ticket: Any, user: Any) -> dict[str, Any] | None:
    """The promises about a request as a timeline, and what the person may do about them (R-04)."""
    found = of_row(ticket, user)
    if found is None:
        return None
    running = [one.clock for one in found["standings"] if not one.clock.is_over]
    may_pause = bool(running) and not user.is_auditor_only and user.is_staff_side and access.may_pause(ticket, user)
    is_paused = any(pause.ended_at is None for pause in found["pauses"])
    checks = any(clock.metric == Target.Metric.CHECK for clock in running)
    may_issue = not user.is_auditor_only and access.may_issue_promise_sheet(ticket, user)
    return found | {
        "ticket": ticket,
        "may_pause": may_pause and ticket.is_open and not is_paused,
        "may_resume": may_pause and is_paused,
        "may_check": checks and not user.is_auditor_only and access.may_dispatch(ticket, user),
        "may_issue": may_issue,
        "milestones": milestones.MILESTONES if may_pause and ticket.is_open else {},
    }


def of_project(project: Any, user: Any) -> dict[str, Any]:
    """The open requests of a project."""
    rows = Ticket.objects.visible_to(user).filter(project=project).open()
    report = f"{reverse('tickets:create')}?project={project.pk}"
    return _requests(rows, user, report_url=report, list_url=f"{reverse('tickets:list')}?tab=all&project={project.pk}")


def of_equipment(equipment: Any, user: Any) -> dict[str, Any]:
    """All requests of a piece of equipment, the open ones as well as its history."""
    rows = Ticket.objects.visible_to(user).filter(equipment=equipment)
    return _requests(rows, user, report_url="", list_url="")


def report_of_equipment(equipment: Any, user: Any) -> dict[str, Any] | None:
    """The button that reports a fault of a piece of equipment, for those who may."""
    if not access.may_open(user) or user.is_auditor_only:
        return None
    return {"report_url": f"{reverse('tickets:create')}?equipment={equipment.pk}"}


def my_day(request: HttpRequest) -> dict[str, Any]:
    """The engineer's first screen: today's jobs, the one in hand framed with its next step."""
    user = request.user
    jobs = day.jobs_of(user)
    today = timezone.localdate()
    due = [job for job in jobs if job.on <= today]
    in_hand = day.job_in_hand(due)
    sheets = sheets_of([in_hand.order.pk] if in_hand else [])
    return {
        "in_hand": in_hand,
        "jobs": [job for job in due if job is not in_hand],
        "later": len(jobs) - len(due),
        "flow": flow.flow_of(in_hand.order) if in_hand else [],
        "next": flow.next_of(in_hand.order, user, sheet=sheets.get(in_hand.order.pk)) if in_hand else None,
        "bare": True,
    }


def to_dispatch(request: HttpRequest) -> dict[str, Any]:
    """Requests for which nobody is under way, whose promise is nearest to breaking first, then by level and age."""
    rows = Ticket.objects.visible_to(request.user).to_dispatch().select_related("project")
    found = list(rows.by_nearest_promise()[: SHOWN_IN_QUEUE + 1])
    return {
        "lines": found[:SHOWN_IN_QUEUE],
        "count": f"{SHOWN_IN_QUEUE}+" if len(found) > SHOWN_IN_QUEUE else len(found),
        "now": timezone.now(),
        "may_dispatch": access.is_dispatcher(request.user),
        "link_url": f"{reverse('tickets:list')}?tab=to_dispatch",
        "link_label": _("All"),
        "report_url": reverse("tickets:create"),
    }


def awaiting(request: HttpRequest) -> dict[str, Any] | None:
    """Requests that wait for the owner's word, the longest first."""
    rows = Ticket.objects.visible_to(request.user).awaiting_confirmation().select_related("project")
    found = list(rows.order_by("reported_at")[: SHOWN + 1])
    if not found:
        return None
    return {
        "lines": found[:SHOWN],
        "count": f"{SHOWN}+" if len(found) > SHOWN else len(found),
        "link_url": f"{reverse('tickets:list')}?tab=awaiting",
        "link_label": _("All"),
    }


def my_requests(request: HttpRequest) -> dict[str, Any]:
    """The owner's open requests: what waits for their word first."""
    rows = list(Ticket.objects.visible_to(request.user).open().select_related("project").order_by("-reported_at")[:50])
    waiting = [row for row in rows if row.status == Ticket.Status.AWAITING_CONFIRMATION]
    others = [row for row in rows if row.status != Ticket.Status.AWAITING_CONFIRMATION]
    return {
        "lines": [*waiting, *others][:SHOWN_IN_QUEUE],
        "count": len(rows) or "",
        "look": "mine" if waiting else "",
        "report_url": reverse("tickets:create"),
        "link_url": reverse("tickets:list"),
        "link_label": _("All requests"),
    }


def by_level(request: HttpRequest) -> dict[str, Any]:
    """How many requests are open at each level, and since when the oldest."""
    rows = Ticket.objects.visible_to(request.user).open()
    counted = rows.order_by("level").values("level").annotate(count=Count("pk"), oldest=Min("reported_at"))
    labels = dict(Ticket.Level.choices)
    now = timezone.now()
    lines = [row | {"label": labels[row["level"]], "age": now - row["oldest"]} for row in counted]
    return {
        "lines": lines,
        "now": now,
        "count": sum(line["count"] for line in lines),
        "link_url": reverse("tickets:list"),
        "link_label": _("All"),
    }


def _find(user: Any, text: str) -> Any:
    return matching(Ticket.objects.visible_to(user), text).select_related("project").order_by("-reported_at", "-pk")


def _is_engineer(user: Any) -> bool:
    return user.has_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT)


register = registry.register
register(registry.MenuEntry("today", _("Today"), "tickets:today", "calendar-check", 5, _is_engineer))
register(registry.MenuEntry("tickets", _("Requests"), "tickets:list", "inbox", 10, lambda user: True))
register(registry.MenuEntry("dispatch", _("Dispatch"), "tickets:order_list", "user-plus", 20, access.is_dispatcher))

register(registry.HomeCard("today", _("Today"), "tickets/_day.html", my_day, shown_to=_is_engineer, order=5))
register(
    registry.HomeCard(
        "to_dispatch", _("To dispatch"), "tickets/_queue.html", to_dispatch, shown_to=access.is_dispatcher, order=10
    )
)
register(
    registry.HomeCard(
        "awaiting",
        _("Awaiting confirmation"),
        "tickets/_lines.html",
        awaiting,
        shown_to=access.is_dispatcher,
        order=20,
        column="side",
    )
)
register(
    registry.HomeCard(
        "my_requests",
        _("Open requests"),
        "tickets/_lines.html",
        my_requests,
        shown_to=lambda user: not user.is_staff_side,
        order=10,
    )
)
register(
    registry.HomeCard(
        "open_by_level",
        _("Open requests by level"),
        "tickets/_levels.html",
        by_level,
        shown_to=lambda user: user.has_role(Role.MANAGER),
        order=15,
        column="side",
    )
)
register(
    registry.Panel(
        "tickets.ticket", "promises", _("Promises"), "tickets/_promises.html", promises_of, order=5, column="side"
    )
)
register(registry.Panel("projects.project", "tickets", _("Open requests"), "tickets/_lines.html", of_project, order=20))
register(registry.Panel("projects.equipment", "tickets", _("Requests"), "tickets/_lines.html", of_equipment, order=20))
register(
    registry.Panel(
        "projects.equipment",
        "report",
        _("Report a fault"),
        "tickets/report_button.html",
        report_of_equipment,
        order=40,
        column="actions",
    )
)
register(
    registry.SearchSource(
        "tickets",
        _("Requests"),
        "inbox",
        _find,
        lambda ticket: (str(ticket), f"{ticket.project} · {ticket.get_status_display()}"),
        order=30,
    )
)
register(registry.BadgeSource("tickets.ticket", "cover", cover_badges))
register(registry.HistorySource("projects.equipment", Ticket, "equipment"))
register(registry.HistorySource("projects.equipment", WorkOrder, "ticket__equipment"))
register(registry.HistorySource("tickets.ticket", WorkOrder, "ticket"))

DISPATCHERS = {Role.CUSTOMER_SERVICE, Role.MANAGER}
declare_topic(
    "promises",
    _("Promises about to be missed"),
    events=("service_levels.",),
    groups=STAFF,
    mail_at_once=STAFF,
    sms_at_once={Role.MANAGER},
    order=5,
)
declare_lines(OPENED, promised_lines)
declare_topic(
    "requests",
    _("New requests"),
    events=("tickets.ticket.opened", "tickets.ticket.not_fixed"),
    mail_at_once={OWNER, *DISPATCHERS},
    order=10,
)
declare_topic(
    "dispatch",
    _("Dispatch"),
    events=(
        "tickets.workorder.issued",
        "tickets.workorder.reassign",
        "tickets.workorder.decline",
        "tickets.workorder.cancel",
        "tickets.workorder.cancel_with_ticket",
    ),
    mail_at_once={OWNER, Role.CUSTOMER_SERVICE, Role.TECHNICAL_SUPPORT, Role.ENGINEER},
    sms_at_once={Role.ENGINEER},
    order=20,
)
declare_topic(
    "confirming",
    _("To confirm and to sign"),
    events=("tickets.ticket.ask_confirmation", "tickets.workorder.leave_unsigned"),
    mail_at_once={OWNER},
    order=30,
)
declare_topic("messages", _("Messages"), events=("tickets.ticket.message",), mail_at_once={OWNER, *STAFF}, order=40)
declare_topic("progress", _("Progress of requests"), events=("tickets.",), order=50)
