"""What notifications add to every page: the number beside the bell; to the administrator's home, what is stuck."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core import registry
from apps.core.models import OutboxItem

from .access import may_operate
from .models import Notification

SHOWN_UP_TO = 99


def _unread(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        return 0
    rows = Notification.objects.visible_to(request.user).filter(read_at__isnull=True, is_shown=True)
    return rows[: SHOWN_UP_TO + 1].count()


def _outgoing(request: HttpRequest) -> dict[str, Any]:
    """Count what was given up and waits for somebody to look at it."""
    dead = OutboxItem.objects.visible_to(request.user).filter(status=OutboxItem.Status.DEAD)[: SHOWN_UP_TO + 1].count()
    return {"dead": dead}


registry.register(registry.ChromeSource("unread", _unread))
registry.register(
    registry.HomeCard(
        "outgoing",
        _("Notifications"),
        "notifications/_card.html",
        _outgoing,
        shown_to=may_operate,
        order=85,
        column="side",
    )
)
