"""The app's name and its subscription."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class ServiceLevelsConfig(PortalApp):
    name = "apps.service_levels"
    verbose_name = _("Service levels")
    declares = ("escalation", "recomputing")

    def ready(self) -> None:
        super().ready()
        from apps.core.events import subscribe  # noqa: PLC0415  models must be loaded first

        from .clocks import follow  # noqa: PLC0415

        subscribe(follow)
