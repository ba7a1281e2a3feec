"""How the list of people is narrowed."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FragmentFilter, ScopedFilterSet

from .models import Role, User


class PersonFilter(ScopedFilterSet):
    q = FragmentFilter(field_name="search_text", label=_("Name, user name, telephone or e-mail"))
    role = django_filters.ChoiceFilter(label=_("Role"), field_name="staff_roles__role", choices=Role)

    class Meta:
        model = User
        fields = ["q", "role"]
