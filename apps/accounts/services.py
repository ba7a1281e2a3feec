"""Everything that is written about people: who they are, their roles, their way in, and their way out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience

from .models import Invitation, Role, StaffRole, User
from .rules import is_phone, plain_identifier, plain_phone

#: Long enough for a letter to arrive and be answered.
INVITATION_DAYS = 14

CREATED = declare_event("accounts.user.created", gettext_lazy("Person added"), icon="user-plus", tone="info")
CHANGED = declare_event("accounts.user.changed", gettext_lazy("Particulars changed"), icon="edit")
ROLES_CHANGED = declare_event(
    "accounts.user.roles_changed", gettext_lazy("Roles changed"), icon="user-cog", tone="info"
)
INVITED = declare_event("accounts.user.invited", gettext_lazy("Invited"), icon="mail", tone="info")
WITHDRAWN = declare_event("accounts.user.invitation_withdrawn", gettext_lazy("Invitation withdrawn"), icon="ban")
ACCEPTED = declare_event(
    "accounts.user.invitation_accepted", gettext_lazy("Invitation accepted"), icon="circle-check", tone="ok"
)
PASSWORD_SET = declare_event("accounts.user.password_set", gettext_lazy("Password changed"), icon="lock")
SWITCHED_OFF = declare_event("accounts.user.switched_off", gettext_lazy("Switched off"), icon="user-off", tone="bad")
SWITCHED_ON = declare_event(
    "accounts.user.switched_on", gettext_lazy("Switched on again"), icon="user-check", tone="ok"
)


def create_person(
    *,
    name: str,
    actor: Any,
    now: datetime,
    username: str = "",
    email: str | None = None,
    phone: str | None = None,
    kind: str = User.Kind.STAFF,
    roles: Iterable[str] = (),
    licence_number: str = "",
    password: str | None = None,
) -> User:
    """Create a person, who without a password cannot sign in until they accept an invitation.

    Without a user name the telephone number or the e-mail address serves as one.
    """
    with transaction.atomic():
        person = User(name=name.strip(), kind=kind, licence_number=licence_number.strip(), created_at=now)
        _identify(person, username=username, email=email, phone=phone)
        if password is not None:
            check_password(password, person, field="password")
        person.set_password(password)
        _save(person)
        _record(person, CREATED, actor, now, kind=kind, note=person.name)
        if wanted := set(roles):
            set_roles(person, wanted, actor=actor, now=now)
    return person


def change_person(
    person: User,
    *,
    name: str,
    actor: Any,
    now: datetime,
    username: str,
    email: str | None,
    phone: str | None,
    licence_number: str | None = None,
) -> User:
    """Change who a person is and by what they sign in."""
    with transaction.atomic():
        person = lock(person)
        before = values_of(person)
        person.name = name.strip()
        if licence_number is not None:
            person.licence_number = licence_number.strip()
        _identify(person, username=username, email=email, phone=phone)
        _save(person)
        record_change(person, before, actor=actor, now=now)
    return person


def set_roles(person: User, roles: Iterable[str], *, actor: Any, now: datetime) -> User:
    """Give a member of staff exactly these roles. Somebody who can administer always remains."""
    wanted = {Role(role) for role in roles}
    with transaction.atomic():
        _lock_administrators()
        person = lock(person)
        if wanted and not person.is_staff_side:
            raise DomainError(
                _("An owner's person holds no staff role. Invite a member of staff instead."), field="roles"
            )
        held = {Role(role) for role in StaffRole.objects.filter(user=person).values_list("role", flat=True)}
        if wanted == held:
            return person
        StaffRole.objects.filter(user=person, role__in=held - wanted).delete()
        StaffRole.objects.bulk_create(StaffRole(user=person, role=role) for role in Role if role in wanted - held)
        if Role.ADMINISTRATOR in held:
            _refuse_to_lose_the_last_administrator("roles")
        names = "、".join(str(role.label) for role in Role if role in wanted)
        _record(person, ROLES_CHANGED, actor, now, before=sorted(held), after=sorted(wanted), note=names)
    return person


def switch_off(person: User, *, actor: Any, now: datetime, reason: str = "") -> User:
    """Take a person's access away: their sessions end at once and open invitations are withdrawn."""
    with transaction.atomic():
        _lock_administrators()
        person = lock(person)
        if person == actor:
            raise DomainError(_("You cannot switch yourself off. Ask another administrator."))
        if not person.is_active:
            return person
        person.is_active = False
        person.session_epoch += 1
        person.save(update_fields=["is_active", "session_epoch"])
        if StaffRole.objects.filter(user=person, role=Role.ADMINISTRATOR).exists():
            _refuse_to_lose_the_last_administrator(None)
        _open_invitations(person).update(withdrawn_at=now)
        _record(person, SWITCHED_OFF, actor, now, note=reason.strip())
    return person


