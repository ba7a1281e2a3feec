"""The work on a visit: what the engineer records, photographs and finds, and what becomes of it (V-06, V-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, values_of
from apps.core.lifecycle import lock
from apps.core.uploads import AcceptedFile
from apps.tickets.models import Ticket
from apps.tickets.services import open_ticket

from .models import Finding, Visit, VisitCheck, VisitPhoto
from .rules import judged

PHOTOS = declare_event("inspections.visit.photographed", gettext_lazy("Photos added"), icon="camera")
FOUND = declare_event("inspections.finding.added", gettext_lazy("Finding recorded"), icon="clipboard-plus", tone="warn")
FINDING_CHANGED = declare_event("inspections.finding.changed", gettext_lazy("Finding changed"), icon="pencil")
FOLLOWED_UP = declare_event("inspections.finding.followed_up", gettext_lazy("Finding answered"), icon="clipboard-check")
REPAIR = declare_event("inspections.finding.repair_opened", gettext_lazy("Repair opened"), icon="tool", tone="warn")

MAX_PHOTOS_PER_VISIT = 60
#: The fields of a visit that the engineer fills in.
RECORDED = (
    "way",
    "contact_name",
    "contact_phone",
    "running_state",
    "experience",
    "suggestions",
    "conclusion",
)


@dataclass(frozen=True)
class CheckEntry:
    """What was entered for one point."""

    verdict: str = ""
    value: Decimal | None = None
    note: str = ""


def _under_way(visit: Visit) -> Visit:
    visit = lock(visit)
    if visit.status != Visit.Status.UNDER_WAY:
        raise DomainError(
            _("The visit is “%(status)s”; its record cannot be changed now. What you typed is kept on this device.")
            % {"status": visit.get_status_display()}
        )
    return visit


def record_visit(
    *,
    visit: Visit,
    facts: Mapping[str, str],
    entries: Mapping[int, CheckEntry],
    rest_in_order: bool = False,
    actor: Any,
    now: datetime,
) -> Visit:
    """Save what has been entered so far; readings are judged by their limits (V-06, V-08).

    ``facts`` are fields of ``RECORDED``, ``entries`` what was entered by a point's key. ``rest_in_order`` judges every
    point still open as in order, readings excepted. Called at every pause in typing, so it writes no event: the step
    that finishes the visit tells what was recorded.
    """
    with transaction.atomic():
        visit = _under_way(visit)
        for name in RECORDED:
            if name in facts:
                setattr(visit, name, facts[name])
        visit.save(update_fields=list(RECORDED))
        changed = []
        for check in visit.checks.all():
            before = (check.verdict, check.value, check.note)
            _enter(check, entries.get(check.pk), rest_in_order=rest_in_order)
            if (check.verdict, check.value, check.note) != before:
                changed.append(check)
        VisitCheck.objects.bulk_update(changed, ["verdict", "value", "note"])
    return visit


def _enter(check: VisitCheck, entry: CheckEntry | None, *, rest_in_order: bool) -> None:
    if entry is not None:
        check.verdict, check.value, check.note = entry.verdict, entry.value, entry.note
    if check.asks_reading:
        if check.verdict == VisitCheck.Verdict.NOT_APPLICABLE:
            check.value = None
        check.verdict = judged(check.verdict, check.value, check.lower, check.upper)
    elif rest_in_order and not check.verdict:
        check.verdict = VisitCheck.Verdict.OK


def add_photos(
    *, visit: Visit, photos: Sequence[AcceptedFile], check_point: VisitCheck | None = None, actor: Any, now: datetime
) -> Visit:
    """Keep photos of a visit, or of one of its points."""
    with transaction.atomic():
        visit = _under_way(visit)
        if visit.photos.count() + len(photos) > MAX_PHOTOS_PER_VISIT:
            raise DomainError(
                _("A visit holds at most %(count)s photos. Nothing was added.") % {"count": MAX_PHOTOS_PER_VISIT}
            )
        for photo in photos:
            VisitPhoto.keep(photo, actor=actor, now=now, visit=visit, check_point=check_point)
        added = ngettext("%(n)s photo", "%(n)s photos", len(photos)) % {"n": len(photos)}
        note = f"{added} · {check_point}" if check_point else added
        record(visit, PHOTOS, actor=actor, now=now, data={"note": note})
    return visit


def add_finding(
    *,
    visit: Visit,
    category: str,
    text: str,
    action: str = "",
    responsible: Any = None,
    due_on: date | None = None,
    equipment: Any = None,
    check_point: VisitCheck | None = None,
    actor: Any,
    now: datetime,
) -> Finding:
    """Record something the visit brought up, classed and routed (V-06); a quality defect needs an action (V-07)."""
    with transaction.atomic():
        visit = _under_way(visit)
        _check_finding(visit, category, action, equipment)
        finding = Finding.objects.create(
            visit=visit,
            category=category,
            text=text,
            action=action,
            responsible=responsible,
            due_on=due_on,
            equipment=equipment,
            check_point=check_point,
            dated_by=actor if due_on else None,
            dated_at=now if due_on else None,
        )
        note = f"{finding.get_category_display()} · {text}"
        record(visit, FOUND, actor=actor, now=now, data={"note": note}, tells=[responsible])
    return finding


def change_finding(
    *,
    finding: Finding,
    category: str,
    text: str,
    action: str = "",
    responsible: Any = None,
    due_on: date | None = None,
    equipment: Any = None,
    actor: Any,
    now: datetime,
) -> Finding:
    """Correct a finding while the visit is under way."""
    with transaction.atomic():
        visit = _under_way(finding.visit)
        _check_finding(visit, category, action, equipment)
        finding = lock(finding)
        if finding.ticket_id and category != Finding.Category.QUALITY:
            raise DomainError(_("A repair is open for this finding; it stays a quality defect."), field="category")
        before = values_of(finding)
        finding.category, finding.text, finding.action = category, text, action
        if due_on != finding.due_on:
            finding.note_dated(actor, now)
        finding.responsible, finding.due_on, finding.equipment = responsible, due_on, equipment
        finding.save()
        if values_of(finding) != before:
            data = {"note": f"{finding.get_category_display()} · {text}"}
            record(visit, FINDING_CHANGED, actor=actor, now=now, data=data, tells=[responsible])
    return finding


def _check_finding(visit: Visit, category: str, action: str, equipment: Any) -> None:
    if category == Finding.Category.QUALITY and not action.strip():
        raise DomainError(
            _("A quality defect needs a corrective action. Write what will be done about it."), field="action"
        )
    if equipment is not None and equipment.project_id != visit.project_id:
        raise DomainError(_("This equipment belongs to another project."), field="equipment")


def follow_up_finding(*, finding: Finding, answer: str, effect: str, actor: Any, now: datetime) -> Finding:
    """Record what was answered about a finding, and whether it worked (V-06)."""
    if effect.strip() and not answer.strip():
        raise DomainError(_("Write the answer first, then what came of it."), field="answer")
    with transaction.atomic():
        finding = lock(finding)
        if (answer, effect) == (finding.answer, finding.effect):
            return finding
        finding.answer, finding.effect = answer, effect
        finding.save(update_fields=["answer", "effect"])
        note = f"{finding.text}: {effect or answer}"
        record(finding.visit, FOLLOWED_UP, actor=actor, now=now, data={"note": note}, tells=[finding.responsible])
    return finding


def open_repairs(visit: Visit, *, actor: Any, now: datetime) -> list[Ticket]:
    """Open a repair for every quality defect of a visit that has none yet (V-07)."""
    defects = visit.findings.filter(category=Finding.Category.QUALITY, ticket=None).select_related("equipment")
    return [open_repair(finding=finding, actor=actor, now=now) for finding in defects]


def open_repair(*, finding: Finding, actor: Any, now: datetime) -> Ticket:
    """Open the repair ticket that a quality defect calls for, and link it (V-07)."""
    with transaction.atomic():
        finding = lock(finding)
        if finding.ticket is not None:
            return finding.ticket
        visit = finding.visit
        ticket = open_ticket(
            project=visit.project,
            equipment=finding.equipment,
            kind=Ticket.Kind.FAULT,
            level=Ticket.Level.PARTIAL,
            title=finding.text[:120],
            description=_("Found on visit %(number)s: %(text)s\nCorrective action: %(action)s")
            % {"number": visit.number, "text": finding.text, "action": finding.action},
            channel=Ticket.Channel.ON_SITE,
            contact_name=visit.contact_name or actor.name,
            contact_phone=visit.contact_phone or visit.project.owner.phone[:30] or actor.phone or "",
            began_at=None,
            photos=(),
            actor=actor,
            now=now,
        )
        finding.ticket = ticket
        finding.save(update_fields=["ticket"])
        record(visit, REPAIR, actor=actor, now=now, data={"note": f"{ticket.number} {finding.text}"})
    return ticket
