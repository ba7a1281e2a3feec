"""Plan trainings: a project's plan against what its policy owes, sessions, registration, yearly classes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars.loading import Calendars
from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one
from apps.core.worktime import is_working_day
from apps.projects.models import OwnerPerson, Project
from apps.projects.services import ensure_serves
from apps.service_levels.models import PolicyTerm

from .models import Course, Participant, Session, TrainingPlan
from .rules import DAY_HOURS, class_day, days_taught, tenths, term_of

PLANNED = declare_event("training.trainingplan.created", gettext_lazy("Training plan made"), icon="calendar-plus")
declare_event("training.trainingplan.changed", gettext_lazy("Training plan changed"), icon="pencil")
SESSION_MADE = declare_event("training.session.created", gettext_lazy("Training planned"), icon="calendar-plus")
declare_event("training.session.changed", gettext_lazy("Training changed"), icon="pencil")
CLASS_OPENED = declare_event(
    "training.session.class_opened", gettext_lazy("Yearly class opened"), icon="calendar-event"
)
REGISTERED = declare_event("training.session.registered", gettext_lazy("Registered"), icon="user-check")
PLACE_GIVEN = declare_event(
    "training.participant.registered", gettext_lazy("Registered for a training"), icon="user-check"
)
MATERIALS_SENT = declare_event("training.session.materials_sent", gettext_lazy("Materials sent ahead"), icon="send")
RECEIVED = declare_event("training.session.received", gettext_lazy("Materials received"), icon="check")
REMINDED = declare_event("training.session.reminded", gettext_lazy("Training comes up"), icon="bell")

#: The rule whose terms say what training a project is owed.
OWED = "T-02"
#: What the units of its terms count; a term of any other unit, or of none, counts sessions.
COUNTED = (
    ({"working days", "工作日", "个工作日"}, "working days"),
    ({"days", "天"}, "days"),
    ({"operators", "people", "人", "名", "名操作人员"}, "people"),
)
REMIND_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class Owed:
    """One term of the policy beside what is planned and held."""

    words: str
    counts: str
    owed: int | None
    planned: Decimal | int
    held: Decimal | int

    @property
    def counts_days(self) -> bool:
        return self.counts in {"working days", "days"}

    @property
    def tone(self) -> str:
        if self.owed is None or self.held >= self.owed:
            return "ok"
        return "info" if self.planned >= self.owed else "warn"


def owed_to(project: Project) -> list[Owed]:
    """Return what the project's policy owes it in training (T-02) beside what is planned and held."""
    found = _terms_of(project)
    if not found:
        return []
    sessions = list(Session.objects.filter(project=project).exclude(status=Session.Status.CANCELLED))
    held = [row for row in sessions if row.status in {Session.Status.HELD, Session.Status.CLOSED}]
    plan = TrainingPlan.objects.filter(project=project).first()
    people = Participant.objects.filter(session__project=project)
    present = people.present().values("name", "user").distinct().count()
    planned_days, held_days = _days(sessions), _days(held)
    off = _days_off(set(planned_days))
    counted: dict[str, tuple[Decimal | int, Decimal | int]] = {
        "working days": (_total(planned_days, off), _total(held_days, off)),
        "days": (_total(planned_days), _total(held_days)),
        "people": (
            max(plan.people if plan else 0, people.taking_part().values("name", "user").distinct().count()),
            present,
        ),
        "sessions": (_free(sessions), _free(held)),
    }
    lines = []
    for term in found:
        owed = int(term.value) if term.value.isdigit() else None
        lines.append(Owed(str(term), _what(term), owed, *counted[_what(term)]))
    return lines


def _terms_of(project: Project) -> list[PolicyTerm]:
    terms = PolicyTerm.objects.filter(version__current_of__projects__project=project, rule=OWED)
    return list(terms.order_by("position", "pk"))


def _what(term: PolicyTerm) -> str:
    """Return what a term counts: sessions where its unit names nothing else."""
    return next((name for units, name in COUNTED if term.unit in units), "sessions")


def charge_doubts(project: Project) -> list[str]:
    """Say where what is charged does not fit the policy's free sessions (T-02): one free, later ones chargeable."""
    sessions = list(Session.objects.filter(project=project).exclude(status=Session.Status.CANCELLED))
    free, charged = _free(sessions), len(sessions) - _free(sessions)
    doubts = []
    for term in [term for term in _terms_of(project) if _what(term) == "sessions"]:
        if not term.value.isdigit():
            if charged:
                doubts.append(_("“%(term)s”: yet a session is charged.") % {"term": term})
        elif charged and free < int(term.value):
            doubts.append(_("“%(term)s”: a session is charged though a free one is still owed.") % {"term": term})
        elif free > int(term.value):
            doubts.append(
                _("“%(term)s”: %(free)s are planned free of charge; mark the later ones as charged, or agree on it.")
                % {"term": term, "free": free}
            )
    return doubts


