"""The states of plans, sessions, participants, attempts and certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access, certificates, evaluation, improvements, retraining
from .models import Attempt, Certificate, Participant, Session, TrainingPlan

S = Session.Status
P = Participant.Status
A = Attempt.Status


def _people(session: Session) -> list[Any]:
    """Those who take part with an account, and the trainer."""
    rows = session.participants.exclude(status=P.WITHDRAWN).select_related("user")
    return [*(row.user for row in rows), session.trainer]


@transition(
    TrainingPlan,
    _("Agreed with the owner"),
    sources={TrainingPlan.Status.DRAFT},
    target=TrainingPlan.Status.AGREED,
    allowed=access.may_edit_plan,
    title=_("Training plan agreed"),
    form="AgreeForm",
    icon="circle-check",
    style="primary",
    tone="ok",
)
def agree(plan: TrainingPlan, *, actor: Any, now: datetime, agreed_with: str, agreed_on: date) -> dict[str, Any]:
    """Write down with whom and when the plan was agreed (T-01)."""
    plan.agreed_with, plan.agreed_on = agreed_with, agreed_on
    return {"note": f"{agreed_with} {agreed_on}"}


@transition(
    TrainingPlan,
    _("Change the plan"),
    sources={TrainingPlan.Status.AGREED},
    target=TrainingPlan.Status.DRAFT,
    allowed=access.may_edit_plan,
    title=_("Training plan reopened"),
    icon="pencil",
)
def revise(plan: TrainingPlan, *, actor: Any, now: datetime) -> None:
    """Open an agreed plan for changes; it is to be agreed anew."""
    plan.agreed_with, plan.agreed_on = "", None


@transition(
    Session,
    _("Open registration"),
    sources={S.PLANNED},
    target=S.OPEN,
    allowed=access.runs,
    title=_("Registration opened"),
    icon="calendar-plus",
    style="primary",
)
def open_registration(session: Session, *, actor: Any, now: datetime) -> None:
    """Let people register."""


@transition(
    Session,
    _("Training held"),
    sources={S.PLANNED, S.OPEN},
    target=S.HELD,
    allowed=access.runs,
    title=_("Training held"),
    icon="users",
    style="primary",
)
def hold(session: Session, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Note that the training took place; somebody must have been there."""
    if session.starts_at > now:
        begins = timezone.localtime(session.starts_at)
        raise DomainError(gettext("The training begins only at %(time)s.") % {"time": f"{begins:%m-%d %H:%M}"})
    present = session.participants.present().count()
    if not present:
        raise DomainError(gettext("Nobody has signed in yet. Take the attendance first."))
    return {"note": ngettext("%(n)s person there", "%(n)s people there", present) % {"n": present}}


@transition(
    Session,
    _("Close the training"),
    sources={S.HELD},
    target=S.CLOSED,
    allowed=access.runs,
    title=_("Training closed"),
    form="CloseForm",
    icon="circle-check",
    style="primary",
    tone="ok",
    tells=_people,
)
def close(
    session: Session,
    *,
    actor: Any,
    now: datetime,
    improvement: str = "",
    responsible: Any = None,
    due_on: date | None = None,
) -> None:
    """Close a training: attendance is final, certificates of presence are issued, everybody is asked how it was.

    What can be done better becomes an improvement that is followed until it worked.
    """
    session.closed_at, session.improvement = now, improvement
    certificates.certify_presence(session=session, actor=actor, now=now)
    evaluation.ask_participants(session=session, actor=actor, now=now)
    absent = session.participants.filter(attended_at=None, user__isnull=False)
    retraining.free(session, holders=absent.values("user"), actor=actor, now=now)
    if improvement:
        improvements.set_improvement(
            course=session.course,
            session=session,
            text=improvement,
            responsible=responsible or session.trainer or actor,
            due_on=due_on or timezone.localdate(now) + improvements.USUAL_TIME,
            actor=actor,
            now=now,
        )


