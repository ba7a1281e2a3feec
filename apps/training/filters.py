"""Filters of the lists of training."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User
from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.projects.models import Project

from .models import (
    Attempt,
    Certificate,
    Course,
    Improvement,
    Licence,
    LicenceKind,
    Part,
    Question,
    Retraining,
    Session,
)


def _trainers(request: Any) -> Any:
    return User._default_manager.with_role(Role.TRAINER, Role.ENGINEER, Role.TECHNICAL_SUPPORT, Role.MANAGER)


def _staff(request: Any) -> Any:
    return User._default_manager.staff()


def _courses(**kwargs: Any) -> Any:
    return django_filters.ModelChoiceFilter(queryset=Course._default_manager.all(), label=_("Course"), **kwargs)


class CourseFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Course"))

    class Meta:
        model = Course
        fields = ["q"]


class SessionFilter(ScopedFilterSet):
    course = _courses()
    project = django_filters.ModelChoiceFilter(queryset=Project._default_manager.all(), label=_("Project"))
    trainer = django_filters.ModelChoiceFilter(queryset=_trainers, label=_("Trainer"))
    status = django_filters.ChoiceFilter(choices=Session.Status.choices, label=_("Status"))
    since = django_filters.DateFilter("starts_at", "date__gte", label=_("From"), widget=DateInput())
    until = django_filters.DateFilter("starts_at", "date__lte", label=_("To"), widget=DateInput())

    class Meta:
        model = Session
        fields = ["course", "project", "trainer", "status", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and not self.request.user.is_staff_side:
            del self.filters["trainer"]


class QuestionFilter(ScopedFilterSet):
    course = _courses()
    part = django_filters.ChoiceFilter(choices=Part.choices, label=_("Part"))
    kind = django_filters.ChoiceFilter(choices=Question.Kind.choices, label=_("Kind"))

    class Meta:
        model = Question
        fields = ["course", "part", "kind"]


class AttemptFilter(ScopedFilterSet):
    course = _courses()
    status = django_filters.ChoiceFilter(choices=Attempt.Status.choices, label=_("Status"))

    class Meta:
        model = Attempt
        fields = ["course", "status"]


class CertificateFilter(ScopedFilterSet):
    course = _courses()

    class Meta:
        model = Certificate
        fields = ["course"]


class LicenceFilter(ScopedFilterSet):
    kind = django_filters.ChoiceFilter(choices=LicenceKind.choices, label=_("Kind"))
    user = django_filters.ModelChoiceFilter(queryset=_staff, label=_("Person"))

    class Meta:
        model = Licence
        fields = ["kind", "user"]


class RetrainingFilter(ScopedFilterSet):
    kind = django_filters.ChoiceFilter("licence__kind", choices=LicenceKind.choices, label=_("Kind"))
    user = django_filters.ModelChoiceFilter(field_name="licence__user", queryset=_staff, label=_("Person"))

    class Meta:
        model = Retraining
        fields = ["kind", "user"]


class ImprovementFilter(ScopedFilterSet):
    course = _courses()
    responsible = django_filters.ModelChoiceFilter(queryset=_staff, label=_("Who"))

    class Meta:
        model = Improvement
        fields = ["course", "responsible"]
