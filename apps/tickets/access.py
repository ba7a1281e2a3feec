"""Who may do what with requests and work orders: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from apps.accounts.models import Role, User
from apps.projects import access as project_access
from apps.projects.models import Project, ProjectPerson

from .models import Ticket, WorkOrder

#: Where a step that takes an order away notes, for the rest of it, from whom.
RELIEVED = "relieved_engineer"
BEFORE_WORK = {Ticket.Status.NEW, Ticket.Status.ACKNOWLEDGED}


def may_open(user: Any) -> bool:
    """Owner's people, customer service, technical support, manager; engineers on the projects they see."""
    return not user.is_staff_side or user.has_role(
        Role.CUSTOMER_SERVICE, Role.TECHNICAL_SUPPORT, Role.MANAGER, Role.ENGINEER
    )


def may_open_on(project: Project, user: Any, *, told: list[Any]) -> bool:
    """Open a request on this project, which the person must have in sight.

    ``told`` are its owner's people and the dispatchers, who are read to be told anyway: who is among them sees it.
    """
    if not may_open(user) or not user.is_active:
        return False
    if user in told and not user.is_staff_side:
        return True
    return Project.objects.visible_to(user).filter(pk=project.pk).exists()


def may_write_message(ticket: Ticket, user: Any) -> bool:
    return may_open(user) or user.has_role(Role.QUALITY)


def is_dispatcher(user: Any) -> bool:
    return user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER)


def may_acknowledge(ticket: Ticket, user: Any) -> bool:
    return user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER, Role.TECHNICAL_SUPPORT)


def may_dispatch(ticket: Ticket, user: Any) -> bool:
    """Triage, dispatch, reassign: customer service and manager."""
    return is_dispatcher(user)


def may_answer(ticket: Ticket, user: Any) -> bool:
    """Answer a consultation or a suggestion, for which nobody is sent (R-05)."""
    asks = {Ticket.Kind.CONSULTATION, Ticket.Kind.SUGGESTION}
    return ticket.kind in asks and user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER, Role.TECHNICAL_SUPPORT)


def is_owner_side(ticket: Ticket, user: Any) -> bool:
    """An owner's person who has the request's project in sight; asked once a row and person, not once a button."""
    known = ticket.__dict__.setdefault("_owner_side", {})
    if user.pk not in known:
        known[user.pk] = project_access.is_owner_side(ticket.project, user)
    return known[user.pk]


def note_in_sight(ticket: Ticket, user: Any) -> None:
    """Remember of a row that was loaded through the person's scope that its project is in their sight."""
    ticket.__dict__.setdefault("_owner_side", {})[user.pk] = not user.is_staff_side


def may_say_not_fixed(ticket: Ticket, user: Any) -> bool:
    """The owner, or who takes the owner's call."""
    return is_dispatcher(user) or is_owner_side(ticket, user)


def may_confirm_by_telephone(ticket: Ticket, user: Any) -> bool:
    return is_dispatcher(user)


def may_cancel(ticket: Ticket, user: Any) -> bool:
    """Customer service and manager at any time; the owner as long as nobody was sent."""
    return is_dispatcher(user) or (ticket.status in BEFORE_WORK and is_owner_side(ticket, user))


def is_assigned_engineer(order: WorkOrder, user: Any) -> bool:
    """The engineer the order was issued to; technical support for remote orders."""
    if order.engineer_id == user.pk:
        return True
    return order.mode == WorkOrder.Mode.REMOTE and user.has_role(Role.TECHNICAL_SUPPORT)


def is_assigned_field_engineer(order: WorkOrder, user: Any) -> bool:
    return order.mode == WorkOrder.Mode.FIELD and is_assigned_engineer(order, user)


def may_start(order: WorkOrder, user: Any) -> bool:
    """A remote order starts when it is accepted; a field order when the engineer has arrived."""
    on_site = order.status == WorkOrder.Status.ARRIVED
    return is_assigned_engineer(order, user) and (on_site or order.mode == WorkOrder.Mode.REMOTE)


