"""What can go wrong in words for people, and the error pages."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

#: An error page that needs nothing: no database, no templates, no collected files.
BARE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head><body><h1>{title}</h1><p>{text}</p><p><a href="/">{home}</a></p></body></html>"""


class DomainError(Exception):
    """A rule says no. The message is translated, says what to do, and is shown to the person."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class IllegalTransition(DomainError):
    """The row is no longer in a state from which the step leads."""

    @classmethod
    def of(cls, step: object, row: Any) -> IllegalTransition:
        return cls(
            gettext("“%(step)s” is not possible any more: it is now “%(status)s”. The page shows how it stands.")
            % {"step": step, "status": row.get_status_display()}
        )


def _page(request: HttpRequest, status: int, title: object, text: object) -> HttpResponse:
    return _rendered(request, "errors/error.html", status, title, text)


def _rendered(request: HttpRequest, template: str, status: int, title: object, text: object) -> HttpResponse:
    """Render an error page; where that fails too (no database, no collected files), say the same in bare words."""
    try:
        return render(request, template, {"title": title, "text": text, "status": status}, status=status)
    except Exception:
        log.exception("The page of error %s could not be rendered", status)
        return HttpResponse(format_html(BARE, title=title, text=text, home=gettext("To the start page")), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        400,
        _("This request is not valid"),
        _("Go back, reload the page and try again. Nothing was changed."),
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        _("You may not do this"),
        _("Your role does not include this step. Nothing was changed. Ask your manager if you need it."),
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("Not found"),
        _("It does not exist, or it belongs to a project you do not serve. Check the number or search for it."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _rendered(
        request,
        "errors/500.html",
        500,
        _("Something broke on our side"),
        _(
            "What you sent was not saved, but what you typed is kept on this device: go back and try again in a minute."
            " If it happens again, tell the administrator the time and what you did."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose session is over; what was typed waits in the browser's local draft."""
    return _page(
        request,
        403,
        _("This page was open for too long"),
        _("Go back and reload the page; what you typed is kept on this device. Then send it again."),
    )
