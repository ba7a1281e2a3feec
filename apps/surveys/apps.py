"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class SurveysConfig(PortalApp):
    name = "apps.surveys"
    verbose_name = _("Satisfaction")
