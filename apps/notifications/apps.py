"""The app's name and its subscription."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class NotificationsConfig(PortalApp):
    name = "apps.notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        super().ready()
        from apps.core.events import subscribe  # noqa: PLC0415  models must be loaded first

        from . import sending  # noqa: F401, PLC0415  what the outbox does
        from .services import tell  # noqa: PLC0415

        subscribe(tell)
