"""Who may do what with warranties: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.documents import services as documents
from apps.projects.access import may_hand_over

from .models import Warranty, WarrantyCard

CARD = "warranty_card"


def may_issue(card: WarrantyCard, user: Any) -> bool:
    """Issue cards: manager, administrator, project manager."""
    return may_hand_over(card.warranty.project, user)


def may_reissue(card: WarrantyCard, user: Any) -> bool:
    """Issue a card again whose document was voided."""
    return may_issue(card, user) and documents.document_of(CARD, card) is None


def may_correct(warranty: Warranty, user: Any) -> bool:
    """Correct the acceptance and what runs from it: manager, administrator."""
    return warranty.equipment_id is None and user.has_role(Role.MANAGER, Role.ADMINISTRATOR)


def may_use_bulk(user: Any) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR) and not user.is_auditor_only
