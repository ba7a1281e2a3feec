"""What the clocks must know of warranty cards: the duty to issue one runs from completion (W-05)."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.events import declare_event
from apps.core.models import Event
from apps.service_levels.sources import Facts, Source, register

from .models import WarrantyCard

DUE = declare_event("warranties.warrantycard.due", _("Warranty card to be issued"), icon="clock")
REDATED = declare_event(
    "warranties.warrantycard.redated", _("Warranty card due on another day"), icon="clock", tone="warn"
)
KIND = "card"


def _of_card(card: WarrantyCard, event: Event) -> Facts:
    project = card.warranty.project
    return Facts(
        subject=card,
        project_id=project.pk,
        number=card.number or project.number,
        title=project.name,
        kind=KIND,
        is_new=event.name == DUE,
        started_at=datetime.combine(card.completed_on, time(), tzinfo=timezone.get_current_timezone()),
    )


register(Source(model=WarrantyCard, facts=_of_card, redates=frozenset({REDATED})))