def _days(sessions: Iterable[Session]) -> dict[date, Fraction]:
    on_site = [row for row in sessions if row.way == Session.Way.ON_SITE]
    return days_taught(
        (timezone.localtime(row.starts_at), timezone.localtime(row.ends_at), row.hours) for row in on_site
    )


def _total(days: Mapping[date, Fraction], off: Collection[date] = ()) -> Decimal:
    return tenths(sum((share for day, share in days.items() if day not in off), Fraction(0)))


def _days_off(days: set[date]) -> set[date]:
    """Those of the days that are no working days: weekends, holidays, the company's own."""
    if not days:
        return set()
    first, last = (timezone.make_aware(datetime.combine(day, time())) for day in (min(days), max(days)))
    calendar = Calendars.load(around=first, until=last).working_days
    return {day for day in days if not is_working_day(day, calendar)}


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
    email: str = "",
    owner: Any = None,
) -> Participant:
    """Register a person, with an account or by name; when the session is full, on its waiting list."""
    with transaction.atomic():
        session = lock(session)
        if session.status not in {Session.Status.PLANNED, Session.Status.OPEN, Session.Status.HELD}:
            raise DomainError(_("Registration is over."))
        if user is not None:
            name, phone, email, owner = user.name, user.phone or "", user.email or "", _owner_of(user)
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
            session=session,
            user=user,
            name=name,
            phone=phone[:30],
            email=email,
            owner=owner,
            status=status,
            registered_at=now,
        )
        note = f"{name} · {participant.get_status_display()}"
        told = [session.trainer]
        record(session, REGISTERED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note}, tells=told)
        if user is not None and user != actor:
            _tell_registered(participant, actor=actor, now=now)
    return participant


def _tell_registered(participant: Participant, *, actor: Any, now: datetime) -> None:
    """Tell a person whom somebody else registered: for what, when, and whether there is a place (T-01).

    Who takes part is the staff's; this event names nobody but is about the person's own place.
    """
    session = participant.session
    when = f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}"
    note = " · ".join([str(session), when, str(participant.get_status_display())])
    record(participant, PLACE_GIVEN, actor=actor, now=now, data={"note": note}, tells=[participant.user])


def _owner_of(user: Any) -> Any:
    row = OwnerPerson.objects.filter(user=user).select_related("owner").first()
    return row.owner if row else None


def _must_be_let_in(session: Session, user: Any) -> None:
    if not Session.objects.visible_to(user).filter(pk=session.pk).exists() and not user.is_staff_side:
        raise DomainError(_("%(name)s does not see this training.") % {"name": user.name})
    if (before := missing_before(session.course, user)) is not None:
        raise DomainError(
            _("“%(course)s” comes first: %(name)s has no valid certificate of it.")
            % {"course": before, "name": user.name}
        )


def missing_before(course: Course, user: Any) -> Course | None:
    """Return the first course that this one needs and of which a person has no valid certificate; None for none.

    A course that gives no certificate any more keeps nobody out: nobody could show one.
    """
    held = user.training_certificates.in_force(timezone.localdate()).values("course")
    needed = course.prerequisites.filter(gives_certificate=True).exclude(pk__in=held)
    first: Course | None = needed.order_by("pk").first()
    return first


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
    """Note that a person has the materials, said by themselves or by the trainer who handed them over."""
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

    def open_class(course: Course) -> bool:
        if Session.objects.filter(course=course, term=term).exists():
            return False
        starts_at = timezone.make_aware(datetime.combine(class_day(term, today), time(9)))
        session = Session.objects.create(
            number=next_number("PX", now=now),
            course=course,
            audience=course.audience,
            way=Session.Way.CLASSROOM,
            trainer=course.responsible,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=DAY_HOURS),
            hours=DAY_HOURS,
            seats=30,
            term=term,
            status=Session.Status.OPEN,
        )
        record(session, CLASS_OPENED, actor=None, now=now, tells=[course.responsible], data={"note": course.name})
        return True

    return one_by_one(courses.order_by("pk")[:limit], open_class)


def remind_sessions(*, now: datetime, limit: int = 100) -> int:
    """Remind those who take part and the trainer, once, in the day before a training begins."""
    due = Session.objects.coming().filter(reminded_at=None, starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE)

    def remind(row: Session) -> bool:
        if row.reminded_at is not None or not row.is_open:
            return False
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        people = [part.user for part in row.participants.taking_part().select_related("user")]
        note = {"note": f"{timezone.localtime(row.starts_at):%m-%d %H:%M} {row.place}".strip()}
        record(row, REMINDED, actor=None, now=now, data=note, tells=[*people, row.trainer])
        return True

    return one_by_one(due[:limit], remind)
