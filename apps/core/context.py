"""What the frame of every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import registry


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the menu and the registered values, each read only if the page shows it."""
    chrome = {source.name: _lazily(source, request) for source in registry.chrome()}
    user = getattr(request, "user", None)
    menu: Any = SimpleLazyObject(lambda: registry.menu(user)) if user is not None and user.is_authenticated else []
    return {"chrome": chrome, "menu": menu}


def _lazily(source: registry.ChromeSource, request: HttpRequest) -> Any:
    return SimpleLazyObject(lambda: source.value(request))
