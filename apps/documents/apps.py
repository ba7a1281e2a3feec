"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class DocumentsConfig(PortalApp):
    name = "apps.documents"
    verbose_name = _("Documents")
