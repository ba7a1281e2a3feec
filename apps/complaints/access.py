"""Who may do what with complaints, follow-ups and samples: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import Role, User
from apps.projects import access as project_access
from apps.tickets.models import Ticket

from .models import Complaint, EngineerRequest
from .queries import AT_THE_DESK

SHEET = "complaint_sheet"


def accused_keys(complaint: Complaint) -> set[int]:
    """The people complained of; asked once a row, not once a button."""
    known: set[int] | None = complaint.__dict__.get("_accused_keys")
    if known is None:
        known = {person.pk for person in complaint.accused.all()}
        complaint.__dict__["_accused_keys"] = known
    return known


def may_be_given_files(user: Any) -> bool:
    """Be asked to investigate without keeping files all the time."""
    return bool(user.is_staff_side) and not keeps_files(user) and not user.is_auditor_only


def is_accused(complaint: Complaint, user: Any) -> bool:
    return user is not None and user.pk in accused_keys(complaint)


def is_complainant(complaint: Complaint, user: Any) -> bool:
    """Who filed it. Nobody stands for who follows it by the code, whom only the code lets in."""
    return complaint.complainant_id == (None if user is None else user.pk) and (user is None or not user.is_staff_side)


def keeps_files(user: Any) -> bool:
    """Keep complaint files: quality and manager."""
    return user is not None and user.has_role(Role.QUALITY, Role.MANAGER)


def handles(complaint: Complaint, user: Any) -> bool:
    return keeps_files(user) and not is_accused(complaint, user)


def is_investigator(complaint: Complaint, user: Any) -> bool:
    return user is not None and complaint.investigator_id == user.pk and not is_accused(complaint, user)


def works_on(complaint: Complaint, user: Any) -> bool:
    """Keep the file up to date: quality, manager, its investigator."""
    return handles(complaint, user) or is_investigator(complaint, user)


def is_at_the_desk(complaint: Complaint, user: Any) -> bool:
    """Customer service, as long as nobody investigates."""
    return (
        user is not None
        and user.has_role(Role.CUSTOMER_SERVICE)
        and complaint.investigator_id is None
        and complaint.status in AT_THE_DESK
        and not is_accused(complaint, user)
    )


def may_contact(complaint: Complaint, user: Any) -> bool:
    """Talk with the complainant: who works on it, and customer service until it is handed over."""
    return works_on(complaint, user) or is_at_the_desk(complaint, user)


def may_answer_decision(complaint: Complaint, user: Any) -> bool:
    """Accept, say whether one is satisfied, withdraw: the complainant, or who takes their word."""
    return is_complainant(complaint, user) or works_on(complaint, user)


def may_reject(complaint: Complaint, user: Any) -> bool:
    """Go one step up, once (ISO 10002)."""
    return complaint.instance == 1 and may_answer_decision(complaint, user)


def may_decide_above(complaint: Complaint, user: Any) -> bool:
    """Decide one step up: a manager who did not decide before and did not investigate; else the administrator."""
    if user is None or user.is_auditor_only or user.pk in _keys_with_a_part(complaint):
        return False
    if user.has_role(Role.MANAGER):
        return True
    return user.has_role(Role.ADMINISTRATOR) and not _managers_above(complaint).exists()


def _keys_with_a_part(complaint: Complaint) -> set[int | None]:
    return accused_keys(complaint) | {complaint.decided_by_id, complaint.investigator_id}


def _managers_above(complaint: Complaint) -> Any:
    managers = User.objects.with_role(Role.MANAGER).exclude(staff_roles__role=Role.AUDITOR)
    return managers.exclude(pk__in=_keys_with_a_part(complaint) - {None})


def may_end_unaccepted(complaint: Complaint, user: Any) -> bool:
    """End what was decided one step up and is not accepted."""
    return complaint.instance > 1 and handles(complaint, user)


def may_withdraw(complaint: Complaint, user: Any) -> bool:
    return may_answer_decision(complaint, user) or is_at_the_desk(complaint, user)


def may_take_in(user: Any) -> bool:
    """Take complaints in by telephone, e-mail, letter: customer service, quality, manager."""
    return user.has_role(Role.CUSTOMER_SERVICE, Role.QUALITY, Role.MANAGER)


def may_complain(user: Any) -> bool:
    return not user.is_staff_side or may_take_in(user)


def has_complaints(user: Any) -> bool:
    return may_complain(user)


def may_issue_sheet(complaint: Complaint, user: Any) -> bool:
    return works_on(complaint, user)


def may_call(user: Any) -> bool:
    """Make follow-up calls: customer service, quality, manager."""
    return user.has_role(Role.CUSTOMER_SERVICE, Role.QUALITY, Role.MANAGER)


def may_see_calls(user: Any) -> bool:
    return may_call(user) or user.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


def may_judge(user: Any) -> bool:
    """Record quality verdicts: quality; a manager as second checker."""
    return user.has_role(Role.QUALITY, Role.MANAGER)


def may_see_summary(user: Any) -> bool:
    return user.has_role(Role.QUALITY, Role.MANAGER)


def is_responsible(action: Any, user: Any) -> bool:
    return user is not None and action.responsible_id == user.pk and not is_accused(action.complaint, user)


def may_do(action: Any, user: Any) -> bool:
    """Report an action done: who is responsible, or who works on the file."""
    return is_responsible(action, user) or works_on(action.complaint, user)


def may_check(action: Any, user: Any) -> bool:
    """Check later whether an action worked: not who carried it out."""
    return handles(action.complaint, user) and action.responsible_id != user.pk


def may_write_analysis(analysis: Any, user: Any) -> bool:
    """Write conclusions and resolutions, as long as it is not issued: quality, manager."""
    return may_see_summary(user) and analysis.is_open


def may_note_outcome(line: Any, user: Any) -> bool:
    """Say what came of a resolution: who is responsible, quality, manager."""
    return not user.is_auditor_only and (line.responsible_id == user.pk or may_see_summary(user))


def may_issue_analysis(analysis: Any, user: Any) -> bool:
    """Issue a month's analysis: quality or manager; a year's review: the manager."""
    return user.has_role(Role.MANAGER) or (analysis.kind == "month" and user.has_role(Role.QUALITY))


def may_correct_analysis(analysis: Any, user: Any) -> bool:
    return user.has_role(Role.MANAGER)


def may_answer_proposal(proposal: Any, user: Any) -> bool:
    return may_see_summary(user)


def may_ask_engineer(ticket: Ticket, user: Any) -> bool:
    """Ask for another engineer: the owner's side, while the request is open (R-14)."""
    return ticket.is_open and project_access.is_owner_side(ticket.project, user)


