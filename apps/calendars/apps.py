"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class CalendarsConfig(PortalApp):
    name = "apps.calendars"
    verbose_name = _("Work calendars")
