"""Courses, sessions and what belongs to persons as querysets; here is who sees which of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.db.models import Avg, Count, Exists, OuterRef, Q

from apps.accounts.models import Role
from apps.core.scoping import ScopedQuerySet
from apps.projects.models import OwnerPerson, Project

#: A session that is still to come.
COMING = ["planned", "open"]


def _projects(user: Any) -> Any:
    return Project.objects.visible_to(user).values("pk")


def _own_people(user: Any) -> Any:
    """The organisation whose people an owner's admin answers for."""
    return OwnerPerson.objects.filter(user=user, kind=OwnerPerson.Kind.ADMIN).values("owner")


class CourseQuerySet(ScopedQuerySet):
    def taught(self) -> Self:
        return self.filter(is_active=True)

    def counted(self) -> Self:
        """Count what belongs to each course."""
        return self.annotate(
            question_count=Count("questions", filter=Q(questions__is_active=True), distinct=True),
            material_count=Count("materials", distinct=True),
            session_count=Count("sessions", distinct=True),
        )


class SessionQuerySet(ScopedQuerySet):
    """Sessions of the projects in sight, one's own as a trainer, and the classes that are open to all."""

    def _in_scope(self, user: Any) -> Self:
        if user.sees_all_projects:
            return self
        return self.filter(Q(project__in=_projects(user)) | Q(project=None) | Q(trainer=user))

    def coming(self) -> Self:
        return self.filter(status__in=COMING).order_by("starts_at", "pk")

    def to_finish(self, user: Any) -> Self:
        """A trainer's sessions that are still to be held or closed."""
        return self.filter(trainer=user, status__in=[*COMING, "held"]).order_by("starts_at", "pk")

    def counted(self) -> Self:
        """Count who is registered, who waits and who was there."""
        return self.annotate(
            registered=Count("participants", filter=Q(participants__status="registered")),
            waiting=Count("participants", filter=Q(participants__status="waiting")),
            present=Count("participants", filter=Q(participants__attended_at__isnull=False)),
        )

    def of_person(self, user: Any) -> Self:
        """Sessions a person is registered in, or waits for."""
        return self.filter(participants__user=user, participants__status__in=["registered", "waiting"])

    def registering(self, now: datetime) -> Self:
        return self.filter(status="open", starts_at__gt=now).order_by("starts_at", "pk")


class ParticipantQuerySet(ScopedQuerySet):
    """Oneself; an owner's admin their people; ours by the session, the trainer of an open class everybody in it."""

    def _in_scope(self, user: Any) -> Self:
        if user.sees_all_projects:
            return self
        if not user.is_staff_side:
            return self.filter(Q(user=user) | Q(owner__in=_own_people(user)))
        seen = Q(user=user) | Q(session__trainer=user) | Q(session__project__in=_projects(user))
        if user.has_role(Role.TRAINER):
            seen |= Q(session__project=None)
        return self.filter(seen)

    def taking_part(self) -> Self:
        return self.filter(status="registered")

    def present(self) -> Self:
        return self.filter(attended_at__isnull=False)


class SessionFileQuerySet(ScopedQuerySet):
    """As the sessions, but an open class's papers are for our people alone: they name everybody's."""

    def _in_scope(self, user: Any) -> Self:
        if user.sees_all_projects:
            return self
        seen = Q(session__project__in=_projects(user))
        if user.is_staff_side:
            seen |= Q(session__trainer=user)
        return self.filter(seen)


class PersonalQuerySet(ScopedQuerySet):
    """Oneself; an owner's admin their people; ours who see all, and the trainers of what was learnt."""

    def _in_scope(self, user: Any) -> Self:
        if user.sees_all_projects:
            return self
        if not user.is_staff_side:
            return self.filter(Q(user=user) | Q(user__owner_person__owner__in=_own_people(user)))
        seen = Q(user=user) | Q(session__trainer=user)
        if user.has_role(Role.TRAINER):
            seen |= Q(course__responsible=user) | Q(user__owner_person__owner__projects__in=_projects(user))
        # A person's organisation may have several of the projects in sight.
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def to_mark(self) -> Self:
        return self.filter(status="submitted").order_by("submitted_at", "pk")

    def to_coach(self) -> Self:
        return self.filter(status="failed").order_by("marked_at", "pk")

    def of_person(self, user: Any) -> Self:
        return self.filter(user=user)


class PaperQuerySet(ScopedQuerySet):
    """The questions of the papers that a person sees."""

    def _in_scope(self, user: Any) -> Self:
        attempts: Any = self.model._meta.get_field("attempt").related_model
        return self.filter(attempt__in=attempts.objects.visible_to(user).values("pk"))


class CertificateQuerySet(PersonalQuerySet):
    """Certificates, those of people without an account included."""

    def _in_scope(self, user: Any) -> Self:
        if user.sees_all_projects:
            return self
        if not user.is_staff_side:
            return self.filter(Q(user=user) | Q(owner__in=_own_people(user)))
        seen = Q(user=user) | Q(session__trainer=user)
        if user.has_role(Role.TRAINER):
            seen |= Q(course__responsible=user) | Q(project__in=_projects(user))
        return self.filter(seen)

    def in_force(self, today: date) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=today), status="valid")

    def expired(self, today: date) -> Self:
        return self.filter(status="valid", expires_on__lt=today)


class ProgressQuerySet(ScopedQuerySet):
    def done(self) -> Self:
        return self.filter(done_at__isnull=False)


class LicenceQuerySet(ScopedQuerySet):
    def _in_scope(self, user: Any) -> Self:
        return self if user.is_staff_side else self.none()

    def standing(self) -> Self:
        """Leave out those whose certificate was withdrawn: the licence follows it."""
        return self.exclude(certificate__status="withdrawn")

    def in_force(self, day: Any) -> Self:
        """Held on a day, or on the day an expression names."""
        return self.standing().filter(Q(expires_on=None) | Q(expires_on__gte=day), issued_on__lte=day)

    def newest(self) -> Self:
        """Leave out those that a newer licence of the same kind and person stands for."""
        longer = Q(expires_on__gt=OuterRef("expires_on")) | Q(expires_on=None)
        licences: Any = self.model._default_manager
        newer = licences.standing().filter(longer, user=OuterRef("user"), kind=OuterRef("kind"))
        return self.standing().exclude(Exists(newer), expires_on__isnull=False).filter(user__is_active=True)

    def ending(self, today: date, until: date) -> Self:
        """In force today and over by ``until``, with nothing newer."""
        return self.newest().filter(expires_on__gte=today, expires_on__lte=until)

    def over(self, today: date) -> Self:
        return self.newest().filter(expires_on__lt=today)


class RetrainingQuerySet(ScopedQuerySet):
    def waiting(self) -> Self:
        """Not renewed yet, the first to end before the others."""
        return self.filter(status__in=["open", "planned"]).order_by("licence__expires_on", "pk")

    def to_plan(self) -> Self:
        return self.filter(status="open").order_by("licence__expires_on", "pk")


class ImprovementQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(status="open").order_by("due_on", "pk")

    def to_check(self) -> Self:
        return self.filter(status="done").order_by("due_on", "pk")

    def not_closed(self) -> Self:
        return self.filter(status__in=["open", "done"]).order_by("due_on", "pk")

    def waiting_for(self, user: Any) -> Self:
        """What a person has to do."""
        return self.filter(status="open", responsible=user).order_by("due_on", "pk")


def difficulty_of(questions: Any) -> Any:
    """Note on each question how often it was marked and the mean share of its points."""
    return questions.annotate(marked=Count("used__share"), mean_share=Avg("used__share"))
