"""What notifications add to every page: the number beside the bell."""

from django.http import HttpRequest

from apps.core import registry

from .models import Notification

SHOWN_UP_TO = 99


def _unread(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        return 0
    rows = Notification.objects.visible_to(request.user).filter(read_at__isnull=True)
    return rows[: SHOWN_UP_TO + 1].count()


registry.register(registry.ChromeSource("unread", _unread))
