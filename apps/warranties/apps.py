"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class WarrantiesConfig(PortalApp):
    name = "apps.warranties"
    verbose_name = _("Warranties")
