"""Issue certificates, remind of their end, check them in public (T-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.client import counted_as
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one
from apps.documents import lifecycle as document_states
from apps.documents import services as documents
from apps.documents.models import Document
from apps.projects.models import OwnerPerson, Project

from . import licences
from .models import Attempt, Certificate, Course, Participant, Session
from .rules import expiry, masked

CERTIFICATE = "training_certificate"
ISSUED = declare_event(
    "training.certificate.issued", gettext_lazy("Certificate issued"), icon="rosette-discount-check", tone="ok"
)
ENDING = declare_event("training.certificate.ending", gettext_lazy("Certificate ends soon"), icon="clock", tone="warn")

REMIND_BEFORE = timedelta(days=60)
WINDOW_SECONDS = 3600
TRIES_AN_ADDRESS = 30


def issue_for_attempt(*, attempt: Attempt, actor: Any, now: datetime) -> Certificate | None:
    """Issue the certificate of an exam that was passed; None for a course without one."""
    if not attempt.course.gives_certificate:
        return None
    return _issue(
        course=attempt.course, user=attempt.user, session=attempt.session, attempt=attempt, actor=actor, now=now
    )


def certify_presence(*, session: Session, actor: Any, now: datetime) -> int:
    """Give everybody who was there a certificate, of a course that has one but no exam; return how many."""
    course = session.course
    if not course.gives_certificate or course.has_exam:
        return 0
    present = list(session.participants.present().select_related("user", "owner"))
    for row in present:
        _issue(course=course, user=row.user, participant=row, session=session, actor=actor, now=now)
    return len(present)


def _issue(
    *,
    course: Course,
    user: Any,
    actor: Any,
    now: datetime,
    session: Session | None = None,
    attempt: Attempt | None = None,
    participant: Participant | None = None,
) -> Certificate:
    today = timezone.localdate(now)
    owner = participant.owner if participant is not None else _owner_of(user)
    with transaction.atomic():
        certificate = Certificate.objects.create(
            number=next_number("ZS", now=now),
            course=course,
            project=project_of(session, owner, user),
            user=user,
            name=participant.name if participant is not None else user.name,
            owner=owner,
            session=session,
            attempt=attempt,
            issued_on=today,
            expires_on=expiry(today, course.validity_months),
        )
        if course.licence_kind and user is not None and user.is_staff_side:
            licences.give(
                user=user,
                kind=course.licence_kind,
                number=certificate.number,
                issued_by=course.name,
                issued_on=today,
                expires_on=certificate.expires_on,
                certificate=certificate,
                now=now,
            )
        note = {"note": str(certificate)}
        record(certificate, ISSUED, actor=actor, now=now, audience=Audience.RESTRICTED, data=note, tells=[user])
        documents.issue_now(CERTIFICATE, certificate, actor=actor, now=now)
    return certificate


def issue_missing(*, now: datetime, limit: int = 50) -> int:
    """Put certificates on paper that were issued before those of our own people and of open classes were."""
    kind = ContentType.objects.get_for_model(Certificate)
    papers = Document.objects.filter(type=CERTIFICATE, subject_type=kind, subject_id=OuterRef("pk"))
    missing = Certificate.objects.filter(~Exists(papers), status=Certificate.Status.VALID).order_by("pk")

    def issue(certificate: Certificate) -> bool:
        if documents.document_of(CERTIFICATE, certificate) is not None:
            return False
        documents.issue_now(CERTIFICATE, certificate, actor=None, now=now)
        return True

    return one_by_one(missing[:limit], issue)


def void_paper(certificate: Certificate, *, reason: str, actor: Any, now: datetime) -> None:
    """Declare the paper of a withdrawn certificate void: whoever checks the paper itself reads it there too."""
    document = documents.document_of(CERTIFICATE, certificate)
    if document is not None:
        document_states.withdraw(document, actor=actor, now=now, reason=reason)


def _owner_of(user: Any) -> Any:
    row = OwnerPerson.objects.filter(user=user).select_related("owner").first()
    return row.owner if row else None


def project_of(session: Session | None, owner: Any, user: Any) -> Project | None:
    """The project of the session; else one of the organisation that the person sees."""
    if session is not None and session.project is not None:
        return session.project
    if user is not None and not user.is_staff_side:
        return Project.objects.visible_to(user).order_by("pk").first()
    return Project.objects.filter(owner=owner).order_by("pk").first() if owner is not None else None


def remind_of_ends(*, now: datetime, limit: int = 200) -> int:
    """Tell people and trainers once that a certificate ends within two months."""
    today = timezone.localdate(now)
    due = Certificate.objects.in_force(today).filter(reminded_at=None, expires_on__lte=today + REMIND_BEFORE)

    def remind(row: Certificate) -> bool:
        if row.reminded_at is not None:
            return False
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        note = {"note": f"{row} {row.expires_on}"}
        people = [row.user, row.course.responsible]
        record(row, ENDING, actor=None, now=now, audience=Audience.RESTRICTED, data=note, tells=people)
        return True

    return one_by_one(due[:limit], remind)


@dataclass(frozen=True)
class Checked:
    """What anybody may know of a certificate."""

    state: str
    number: str
    course: str
    issued_on: date
    expires_on: date | None
    name: str


def check(*, number: str, code: str, address: str | None, today: date) -> Checked | None:
    """Return what the public may know of the certificate of this number and code, or None.

    Raises ``DomainError`` when too many tries come from one address.
    """
    key = f"certificate-check:{counted_as(address)}"
    cache.add(key, 0, timeout=WINDOW_SECONDS)
    if address and cache.incr(key) > TRIES_AN_ADDRESS:
        raise DomainError(_("Too many certificates were checked from here. Wait an hour."))
    row = Certificate.objects.select_related("course").filter(number=number.strip().upper()).first()
    if row is None or not constant_time_compare(row.code, code.strip().upper()):
        return None
    state = "withdrawn" if row.status == Certificate.Status.WITHDRAWN else "valid"
    if state == "valid" and row.is_expired(today):
        state = "expired"
    return Checked(state, row.number, row.course.name, row.issued_on, row.expires_on, masked(row.name))
