"""What people add to the frame: menu entries, the administrator's home card, and the auditor's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.pages.list import EXPORTED
from apps.core.registry import HomeCard, MenuEntry, register

from .access import may_manage_people, may_read_log, may_see_people
from .log import latest
from .models import Invitation, Role, User
from .services import CREATED, ROLES_CHANGED, SWITCHED_OFF, SWITCHED_ON


def people_card(request: HttpRequest) -> dict[str, Any]:
    """Count who may sign in, and who was invited and has not come yet."""
    now = timezone.now()
    waiting = (
        Invitation.objects.visible_to(request.user)
        .filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now, user__is_active=True)
        .select_related("user")
    )
    return {
        "active": User.objects.visible_to(request.user).filter(is_active=True).count(),
        "waiting": list(waiting.order_by("expires_at")[:5]),
    }


register(MenuEntry("people", _("People"), "accounts:list", "users", 80, may_see_people))
register(MenuEntry("log", _("Log"), "accounts:log", "history", 95, may_read_log))
register(
    HomeCard(
        "people", _("People"), "accounts/_card.html", people_card, shown_to=may_manage_people, order=80, column="side"
    )
)
for name, title, events, column in (
    ("exports", _("Latest exports"), (EXPORTED,), "main"),
    ("roles", _("Roles and access"), (ROLES_CHANGED, CREATED, SWITCHED_OFF, SWITCHED_ON), "side"),
):
    register(
        HomeCard(
            name,
            title,
            "accounts/_latest.html",
            latest(*events),
            shown_to=lambda user: user.has_role(Role.AUDITOR),
            order=10,
            column=column,
        )
    )
