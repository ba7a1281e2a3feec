"""People: staff by role, owners' people, invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import Invitation, Role, StaffRole, User
from apps.projects.models import Owner, OwnerPerson, Project, ProjectPerson

from .base import NOW, PASSWORD, serial


def make_user(*, roles: tuple[str, ...] | list[str] = (), kind: str = User.Kind.STAFF, **fields: Any) -> User:
    """Return a person; ``roles`` are staff roles."""
    n = serial()
    user = User(
        **{"username": f"person{n}", "name": f"人员{n}", "phone": f"139{n:08d}", "created_at": NOW, "kind": kind}
        | fields
    )
    user.set_password(PASSWORD)
    user.save()
    for role in roles:
        StaffRole.objects.create(user=user, role=role)
    return user


def make_staff(role: str = Role.MANAGER, *more: str, **fields: Any) -> User:
    """Return a member of staff with one role or more."""
    return make_user(roles=(role, *more), **fields)


def make_engineer(*projects: Project, **fields: Any) -> User:
    """Return an engineer who serves these projects."""
    user = make_staff(Role.ENGINEER, **fields)
    for project in projects:
        make_project_person(project=project, user=user, role=ProjectPerson.Role.ENGINEER)
    return user


def make_owner(**fields: Any) -> Owner:
    n = serial()
    return Owner.objects.create(
        **{"name": f"业主单位{n}", "address": f"江州市示范路 {n} 号", "phone": "0571-88001234"} | fields
    )


def make_owner_person(
    *, owner: Owner | None = None, kind: str = OwnerPerson.Kind.MEMBER, only: list[Project] | None = None, **fields: Any
) -> User:
    """Return an owner's person (the user); ``only`` limits a member to these projects."""
    membership = {name: fields.pop(name) for name in ("position", "is_approver") if name in fields}
    user = make_user(kind=User.Kind.OWNER, **fields)
    person = OwnerPerson.objects.create(
        user=user, owner=owner or make_owner(), kind=kind, all_projects=only is None, **membership
    )
    person.projects.set(only or [])
    return user


def make_owner_admin(owner: Owner | None = None, **fields: Any) -> User:
    return make_owner_person(owner=owner, kind=OwnerPerson.Kind.ADMIN, **fields)


def make_owner_member(owner: Owner | None = None, **fields: Any) -> User:
    return make_owner_person(owner=owner, **fields)


def make_limited_member(*projects: Project, **fields: Any) -> User:
    """Return an owner's member who sees these projects alone."""
    return make_owner_person(owner=projects[0].owner, only=list(projects), **fields)


def make_invitation(*, user: User | None = None, **fields: Any) -> Invitation:
    """Return an invitation that is open by the clock on the wall too."""
    return Invitation.objects.create(
        **{"user": user or make_user(), "invited_at": NOW, "expires_at": NOW + timedelta(days=36_500)} | fields
    )


def make_project_person(*, project: Project, user: User, role: str = ProjectPerson.Role.ENGINEER) -> ProjectPerson:
    return ProjectPerson.objects.create(project=project, user=user, role=role)
