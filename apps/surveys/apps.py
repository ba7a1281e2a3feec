"""The app's name, and from whom its restricted rows are kept."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class SurveysConfig(PortalApp):
    name = "apps.surveys"
    verbose_name = _("Satisfaction")

    def ready(self) -> None:
        super().ready()
        from . import concealment  # noqa: PLC0415  the models must be loaded first

        concealment.declare()
