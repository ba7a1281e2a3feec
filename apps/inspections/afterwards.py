"""Visits are followed up by telephone like requests (R-13, V-14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from apps.complaints.subjects import Completed, Round, Subject, latest, register

from .models import Visit

DONE = ("inspections.visit.finish",)
ENDED = [Visit.Status.DONE, Visit.Status.REPORTED, Visit.Status.APPROVED]


def _completed(since: datetime) -> Iterable[Completed]:
    done = latest(Visit, DONE, since)
    for visit in Visit.objects.filter(pk__in=list(done), status__in=ENDED).select_related("project"):
        title = f"{visit.get_kind_display()} {visit.scheduled_on}"
        yield Completed(visit, done[visit.pk], 1, visit.number, title, visit.contact_name, visit.contact_phone)


def _settled(rounds: Sequence[Round]) -> list[Round]:
    """Taken up again: it will be done once more."""
    return [(visit, round_) for visit, round_ in rounds if visit.status not in ENDED]


register(Subject(Visit, _completed, _settled))
