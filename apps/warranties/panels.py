"""What warranties add to other pages: the cover badge, the ruler on the project page, the print queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role
from apps.core import registry
from apps.core.registry import Badge, DaySource
from apps.projects.access import may_hand_over
from apps.projects.models import Equipment, Project

from . import access, services
from .models import Warranty, WarrantyCard
from .ruler import Ruler
from .rules import days_left

SOON = 30
ENDING = 90
SHOWN = 8


def cover_badge(warranties: Sequence[Warranty], today: date) -> Badge:
    """Return the cover badge for what the warranties cover today."""
    in_force = [row for row in warranties if row.starts_on <= today <= row.ends_on]
    if in_force:
        end = max(in_force, key=lambda row: (row.equipment_id is not None, row.ends_on)).ends_on
        left = days_left(end, today)
        note = _("until %(day)s, %(left)s days left") % {"day": end, "left": left}
        return Badge(_("Covered"), "warn" if left <= SOON else "ok", "shield-check", note)
    if warranties:
        end = max(row.ends_on for row in warranties)
        return Badge(_("Chargeable"), "warn", "coin-yuan", _("warranty ended on %(day)s") % {"day": end})
    return Badge(_("No warranty yet"), "idle", "shield-off", "")


def _project_badges(projects: Sequence[Project], user: Any) -> dict[Any, Badge]:
    found: dict[Any, list[Warranty]] = {project.pk: [] for project in projects}
    for row in Warranty.objects.filter(project__in=list(found), equipment__isnull=True):
        found[row.project_id].append(row)
    today = timezone.localdate()
    return {pk: cover_badge(rows, today) for pk, rows in found.items()}


def _equipment_badges(equipment: Sequence[Equipment], user: Any) -> dict[Any, Badge]:
    by_project: dict[Any, list[Warranty]] = {item.project_id: [] for item in equipment}
    for row in Warranty.objects.filter(project__in=list(by_project)):
        by_project[row.project_id].append(row)
    today = timezone.localdate()
    return {
        item.pk: cover_badge([row for row in by_project[item.project_id] if row.equipment_id in {None, item.pk}], today)
        for item in equipment
    }


def _panel(project: Project, user: Any) -> dict[str, Any]:
    cards = WarrantyCard.objects.visible_to(user).filter(warranty__project=project).select_related("warranty")
    card = cards.first()
    today = timezone.localdate()
    ruler = Ruler(card.warranty.starts_on, card.warranty.ends_on, today) if card else None
    return {
        "bare": True,
        "project": project,
        "card": card,
        "badge": cover_badge([card.warranty] if card else [], today),
        "ruler": ruler,
        "marks": _marks(ruler, project, user) if ruler else [],
        "may_accept": card is None and may_hand_over(project, user),
    }


def _marks(ruler: Ruler, project: Project, user: Any) -> list[tuple[DaySource, list[str]]]:
    """Where the ruler marks what happened while the cover ran, by kind."""
    found = registry.days(project, user, first=ruler.starts_on, last=ruler.ends_on)
    return [(source, [ruler.at(day) for day in days]) for source, days in found]


def _print_queue(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    cards = services.due_this_month(WarrantyCard.objects.visible_to(request.user), today)
    found = list(cards.select_related("warranty__project")[: SHOWN + 1])
    return {
        "cards": [(card, card.is_overdue(today)) for card in found[:SHOWN]],
        "link_url": reverse("warranties:list"),
        "link_label": _("All cards"),
        "csrf_token": get_token(request),
    }


def _ending(request: HttpRequest) -> dict[str, Any]:
    """The projects whose cover ends next: what was kept back becomes due, and repairs are charged."""
    today = timezone.localdate()
    rows = Warranty.objects.visible_to(request.user).filter(equipment__isnull=True)
    found = rows.filter(ends_on__range=(today, today + timedelta(days=ENDING))).select_related("project__owner")
    return {
        "lines": [(row, days_left(row.ends_on, today)) for row in found.order_by("ends_on", "pk")[:SHOWN]],
        "link_url": reverse("warranties:list"),
        "link_label": _("All cards"),
    }


registry.register(registry.BadgeSource("projects.project", "cover", _project_badges))
registry.register(registry.BadgeSource("projects.equipment", "cover", _equipment_badges))
registry.register(
    registry.Panel(
        target="projects.project",
        name="warranty",
        title=gettext_lazy("Warranty"),
        template="warranties/panel.html",
        context=_panel,
        order=1,
        column="top",
    )
)
registry.register(
    registry.MenuEntry(
        "warranties",
        gettext_lazy("Warranty cards"),
        "warranties:list",
        "shield-check",
        60,
        lambda user: user.is_staff_side and (user.sees_all_projects or user.has_role(Role.ENGINEER)),
    )
)
registry.register(
    registry.HomeCard(
        name="print-queue",
        title=gettext_lazy("Warranty cards due this month"),
        template="warranties/print_queue.html",
        context=_print_queue,
        shown_to=access.may_use_bulk,
        order=20,
    )
)
registry.register(
    registry.HomeCard(
        name="warranties-ending",
        title=gettext_lazy("Warranties that end next"),
        template="warranties/home_ending.html",
        context=_ending,
        shown_to=lambda user: user.has_role(Role.FINANCE),
        order=30,
    )
)