@transition(
    Session,
    _("Call off"),
    sources={S.PLANNED, S.OPEN},
    target=S.CANCELLED,
    allowed=access.runs,
    title=_("Training cancelled"),
    form="ReasonForm",
    icon="ban",
    style="danger",
    tone="warn",
    tells=_people,
)
def cancel(session: Session, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Call a training off and tell everybody why."""
    session.reason = reason
    retraining.free(session, actor=actor, now=now)
    return {"note": reason}


@transition(
    Participant,
    _("Admit"),
    sources={P.WAITING},
    target=P.REGISTERED,
    allowed=None,
    title=_("A place became free"),
    icon="user-check",
    tone="ok",
    tells=lambda participant: [participant.user],
)
def admit(participant: Participant, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Give the next on the waiting list a place."""
    return {"note": participant.name}


@transition(
    Participant,
    _("Give the place back"),
    sources={P.REGISTERED, P.WAITING},
    target=P.WITHDRAWN,
    allowed=access.may_withdraw,
    title=_("Registration withdrawn"),
    icon="user-off",
    style="danger",
    audience=Audience.STAFF,
    tells=lambda participant: [participant.session.trainer],
)
def withdraw(participant: Participant, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Give a place back; the next on the waiting list gets it."""
    if participant.attended_at is not None:
        raise DomainError(gettext("%(name)s has signed in already.") % {"name": participant.name})
    if not participant.session.is_open:
        raise DomainError(gettext("The training is over; registrations do not change any more."))
    waiting = participant.session.participants.filter(status=P.WAITING).exclude(pk=participant.pk)
    was_registered = Participant.objects.filter(pk=participant.pk, status=P.REGISTERED).exists()
    if was_registered and (following := waiting.order_by("registered_at", "pk").first()):
        admit(following, actor=actor, now=now)
    if participant.user is not None:
        retraining.free(participant.session, holders=[participant.user], actor=actor, now=now)
    return {"note": participant.name}


@transition(
    Attempt,
    _("Hand in"),
    sources={A.RUNNING},
    target=A.SUBMITTED,
    allowed=None,
    title=_("Exam handed in"),
    icon="send",
    audience=Audience.STAFF,
)
def submit(attempt: Attempt, *, actor: Any, now: datetime) -> None:
    """End the writing; nothing is answered afterwards."""
    attempt.submitted_at = min(now, attempt.ends_at)


@transition(
    Attempt,
    _("Passed"),
    sources={A.SUBMITTED},
    target=A.PASSED,
    allowed=None,
    title=_("Exam passed"),
    icon="circle-check",
    tone="ok",
    tells=lambda attempt: [attempt.user],
)
def pass_exam(attempt: Attempt, *, actor: Any, now: datetime, points: Any, percent: int) -> dict[str, Any]:
    """Note a result at or above the pass mark."""
    attempt.points, attempt.percent, attempt.marked_at = points, percent, now
    return {"note": f"{percent} %"}


@transition(
    Attempt,
    _("Not passed"),
    sources={A.SUBMITTED},
    target=A.FAILED,
    allowed=None,
    title=_("Exam not passed"),
    icon="x",
    tone="warn",
    tells=lambda attempt: [attempt.user, attempt.course.responsible],
)
def fail_exam(attempt: Attempt, *, actor: Any, now: datetime, points: Any, percent: int) -> dict[str, Any]:
    """Note a result below the pass mark; coaching comes before the next try (T-05)."""
    attempt.points, attempt.percent, attempt.marked_at = points, percent, now
    return {"note": f"{percent} %"}


@transition(
    Attempt,
    _("Coached"),
    sources={A.FAILED},
    target=A.COACHED,
    allowed=access.may_mark,
    title=_("Coached for the next try"),
    form="CoachForm",
    icon="message-check",
    style="primary",
    tells=lambda attempt: [attempt.user],
)
def coach(attempt: Attempt, *, actor: Any, now: datetime, coaching: str) -> dict[str, Any]:
    """Write down the coaching; the person may try again (T-05)."""
    attempt.coaching, attempt.coached_by = coaching, actor
    return {"note": coaching}


@transition(
    Certificate,
    _("Withdraw the certificate"),
    sources={Certificate.Status.VALID},
    target=Certificate.Status.WITHDRAWN,
    allowed=access.may_withdraw_certificate,
    title=_("Certificate withdrawn"),
    form="ReasonForm",
    icon="ban",
    style="danger",
    tone="bad",
    audience=Audience.RESTRICTED,
    tells=lambda certificate: [certificate.user],
)
def withdraw_certificate(certificate: Certificate, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Withdraw a certificate with the reason; the public check says so at once."""
    certificate.reason = reason
    certificates.void_paper(certificate, reason=reason, actor=actor, now=now)
    return {"note": reason}
