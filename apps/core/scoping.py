"""Who may see a row: decided by the project it hangs under and by its audience. Nothing else decides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """For whose eyes a row is, among those who have its project in scope."""

    OWNER = "owner", _("Owner and staff")
    STAFF = "staff", _("Staff only")
    RESTRICTED = "restricted", _("Named people, quality and manager")


#: From open to closed: an event is never more open than its subject.
STRICTNESS = [Audience.OWNER, Audience.STAFF, Audience.RESTRICTED]

SCOPES = {"staff", "reference", "own organisation", "own"}


def stricter(*audiences: str) -> str:
    """Return the most closed of the audiences."""
    return max(audiences, key=lambda audience: STRICTNESS.index(Audience(audience)))


#: Rows from which some people are kept whatever their role, by model: a function of (person) that returns the keys.
_kept_from: dict[str, Callable[[Any], Any]] = {}


def keep_from(label: str, keys: Callable[[Any], Any]) -> None:
    """Keep from a person every restricted row that is about the rows of this model with the returned keys.

    Called from the app whose rows are kept, for its model and for what is made about its rows.
    """
    _kept_from[label] = keys


def scope_model() -> Any:
    """Return the model everything belongs to (``settings.SCOPE_MODEL``)."""
    return apps.get_model(settings.SCOPE_MODEL)


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that can be narrowed to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Narrow to the rows that ``user`` may see. Nobody signed in, or a person switched off, sees none."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        return self._in_scope(user)._for_audience(user)

    def _in_scope(self, user: Any) -> Self:
        model: Any = self.model
        if model.project_path:
            if user.sees_all_projects:
                return self
            projects = scope_model().objects.visible_to(user).values("pk")
            return self.filter(**{f"{model.project_path}__in": projects})
        if model.scope == "reference":
            return self
        if model.scope == "own":
            return self.filter(**{model.own_path: user})
        if model.scope == "own organisation":
            return self._of_organisation(user)
        return self if user.is_staff_side else self.none()

    def _of_organisation(self, user: Any) -> Self:
        """Its own people see an organisation, and staff who have one of its projects in sight."""
        model: Any = self.model
        if not user.is_staff_side:
            return self.filter(**{model.organisation_path: user})
        if user.sees_all_projects:
            return self
        served = scope_model().objects.visible_to(user).values("pk")
        return self.filter(pk__in=model._base_manager.filter(**{f"{model.organisation_projects_path}__in": served}))

    def _for_audience(self, user: Any) -> Self:
        model: Any = self.model
        if model.audience_path is None:
            return self if user.is_staff_side or model.audience == Audience.OWNER else self.none()
        if not user.is_staff_side:
            return self.filter(**{model.audience_path: Audience.OWNER})
        if user.sees_restricted:
            return self._without_kept(user)
        allowed = Q(**{f"{model.audience_path}__in": [Audience.OWNER, Audience.STAFF]})
        if model.named_people_path:
            allowed |= Q(**{model.named_people_path: user})
        return self.filter(allowed)._without_kept(user)

    def _without_kept(self, user: Any) -> Self:
        """Leave out restricted rows about something that is kept from this very person."""
        from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415  models are not loaded yet

        model: Any = self.model
        if model.about_paths is None or not _kept_from:
            return self
        kind, key = model.about_paths
        kept = Q()
        for label, keys in _kept_from.items():
            about = ContentType.objects.get_for_model(apps.get_model(label))
            kept |= Q(**{kind: about, f"{key}__in": keys(user)})
        return self.exclude(kept & Q(**{model.audience_path: Audience.RESTRICTED}))


class ScopedModel(models.Model):
    """Base of every model of ours. A subclass declares where its project is, or what else limits it.

    Exactly one of ``project_path`` (a lookup to the project, ``"ticket__project"``) and ``scope``:
    ``"staff"`` (the contractor's people), ``"reference"`` (everybody signed in), ``"own organisation"``
    (staff who have one of its projects in sight, found by ``organisation_projects_path``, and the organisation's
    people, to whose user ``organisation_path`` leads), ``"own"`` (the person at ``own_path``).
    And its audience: the constant ``audience``, or ``audience_path``, a lookup to a column that holds one.
    Rows about any other row name the columns of its kind and key (``about_paths``).
    """

    project_path: str | None = None
    scope: str | None = None
    organisation_path: str | None = None
    organisation_projects_path: str | None = None
    own_path: str | None = None
    audience: str | None = None
    audience_path: str | None = None
    named_people_path: str | None = None
    about_paths: tuple[str, str] | None = None

    objects: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_known_to(self, person: Any) -> bool:
        """Say whether a person may be told of a restricted event about this row."""
        return bool(person.is_staff_side and person.sees_restricted)

    def is_told_when_late(self, person: Any) -> bool:
        """Say whether the ladder reaches a person about this row (R-15), by its number alone where it is not theirs."""
        return self.is_known_to(person)
