"""Every write to a complaint and its file that is not a step of its states."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.models import Event
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile
from apps.projects.models import Equipment, Project
from apps.service_levels.clocks import follow
from apps.tickets.emergencies import raise_alarm
from apps.tickets.models import Ticket

from . import access, lifecycle, rules, word
from .concealment import forget_told
from .models import Action, CaseFile, Complaint, Contact, Progress
from .subjects import equipment_of

logger = logging.getLogger(__name__)

OPENED = declare_event("complaints.complaint.opened", gettext_lazy("Complaint received"), icon="inbox", tone="warn")
NAMED = declare_event("complaints.complaint.named", gettext_lazy("People complained of named"), icon="users")
ASSESSED = declare_event("complaints.complaint.changed", gettext_lazy("Assessed"), icon="adjustments")
CONTACTED = declare_event("complaints.complaint.contacted", gettext_lazy("Contact noted"), icon="phone")
EVIDENCE = declare_event("complaints.complaint.evidence", gettext_lazy("Files added"), icon="paperclip")
PROMISED = declare_event("complaints.complaint.progress_promised", gettext_lazy("Progress note promised"), icon="clock")
PROGRESS = declare_event(
    "complaints.complaint.progress_told", gettext_lazy("Progress told"), icon="message", tone="info"
)
MISSED = declare_event(
    "complaints.complaint.progress_missed",
    gettext_lazy("Promised progress note missed"),
    icon="clock-exclamation",
    tone="bad",
)
ACTION = declare_event("complaints.complaint.action_set", gettext_lazy("Action agreed"), icon="list-check")
GIVEN = declare_event("complaints.action.given", gettext_lazy("Action to carry out"), icon="list-check", tone="warn")
ALARMED = declare_event(
    "complaints.complaint.alarmed", gettext_lazy("Danger: emergency raised"), icon="alert-triangle", tone="bad"
)

MAX_TITLE = 120


def open_complaint(
    *,
    channel: str,
    title: str,
    actor: Any,
    now: datetime,
    description: str = "",
    kind: str = Complaint.Kind.OTHER,
    project: Project | None = None,
    subject: Any = None,
    about: str = "",
    equipment: Equipment | None = None,
    accused: Iterable[Any] = (),
    remedy: str = "",
    danger: str = "",
    is_anonymous: bool = False,
    complainant: Any = None,
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    files: Iterable[AcceptedFile] = (),
) -> Complaint:
    """Take a complaint in and accept it at once: number, apology, procedure, expected day (C-01, C-02).

    Staff whose full name stands in its words count as complained of until quality says otherwise, so that nobody
    reads about themselves. A danger becomes an emergency at once.
    """
    people = set(accused) | named_in(f"{title} {description} {about}")
    values: dict[str, Any] = {} if is_anonymous else {
        "complainant": complainant,
        "contact_name": contact_name or (complainant.name if complainant else ""),
        "contact_phone": contact_phone or ((complainant.phone or "") if complainant else ""),
        "contact_email": contact_email or ((complainant.email or "") if complainant else ""),
    }  # fmt: skip
    with transaction.atomic():
        complaint = Complaint.objects.create(
            number=next_number("TS", now=now),
            code=rules.new_code(),
            project=project,
            subject=subject,
            about=about or (str(subject) if subject is not None else ""),
            equipment=equipment or equipment_of(subject),
            channel=channel,
            kind=kind,
            title=title[:MAX_TITLE],
            description=description,
            remedy=remedy,
            danger=danger,
            is_anonymous=is_anonymous,
            received_by=actor if actor is not None and actor.is_staff_side else None,
            opened_at=now,
            round_began_at=now,
            expected_on=rules.expected_on(timezone.localdate(now)),
            department=project.department if project else "",
            severity=Complaint.Degree.HIGH if danger else Complaint.Degree.MEDIUM,
            **values,
        )
        complaint.accused.set(people)
        _see_that_somebody_reads(complaint)
        for accepted in files:
            CaseFile.keep(accepted, actor=actor, now=now, complaint=complaint)
        tells = [*access.everyone_on(complaint), *access.desk(complaint)]
        record(complaint, OPENED, actor=actor, now=now, data={"note": complaint.title}, tells=tells)
        complaint = lifecycle.acknowledge(complaint, actor=None, now=now)
        if danger:
            complaint = _alarm(complaint, actor=actor, now=now)
    return complaint


def named_in(text: str) -> set[User]:
    """Return the staff whose full name stands in a text."""
    return {person for person in User.objects.staff() if len(person.name) > 1 and person.name in text}


def _see_that_somebody_reads(complaint: Complaint) -> None:
    """Where everybody who keeps files is complained of, the administrator investigates."""
    if access.file_keepers(complaint):
        return
    spared = User.objects.administrators().exclude(pk__in=access.accused_keys(complaint)).order_by("pk").first()
    if spared is not None:
        complaint.investigator = spared
        complaint.save(update_fields=["investigator"])


def _alarm(complaint: Complaint, *, actor: Any, now: datetime) -> Complaint:
    """Raise an emergency with the words meant for the crew; they name no complaint."""
    project = complaint.project
    if project is None:
        return complaint
    ticket = complaint.subject if isinstance(complaint.subject, Ticket) else None
    complaint.emergency = raise_alarm(
        project=project,
        ticket=ticket,
        title=complaint.danger[:MAX_TITLE],
        description=complaint.danger,
        contact_name=complaint.contact_name or _("Not given"),
        contact_phone=complaint.contact_phone or "—",
        actor=actor,
        now=now,
    )
    complaint.save()
    note = {"note": complaint.emergency.number}
    record(complaint, ALARMED, actor=actor, now=now, data=note, tells=access.file_keepers(complaint))
    return complaint


def name_people(*, complaint: Complaint, people: Iterable[Any], actor: Any, now: datetime) -> Complaint:
    """Say who is complained of; from now on the file is kept from them. Raises ``DomainError`` if nobody could read it.

    The investigator cannot be among them: the file goes back to be handed over.
    """
    if not access.may_contact(complaint, actor):
        raise PermissionDenied
    wanted = set(people)
    with transaction.atomic():
        complaint = lock(complaint)
        if actor in wanted:
            raise DomainError(
                _("You cannot name yourself: you would lose the file. Ask somebody else to."), field="people"
            )
        complaint.accused.set(wanted)
        complaint.__dict__.pop("_accused_keys", None)
        if not access.file_keepers(complaint):
            raise DomainError(_("Nobody of quality and management would be left to read the file."), field="people")
        if complaint.investigator in wanted:
            complaint.investigator = None
            complaint.save()
        for person in wanted:
            forget_told(complaint, person)
        record(complaint, NAMED, actor=actor, now=now, audience=Audience.RESTRICTED, data={"count": len(wanted)})
    return complaint


def assess(*, complaint: Complaint, actor: Any, now: datetime, **values: Any) -> Complaint:
    """Set kind, severity, complexity, impact, department, equipment of a complaint (ISO 10002).

    The project is set once it is known; a danger reported without one becomes an emergency then.
    """
    if not access.may_contact(complaint, actor):
        raise PermissionDenied
    equipment = values.get("equipment", complaint.equipment)
    with transaction.atomic():
        complaint = lock(complaint)
        before = values_of(complaint)
        for name in ("kind", "severity", "complexity", "impact", "department"):
            setattr(complaint, name, values[name])
        complaint.project = complaint.project or values.get("project")
        if equipment is not None and equipment.project_id != complaint.project_id:
            raise DomainError(_("This piece of equipment belongs to another project."), field="equipment")
        complaint.equipment = equipment
        complaint.save()
        record_change(complaint, before, actor=actor, now=now, audience=Audience.RESTRICTED)
        if complaint.project_id != before["project_id"]:
            _start_promises(complaint)
        if complaint.danger and complaint.emergency_id is None and complaint.is_open:
            complaint = _alarm(complaint, actor=actor, now=now)
    return complaint


def _start_promises(complaint: Complaint) -> None:
    """Let what happened so far act on the clocks of the project that is known only now: they count from receipt."""
    follow([(event, []) for event in Event.objects.about(complaint).order_by("at", "pk")])


def log_contact(
    *,
    complaint: Complaint,
    way: str,
    whom: str,
    said: str,
    with_complainant: bool,
    is_answer: bool,
    actor: Any,
    now: datetime,
) -> Contact:
    """Keep a contact; the first with the complainant is the response, one that answers them the answer (C-02)."""
    if not access.may_contact(complaint, actor):
        raise PermissionDenied
    with transaction.atomic():
        complaint = _open(complaint)
        contact = Contact.objects.create(complaint=complaint, at=now, by=actor, way=way, whom=whom, said=said)
        record(complaint, CONTACTED, actor=actor, now=now, audience=Audience.RESTRICTED, data={"note": whom})
        if with_complainant or is_answer:
            _note_reached(complaint, is_answer=is_answer, actor=actor, now=now)
    return contact


def _note_reached(complaint: Complaint, *, is_answer: bool, actor: Any, now: datetime) -> None:
    if complaint.responded_at is None:
        complaint.responded_at = now
        record(complaint, lifecycle.RESPONDED, actor=actor, now=now)
    if is_answer and complaint.answered_at is None:
        complaint.answered_at = now
        record(complaint, lifecycle.ANSWERED, actor=actor, now=now)
    complaint.save()


def _open(complaint: Complaint) -> Complaint:
    complaint = lock(complaint)
    if not complaint.is_open:
        raise IllegalTransition.of(_("Work on the file"), complaint)
    return complaint


def add_evidence(*, complaint: Complaint, files: Iterable[AcceptedFile], actor: Any, now: datetime) -> Complaint:
    """Keep files in the investigation's part of the file, which the complainant does not see."""
    if not access.works_on(complaint, actor):
        raise PermissionDenied
    with transaction.atomic():
        complaint = _open(complaint)
        kept = [CaseFile.keep(one, actor=actor, now=now, complaint=complaint, is_evidence=True) for one in files]
        note = {"note": "、".join(str(row) for row in kept)}
        record(complaint, EVIDENCE, actor=actor, now=now, audience=Audience.RESTRICTED, data=note)
    return complaint


