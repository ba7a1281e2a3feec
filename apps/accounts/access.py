"""Who may do what with people: named predicates."""

from __future__ import annotations

from typing import Any

from .models import Role


def may_see_people(user: Any) -> bool:
    return user.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


def may_read_log(user: Any) -> bool:
    """Read what everybody did, everywhere: the auditor and the administrator."""
    return user.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


def may_manage_people(user: Any) -> bool:
    """Invite, change and switch off people, of both sides: the administrator."""
    return user.has_role(Role.ADMINISTRATOR) and not user.is_auditor_only