def may_manage_order(order: WorkOrder, user: Any) -> bool:
    return is_dispatcher(user)


def may_issue_sheet(order: WorkOrder, user: Any) -> bool:
    """Have the repair sheet signed and issued: the assigned engineer, customer service, manager."""
    return is_assigned_engineer(order, user) or is_dispatcher(user)


def may_register_call(user: Any) -> bool:
    """Take requests in by telephone and letter: who triages, and technical support."""
    return user.has_role(Role.CUSTOMER_SERVICE, Role.MANAGER, Role.TECHNICAL_SUPPORT)


def may_see_dispatch(user: Any) -> bool:
    """Look at the dispatch lists: who dispatches, and the staff roles that see every project."""
    return user.is_staff_side and user.sees_all_projects


def people_to_send() -> Any:
    """Return who may be given a work order: engineers, technical support, who runs or is named for a project (R-07)."""
    by_role = Q(staff_roles__role__in=[Role.ENGINEER, Role.TECHNICAL_SUPPORT])
    by_project = Q(project_roles__role__in=[ProjectPerson.Role.MANAGER, ProjectPerson.Role.DESIGNATED_ENGINEER])
    return User.objects.staff().filter(by_role | by_project).exclude(staff_roles__role=Role.AUDITOR).distinct()


def may_be_sent(user: Any) -> bool:
    return people_to_send().filter(pk=user.pk).exists()


def dispatchers() -> Any:
    """Return the people who are told what must be dispatched."""
    return User.objects.with_role(Role.CUSTOMER_SERVICE)


def concerned_by_ticket(ticket: Ticket) -> list[Any]:
    """Return the owner's people of the project and the engineers who work on the ticket."""
    engineers = User.objects.staff().filter(work_orders__ticket=ticket).distinct()
    return [*project_access.owner_people(ticket.project), *engineers]


def concerned_by_order(order: WorkOrder) -> list[Any]:
    """Return the owner's people, the engineer (and the one relieved in this very step) and who dispatched."""
    relieved = getattr(order, RELIEVED, None)
    return [*project_access.owner_people(order.ticket.project), order.engineer, relieved, order.dispatched_by]


def engineer_and_dispatcher(order: WorkOrder) -> list[Any]:
    return [order.engineer, order.dispatched_by]


def owner_and_dispatchers(ticket: Ticket) -> list[Any]:
    return told_on(ticket.project)


def told_on(project: Project) -> list[Any]:
    """Return the people who are told of a new request: the project's owner side and who dispatches."""
    is_dispatcher = Q(is_active=True, kind=User.Kind.STAFF, staff_roles__role=Role.CUSTOMER_SERVICE)
    return list(User.objects.filter(project_access.sees_as_owner(project) | is_dispatcher).distinct())


def may_note_milestone(ticket: Ticket, user: Any) -> bool:
    """Note progress: who takes calls, who supports, who leads the project, who works on it."""
    return may_register_call(user) or may_pause(ticket, user)


def may_pause(ticket: Ticket, user: Any) -> bool:
    """Let the promises of a request stand still: who dispatches, who leads the project, who works on it."""
    return (
        is_dispatcher(user)
        or project_access.is_project_manager(ticket.project, user)
        or ticket.work_orders.going_on().filter(engineer=user.pk).exists()
    )


def may_issue_promise_sheet(ticket: Ticket, user: Any) -> bool:
    """Put on paper what was promised and kept: who dispatches, and who leads the project."""
    return is_dispatcher(user) or project_access.is_project_manager(ticket.project, user)


def may_set_complexity(order: WorkOrder, user: Any) -> bool:
    """Say at locate-and-plan whether the repair is complex (R-03): the assigned engineer, while on site or at work."""
    at_work = order.status in {WorkOrder.Status.ARRIVED, WorkOrder.Status.WORKING}
    return at_work and order.round == order.ticket.round and is_assigned_engineer(order, user)
