"""Who may do what with documents: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.projects.access import is_owner_side

from .models import Document
from .registry import get_type


def may_void(document: Document, user: Any) -> bool:
    """Void a document: manager, with a reason."""
    return user.has_role(Role.MANAGER)


def may_issue(document: Document, user: Any) -> bool:
    return get_type(document.type).may_issue(document.subject, user)


def may_take_signature(document: Document, user: Any) -> bool:
    """Hand the device to the owner's person: those of ours who may issue this document."""
    return document.project is not None and user.is_staff_side and may_issue(document, user)


def may_sign(document: Document, user: Any) -> bool:
    """Sign for the owner with their own account: an owner's person of that project."""
    return document.project is not None and is_owner_side(document.project, user)


def may_edit_company(user: Any) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


def may_print(user: Any) -> bool:
    """Print selections and labels: staff but the auditor; an owner prints documents one by one."""
    return user.is_staff_side and not user.is_auditor_only
