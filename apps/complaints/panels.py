"""What complaints add to other pages: the menu, home cards, buttons and panels, the search, topics."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry
from apps.core.lifecycle import available
from apps.core.search import matching
from apps.notifications.topics import OWNER, STAFF, declare_topic
from apps.projects.models import Equipment
from apps.service_levels.cards import of_row, promise_badges

from . import access, call_lifecycle, file_lifecycle, trace
from .followups import clocks_of
from .models import Action, Complaint, EngineerRequest, FollowUp, Sample

__all__ = ["call_lifecycle", "file_lifecycle"]

SHOWN = 6


def _about(row: Any, user: Any) -> dict[str, Any] | None:
    """Complaints about a row that the person may see, and the way to complain about it."""
    may_complain = access.may_complain(user) and not user.is_auditor_only
    # An owner finds what they filed in their own list.
    lines = list(_complaints_about(row, user)[:SHOWN]) if user.is_staff_side else []
    if not lines and not may_complain:
        return None
    return {
        "lines": lines,
        "count": len(lines) or "",
        "complain_url": f"{reverse('complaints:create')}?about={row._meta.label_lower}:{row.pk}"
        if may_complain
        else "",
    }


def _complaints_about(row: Any, user: Any) -> Any:
    rows = Complaint.objects.visible_to(user)
    return rows.about_equipment(row) if isinstance(row, Equipment) else rows.about(row)


def _of_project(project: Any, user: Any) -> dict[str, Any] | None:
    """The open complaints of a project, for those who may know."""
    lines = list(Complaint.objects.visible_to(user).filter(project=project).open()[: SHOWN + 1])
    if not lines:
        return None
    return {
        "lines": lines[:SHOWN],
        "count": len(lines) if len(lines) <= SHOWN else f"{SHOWN}+",
        "link_url": f"{reverse('complaints:list')}?tab=all&project={project.pk}",
        "link_label": _("All"),
    }


def _engineer_requests(ticket: Any, user: Any) -> dict[str, Any] | None:
    """Whether another engineer was asked for, and the way to ask (R-14)."""
    requests = list(EngineerRequest.objects.visible_to(user).filter(ticket=ticket).select_related("asked_by"))
    for request in requests:
        request.ticket = ticket
    waits = any(request.status == EngineerRequest.Status.ASKED for request in requests)
    may_ask = not user.is_staff_side and not waits and ticket.is_open
    if not requests and not may_ask:
        return None
    return {
        "requests": [(request, available(request, user)) for request in requests],
        "ask_url": reverse("complaints:ask_engineer", args=[ticket.pk]) if may_ask else "",
        "look": "first" if waits and access.may_call(user) else "",
    }


def _trace(complaint: Any, user: Any) -> dict[str, Any] | None:
    """Who did what when in the matter, drawn from its events (C-06)."""
    lines = trace.who_did_what(complaint, user) if user.is_staff_side else []
    return {"lines": lines} if lines else None


def _open_files(request: HttpRequest) -> dict[str, Any] | None:
    """The complaints that wait for somebody, the oldest first."""
    rows = Complaint.objects.visible_to(request.user).open().select_related("project").order_by("opened_at")
    found = list(rows[: SHOWN + 1])
    if not found:
        return None
    return {
        "lines": found[:SHOWN],
        "count": f"{SHOWN}+" if len(found) > SHOWN else len(found),
        "link_url": reverse("complaints:list"),
        "link_label": _("All"),
    }


def _calls(request: HttpRequest) -> dict[str, Any] | None:
    """The next follow-up calls."""
    rows = FollowUp.objects.visible_to(request.user).to_call().select_related("project")
    found = list(rows[: SHOWN + 1])
    if not found:
        return None
    clocks = clocks_of(found, request.user)
    return {
        "calls": [(call, clocks.get(call.pk)) for call in found[:SHOWN]],
        "now": timezone.now(),
        "count": f"{SHOWN}+" if len(found) > SHOWN else len(found),
        "link_url": reverse("complaints:calls"),
        "link_label": _("Call list"),
    }


def _samples(request: HttpRequest) -> dict[str, Any] | None:
    """What is still to be judged of the last sample."""
    rows = Sample.objects.visible_to(request.user).select_related("ticket", "sampling", "engineer")
    waiting = list(rows.filter(verdicts__isnull=True).order_by("-sampling__week", "pk")[: SHOWN + 1])
    if not waiting:
        return None
    return {
        "samples": waiting[:SHOWN],
        "count": f"{SHOWN}+" if len(waiting) > SHOWN else len(waiting),
        "link_url": reverse("complaints:samples"),
        "link_label": _("Sample of the week"),
    }


def _actions(request: HttpRequest) -> dict[str, Any] | None:
    """Actions out of complaints that are due: to carry out, or to check."""
    rows = Action.objects.visible_to(request.user).to_do()
    found = list(rows.select_related("complaint", "responsible", "dated_by")[:SHOWN])
    return {"actions": found, "keeps_files": access.keeps_files(request.user)} if found else None


def _investigations(request: HttpRequest) -> dict[str, Any] | None:
    """The complaints given to somebody to look into, the one to be answered first at the top (C-03)."""
    rows = Complaint.objects.visible_to(request.user).filter(investigator=request.user).open()
    found = list(rows.select_related("project").order_by("expected_on", "pk")[:SHOWN])
    return {"lines": found, "count": len(found), "look": "mine"} if found else None


def _find(user: Any, text: str) -> Any:
    return matching(Complaint.objects.visible_to(user), text).select_related("project").order_by("-opened_at", "-pk")


register = registry.register
register(registry.MenuEntry("complaints", _("Complaints"), "complaints:list", "message", 40, access.has_complaints))
for target in ("tickets.ticket", "inspections.visit", "training.session", "projects.equipment"):
    register(
        registry.Panel(target, "complaints", _("Complaints"), "complaints/_about.html", _about, order=80, column="side")
    )
register(
    registry.Panel(
        "surveys.lowanswer", "complaints", _("Complaint"), "complaints/_about.html", _about, order=80, column="side"
    )
)
register(
    registry.Panel(
        "projects.project",
        "complaints",
        _("Open complaints"),
        "complaints/_lines.html",
        _of_project,
        order=45,
        column="more",
    )
)
register(
    registry.Panel(
        "tickets.ticket",
        "engineer_requests",
        _("Another engineer"),
        "complaints/_engineer_requests.html",
        _engineer_requests,
        order=70,
        column="side",
    )
)
register(
    registry.Panel(
        "complaints.complaint", "promises", _("Promises"), "service_levels/panel.html", of_row, order=10, column="side"
    )
)
register(
    registry.Panel(
        "complaints.complaint",
        "trace",
        _("Who did what when"),
        "complaints/_trace.html",
        _trace,
        order=20,
        column="side",
    )
)
register(registry.BadgeSource("complaints.complaint", "promise", promise_badges))
register(
    registry.HomeCard(
        "complaints", _("Complaints"), "complaints/_lines.html", _open_files, shown_to=access.keeps_files, order=22
    )
)
register(
    registry.HomeCard(
        "follow_ups",
        _("Follow-up calls"),
        "complaints/_calls.html",
        _calls,
        shown_to=lambda user: user.has_role(Role.CUSTOMER_SERVICE),
        order=30,
        column="side",
    )
)
register(
    registry.HomeCard(
        "samples",
        _("Quality sample"),
        "complaints/_samples.html",
        _samples,
        shown_to=lambda user: user.has_role(Role.QUALITY),
        order=9,
    )
)
register(
    registry.HomeCard(
        "complaint_actions",
        _("Actions out of complaints"),
        "complaints/_actions.html",
        _actions,
        shown_to=lambda user: user.is_staff_side,
        order=50,
        column="side",
    )
)
register(
    registry.HomeCard(
        "investigations",
        _("Complaints given to you"),
        "complaints/_lines.html",
        _investigations,
        shown_to=access.may_be_given_files,
        order=12,
    )
)
register(
    registry.SearchSource(
        "complaints",
        _("Complaints"),
        "message",
        _find,
        lambda complaint: (str(complaint), complaint.get_status_display()),
        order=60,
        list_name="complaints:list",
    )
)
declare_topic(
    "complaints",
    _("Complaints"),
    events=("complaints.complaint.", "complaints.action."),
    mail_at_once={"owner", Role.QUALITY, Role.MANAGER, Role.CUSTOMER_SERVICE},
    order=45,
)
declare_topic(
    "quality",
    _("Quality samples and analyses"),
    events=("complaints.sampling.", "complaints.analysis.", "complaints.resolution."),
    groups=STAFF,
    order=70,
)
declare_topic(
    "engineer_requests",
    _("Another engineer asked for"),
    events=("complaints.engineerrequest.",),
    groups={OWNER, Role.CUSTOMER_SERVICE},
    order=46,
)
