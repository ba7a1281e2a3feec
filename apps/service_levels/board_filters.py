"""How the promise board is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import ScopedFilterSet
from apps.projects.models import Project

from .models import Clock, Target
from .sources import all_sources

LEVELS = [(1, _("Level 1")), (2, _("Level 2")), (3, _("Level 3")), (4, _("Level 4"))]


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds of everything that promises are about."""
    found = {key: label for source in all_sources() for key, label in source.kinds}
    return list(found.items())


class BoardFilter(ScopedFilterSet):
    metric = django_filters.ChoiceFilter(label=_("Promise"), choices=Target.Metric)
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=Project._default_manager.all())
    level = django_filters.ChoiceFilter(label=_("Level"), choices=LEVELS)
    responsible = django_filters.ModelChoiceFilter(
        label=_("Person responsible"), queryset=User._default_manager.staff().filter(is_active=True)
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kinds)

    class Meta:
        model = Clock
        fields = ["metric", "project", "level", "responsible", "kind"]
