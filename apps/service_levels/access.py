"""Who may do what with policies and promises: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.projects.access import may_hand_over

from .models import ProjectPolicy

SERVICE_PROMISE = "service_promise"


def sees_policies(user: Any) -> bool:
    """Policies are read by all staff; an owner reads the promises of their own projects."""
    return bool(user.is_staff_side)


def may_edit_policies(user: Any) -> bool:
    """Policies are the administrator's and the manager's, and so is the choice of a project's."""
    return bool(user.has_role(Role.MANAGER, Role.ADMINISTRATOR))


def may_issue_promises(chosen: ProjectPolicy, user: Any) -> bool:
    """Issue the service promise: manager, administrator, project manager."""
    return may_hand_over(chosen.project, user)
