"""Serve a kept file: only through the row that owns it, never as something a browser would run."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from ..files import StoredFile
from .base import Page


class FilePage(Page):
    """Load the owning row through its scope and send its bytes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            model = apps.get_model(kwargs["model"])
        except (LookupError, ValueError) as error:
            raise Http404 from error
        if not issubclass(model, StoredFile):
            raise Http404
        row = get_object_or_404(model._default_manager.visible_to(request.user), pk=kwargs["pk"])
        return send(row.file, content_type=row.content_type, name=row.original_name, inline=row.is_photo)


def send(file: Any, *, content_type: str, name: str, inline: bool) -> FileResponse:
    """Answer with a stored file; private to the person, and inert whatever it holds."""
    try:
        handle = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(handle, content_type=content_type, as_attachment=not inline, filename=name)
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
