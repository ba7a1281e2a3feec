"""People as querysets."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Aggregate, CharField, Exists, OuterRef, Q, Subquery
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce

from apps.core.scoping import ScopedQuerySet

from .rules import plain_identifier, plain_phone


class Joined(Aggregate):
    """The values of a column, with a blank between them."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **context)


class UserQuerySet(ScopedQuerySet):
    def staff(self) -> Self:
        """Staff who may sign in."""
        return self.filter(kind="staff", is_active=True)

    def with_role(self, *roles: str) -> Self:
        return self.staff().filter(staff_roles__role__in=roles).distinct()

    def known_as(self, identifier: str) -> Self:
        """People whom a user name, an e-mail address or a telephone number names."""
        plain = plain_identifier(identifier)
        return self.filter(Q(username__iexact=plain) | Q(email__iexact=plain) | Q(phone=plain_phone(plain)))

    def administrators(self) -> Self:
        """Those who can run the portal: an auditor changes nothing, whatever other roles they hold."""
        return self.with_role("administrator").exclude(staff_roles__role="auditor")

    def noting_roles(self) -> Self:
        """Note on each person the roles they hold, with the same query."""
        held = (
            self.model._base_manager.filter(pk=OuterRef("pk")).values("pk").annotate(held=Joined("staff_roles__role"))
        )
        return self.annotate(noted_roles=Coalesce(Subquery(held.values("held")), Value("")))

    def noting_projects(self) -> Self:
        """Note on each person whether they run a project, with the same query.

        The projects lie above; only the name of their relation is known here.
        """
        running = self.model._base_manager.filter(pk=OuterRef("pk"), project_roles__role="manager")
        return self.annotate(runs_projects=Exists(running))


class UserManager(BaseUserManager[Any]):
    def create_user(self, username: str, name: str, password: str | None = None, **fields: Any) -> Any:
        """Create a person; without a password they cannot sign in until they accept an invitation."""
        user = self.model(username=username, name=name, **fields)
        user.set_password(password)
        user.save()
        return user


PeopleManager = UserManager.from_queryset(UserQuerySet)
