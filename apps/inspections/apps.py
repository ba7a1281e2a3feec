"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class InspectionsConfig(PortalApp):
    name = "apps.inspections"
    verbose_name = _("Visits")