def find_cause(*, complaint: Complaint, cause: str, whys: Iterable[str], actor: Any, now: datetime) -> Complaint:
    """Keep the cause and the whys that led to it, as far as they are known."""
    if not access.works_on(complaint, actor):
        raise PermissionDenied
    with transaction.atomic():
        complaint = _open(complaint)
        before = values_of(complaint)
        complaint.cause = cause
        complaint.whys = [line.strip() for line in whys if line.strip()][: rules.WHYS]
        complaint.save()
        record_change(complaint, before, actor=actor, now=now, audience=Audience.RESTRICTED)
    return complaint


def promise_progress(*, complaint: Complaint, promised_by: datetime, about: str, actor: Any, now: datetime) -> Progress:
    """Promise the complainant a progress note by a moment (C-04)."""
    if not access.works_on(complaint, actor):
        raise PermissionDenied
    if promised_by <= now:
        raise DomainError(_("Promise a moment that is still to come."), field="promised_by")
    with transaction.atomic():
        complaint = _open(complaint)
        note = complaint.progress.create(promised_by=promised_by, about=about, dated_by=actor, dated_at=now)
        data = {"note": f"{about} {timezone.localtime(promised_by):%Y-%m-%d %H:%M}"}
        record(complaint, PROMISED, actor=actor, now=now, data=data, tells=[complaint.complainant])
    return note


