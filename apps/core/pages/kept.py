"""Forms that a device kept while it had no connection, and sends in order when it has one again.

``static/js/waiting.js`` sends them with the moment at which the person did it; where a page takes that, it is when it
happened. The answer is for a script: 204 and where to go, or 422 and the reason in plain text. Nothing else differs:
the same page, rights, submission key, service.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from ..events import last_event_at

HEADER = "X-Done-At"
#: Sent within this it was not kept at all; a device that says it is older than the longest is not believed.
AT_ONCE = timedelta(minutes=2)
LONGEST = timedelta(days=30)


def is_kept(request: HttpRequest) -> bool:
    """Say whether the script that keeps forms sent this one."""
    return HEADER in request.headers


def happened_at(request: HttpRequest, row: Any, now: datetime) -> datetime | None:
    """Return when something was done to a row by the clock of the device; None when that is as good as now.

    That clock can be set by hand: nothing happens before the last that is known of the row.
    """
    try:
        at = datetime.fromisoformat(request.headers.get(HEADER, ""))
    except ValueError:
        return None
    at = at if timezone.is_aware(at) else timezone.make_aware(at)
    if not AT_ONCE < now - at < LONGEST:
        return None
    return max(at, last_event_at(row) or at)


def answer(response: HttpResponseBase, refusal: str) -> Any:
    """Turn a page's answer into one for the script: done, refused, or what else the server has to say."""
    if refusal:
        return HttpResponse(refusal, status=422, content_type="text/plain; charset=utf-8")
    if isinstance(response, HttpResponseRedirect):
        return HttpResponse(status=204, headers={"X-Location": response["Location"]})
    return response
