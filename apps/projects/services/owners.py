"""Writing owners and their people: who may act for an organisation, and for which of its projects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import services as accounts
from apps.accounts.models import Invitation, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience

from ..models import Owner, OwnerPerson, Project

CREATED = declare_event("projects.owner.created", gettext_lazy("Owner added"), icon="building", tone="info")
CHANGED = declare_event("projects.owner.changed", gettext_lazy("Owner's particulars changed"), icon="edit")
PERSON_ADDED = declare_event("projects.owner.person_added", gettext_lazy("Owner's person added"), icon="user-plus")
PERSON_CHANGED = declare_event("projects.owner.person_changed", gettext_lazy("Owner's person changed"), icon="user-cog")


def create_owner(*, name: str, actor: Any, now: datetime, address: str = "", phone: str = "") -> Owner:
    """Add a customer organisation."""
    with transaction.atomic():
        owner = Owner()
        _describe(owner, name=name, address=address, phone=phone)
        record(owner, CREATED, actor=actor, now=now)
    return owner


def change_owner(owner: Owner, *, name: str, actor: Any, now: datetime, address: str, phone: str) -> Owner:
    """Change an owner's name and address."""
    with transaction.atomic():
        owner = lock(owner)
        before = values_of(owner)
        _describe(owner, name=name, address=address, phone=phone)
        record_change(owner, before, actor=actor, now=now)
    return owner


def add_owner_person(
    owner: Owner,
    *,
    name: str,
    actor: Any,
    now: datetime,
    username: str = "",
    email: str | None = None,
    phone: str | None = None,
    kind: str = OwnerPerson.Kind.MEMBER,
    position: str = "",
    is_approver: bool = False,
    all_projects: bool = True,
    projects: Iterable[Project] = (),
) -> OwnerPerson:
    """Add a person of an owner as a new user; nobody is both staff and owner's person."""
    with transaction.atomic():
        user = accounts.create_person(
            username=username, name=name, email=email, phone=phone, kind=User.Kind.OWNER, actor=actor, now=now
        )
        person = OwnerPerson.objects.create(owner=owner, user=user, kind=kind)
        _limit(
            person,
            kind=kind,
            position=position,
            is_approver=is_approver,
            all_projects=all_projects,
            projects=projects,
        )
        _record(person, PERSON_ADDED, actor, now)
    return person


def change_owner_person(
    person: OwnerPerson,
    *,
    actor: Any,
    now: datetime,
    kind: str,
    position: str = "",
    is_approver: bool = False,
    all_projects: bool = True,
    projects: Iterable[Project] = (),
) -> OwnerPerson:
    """Change what a person may do for their organisation, and for which of its projects."""
    with transaction.atomic():
        _lock_people_of(person.owner)
        person = lock(person)
        was_admin = person.kind == OwnerPerson.Kind.ADMIN
        before = values_of(person)
        seen = sorted(project.number for project in person.projects.all())
        _limit(
            person,
            kind=kind,
            position=position,
            is_approver=is_approver,
            all_projects=all_projects,
            projects=projects,
        )
        if was_admin and kind != OwnerPerson.Kind.ADMIN:
            _refuse_to_lose_the_last_admin(person.owner, "kind")
        sees = sorted(project.number for project in person.projects.all())
        if values_of(person) != before or seen != sees:
            _record(person, PERSON_CHANGED, actor, now, projects=[seen, sees])
    return person


def switch_owner_person(person: OwnerPerson, *, on: bool, actor: Any, now: datetime, reason: str = "") -> OwnerPerson:
    """Take an owner's person's access away, at once, or give it back. An owner admin always remains to act."""
    with transaction.atomic():
        _lock_people_of(person.owner)
        if on:
            accounts.switch_on(person.user, actor=actor, now=now)
        else:
            accounts.switch_off(person.user, actor=actor, now=now, reason=reason)
            # Our administrator may close a whole organisation; its own people may not lock it out.
            if person.kind == OwnerPerson.Kind.ADMIN and not actor.is_staff_side:
                _refuse_to_lose_the_last_admin(person.owner, None)
        return OwnerPerson.objects.select_related("user").get(pk=person.pk)


def invite_owner_person(person: OwnerPerson, *, actor: Any, now: datetime) -> Invitation:
    """Make a new invitation for an owner's person.

    An owner admin invites those who have no password yet; whoever has one resets it themselves or asks us, so that
    no admin can take over, and sign with, a colleague's account.
    """
    if not actor.is_staff_side and person.user.has_usable_password():
        raise DomainError(
            _("%(name)s already has a password. They can reset it by mail, or we can send a new invitation.")
            % {"name": person.user.name}
        )
    return accounts.invite(person.user, actor=actor, now=now)


def _record(person: OwnerPerson, name: str, actor: Any, now: datetime, **data: Any) -> None:
    """Write what happened to a person into the history of their organisation: they have no page of their own."""
    note = f"{person.user.name} · {person.get_kind_display()}"
    record(person.owner, name, actor=actor, now=now, audience=Audience.STAFF, data={"note": note, **data})


def _describe(owner: Owner, **values: str) -> None:
    for field, value in values.items():
        setattr(owner, field, value.strip())
    try:
        with transaction.atomic():
            owner.save()
    except IntegrityError as error:
        raise DomainError(_("An owner of this name is already in the list. Use that one."), field="name") from error


def _limit(
    person: OwnerPerson, *, kind: str, position: str, is_approver: bool, all_projects: bool, projects: Iterable[Project]
) -> None:
    listed = list(projects)
    if any(project.owner_id != person.owner_id for project in listed):
        raise DomainError(_("A project of another owner cannot be given. Choose from this owner's."), field="projects")
    limited = kind == OwnerPerson.Kind.MEMBER and not all_projects
    if limited and not listed:
        raise DomainError(_("Choose at least one project, or let them see all."), field="projects")
    person.kind, person.position, person.is_approver = kind, position.strip(), is_approver
    person.all_projects = not limited
    person.save()
    person.projects.set(listed if limited else [])


def _lock_people_of(owner: Owner) -> None:
    """Let one change of an owner's admins happen at a time, so that two cannot remove each other."""
    Owner.objects.select_for_update().get(pk=owner.pk)


def _refuse_to_lose_the_last_admin(owner: Owner, field: str | None) -> None:
    if not OwnerPerson.objects.filter(owner=owner, kind=OwnerPerson.Kind.ADMIN, user__is_active=True).exists():
        raise DomainError(_("This is the last admin of the organisation. Make somebody else admin first."), field=field)
