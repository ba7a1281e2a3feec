"""Who may do what with calendars: named predicates of (row, person) or of the person alone."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role

from .models import CalendarImport


def may_see(user: Any) -> bool:
    """Look at the calendars: the contractor's people. An owner reads their effect where a due time explains itself."""
    return bool(user.is_staff_side)


def may_edit_days(user: Any) -> bool:
    """Import national days, keep the company's: the administrator."""
    return user.has_role(Role.ADMINISTRATOR) and not user.is_auditor_only


def may_edit_hours(user: Any) -> bool:
    """Edit service hours: manager, administrator."""
    return user.has_role(Role.ADMINISTRATOR, Role.MANAGER) and not user.is_auditor_only


def may_decide(run: CalendarImport, user: Any) -> bool:
    """Confirm or discard an import."""
    return may_edit_days(user)


def may_roll_back(run: CalendarImport, user: Any) -> bool:
    """Take an import back: the last one that is in force, so that what was before it is known."""
    return may_edit_days(user) and run.is_last_applied
