"""What requests add to other pages: menu, home cards, panels, search, histories, the cover badge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
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
from apps.projects.services import declare_sent
from apps.service_levels.cards import of_row
from apps.service_levels.models import Target

from . import access, day, milestones, office_cards
from .documents import sheets_of_tickets
from .models import CoverDecision, Ticket, WorkOrder
from .services import OPENED
from .wording import cover_badge, promised_lines

__all__ = ["office_cards"]

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


def _latest(rows: Any, *, query: str) -> dict[str, Any]:
    return {
        "lines": list(rows.order_by("-reported_at", "-pk")[:SHOWN]),
        "link_url": f"{reverse('tickets:list')}?tab=all&{query}",
        "link_label": _("All requests"),
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
    may_report = access.may_open(user) and not user.is_auditor_only
    report_url = f"{reverse('tickets:create')}?project={project.pk}" if may_report else ""
    return _latest(rows, query=f"project={project.pk}") | {"report_url": report_url}


def of_equipment(equipment: Any, user: Any) -> dict[str, Any]:
    """The latest requests of a piece of equipment, open or not, with their repair sheets."""
    rows = Ticket.objects.visible_to(user).filter(equipment=equipment)
    found = _latest(rows, query=f"equipment={equipment.pk}")
    sheets = sheets_of_tickets([ticket.pk for ticket in found["lines"]], user)
    for ticket in found["lines"]:
        ticket.sheets = sheets.get(ticket.pk, [])
    return found | {"nothing": _("No request so far.")}


def report_of_equipment(equipment: Any, user: Any) -> dict[str, Any] | None:
    """The button that reports a fault of a piece of equipment, for those who may."""
    if not access.may_open(user) or user.is_auditor_only:
        return None
    return {"report_url": f"{reverse('tickets:create')}?equipment={equipment.pk}"}


def _days_of_repairs(project: Any, user: Any) -> Any:
    """The days on which repairs of a project were finished."""
    return WorkOrder.objects.visible_to(user).filter(ticket__project=project).annotate(day=TruncDate("finished_at"))


def _jobs_of(request: HttpRequest) -> list[Any]:
    """Everything the person has to do, read once for both cards that show it."""
    known = request.__dict__
    if "jobs" not in known:
        known["jobs"] = day.all_jobs(request.user)
    return cast(list[Any], known["jobs"])


def my_day(request: HttpRequest) -> dict[str, Any]:
    """The engineer's first screen: today's jobs, the one in hand framed with its next step."""
    jobs, today = _jobs_of(request), timezone.localdate()
    due = [job for job in jobs if job.on <= today]
    in_hand = day.job_in_hand(due)
    return {
        "in_hand": in_hand,
        "jobs": [job for job in due if job is not in_hand],
        "later": len(jobs) - len(due),
        "next_step": in_hand.next_step(request.user) if in_hand else {},
        "bare": True,
    }


def my_next_step(request: HttpRequest) -> dict[str, Any] | None:
    """The next step of the job in hand, in reach of a thumb."""
    shown = my_day(request)
    return shown if shown["in_hand"] else None


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


def _find_orders(user: Any, text: str) -> Any:
    return matching(WorkOrder.objects.visible_to(user), text).select_related("ticket__project").order_by("-pk")


def _is_engineer(user: Any) -> bool:
    return user.has_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT)


register = registry.register
register(registry.MenuEntry("today", _("Today"), "tickets:today", "calendar-check", 5, _is_engineer))
register(registry.MenuEntry("tickets", _("Requests"), "tickets:list", "inbox", 10, lambda user: True))
register(registry.MenuEntry("dispatch", _("Dispatch"), "tickets:order_list", "user-plus", 20, access.is_dispatcher))

register(registry.HomeCard("today", _("Today"), "tickets/_day.html", my_day, shown_to=_is_engineer, order=5))
register(
    registry.HomeCard(
        "next_step",
        _("Next step"),
        "tickets/_next_of_day.html",
        my_next_step,
        shown_to=_is_engineer,
        column="sticky",
    )
)
register(registry.JobSource("orders", day.jobs_of))
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
        "report",
        _("Report a fault"),
        "tickets/report_button.html",
        lambda request: {"report_url": reverse("tickets:create")},
        shown_to=lambda user: not user.is_staff_side,
        column="sticky",
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
        list_name="tickets:list",
    )
)
register(
    registry.SearchSource(
        "orders",
        _("Work orders"),
        "user-plus",
        _find_orders,
        lambda order: (f"{order} {order.ticket.title}", f"{order.ticket.project} · {order.get_status_display()}"),
        order=35,
        list_name="tickets:order_list",
        list_shown_to=access.may_see_dispatch,
    )
)
register(registry.BadgeSource("tickets.ticket", "cover", cover_badges))
register(registry.DaySource("projects.project", "repairs", _("Repairs"), "notch", _days_of_repairs))
register(registry.HistorySource("projects.equipment", Ticket, "equipment"))
register(registry.HistorySource("projects.equipment", WorkOrder, "ticket__equipment"))
register(registry.HistorySource("tickets.ticket", WorkOrder, "ticket"))
for target in ("projects.project", "projects.equipment"):
    register(registry.HistoryView(target, "repairs", _("Repairs"), (Ticket, WorkOrder)))

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
declare_sent(lambda project: WorkOrder.objects.filter(ticket__project=project).values_list("engineer", flat=True))
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
