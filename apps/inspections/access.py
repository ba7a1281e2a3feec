"""Who may do what with plans, visits and findings: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.projects.access import is_project_manager, may_create_projects, may_hand_over
from apps.projects.models import ProjectPerson

from .models import Finding, Visit


def _manages(visit: Visit, user: Any) -> bool:
    """The project's manager; read from what the page's own query noted, where it did."""
    noted = getattr(visit, "viewer_manages", None)
    return user.is_staff_side and (is_project_manager(visit.project, user) if noted is None else noted)


def may_plan(project: Any, user: Any) -> bool:
    """Make and change a project's plans: manager, administrator, project manager."""
    return not user.is_auditor_only and may_hand_over(project, user)


def may_plan_somewhere(user: Any) -> bool:
    """Open the page for a new plan: who may plan for all projects, or manages one."""
    if user.is_auditor_only or not user.is_staff_side:
        return False
    return may_create_projects(user) or manages_a_project(user)


def manages_a_project(user: Any) -> bool:
    return ProjectPerson.objects.filter(user=user, role=ProjectPerson.Role.MANAGER).exists()


def may_dispatch(visit: Visit, user: Any) -> bool:
    """Assign, move and skip visits: customer service, manager, project manager."""
    return user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER) or _manages(visit, user)


def is_assigned_engineer(visit: Visit, user: Any) -> bool:
    """Work a visit: the one who is to do it."""
    return user.is_staff_side and visit.assigned_to_id is not None and visit.assigned_to_id == user.pk


def may_record(visit: Visit, user: Any) -> bool:
    """Write what was found: the assigned engineer, while the visit is under way."""
    return not user.is_auditor_only and visit.status == Visit.Status.UNDER_WAY and is_assigned_engineer(visit, user)


def may_report(visit: Visit, user: Any) -> bool:
    """Take the owner's signature and issue the report: the engineer who did the visit."""
    return is_assigned_engineer(visit, user)


def may_approve(visit: Visit, user: Any) -> bool:
    """Approve a report: the project's manager, who supervises it, or the manager (V-07)."""
    return user.has_role(Role.MANAGER) or _manages(visit, user)


def may_follow_up(finding: Finding, user: Any) -> bool:
    """Record a finding's answer and its effect: who is responsible, and who supervises (V-06)."""
    if user.is_auditor_only or not user.is_staff_side:
        return False
    return finding.responsible_id == user.pk or may_follow_up_on(finding.visit, user)


def may_follow_up_on(visit: Visit, user: Any) -> bool:
    """Follow up every finding of a visit."""
    if user.is_auditor_only or not user.is_staff_side:
        return False
    if is_assigned_engineer(visit, user):
        return True
    return user.has_role(Role.CUSTOMER_SERVICE, Role.QUALITY, Role.TECHNICAL_SUPPORT) or may_approve(visit, user)


def may_edit_finding(finding: Finding, user: Any) -> bool:
    """Open a finding for editing: to correct it on the visit, or to follow it up later."""
    return may_record(finding.visit, user) or may_follow_up(finding, user)


def may_edit_checklists(user: Any) -> bool:
    return user.has_role(Role.ADMINISTRATOR) and not user.is_auditor_only


def sees_plans(user: Any) -> bool:
    """The lists of plans and checklists are ours; an owner sees the visits that come of them."""
    return user.is_staff_side
