"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class DemoConfig(PortalApp):
    name = "apps.demo"
    verbose_name = _("Demo data")
