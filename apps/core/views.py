"""Home, search, and the answer to "are you there"."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from . import registry
from .pages import Page
from .search import MIN_FRAGMENT, normalize

SHOWN_PER_SOURCE = 8


class HomePage(Page):
    """What waits for this person: the cards that apps registered for their roles.

    The side column comes after the page (``?part=side``), each with a query budget of its own. What somebody comes
    for most stands in the bar at the foot of a phone (column ``sticky``).
    """

    template_name = "core/home.html"
    title = _("Home")
    section = "home"
    deferred = ("side",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = {"cards": "main", "in_reach": "sticky"}
        drawn = {name: registry.home_cards(self.request, column) for name, column in columns.items()}
        return super().get_context_data(**kwargs) | drawn

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("part") not in self.deferred:
            return super().get(request, *args, **kwargs)
        template = "core/home_cards.html" if request.htmx else "core/home_side.html"
        context = super().get_context_data(cards=registry.home_cards(request, "side"))
        return render(request, template, context)


class SearchPage(Page):
    """Projects, equipment, requests… by number or by a fragment of two characters or more."""

    template_name = "core/search.html"
    title = _("Search")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()[:100]
        too_short = len(normalize(text)) < MIN_FRAGMENT
        groups = []
        for source in registry.searches() if not too_short else []:
            rows = list(source.find(self.request.user, text)[: SHOWN_PER_SOURCE + 1])
            lines = [(row, *source.line(row)) for row in rows[:SHOWN_PER_SOURCE]]
            more = len(rows) > SHOWN_PER_SOURCE
            list_url = source.list_url(self.request.user, text) if more else ""
            groups.append({"source": source, "lines": lines, "more": more, "list_url": list_url})
        found = [group for group in groups if group["lines"]]
        return super().get_context_data(**kwargs) | {"q": text, "too_short": too_short, "groups": found}


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the process serves and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


home = HomePage.as_view()
search = SearchPage.as_view()
