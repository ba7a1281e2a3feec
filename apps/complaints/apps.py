"""The app's name, and from whom its rows are kept on every page of every app."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class ComplaintsConfig(PortalApp):
    name = "apps.complaints"
    verbose_name = _("Complaints")
    declares = (
        "call_lifecycle",
        "engineers",
        "followups",
        "review_documents",
        "review_lifecycle",
        "reviews",
        "sampling",
        "word",
    )

    def ready(self) -> None:
        super().ready()
        from . import concealment  # noqa: PLC0415  the models must be loaded first

        concealment.declare()
