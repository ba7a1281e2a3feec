"""What running promises add to other pages: the menu, home cards, panels and badges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry
from apps.core.registry import Badge

from .explanation import in_order
from .models import Clock, Pause
from .standing import Standing, badge_of, nearest, stand


def promise_badges(rows: Sequence[Any], user: Any) -> dict[Any, Badge]:
    """The promise of each row that is nearest to breaking, in one query; it opens its explanation.

    An owner reads what was promised to them, our people their own duties as well.
    """
    now = timezone.now()
    found = nearest(type(rows[0]), [row.pk for row in rows], user)
    return {pk: badge_of(clock, now) for pk, clock in found.items()}


def standings_of(row: Any, user: Any) -> list[Standing]:
    """How every promise about a row stands that the person may see, in the order in which they fall due; one query."""
    now = timezone.now()
    return [stand(clock, now) for clock in in_order(Clock.objects.visible_to(user).about(row))]


def of_row(row: Any, user: Any) -> dict[str, Any] | None:
    """The promises about a row as a timeline, with what paused them."""
    standings = standings_of(row, user)
    if not standings:
        return None
    pauses = Pause.objects.visible_to(user).about(row).select_related("began_by")
    return {"standings": standings, "pauses": list(pauses), "now": timezone.now()}


def nearest_to_breaking(request: HttpRequest) -> dict[str, Any]:
    """What is late or about to be, of everything in the person's scope; read after the page."""
    board = reverse("service_levels:board")
    return {"nearest_url": f"{board}?view=nearest", "link_url": board, "link_label": _("Promise board")}


def my_nearest(request: HttpRequest) -> dict[str, Any]:
    """The engineer's own promises that are nearest to breaking; read after the page."""
    board = reverse("service_levels:board")
    mine = f"{board}?responsible={request.user.pk}"
    return {"nearest_url": f"{mine}&view=nearest", "link_url": mine, "link_label": _("Promise board")}


def sees_everything(user: Any) -> bool:
    return user.has_role(Role.MANAGER, Role.CUSTOMER_SERVICE)


def works_alone(user: Any) -> bool:
    return user.has_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT) and not sees_everything(user)


register = registry.register
register(
    registry.MenuEntry("promises", _("Promises"), "service_levels:board", "clock", 2, lambda user: user.is_staff_side)
)
register(
    registry.HomeCard(
        "promises",
        _("Overdue and due soon"),
        "service_levels/_nearest_later.html",
        nearest_to_breaking,
        shown_to=sees_everything,
        order=5,
    )
)
register(
    registry.HomeCard(
        "my_promises",
        _("My promises"),
        "service_levels/_nearest_later.html",
        my_nearest,
        shown_to=works_alone,
        order=15,
        column="side",
    )
)
register(registry.BadgeSource("tickets.ticket", "promise", promise_badges))
register(registry.BadgeSource("warranties.warrantycard", "promise", promise_badges))
for _target in ("inspections.visit", "warranties.warrantycard"):
    register(
        registry.Panel(_target, "promises", _("Promises"), "service_levels/panel.html", of_row, order=45, column="side")
    )