def switch_on(person: User, *, actor: Any, now: datetime) -> User:
    """Give a person their access back; they sign in anew."""
    with transaction.atomic():
        person = lock(person)
        if not person.is_active:
            person.is_active = True
            person.save(update_fields=["is_active"])
            _record(person, SWITCHED_ON, actor, now)
    return person


def invite(person: User, *, actor: Any, now: datetime) -> Invitation:
    """Make a link by which a person sets a password, once; an older one is withdrawn."""
    with transaction.atomic():
        person = lock(person)
        if not person.is_active:
            raise DomainError(_("%(name)s is switched off. Switch them on first, then invite.") % {"name": person.name})
        _open_invitations(person).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            user=person, invited_by=actor, invited_at=now, expires_at=now + timedelta(days=INVITATION_DAYS)
        )
        _record(person, INVITED, actor, now)
    return invitation


def withdraw_invitation(person: User, *, actor: Any, now: datetime) -> None:
    """Make a person's open invitation useless."""
    with transaction.atomic():
        if _open_invitations(lock(person)).update(withdrawn_at=now):
            _record(person, WITHDRAWN, actor, now)


def open_invitation_of(person: User, now: datetime) -> Invitation | None:
    """Return the invitation by which a person can set a password now."""
    found: Invitation | None = _open_invitations(person).filter(expires_at__gt=now, user__is_active=True).first()
    return found


def invitation_by(secret: str, now: datetime) -> Invitation | None:
    """Return the open invitation behind a link; None when there is none, or it is used, withdrawn or too old."""
    invitation = Invitation.objects.filter(secret=secret).select_related("user").first()
    usable = invitation is not None and invitation.user.is_active and invitation.is_open(now)
    return invitation if usable else None


def accept_invitation(secret: str, *, password: str, now: datetime) -> User:
    """Set the password of the invited person, once and before the invitation expires."""
    with transaction.atomic():
        found = invitation_by(secret, now)
        if found is None:
            raise DomainError(_("This invitation has been used, withdrawn, or is too old. Ask for a new one."))
        invitation = lock(found)
        person: User = lock(invitation.user)
        if not invitation.is_open(now) or not person.is_active:
            raise DomainError(_("This invitation has been used, withdrawn, or is too old. Ask for a new one."))
        check_password(password, person, field="password1")
        person.set_password(password)
        person.session_epoch += 1
        person.save(update_fields=["password", "session_epoch"])
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        _record(person, ACCEPTED, person, now)
    return person


def set_password(person: User, password: str, *, now: datetime) -> None:
    """Replace a person's password after they proved who they are; their other sessions end."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        _record(person, PASSWORD_SET, person, now)


def invitation_link(invitation: Invitation) -> str:
    """Return the address that an invitation is opened by, as it is shown and printed."""
    return f"{settings.PUBLIC_URL}{reverse('accounts:accept', args=[invitation.secret])}"


def check_password(password: str, person: User, *, field: str) -> None:
    """Refuse a weak password in words that say what a good one needs."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field=field) from error


def clear_sessions() -> None:
    """Delete the sessions that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _record(person: User, name: str, actor: Any, now: datetime, **data: Any) -> None:
    record(person, name, actor=actor, now=now, audience=Audience.STAFF, data=data)


def _open_invitations(person: User) -> Any:
    return Invitation.objects.filter(user=person, accepted_at=None, withdrawn_at=None)


def _identify(person: User, *, username: str, email: str | None, phone: str | None) -> None:
    """Set what a person signs in by, and refuse what already names somebody else in any of the three ways."""
    person.email = plain_identifier(email or "").lower() or None
    person.phone = plain_phone(phone or "") or None
    if person.phone is not None and not is_phone(person.phone):
        raise DomainError(
            _("This is not a telephone number. Use digits, such as 13800138000 or 0571-88880000."), field="phone"
        )
    person.username = plain_identifier(username) or person.phone or person.email or ""
    if not person.username:
        raise DomainError(
            _("Give a user name, a telephone number or an e-mail address to sign in by."), field="username"
        )
    for field in ("phone", "email", "username"):
        value = getattr(person, field)
        if value and User.objects.known_as(value).exclude(pk=person.pk).exists():
            raise DomainError(
                _("“%(value)s” already belongs to somebody else. Look for them in the list, or use another.")
                % {"value": value},
                field=field,
            )


def _save(person: User) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # somebody else took it a moment ago
        raise DomainError(_("Somebody with this user name, e-mail or telephone was added a moment ago.")) from error


def _lock_administrators() -> None:
    """Let one change of administrators happen at a time, so that two cannot remove each other."""
    list(StaffRole.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))


def _refuse_to_lose_the_last_administrator(field: str | None) -> None:
    if not User.objects.administrators().exists():
        raise DomainError(
            _("This is the last active administrator. Make somebody else administrator first."), field=field
        )
