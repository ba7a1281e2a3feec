"""Who may do what with a project and what hangs under it: named predicates of (row, person)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from apps.accounts.models import Role, User

from .models import Owner, OwnerPerson, Project, ProjectPerson


def is_owner_side(project: Project, user: Any) -> bool:
    """An owner's person who has the project in sight."""
    return not user.is_staff_side and Project.objects.visible_to(user).filter(pk=project.pk).exists()


def is_owner_admin(user: Any) -> bool:
    return _is_admin(_membership(user))


def is_project_manager(project: Project, user: Any) -> bool:
    return ProjectPerson.Role.MANAGER in _roles_on(project, user)


def serves(project: Project, user: Any) -> bool:
    """One of ours with a row in the project's people."""
    return user.is_staff_side and bool(_roles_on(project, user))


def may_create_projects(user: Any) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR)


def may_hand_over(project: Project, user: Any) -> bool:
    """Create or hand over a project, issue cards: manager, administrator, project manager."""
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR) or is_project_manager(project, user)


def sees_amounts(user: Any) -> bool:
    """Contract amounts: finance, manager, administrator, and the owner's admin."""
    return user.has_role(Role.FINANCE, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR) or is_owner_admin(user)


def owner_people(project: Project) -> list[Any]:
    """The owner's people who have this project in sight and may sign in."""
    return list(User.objects.filter(sees_as_owner(project)).distinct())


def sees_as_owner(project: Project) -> Q:
    """The condition on people for ``owner_people``, to be joined with others."""
    whole = Q(owner_person__kind=OwnerPerson.Kind.ADMIN) | Q(owner_person__all_projects=True)
    limited = Q(owner_person__projects=project.pk)
    return Q(is_active=True, owner_person__owner=project.owner_id) & (whole | limited)


def project_manager(project: Project) -> Any:
    """The project's manager on our side, or None."""
    row = ProjectPerson.objects.filter(project=project, role=ProjectPerson.Role.MANAGER).select_related("user").first()
    return row.user if row else None


def may_change_owners(user: Any) -> bool:
    """Owners are kept by those who create projects."""
    return may_create_projects(user)


def may_manage_owner_people(owner: Owner, user: Any) -> bool:
    """Invite, change and switch off an owner's people: our administrator, and the admin of that very owner."""
    if user.is_auditor_only:
        return False
    if user.is_staff_side:
        return user.has_role(Role.ADMINISTRATOR)
    membership = _membership(user)
    return membership is not None and _is_admin(membership) and membership.owner_id == owner.pk


def may_keep_equipment(project: Project, user: Any) -> bool:
    """Keep sites and equipment up to date: who sees the project on our side and works with it."""
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR, Role.CUSTOMER_SERVICE, Role.TECHNICAL_SUPPORT) or serves(
        project, user
    )


def may_keep_models(user: Any) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR, Role.TECHNICAL_SUPPORT)


def may_list_owners(user: Any) -> bool:
    return user.sees_all_projects


def may_import(user: Any) -> bool:
    """Imports are the administrator's."""
    return user.has_role(Role.ADMINISTRATOR)


def staff_to_choose(*roles: str) -> Any:
    """Staff who may sign in and can be given work, with any of the roles if some are named; by name."""
    return (User.objects.with_role(*roles) if roles else User.objects.staff()).order_by("name", "pk")


def _membership(user: Any) -> OwnerPerson | None:
    """Return where an owner's person belongs; read once a request, as Django keeps it on the user."""
    return None if user.is_staff_side else getattr(user, "owner_person", None)


def _is_admin(membership: OwnerPerson | None) -> bool:
    return membership is not None and membership.kind == OwnerPerson.Kind.ADMIN


def _roles_on(project: Project, user: Any) -> set[str]:
    """Return what a person is to a project; asked once a row and person, never where the people came along."""
    if "people" in getattr(project, "_prefetched_objects_cache", {}):
        return {row.role for row in project.people.all() if row.user_id == user.pk}
    known: dict[Any, set[str]] = project.__dict__.setdefault("_roles", {})
    if user.pk not in known:
        roles = ProjectPerson.objects.filter(project=project, user=user).values_list("role", flat=True)
        known[user.pk] = set(roles)
    return known[user.pk]
