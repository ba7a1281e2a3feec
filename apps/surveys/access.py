"""Who may do what with questionnaires, requests and answers: named predicates of (row, person) or of the person."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role, User
from apps.projects.access import owner_people

from .models import Answer, LowAnswer, SurveyRequest

CALLERS = (Role.CUSTOMER_SERVICE, Role.QUALITY, Role.MANAGER)


def sees_questionnaires(user: Any) -> bool:
    return bool(user.is_staff_side)


def may_edit_questionnaires(user: Any) -> bool:
    """Write what is asked: administrator, manager."""
    return user.has_role(Role.ADMINISTRATOR, Role.MANAGER) and not user.is_auditor_only


def sees_results(user: Any) -> bool:
    """Look at results: staff who see every project, and who runs one; never what was said about themselves."""
    return user.is_staff_side and (user.sees_all_projects or user.runs_projects)


def may_ask(user: Any) -> bool:
    """Ask by hand and enter what came on paper: customer service, quality, manager."""
    return user.has_role(*CALLERS) and not user.is_auditor_only


def may_enter(survey: SurveyRequest, user: Any) -> bool:
    """Type in what came on paper: who may ask, but nobody about their own work."""
    return may_ask(user) and not is_about(survey, user)


def is_about(survey: SurveyRequest, user: Any) -> bool:
    return any(person.pk == user.pk for person in survey.about_people.all())


def may_answer(survey: SurveyRequest, user: Any) -> bool:
    """Use the link while signed in: the person who was asked; none of ours, since answers are the customer's."""
    if user.is_staff_side:
        return False
    return survey.person_id is None or survey.person_id == user.pk


def may_call(low: LowAnswer, user: Any) -> bool:
    """Call about a low answer: customer service, quality, manager, except whom it is about."""
    return user.has_role(*CALLERS) and not is_about(low.answer.request, user)


def may_issue_sheet(survey: SurveyRequest, user: Any) -> bool:
    """Have the blank sheet printed."""
    return may_enter(survey, user)


def may_issue_answer_sheet(answer: Answer, user: Any) -> bool:
    """Have what was answered printed: those to whom restricted papers are open."""
    return user.sees_restricted and may_enter(answer.request, user)


def concerned_by_low(survey: SurveyRequest) -> list[Any]:
    """Return who is told of a low answer: quality and managers, except whom it is about."""
    told = User.objects.with_role(Role.QUALITY, Role.MANAGER)
    return [person for person in told if not is_about(survey, person)]


def known_person(project: Any, *, phone: str, email: str) -> Any:
    """Return the owner's person behind a telephone number or an address, or None."""
    return next(
        (
            person
            for person in owner_people(project)
            if (phone and person.phone == phone) or (email and (person.email or "").lower() == email.lower())
        ),
        None,
    )
