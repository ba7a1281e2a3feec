"""Projects, owners and equipment as querysets. Here is the one rule of who sees a project."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q

from apps.core.scoping import ScopedQuerySet


class ProjectQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Narrow to the projects in a person's scope (model, "People and what they may do").

        Most staff roles see all; engineers and trainers those with a ``ProjectPerson`` row of theirs; an owner admin
        all of the organisation; a member those, or only the listed ones.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.sees_all_projects:
            return self
        if user.is_staff_side:
            from .models import ProjectPerson  # noqa: PLC0415  models import this module

            return self.filter(pk__in=ProjectPerson.objects.filter(user=user).values("project"))
        from .models import OwnerPerson  # noqa: PLC0415

        membership = OwnerPerson.objects.filter(user=user)
        return self.filter(
            Q(owner__in=membership.filter(Q(kind=OwnerPerson.Kind.ADMIN) | Q(all_projects=True)).values("owner"))
            | Q(
                pk__in=membership.filter(kind=OwnerPerson.Kind.MEMBER, all_projects=False).values("projects"),
                owner__in=membership.values("owner"),
            )
        )

    def in_service(self) -> Self:
        return self.filter(status__in=["handed_over", "in_service"])

    def with_people(self) -> Self:
        """Bring along who serves each project, our names included, in one query."""
        from .models import ProjectPerson  # noqa: PLC0415

        return self.prefetch_related(Prefetch("people", ProjectPerson.objects.select_related("user")))