def tell_progress(*, progress: Progress, text: str, actor: Any, now: datetime) -> Progress:
    """Tell the complainant how it stands; the promised note is given, late if it was missed."""
    if not access.works_on(progress.complaint, actor):
        raise PermissionDenied
    with transaction.atomic():
        complaint = lock(progress.complaint)
        progress = lock(progress)
        if progress.told_at is not None:
            raise DomainError(_("This progress note was told already."))
        progress.text, progress.told_at, progress.told_by = text, now, actor
        progress.save()
        note = {"note": text[:200]}
        record(complaint, PROGRESS, actor=actor, now=now, data=note, tells=[complaint.complainant])
        word.send(complaint, "progress", now=now)
    return progress


def escalate_missed_progress(*, now: datetime, limit: int = 500) -> int:
    """Tell investigator, quality and manager of each promised progress note missed, once; return how many."""
    done = 0
    late = Progress.objects.filter(told_at__isnull=True, missed_at__isnull=True, promised_by__lt=now)
    for progress in late.select_related("complaint").order_by("promised_by")[:limit]:
        try:
            done += _escalate(progress, now)
        except Exception:
            logger.exception("Progress note %s could not be escalated.", progress.pk)
    return done


def _escalate(progress: Progress, now: datetime) -> int:
    with transaction.atomic():
        claimed = Progress.objects.filter(pk=progress.pk, told_at__isnull=True, missed_at__isnull=True)
        if not claimed.update(missed_at=now):
            return 0
        complaint = progress.complaint
        if complaint.is_open:
            people = access.insiders(complaint)
            note = {"note": progress.about, "urgent": True}
            record(complaint, MISSED, actor=None, now=now, audience=Audience.RESTRICTED, data=note, tells=people)
    return 1


def set_action(
    *,
    complaint: Complaint,
    kind: str,
    text: str,
    responsible: Any,
    due_on: date,
    check_on: date,
    actor: Any,
    now: datetime,
) -> Action:
    """Agree a corrective or preventive action, and when its effect is checked."""
    if not access.works_on(complaint, actor):
        raise PermissionDenied
    if responsible.pk in access.accused_keys(complaint):
        raise DomainError(
            _("%(name)s is complained of. Choose somebody else.") % {"name": responsible}, field="responsible"
        )
    if check_on < due_on:
        raise DomainError(_("Its effect can be checked only after it is carried out."), field="check_on")
    with transaction.atomic():
        complaint = lock(complaint)
        action = complaint.actions.create(
            kind=kind,
            text=text,
            responsible=responsible,
            due_on=due_on,
            check_on=check_on,
            dated_by=actor,
            dated_at=now,
        )
        note = {"note": f"{responsible} {due_on}: {text}"[:200]}
        record(complaint, ACTION, actor=actor, now=now, audience=Audience.RESTRICTED, data=note)
        data = {"note": f"{due_on}: {text}"[:200]}
        record(action, GIVEN, actor=actor, now=now, audience=Audience.RESTRICTED, data=data, tells=[responsible])
    return action
