"""Take a project over, decide cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.events import changes_of, declare_event, record, values_of
from apps.core.lifecycle import lock
from apps.core.recurrence import add_months
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile
from apps.documents import printing
from apps.documents import services as documents
from apps.documents.models import Document, PrintRun
from apps.projects import services as projects
from apps.projects.models import Equipment, Project

from . import access, lifecycle
from .models import Warranty, WarrantyCard
from .promises import DUE, REDATED
from .rules import Decision, Term, card_due, cover_end, decide

STARTED = declare_event("warranties.warranty.started", _("Warranty started"), icon="shield-check", tone="ok")
CORRECTED = declare_event(
    "warranties.warranty.corrected", _("Acceptance and warranty corrected"), icon="edit", tone="warn"
)


def accept_project(
    *,
    project: Project,
    basis: str,
    accepted_on: date,
    completed_on: date | None,
    months: int,
    reference: str,
    scope_text: str,
    files: Iterable[AcceptedFile],
    actor: Any,
    now: datetime,
) -> Warranty:
    """Record a project's acceptance; its warranty starts and its card becomes due (W-01, W-05)."""
    with transaction.atomic():
        projects.record_acceptance(
            project=project,
            basis=basis,
            accepted_on=accepted_on,
            completed_on=completed_on,
            reference=reference,
            files=files,
            actor=actor,
            now=now,
        )
        warranty = Warranty.objects.create(
            project=project,
            basis=basis,
            starts_on=accepted_on,
            months=months,
            ends_on=cover_end(accepted_on, months),
            scope_text=scope_text,
        )
        completed_on = completed_on or accepted_on
        card = WarrantyCard.objects.create(warranty=warranty, completed_on=completed_on, due_on=card_due(completed_on))
        record(
            card,
            DUE,
            actor=actor,
            now=now,
            audience=Audience.STAFF,
            data={"note": gettext("To be issued by %(day)s") % {"day": card.due_on}},
        )
        record(warranty, STARTED, actor=actor, now=now, data={"note": f"{warranty.starts_on} – {warranty.ends_on}"})
    return warranty


def correct_acceptance(
    *,
    warranty: Warranty,
    basis: str,
    accepted_on: date,
    completed_on: date | None,
    months: int,
    reference: str,
    scope_text: str,
    reason: str,
    actor: Any,
    now: datetime,
) -> Warranty:
    """Correct an acceptance that was recorded wrongly; the warranty and the card's due day follow (W-01, W-05).

    Cover decisions that were made stay as they are (W-19). Raises ``DomainError`` while a card that says otherwise is
    in force.
    """
    with transaction.atomic():
        lock(warranty.project)
        card = lock(warranty.card)
        if document := documents.document_of(access.CARD, card):
            words = gettext("The card %(number)s says otherwise. Void it first, then correct, then issue it again.")
            raise DomainError(words % {"number": document.number})
        projects.correct_acceptance(
            warranty.project.acceptance,
            basis=basis,
            accepted_on=accepted_on,
            completed_on=completed_on,
            reference=reference,
            actor=actor,
            now=now,
        )
        before = values_of(warranty)
        warranty.basis, warranty.starts_on, warranty.months = basis, accepted_on, months
        warranty.ends_on, warranty.scope_text = cover_end(accepted_on, months), scope_text
        warranty.save()
        data = {"note": reason, "changes": changes_of(warranty, before)}
        record(warranty, CORRECTED, actor=actor, now=now, data=data)
        _redate(card, completed_on or accepted_on, actor=actor, now=now)
    return warranty


def _redate(card: WarrantyCard, completed_on: date, *, actor: Any, now: datetime) -> None:
    if card.completed_on == completed_on:
        return
    card.completed_on, card.due_on = completed_on, card_due(completed_on)
    card.save(update_fields=["completed_on", "due_on"])
    note = {"note": gettext("To be issued by %(day)s") % {"day": card.due_on}}
    record(card, REDATED, actor=actor, now=now, audience=Audience.STAFF, data=note)


def cover_on(project: Project, equipment: Equipment | None, fault_on: date) -> tuple[Decision, Warranty | None]:
    """Decide whether a fault of that day is covered, and by which warranty (W-01, W-02, W-19)."""
    warranties = {
        warranty.pk: warranty
        for warranty in Warranty.objects.filter(project=project)
        if warranty.equipment_id is None or (equipment is not None and warranty.equipment_id == equipment.pk)
    }
    terms = [
        Term(key=pk, starts_on=row.starts_on, ends_on=row.ends_on, is_specific=row.equipment_id is not None)
        for pk, row in warranties.items()
    ]
    decision = decide(terms, fault_on)
    return decision, warranties.get(decision.key) if decision.key is not None else None


def due_this_month(cards: Any, today: date) -> Any:
    """Narrow cards to those that are due by the end of the month, overdue ones included (W-05)."""
    last_day = add_months(today.replace(day=1), 1) - timedelta(days=1)
    return cards.due().filter(due_on__lte=last_day).order_by("due_on")


def issue_and_print(*, cards: list[WarrantyCard], actor: Any, now: datetime) -> PrintRun:
    """Issue those of the cards that are still due, and have all of them put into one PDF: all or nothing."""
    with transaction.atomic():
        for card in cards:
            if card.status == WarrantyCard.Status.DUE:
                lifecycle.issue(card, actor=actor, now=now)
        issued = Document.objects.filter(
            type=access.CARD,
            subject_type=ContentType.objects.get_for_model(WarrantyCard),
            subject_id__in=[card.pk for card in cards],
            status__in=printing.PRINTABLE,
        )
        keys = list(issued.values_list("pk", flat=True))
        return printing.request_print(kind=PrintRun.Kind.DOCUMENTS, keys=keys, actor=actor, now=now)
