"""Filters of the surveys and of their results."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User
from apps.core.forms import DateInput, ScopedFilterSet
from apps.projects.models import Project, ProjectPerson

from .models import LowAnswer, Occasion, Questionnaire, SurveyRequest


def _engineers(request: Any) -> Any:
    return User._default_manager.with_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT)


def _managers(request: Any) -> Any:
    return User._default_manager.filter(project_roles__role=ProjectPerson.Role.MANAGER).distinct().order_by("name")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class SurveyFilter(ScopedFilterSet):
    occasion = django_filters.ChoiceFilter(choices=Occasion.choices, label=_("Occasion"))
    project = django_filters.ModelChoiceFilter(queryset=Project._default_manager.all(), label=_("Project"))
    about_people = django_filters.ModelChoiceFilter(queryset=_engineers, label=_("Engineer"))
    manager = django_filters.ModelChoiceFilter(
        queryset=_managers, label=_("Project manager"), method="run_by", required=False
    )
    since = django_filters.DateFilter(method="from_day", label=_("From"), widget=DateInput())
    until = django_filters.DateFilter(method="to_day", label=_("To"), widget=DateInput())

    class Meta:
        model = SurveyRequest
        fields = ["occasion", "project", "about_people", "manager", "since", "until"]

    def run_by(self, rows: Any, name: str, person: User) -> Any:
        """Narrow to the projects that a person runs (K-07)."""
        run = ProjectPerson._default_manager.filter(user=person, role=ProjectPerson.Role.MANAGER)
        return rows.filter(project__in=run.values("project"))

    def from_day(self, rows: Any, name: str, day: date) -> Any:
        """Compare moments, which the index serves, and not their days."""
        return rows.filter(asked_at__gte=_midnight(day))

    def to_day(self, rows: Any, name: str, day: date) -> Any:
        return rows.filter(asked_at__lt=_midnight(day + timedelta(days=1)))


class LowFilter(ScopedFilterSet):
    class Meta:
        model = LowAnswer
        fields: list[str] = []


class QuestionnaireFilter(ScopedFilterSet):
    class Meta:
        model = Questionnaire
        fields: list[str] = []