def may_decide_engineer(asked: EngineerRequest, user: Any) -> bool:
    return user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER)


def calls(row: Any, user: Any) -> bool:
    return may_call(user)


def involved_keys(complaint: Complaint) -> set[int]:
    """Who may not investigate: those complained of, and who worked on the request it is about (C-03)."""
    keys = set(accused_keys(complaint))
    if isinstance(complaint.subject, Ticket):
        keys |= set(complaint.subject.work_orders.values_list("engineer", flat=True))
    return keys


def investigators(complaint: Complaint) -> Any:
    """Staff who may investigate a complaint."""
    people = User.objects.staff().exclude(pk__in=involved_keys(complaint)).exclude(staff_roles__role=Role.AUDITOR)
    return people.filter(staff_roles__isnull=False).distinct().order_by("name", "pk")


def file_keepers(complaint: Complaint) -> list[Any]:
    """Quality and managers who are told of a complaint: none complained of."""
    people = User.objects.with_role(Role.QUALITY, Role.MANAGER).exclude(staff_roles__role=Role.AUDITOR)
    return list(people.exclude(pk__in=accused_keys(complaint)))


def desk(complaint: Complaint) -> list[Any]:
    """Customer service that takes it first, none complained of."""
    return list(User.objects.with_role(Role.CUSTOMER_SERVICE).exclude(pk__in=accused_keys(complaint)))


def everyone_on(complaint: Complaint) -> list[Any]:
    """Who is told how a complaint goes: the complainant, its investigator, quality and manager."""
    return [complaint.complainant, complaint.investigator, *file_keepers(complaint)]


def insiders(complaint: Complaint) -> list[Any]:
    return [complaint.investigator, *file_keepers(complaint)]


def managers(complaint: Complaint) -> list[Any]:
    """Who is told of a step up: managers, and who decides above where no manager may."""
    roles = [Role.MANAGER] if _managers_above(complaint).exists() else [Role.MANAGER, Role.ADMINISTRATOR]
    people = User.objects.with_role(*roles).exclude(pk__in=accused_keys(complaint))
    return [complaint.complainant, complaint.investigator, *people]
