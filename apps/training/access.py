"""Who may do what with courses, sessions, exams and licences: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role
from apps.projects.access import is_owner_admin, is_project_manager, serves
from apps.projects.models import ProjectPerson

from .models import Attempt, Certificate, Improvement, Participant, Retraining, Session, TrainingPlan

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


def may_plan_retraining(retraining: Retraining, user: Any) -> bool:
    """Choose the training that brings a licence anew: who keeps licences."""
    return may_keep_licences(user)


def may_teach_on(project: Any, user: Any) -> bool:
    """Note a training given on a visit (V-12): who plans training of the project, and an engineer who serves it."""
    return may_plan_on(project, user) or (may_note_visits(user) and serves(project, user))


def may_note_visits(user: Any) -> bool:
    """Note trainings given on visits at all: engineers."""
    return user.has_role(Role.ENGINEER) and not user.is_auditor_only


def sees_figures(user: Any) -> bool:
    """Figures of courses and trainers: who sees every project, and trainers."""
    return user.is_staff_side and (user.sees_all_projects or user.has_role(Role.TRAINER))


def may_make_improvements(user: Any) -> bool:
    """Set improvement actions: who edits courses, and quality."""
    return may_edit_courses(user) or (user.has_role(Role.QUALITY) and not user.is_auditor_only)


def may_finish_improvement(improvement: Improvement, user: Any) -> bool:
    """Say that it is done: who is responsible, and who leads."""
    return improvement.responsible_id == user.pk or user.has_role(*LEADERS)


def may_check_improvement(improvement: Improvement, user: Any) -> bool:
    """Say whether it worked: who sets improvements, but nobody their own."""
    return may_make_improvements(user) and improvement.responsible_id != user.pk
