"""What happened: to a complaint, as its readers may know it, and to what it is about, as events tell it (C-06)."""

from __future__ import annotations

from typing import Any

from apps.core import changes, timeline
from apps.core.events import kind_of
from apps.core.models import Event

from .models import Complaint

SHOWN = 60
#: What the complainant follows; the rest is the investigation's own.
TOLD = tuple(
    f"complaints.complaint.{step}"
    for step in (
        "opened",
        "acknowledge",
        "alarmed",
        "settle_at_once",
        "investigate",
        "progress_promised",
        "progress_told",
        "tell",
        "accept",
        "reject",
        "end_unaccepted",
        "satisfied",
        "not_satisfied",
        "withdraw",
    )
)


def history_of(complaint: Complaint, user: Any) -> list[timeline.Line]:
    """Return the events of a complaint that was loaded through its scope, newest first, as its reader may know them."""
    events = Event.objects.about(complaint).select_related("actor")
    is_inside = user is not None and user.is_staff_side
    found = list((events if is_inside else events.filter(name__in=TOLD))[:SHOWN])
    for event in found:
        event.subject = complaint
    words = changes.in_words(found, user) if is_inside else {}
    return [timeline.Line(event, kind_of(event.name), complaint, words.get(event.pk, [])) for event in found]


def ended_with(complaint: Complaint) -> str:
    """Return where else to turn, as the complainant was told when the case ended without agreement; else nothing."""
    if complaint.status != Complaint.Status.CLOSED or complaint.settled_at is not None:
        return ""
    ended = Event.objects.about(complaint).filter(name="complaints.complaint.end_unaccepted").order_by("-pk").first()
    return ended.data["note"] if ended else ""


def who_did_what(complaint: Complaint, user: Any) -> list[timeline.Line]:
    """Return what happened to the thing complained of, as far as the reader may see it."""
    subject = complaint.subject
    if subject is None or not type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists():
        return []
    return timeline.of(subject, user, limit=SHOWN)
