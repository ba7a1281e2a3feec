"""The app's name."""

from django.utils.translation import gettext_lazy as _

from apps.core.apps import PortalApp


class TrainingConfig(PortalApp):
    name = "apps.training"
    verbose_name = _("Training")
    declares = (
        "attendance",
        "authoring",
        "certificates",
        "exams",
        "improvement_lifecycle",
        "improvements",
        "licences",
        "planning",
        "retraining",
        "retraining_lifecycle",
    )
