"""How the list of people and the log are narrowed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.events import declared_events
from apps.core.forms import DateInput, FragmentFilter, ScopedFilterSet
from apps.core.models import Event
from apps.core.scoping import scope_model

from .models import Role, User


class PersonFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Name, user name, telephone or e-mail"))
    role = django_filters.ChoiceFilter(label=_("Role"), field_name="staff_roles__role", choices=Role)

    class Meta:
        model = User
        fields = ["q", "role"]


def kinds_of_events() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return the kinds of events as choices, under what they happen to."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for name, kind in declared_events().items():
        groups.setdefault(_subject_of(name), []).append((name, kind.title))
    return sorted(groups.items())


def _subject_of(name: str) -> str:
    app, word = name.split(".")[:2]
    try:
        return str(apps.get_model(app, word)._meta.verbose_name)
    except LookupError:
        return str(apps.get_app_config(app).verbose_name)


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class EventFilter(ScopedFilterSet):
    since = django_filters.DateFilter(label=_("From day"), method="from_day", widget=DateInput)
    until = django_filters.DateFilter(label=_("To day"), method="until_day", widget=DateInput)
    actor = django_filters.ModelChoiceFilter(label=_("Person"), queryset=User._default_manager.all())
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), queryset=lambda request: scope_model()._default_manager.all()
    )
    name = django_filters.ChoiceFilter(label=_("Kind of event"), choices=kinds_of_events)

    class Meta:
        model = Event
        fields = ["since", "until", "actor", "project", "name"]

    def from_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__gte=_begin_of(day))

    def until_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__lt=_begin_of(day + timedelta(days=1)))
