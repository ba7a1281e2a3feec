"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class TicketsConfig(PortalApp):
    name = "apps.tickets"
    verbose_name = _("Requests")
    declares = ("promise_sheet",)
