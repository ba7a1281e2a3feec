"""The yearly survey: each owner once in each year of a project's warranty, as an occasion of its own (K-01)."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.recurrence import add_months
from apps.projects.access import owner_people
from apps.projects.models import OwnerPerson, Project
from apps.surveys.models import Occasion, SurveyRequest
from apps.surveys.rules import may_ask_again
from apps.surveys.services import last_asked, request_answer
from apps.tickets.models import Ticket
from apps.warranties.models import Warranty

logger = logging.getLogger(__name__)

YEAR, HALF = 12, 6
#: So many a run: mail and SMS of one morning.
LIMIT = 200


def year_of(starts_on: date, today: date) -> date:
    """Return the day on which the warranty year began that a day lies in, counted from the first day of cover."""
    years = (today.year * 12 + today.month - starts_on.year * 12 - starts_on.month) // YEAR
    begin = add_months(starts_on, YEAR * years)
    return begin if begin <= today else add_months(starts_on, YEAR * (years - 1))


def is_due(starts_on: date, today: date) -> bool:
    """Say whether the year's survey is due: half of the warranty year has passed."""
    return today >= add_months(year_of(starts_on, today), HALF)


def ask_yearly(*, now: datetime, limit: int = LIMIT) -> int:
    """Ask one person of each owner about each project in warranty, once a warranty year; return how many were asked.

    Who was asked anything in the last 30 days is left in peace: another of the owner's people is asked, or a later
    run asks. A year's survey that somebody has sent by hand counts.
    """
    today, asked = timezone.localdate(now), 0
    for project, starts_on in _in_warranty(today):
        if asked >= limit:
            break
        try:
            asked += is_due(starts_on, today) and _ask(project, year_of(starts_on, today), now=now)
        except Exception:
            logger.exception("The yearly survey of project %s could not be sent.", project.pk)
    return asked


def _in_warranty(today: date) -> list[tuple[Project, date]]:
    """Projects under cover as a whole, with its first day, but for those that were asked this year by the beat."""
    rows = (
        Warranty.objects.in_force(today).filter(equipment__isnull=True).exclude(project__status=Project.Status.CLOSED)
    )
    answered = SurveyRequest.objects.filter(year_from__isnull=False).values_list("project", "year_from")
    known = set(answered.filter(project__in=rows.values("project")))
    found = [(row.project, row.starts_on) for row in rows.select_related("project__owner").order_by("pk")]
    return [line for line in found if (line[0].pk, year_of(line[1], today)) not in known]


def _ask(project: Project, year: date, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            # A second scheduler waits here, and then sees that the year was asked about.
            Project._base_manager.select_for_update(no_key=True).get(pk=project.pk)
            begin = timezone.make_aware(datetime.combine(year, datetime.min.time()))
            sent = SurveyRequest.objects.filter(project=project, occasion=Occasion.YEARLY, asked_at__gte=begin)
            whom = None if sent.exists() else _whom(project, now)
            return whom is not None and _request(project, year, whom, now) is not None
    except IntegrityError:
        return False  # another scheduler has asked in this very moment


def _request(project: Project, year: date, whom: dict[str, Any], now: datetime) -> SurveyRequest | None:
    return request_answer(
        occasion=Occasion.YEARLY, subject=project, project=project, actor=None, now=now, year_from=year, **whom
    )


def _whom(project: Project, now: datetime) -> dict[str, Any] | None:
    """Who may be asked now: the owner's people, admins first; without any, the contact of the last request."""
    people = sorted(owner_people(project), key=lambda one: (one.owner_person.kind != OwnerPerson.Kind.ADMIN, one.pk))
    for person in people:
        contact = {"person": person, "name": person.name, "phone": "", "email": ""}
        if may_ask_again(last_asked(project=project, **contact), now):
            return contact
    last = Ticket.objects.filter(project=project).order_by("-reported_at").first() if not people else None
    if last is None:
        return None
    contact = {"person": None, "name": last.contact_name, "phone": last.contact_phone, "email": ""}
    return contact if may_ask_again(last_asked(project=project, **contact), now) else None
