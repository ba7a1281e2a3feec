"""One row: what it is, what can be done with it now, what belongs to it, what happened."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from .. import registry, timeline
from ..forms import as_key
from ..lifecycle import available
from ..models import Event
from .base import ScopedPage

#: Parts of a page that may come after it, each with a query budget of its own: two columns of panels, the timeline.
PARTS = ("side", "more", "history")


class DetailPage(ScopedPage):
    """The page of one row. ``timeline_size`` events are shown, and as many more at a time; 0 leaves them out.

    ``deferred`` names the parts (of ``PARTS``) that the page fetches after it is shown, or that a link opens where
    there is no script: what belongs to a project is more than one page may read at once.
    """

    object: Any
    timeline_size = 30
    deferred: tuple[str, ...] = ()

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        part = request.GET.get("part")
        if part in self.deferred or (part == "history" and self.timeline_size):
            return self._part(part)
        return super().get(request, *args, **kwargs)

    def _part(self, part: str) -> HttpResponse:
        goes_on = part == "history" and "before" in self.request.GET
        drawn_alone = "components/timeline_lines.html" if goes_on else "core/part.html"
        template = drawn_alone if self.request.htmx else "core/part_page.html"
        context = super().get_context_data(object=self.object, part=part)
        context["title"] = str(self.object)
        context |= self._timeline() if part == "history" else self._panels(self._columns_of(part))
        response = render(self.request, template, context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _columns_of(self, part: str) -> set[str]:
        """The columns a part draws: what would come after it stands with it where a page does not ask for more."""
        return {part} if part == "more" or "more" in self.deferred else {"side", "more"}

    def _panels(self, columns: set[str] | None = None) -> dict[str, Any]:
        return {"panels": registry.panels(self.object, self.request.user, columns=columns)}

    def _timeline(self) -> dict[str, Any]:
        wanted = self.request.GET.get("of")
        views = registry.history_views(self.object._meta.label_lower)
        view = next((view for view in views if view.name == wanted), None)
        try:
            lines = timeline.of(
                self.object,
                self.request.user,
                limit=self.timeline_size,
                before=as_key(self.request.GET.get("before")),
                models=view.models if view else (),
            )
        except Event.DoesNotExist as error:
            raise Http404 from error
        return {"timeline": lines, "lines": lines, "history_views": views, "history_view": view}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        context |= {
            "object": row,
            row._meta.model_name: row,
            "title": self.title or str(row),
            "steps": available(row, user),
            "badges": SimpleLazyObject(lambda: registry.badges([row], user).get(row.pk, [])),
        }
        context |= self._panels({"top", "main", "actions"} if "side" in self.deferred else None)
        if self.timeline_size and "history" not in self.deferred:
            context |= self._timeline()
        return context
