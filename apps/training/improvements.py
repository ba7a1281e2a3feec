"""Do better after an evaluation: set the action, remind of it, follow it until it worked (T-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one

from . import access
from .models import Course, Improvement, Session

SET = declare_event("training.improvement.set", gettext_lazy("Improvement set"), icon="message-check")
LATE = declare_event("training.improvement.late", gettext_lazy("Improvement is late"), icon="clock", tone="warn")

#: What is said at the closing of a training, without a day of its own, is done within a month.
USUAL_TIME = timedelta(days=30)


def set_improvement(
    *,
    course: Course,
    text: str,
    responsible: Any,
    due_on: date,
    actor: Any,
    now: datetime,
    session: Session | None = None,
) -> Improvement:
    """Write down what is to be done better, by whom until when."""
    if not (access.may_make_improvements(actor) or (session is not None and access.runs(session, actor))):
        raise PermissionDenied
    if not responsible.is_staff_side:
        raise DomainError(_("One of ours does it."), field="responsible")
    if due_on < timezone.localdate(now):
        raise DomainError(_("Choose a day that is still to come."), field="due_on")
    with transaction.atomic():
        improvement = Improvement(
            course=course, session=session, text=text, responsible=responsible, due_on=due_on, made_at=now
        )
        improvement.note_dated(actor, now)
        improvement.save()
        note = {"note": f"{responsible.name} {due_on}"}
        record(improvement, SET, actor=actor, now=now, audience=Audience.STAFF, data=note, tells=[responsible])
    return improvement


def remind_late(*, now: datetime, limit: int = 100) -> int:
    """Tell who is responsible, and the course's trainer, once that the day has gone by."""
    due = Improvement.objects.open().filter(due_on__lt=timezone.localdate(now), reminded_at=None)

    def remind(row: Improvement) -> bool:
        if row.reminded_at is not None or row.status != Improvement.Status.OPEN:
            return False
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        people = [row.responsible, row.course.responsible]
        note = {"note": f"{row.text[:80]} {row.due_on}"}
        record(row, LATE, actor=None, now=now, audience=Audience.STAFF, data=note, tells=people)
        return True

    return one_by_one(due[:limit], remind)
