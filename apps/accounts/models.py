"""Users, their staff roles, and the invitations by which they set a first or a new password."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from .queries import PeopleManager


class Role(models.TextChoices):
    """What a member of staff does; a person may hold several."""

    MANAGER = "manager", _("Manager")
    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    TECHNICAL_SUPPORT = "technical_support", _("Technical support")
    ENGINEER = "engineer", _("Engineer")
    TRAINER = "trainer", _("Trainer")
    STOREKEEPER = "storekeeper", _("Storekeeper")
    FINANCE = "finance", _("Finance")
    QUALITY = "quality", _("Quality")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


#: Staff who see every project; engineers and trainers see those they serve.
SEE_ALL_PROJECTS = frozenset(Role) - {Role.ENGINEER, Role.TRAINER}


class User(AbstractBaseUser, ScopedModel):
    """A person who signs in, by user name, e-mail or telephone number: staff, or an owner's person, never both."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        OWNER = "owner", _("Owner's person")

    scope = "staff"
    audience = Audience.STAFF

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("full name"), max_length=60)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("telephone"), max_length=30, null=True, blank=True, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.STAFF)
    is_active = models.BooleanField(_("may sign in"), default=True)
    licence_number = models.CharField(_("work licence"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    #: Part of the session hash: raising it ends every session of the person.
    session_epoch = models.PositiveIntegerField(default=0)
    search_text = FragmentField(sources=("name", "username", "phone", "email"))

    #: Noted by ``noting_projects``: the person runs a project.
    runs_projects = False
    #: Noted by ``noting_roles``: the roles, with blanks between them.
    noted_roles: str | None = None

    # A manager of its own kind, because it also makes users.
    objects: ClassVar[PeopleManager] = PeopleManager()  # type: ignore[assignment]

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_email_and_phone_not_blank",
                condition=(Q(email__isnull=True) | ~Q(email="")) & (Q(phone__isnull=True) | ~Q(phone="")),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "name"], name="user_by_kind_and_name"),
            FragmentIndex(fields=["search_text"], name="user_fragments"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:detail", args=[self.pk])

    @property
    def is_staff_side(self) -> bool:
        return self.kind == self.Kind.STAFF

    @cached_property
    def roles(self) -> frozenset[str]:
        """The person's staff roles; none for an owner's person."""
        if not self.is_staff_side:
            return frozenset()
        if self.noted_roles is not None:
            return frozenset(self.noted_roles.split())
        return frozenset(row.role for row in self.staff_roles.all())

    def has_role(self, *wanted: str) -> bool:
        return not self.roles.isdisjoint(wanted)

    @property
    def sees_all_projects(self) -> bool:
        return not self.roles.isdisjoint(SEE_ALL_PROJECTS)

    @property
    def sees_restricted(self) -> bool:
        return self.has_role(Role.QUALITY, Role.MANAGER)

    @property
    def is_auditor_only(self) -> bool:
        """The auditor reads everything and changes nothing, whatever other roles the person was given."""
        return Role.AUDITOR in self.roles

    @property
    def role_names(self) -> list[str]:
        """What the person is called: who runs projects is a project manager, and not one more engineer."""
        held = [role for role in Role if role in self.roles and not (self.runs_projects and role == Role.ENGINEER)]
        return [gettext("Project manager")] * self.runs_projects + [str(role.label) for role in held]

    def get_session_auth_hash(self) -> str:
        return salted_hmac(
            "apps.accounts.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())


class StaffRole(ScopedModel):
    """One role of one member of staff."""

    scope = "staff"
    audience = Audience.STAFF

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_held_once")]
        indexes = [models.Index(fields=["role"], name="staff_by_role")]

    def __str__(self) -> str:
        return str(self.get_role_display())


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Invitation(ScopedModel):
    """A link by which a person sets a password, once, within its days. It can be printed for those without mail."""

    scope = "staff"
    audience = Audience.STAFF

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    secret = models.CharField(max_length=64, unique=True, default=new_secret)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.invited_at:%Y-%m-%d}"

    def is_open(self, now: Any) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at
