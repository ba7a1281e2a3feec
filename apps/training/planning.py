"""Plan trainings: a project's plan against what its policy owes, sessions, registration, yearly classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.projects.access import owner_people
from apps.projects.models import OwnerPerson, Project
from apps.projects.services import ensure_serves
from apps.service_levels.models import PolicyTerm

from .models import Course, Participant, Session, TrainingPlan
from .rules import class_day, term_of, training_days

PLANNED = declare_event("training.trainingplan.created", gettext_lazy("Training plan made"), icon="calendar-plus")
declare_event("training.trainingplan.changed", gettext_lazy("Training plan changed"), icon="pencil")
SESSION_MADE = declare_event("training.session.created", gettext_lazy("Training planned"), icon="calendar-plus")
declare_event("training.session.changed", gettext_lazy("Training changed"), icon="pencil")
CLASS_OPENED = declare_event(
    "training.session.class_opened", gettext_lazy("Yearly class opened"), icon="calendar-event"
)
REGISTERED = declare_event("training.session.registered", gettext_lazy("Registered"), icon="user-check")
MATERIALS_SENT = declare_event("training.session.materials_sent", gettext_lazy("Materials sent ahead"), icon="send")
RECEIVED = declare_event("training.session.received", gettext_lazy("Materials received"), icon="check")
REMINDED = declare_event("training.session.reminded", gettext_lazy("Training comes up"), icon="bell")

#: The rule whose terms say what training a project is owed.
OWED = "T-02"
DAYS, PEOPLE, SESSIONS = (
    {"working days", "days", "工作日", "天"},
    {"operators", "people", "人", "名"},
    {"session", "sessions", "次"},
)
REMIND_BEFORE = timedelta(days=1)
CLASS_HOURS = 6


@dataclass(frozen=True)
class Owed:
    """One term of the policy beside what is planned and held."""

    words: str
    owed: int | None
    planned: int
    held: int

    @property
    def tone(self) -> str:
        if self.owed is None or self.held >= self.owed:
            return "ok"
        return "info" if self.planned >= self.owed else "warn"


def owed_to(project: Project) -> list[Owed]:
    """Return what the project's policy owes it in training (T-02) beside what is planned and held."""
    terms = PolicyTerm.objects.filter(version__current_of__projects__project=project, rule=OWED)
    found = list(terms.order_by("position", "pk"))
    if not found:
        return []
    sessions = list(Session.objects.filter(project=project).exclude(status=Session.Status.CANCELLED))
    held = [row for row in sessions if row.status in {Session.Status.HELD, Session.Status.CLOSED}]
    plan = TrainingPlan.objects.filter(project=project).first()
    people = Participant.objects.filter(session__project=project)
    present = people.present().values("name", "user").distinct().count()
    counted = {
        "days": (_days(sessions), _days(held)),
        "people": (
            max(plan.people if plan else 0, people.taking_part().values("name", "user").distinct().count()),
            present,
        ),
        "sessions": (_free(sessions), _free(held)),
    }
    lines = []
    for term in found:
        what = "days" if term.unit in DAYS else "people" if term.unit in PEOPLE else "sessions"
        owed = int(term.value) if term.value.isdigit() else None
        lines.append(Owed(str(term), owed, *counted[what]))
    return lines


def _days(sessions: Iterable[Session]) -> int:
    on_site = [row for row in sessions if row.way == Session.Way.ON_SITE]
    return training_days((timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)) for row in on_site)


def _free(sessions: Iterable[Session]) -> int:
    return sum(not row.is_chargeable for row in sessions)


def save_plan(
    *, project: Project, need: str, people: int, actor: Any, now: datetime, plan: TrainingPlan | None = None
) -> TrainingPlan:
    """Make or change what a project's owner needs to learn; an agreed plan is reopened first (T-01)."""
    with transaction.atomic():
        if plan is None:
            if TrainingPlan.objects.filter(project=project).exists():
                raise DomainError(_("The project has a training plan already."))
            plan = TrainingPlan.objects.create(
                project=project, number=next_number("PX", now=now), need=need, people=people, created_at=now
            )
            record(plan, PLANNED, actor=actor, now=now, data={"note": plan.number})
            return plan
        plan = lock(plan)
        if plan.status == TrainingPlan.Status.AGREED:
            raise DomainError(_("The plan is agreed. Reopen it before you change it."))
        before = values_of(plan)
        plan.need, plan.people = need, people
        plan.save()
        record_change(plan, before, actor=actor, now=now)
    return plan


def save_session(*, values: Mapping[str, Any], actor: Any, now: datetime, session: Session | None = None) -> Session:
    """Plan a training or change one that is still to come. Its trainer serves the project from now on."""
    if values["ends_at"] <= values["starts_at"]:
        raise DomainError(_("The training must end after it begins."), field="ends_at")
    with transaction.atomic():
        before = None
        if session is not None:
            session = lock(session)
            before = values_of(session)
            if not session.is_open:
                raise DomainError(_("The training is over; it does not change any more."))
        else:
            session = Session(number=next_number("PX", now=now))
        for name, value in values.items():
            setattr(session, name, value)
        session.audience = Audience.OWNER if session.project_id else session.course.audience
        if not session.hours:
            session.hours = round((session.ends_at - session.starts_at).total_seconds() / 1800) / 2
        session.save()
        if session.project is not None and session.trainer is not None:
            ensure_serves(project=session.project, user=session.trainer, actor=actor, now=now)
        if before is None:
            record(session, SESSION_MADE, actor=actor, now=now, tells=[session.trainer], data={"note": str(session)})
        else:
            record_change(session, before, actor=actor, now=now, audience=Audience.OWNER)
    return session


