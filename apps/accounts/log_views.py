"""The log: what everybody did, everywhere, and the way from there to what it was about."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from apps.core.models import Event
from apps.core.pages import ListPage
from apps.core.pages.base import ScopedPage

from .access import may_read_log
from .filters import EventFilter
from .tables import EventTable


class EventLog(ListPage):
    """Every event that the person may know of, the latest first. Who exports it stands in it."""

    model = Event
    section = "log"
    title = _("Log")
    related = ("actor", "project")
    filterset_class = EventFilter
    table_class = EventTable
    empty_text = _("Nothing has happened yet.")

    def permitted(self, user: Any) -> bool:
        return may_read_log(user)


class EventSubject(ScopedPage):
    """Lead to the page of the row that an event is about."""

    model = Event

    def permitted(self, user: Any) -> bool:
        return may_read_log(user)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        event = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        model = event.subject_model
        if not hasattr(model, "get_absolute_url"):
            raise Http404
        row = get_object_or_404(model._default_manager.visible_to(request.user), pk=event.subject_id)
        return HttpResponseRedirect(row.get_absolute_url())
