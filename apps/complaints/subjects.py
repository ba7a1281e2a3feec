"""What is followed up by telephone: requests and trainings here, visits from the app that owns them (R-13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Prefetch

from apps.core.models import Event
from apps.projects.models import Equipment
from apps.tickets.models import Ticket
from apps.training.models import Participant, Session

CONFIRMED = ("tickets.ticket.confirm", "tickets.ticket.confirm_by_telephone")


@dataclass(frozen=True)
class Completed:
    """Something that was completed and is to be followed up, with whom to call about it."""

    row: Any
    at: datetime
    round: int
    number: str
    title: str
    contact_name: str
    contact_phone: str


#: A row and the round in which it was completed.
Round = tuple[Any, int]


def _nothing(rounds: Sequence[Round]) -> list[Round]:
    return []


@dataclass(frozen=True)
class Subject:
    """One kind of thing: ``completed`` returns what was completed since a moment.

    ``settled`` returns those rounds that need no call any more; it is asked once for all that wait.
    """

    model: type[models.Model]
    completed: Callable[[datetime], Iterable[Completed]]
    settled: Callable[[Sequence[Round]], Sequence[Round]] = _nothing


_subjects: dict[type[models.Model], Subject] = {}


def register(subject: Subject) -> None:
    """Have rows of a model followed up. Called while the apps are loaded."""
    _subjects[subject.model] = subject


def all_subjects() -> list[Subject]:
    return list(_subjects.values())


def equipment_of(row: Any) -> Equipment | None:
    """Return the piece of equipment that a thing is, or is about."""
    found = row if isinstance(row, Equipment) else getattr(row, "equipment", None)
    return found if isinstance(found, Equipment) else None


def latest(model: type[models.Model], names: Iterable[str], since: datetime) -> dict[int, datetime]:
    """Return when rows of a model were completed, by the newest of these events since a moment."""
    kind = ContentType.objects.get_for_model(model)
    events = Event.objects.filter(subject_type=kind, name__in=list(names), at__gte=since)
    return dict(events.order_by("at").values_list("subject_id", "at"))


def _completed_tickets(since: datetime) -> Iterable[Completed]:
    """Requests whose work is done or that were answered, and of which the owner has not said yet how it went."""
    done = latest(Ticket, ("tickets.ticket.ask_confirmation", "tickets.ticket.answer"), since)
    confirmed = latest(Ticket, CONFIRMED, since)
    wanted = [key for key, at in done.items() if confirmed.get(key, since) < at]
    for ticket in Ticket.objects.filter(pk__in=wanted, status__in=ENDED).select_related("project"):
        title, name, phone = ticket.title, ticket.contact_name, ticket.contact_phone
        yield Completed(ticket, done[ticket.pk], ticket.round, ticket.number, title, name, phone)


ENDED = {Ticket.Status.AWAITING_CONFIRMATION, Ticket.Status.CLOSED}


def _settled_tickets(rounds: Sequence[Round]) -> list[Round]:
    """Opened again, cancelled, or the owner has said how it went."""
    words = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Ticket),
        subject_id__in=[ticket.pk for ticket, _round in rounds],
        name__in=CONFIRMED,
    )
    said = dict(words.order_by("at").values_list("subject_id", "at"))
    return [
        (ticket, round_)
        for ticket, round_ in rounds
        if ticket.round != round_
        or ticket.status not in ENDED
        or (ticket.pk in said and said[ticket.pk] >= (ticket.reopened_at or ticket.reported_at))
    ]


register(Subject(Ticket, _completed_tickets, _settled_tickets))


def _completed_sessions(since: datetime) -> Iterable[Completed]:
    """Trainings that were held for a project; whoever was there first and left a number is called about it."""
    held = latest(Session, ("training.session.hold",), since)
    rows = Session.objects.filter(pk__in=list(held), status__in=TAUGHT, project__isnull=False)
    present = Participant.objects.present().order_by("attended_at", "pk").select_related("user")
    people = Prefetch("participants", present, to_attr="listeners")
    for session in rows.select_related("project", "course").prefetch_related(people):
        name, phone = _listener(session)
        yield Completed(session, held[session.pk], 1, session.number, str(session.course), name, phone)


def _listener(session: Any) -> tuple[str, str]:
    """Name and telephone of whom to call: somebody of the owner, best one with a number."""
    theirs = [one for one in session.listeners if one.user is None or not one.user.is_staff_side]
    reached = [(one.name, one.phone or (one.user.phone or "" if one.user else "")) for one in theirs]
    return next((line for line in reached if line[1]), reached[0] if reached else ("", ""))


def _settled_sessions(rounds: Sequence[Round]) -> list[Round]:
    return [(session, round_) for session, round_ in rounds if session.status not in TAUGHT]


TAUGHT = [Session.Status.HELD, Session.Status.CLOSED]
register(Subject(Session, _completed_sessions, _settled_sessions))
