"""Filters of the lists of senders and outgoing items."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedFilterSet
from apps.core.models import OutboxItem
from apps.core.outbox import kinds

from .models import Sender


class SenderFilter(ScopedFilterSet):
    kind = django_filters.ChoiceFilter(choices=Sender.Kind.choices, label=_("Kind"))

    class Meta:
        model = Sender
        fields = ["kind"]


def _kinds() -> list[tuple[str, Any]]:
    return list(kinds())


class OutgoingFilter(ScopedFilterSet):
    kind = django_filters.ChoiceFilter(choices=_kinds, label=_("Kind"))

    class Meta:
        model = OutboxItem
        fields = ["kind"]