def register(
    *,
    session: Session,
    actor: Any,
    now: datetime,
    user: Any = None,
    name: str = "",
    phone: str = "",
    owner: Any = None,
) -> Participant:
    """Register a person, with an account or by name; when the session is full, on its waiting list."""
    with transaction.atomic():
        session = lock(session)
        if session.status not in {Session.Status.PLANNED, Session.Status.OPEN, Session.Status.HELD}:
            raise DomainError(_("Registration is over."))
        if user is not None:
            name, phone, owner = user.name, user.phone or "", _owner_of(user)
            _must_be_let_in(session, user)
        if not name.strip():
            raise DomainError(_("Write the person's name."), field="name")
        rows = session.participants.all()
        mine = rows.filter(user=user) if user is not None else rows.filter(user=None, name=name, phone=phone)
        known = mine.first()
        if known is not None and known.status != Participant.Status.WITHDRAWN:
            raise DomainError(_("%(name)s is registered already.") % {"name": name})
        taken = rows.filter(status=Participant.Status.REGISTERED).count()
        is_full = session.seats is not None and taken >= session.seats
        status = Participant.Status.WAITING if is_full else Participant.Status.REGISTERED
        if known is not None:
            known.delete()
        participant = Participant.objects.create(
            session=session, user=user, name=name, phone=phone[:30], owner=owner, status=status, registered_at=now
        )
        people = [session.trainer, *([user] if user is not None else [])]
        note = f"{name} · {participant.get_status_display()}"
        record(session, REGISTERED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note}, tells=people)
    return participant


def _owner_of(user: Any) -> Any:
    row = OwnerPerson.objects.filter(user=user).select_related("owner").first()
    return row.owner if row else None


def _must_be_let_in(session: Session, user: Any) -> None:
    if not Session.objects.visible_to(user).filter(pk=session.pk).exists() and not user.is_staff_side:
        raise DomainError(_("%(name)s does not see this training.") % {"name": user.name})
    needed = list(session.course.prerequisites.all())
    held = set(user.training_certificates.in_force(timezone.localdate()).values_list("course", flat=True))
    if missing := [course for course in needed if course.pk not in held]:
        raise DomainError(
            _("“%(course)s” comes first: %(name)s has no valid certificate of it.")
            % {"course": missing[0], "name": user.name}
        )


def send_materials(*, session: Session, actor: Any, now: datetime) -> Session:
    """Send the materials ahead: those who take part are told, and confirm that they have them (T-01)."""
    with transaction.atomic():
        session = lock(session)
        if not session.course.materials.exists():
            raise DomainError(_("The course has no materials yet."))
        session.materials_sent_at = now
        session.save(update_fields=["materials_sent_at"])
        rows = session.participants.taking_part().select_related("user")
        record(session, MATERIALS_SENT, actor=actor, now=now, tells=[row.user for row in rows])
    return session


def confirm_receipt(*, participant: Participant, actor: Any, now: datetime) -> Participant:
    """Note that a person has the materials; the first time counts."""
    with transaction.atomic():
        participant = lock(participant)
        if participant.received_at is None:
            participant.received_at = now
            participant.save(update_fields=["received_at"])
            note = {"note": participant.name}
            record(participant.session, RECEIVED, actor=actor, now=now, audience=Audience.STAFF, data=note)
    return participant


def open_classes(*, now: datetime, limit: int = 50) -> int:
    """Open this term's class of every course that has spring and autumn classes, exactly once (T-04)."""
    today = timezone.localdate(now)
    term = term_of(today)
    courses = Course.objects.filter(is_seasonal=True, is_active=True).exclude(sessions__term=term)
    opened = 0
    for course in courses.select_related("responsible").order_by("pk")[:limit]:
        with transaction.atomic():
            course = lock(course)  # noqa: PLW2901  as it stands now
            if Session.objects.filter(course=course, term=term).exists():
                continue
            starts_at = timezone.make_aware(datetime.combine(class_day(term, today), time(9)))
            session = Session.objects.create(
                number=next_number("PX", now=now),
                course=course,
                audience=course.audience,
                way=Session.Way.CLASSROOM,
                trainer=course.responsible,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=CLASS_HOURS),
                hours=CLASS_HOURS,
                seats=30,
                term=term,
                status=Session.Status.OPEN,
            )
            record(session, CLASS_OPENED, actor=None, now=now, tells=[course.responsible], data={"note": course.name})
            opened += 1
    return opened


def remind_sessions(*, now: datetime, limit: int = 100) -> int:
    """Remind those who take part and the trainer, once, in the day before a training begins."""
    due = Session.objects.coming().filter(reminded_at=None, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE)
    reminded = 0
    for session in due.select_related("project", "trainer")[:limit]:
        with transaction.atomic():
            row = lock(session)
            if row.reminded_at is not None or not row.is_open:
                continue
            row.reminded_at = now
            row.save(update_fields=["reminded_at"])
            people = [part.user for part in row.participants.taking_part().select_related("user")]
            note = {"note": f"{timezone.localtime(row.starts_at):%m-%d %H:%M} {row.place}".strip()}
            record(row, REMINDED, actor=None, now=now, data=note, tells=[*people, row.trainer])
            reminded += 1
    return reminded


def people_of(project: Project) -> list[Any]:
    """The owner's people who can be named for a project's training."""
    return owner_people(project)
