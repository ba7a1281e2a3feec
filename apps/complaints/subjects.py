"""What is followed up by telephone: requests here, visits and other things from the apps that own them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from apps.core.models import Event
from apps.tickets.models import Ticket

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


@dataclass(frozen=True)
class Subject:
    """One kind of thing: ``completed`` returns what was completed since a moment, ``is_settled`` what needs no call."""

    model: type[models.Model]
    completed: Callable[[datetime], Iterable[Completed]]
    is_settled: Callable[[Any, int], bool] = lambda row, round_: False


_subjects: dict[type[models.Model], Subject] = {}


def register(subject: Subject) -> None:
    """Have rows of a model followed up. Called while the apps are loaded."""
    _subjects[subject.model] = subject


def all_subjects() -> list[Subject]:
    return list(_subjects.values())


def subject_of(row: Any) -> Subject | None:
    return _subjects.get(type(row))


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
    states = [Ticket.Status.AWAITING_CONFIRMATION, Ticket.Status.CLOSED]
    for ticket in Ticket.objects.filter(pk__in=wanted, status__in=states).select_related("project"):
        title, name, phone = ticket.title, ticket.contact_name, ticket.contact_phone
        yield Completed(ticket, done[ticket.pk], ticket.round, ticket.number, title, name, phone)


def _is_settled(ticket: Ticket, round_: int) -> bool:
    """Opened again, cancelled, or the owner has said how it went."""
    if ticket.round != round_ or ticket.status not in {Ticket.Status.AWAITING_CONFIRMATION, Ticket.Status.CLOSED}:
        return True
    began = ticket.reopened_at or ticket.reported_at
    return Event.objects.about(ticket).filter(name__in=CONFIRMED, at__gte=began, at__lte=timezone.now()).exists()


register(Subject(Ticket, _completed_tickets, _is_settled))
