"""Who may do what with courses, sessions, exams and licences: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.projects.access import is_owner_admin, is_project_manager
from apps.projects.models import ProjectPerson

from .models import Attempt, Certificate, Participant, Session, TrainingPlan

EDITORS = (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR)
LEADERS = (Role.MANAGER, Role.ADMINISTRATOR)


def may_edit_courses(user: Any) -> bool:
    """Courses, materials, questions: trainer, manager, administrator."""
    return user.has_role(*EDITORS) and not user.is_auditor_only


def may_plan(user: Any) -> bool:
    """Make sessions: who edits courses, and who manages a project."""
    return may_edit_courses(user) or (not user.is_auditor_only and user.is_staff_side and manages_a_project(user))


def manages_a_project(user: Any) -> bool:
    return ProjectPerson.objects.filter(user=user, role=ProjectPerson.Role.MANAGER).exists()


def may_plan_on(project: Any, user: Any) -> bool:
    """Plan the training of a project: who edits courses, and its manager."""
    return may_edit_courses(user) or (not user.is_auditor_only and is_project_manager(project, user))


def may_edit_plan(plan: TrainingPlan, user: Any) -> bool:
    return user.is_staff_side and may_plan_on(plan.project, user)


def runs(session: Session, user: Any) -> bool:
    """Run a session: its trainer, trainers who see it, manager, administrator, the project's manager."""
    if user.is_auditor_only or not user.is_staff_side:
        return False
    if session.trainer_id == user.pk or user.has_role(*EDITORS):
        return True
    return session.project is not None and is_project_manager(session.project, user)


def may_register_others(session: Session, user: Any) -> bool:
    """Name people: an owner's admin their own, who runs the session anybody."""
    return is_owner_admin(user) or runs(session, user)


def may_register(session: Session, user: Any) -> bool:
    """Register oneself: whoever sees an open session."""
    return session.status == Session.Status.OPEN and not user.is_auditor_only


def may_withdraw(participant: Participant, user: Any) -> bool:
    """Withdraw: oneself, the owner's admin for their people, who runs the session."""
    if user.is_auditor_only:
        return False
    if participant.user_id == user.pk:
        return True
    if not user.is_staff_side:
        membership = getattr(user, "owner_person", None)
        return is_owner_admin(user) and membership is not None and membership.owner_id == participant.owner_id
    return runs(participant.session, user)


def is_examinee(attempt: Attempt, user: Any) -> bool:
    return attempt.user_id == user.pk


def may_mark(attempt: Attempt, user: Any) -> bool:
    """Mark and coach: trainer, manager, administrator; nobody their own."""
    return may_edit_courses(user) and attempt.user_id != user.pk


def may_withdraw_certificate(certificate: Certificate, user: Any) -> bool:
    return may_edit_courses(user) and certificate.user_id != user.pk


def may_print_certificate(certificate: Certificate, user: Any) -> bool:
    """Whoever sees a certificate may print it: the person, their admin, ours."""
    return True


def may_keep_licences(user: Any) -> bool:
    """Licences of our people: manager, administrator, trainer."""
    return may_edit_courses(user)


def may_set_needs(user: Any) -> bool:
    """Which work needs which licence: manager and administrator."""
    return user.has_role(*LEADERS) and not user.is_auditor_only
