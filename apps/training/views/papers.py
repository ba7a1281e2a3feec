"""What is taken away from a session: its papers, and an entry for one's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.core.pages import ActionPage, ScopedPage
from apps.documents.models import Document
from apps.documents.services import document_of

from .. import access
from ..documents import OF_SESSION, issue_paper
from ..models import Session
from .certificates import send_pdf

RELATED = ("course__responsible", "project__owner", "trainer")


class IssueSessionPaper(ActionPage):
    """Issue the attendance sheet or the result list."""

    model = Session
    related = RELATED

    def permitted_on(self, row: Any, user: Any) -> bool:
        return access.runs(row, user)

    def perform(self, row: Session) -> str:
        paper = OF_SESSION.get(self.kwargs["paper"])
        if paper is None:
            raise Http404
        document: Document = issue_paper(paper, row, actor=self.request.user, now=timezone.now())
        # The papers of an open class are in no project's archive: they are opened from its page.
        return document.get_absolute_url() if row.project else f"{row.get_absolute_url()}#papers"


class SessionPaperPdf(ScopedPage):
    """The issued bytes of a training's paper, for those who run it."""

    model = Session
    related = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row, paper = get_object_or_404(self.get_queryset(), pk=kwargs["pk"]), OF_SESSION.get(kwargs["paper"])
        document = document_of(paper, row) if paper and access.runs(row, request.user) else None
        if document is None or not document.pdf:
            raise Http404
        return send_pdf(document)


class SessionCalendar(ScopedPage):
    """The training as an entry for one's own calendar."""

    model = Session
    related = ("course",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//after-sales-portal//training//",
            "BEGIN:VEVENT",
            f"UID:{session.number}@{request.get_host()}",
            f"DTSTAMP:{_utc(timezone.now())}",
            f"DTSTART:{_utc(session.starts_at)}",
            f"DTEND:{_utc(session.ends_at)}",
            f"SUMMARY:{_escaped(str(session))}",
            f"LOCATION:{_escaped(session.place or session.link)}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        response = HttpResponse("\r\n".join([*lines, ""]), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{session.number}.ics"'
        return response


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Return a text as a calendar entry holds it."""
    escapes: dict[str, str | int | None] = {"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": ""}
    return text.translate(str.maketrans(escapes))
