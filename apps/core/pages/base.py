"""What all pages share: who may open them, and rows only through their scope."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View


class Page(TemplateResponseMixin, ContextMixin, View):
    """A page with a title that asks ``permitted`` before it does anything."""

    #: Its ``user`` is our own, and it carries ``htmx``: middleware adds both.
    request: Any
    title: Any = ""
    #: The menu entry that is shown as the current one.
    section = ""

    def permitted(self, user: Any) -> bool:
        """Say whether the person may open this page at all. What they see on it is a matter of scope."""
        return True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            if not self.permitted(request.user):
                raise PermissionDenied
            if request.method not in {"GET", "HEAD", "OPTIONS"} and request.user.is_auditor_only:
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, section=self.section, now=timezone.now(), **kwargs)


class ScopedPage(Page):
    """A page about rows of one model, which it sees only through ``visible_to``."""

    model: Any = None
    related: tuple[str, ...] = ()
    prefetch: tuple[Any, ...] = ()

    def get_queryset(self) -> Any:
        rows = self.model._default_manager.visible_to(self.request.user)
        return rows.select_related(*self.related).prefetch_related(*self.prefetch)
