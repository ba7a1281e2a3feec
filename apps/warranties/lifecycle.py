"""The states of a warranty card: to be issued → issued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.lifecycle import transition
from apps.documents import services as documents

from . import access
from .models import WarrantyCard

S = WarrantyCard.Status


def _issue(card: WarrantyCard, *, actor: Any, now: datetime) -> dict[str, Any]:
    document = documents.issue_now(access.CARD, card, actor=actor, now=now)
    card.number = document.number
    card.issued_at = now
    return {"note": document.number}


@transition(
    WarrantyCard,
    _("Issue the card"),
    sources={S.DUE},
    target=S.ISSUED,
    allowed=access.may_issue,
    title=_("Warranty card issued"),
    icon="rosette-discount-check",
    style="primary",
    tone="ok",
)
def issue(card: WarrantyCard, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Issue the card: it gets its number, its data are frozen, its document is rendered (W-05)."""
    return _issue(card, actor=actor, now=now)


@transition(
    WarrantyCard,
    _("Issue again"),
    sources={S.ISSUED},
    target=S.ISSUED,
    allowed=access.may_reissue,
    title=_("Warranty card issued again"),
    icon="refresh",
    tone="ok",
)
def reissue(card: WarrantyCard, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Issue the card again, under a new number, after its document was voided."""
    return _issue(card, actor=actor, now=now)
