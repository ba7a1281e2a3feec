"""The app's name."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class ProjectsConfig(PortalApp):
    name = "apps.projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        super().ready()
        import_module("apps.projects.importing.lifecycle")
