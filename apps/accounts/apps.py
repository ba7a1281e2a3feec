"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class AccountsConfig(PortalApp):
    name = "apps.accounts"
    verbose_name = _("People")
