"""Sit an exam, save answers one by one, hand in, mark (T-01, T-05)."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.errors import DomainError, IllegalTransition
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one

from . import access, certificates, learning, lifecycle, planning
from .models import Attempt, AttemptQuestion, Course, Participant, Question, Session
from .rules import discrimination, draw, lacking, result, share_of

STARTED = declare_event("training.attempt.started", gettext_lazy("Exam begun"), icon="pencil")
MARKED = declare_event("training.attempt.marked", gettext_lazy("Marked by hand"), icon="checks")

#: Answers on their way when the time is over still count.
GRACE = timedelta(seconds=20)
MAX_TEXT = 2000
#: The place of a choice, as a browser sends it.
PLACE = re.compile(r"[0-9]{1,3}")
#: Papers that tell something about a question.
PAPERS_ANALYSED = 400


def pool_of(course: Course) -> dict[str, list[int]]:
    """Return the questions in use by part."""
    pool: dict[str, list[int]] = defaultdict(list)
    for part, pk in course.questions.filter(is_active=True).values_list("part", "pk").order_by("pk"):
        pool[part].append(pk)
    return pool


def weights_of(course: Course) -> dict[str, int]:
    return {row.part: row.weight for row in course.parts.all() if row.weight}


def lacking_of(course: Course) -> dict[str, int]:
    """Return how many questions each part lacks for a paper; nothing when an exam can be held."""
    return lacking(pool_of(course), weights_of(course), course.exam_questions) if course.has_exam else {}


def hindrance(course: Course, user: Any) -> str:
    """Return why a person cannot begin the exam now; "" when they can."""
    if not course.has_exam or not course.is_active:
        return _("This course has no exam.")
    return _hindered_by_attempts(course, user) or _hindered_by_course(course, user)


def _hindered_by_attempts(course: Course, user: Any) -> str:
    """Passed already, being marked, all used, or not coached yet (T-05)."""
    attempts = list(Attempt.objects.filter(course=course, user=user).order_by("-nth"))
    if not attempts:
        return ""
    since = next((n for n, row in enumerate(attempts) if row.status == Attempt.Status.PASSED), len(attempts))
    if since < len(attempts):
        in_force = user.training_certificates.in_force(timezone.localdate()).filter(course=course).exists()
        if in_force or not course.gives_certificate:
            return _("You have passed this exam.")
    if attempts[0].status == Attempt.Status.SUBMITTED:
        return _("Your paper is being marked.")
    if since >= course.max_attempts:
        return _("All attempts are used. Ask the trainer for another training.")
    if attempts[0].status == Attempt.Status.FAILED:
        return _("Before the next attempt your trainer coaches you and notes it.")
    return ""


def _hindered_by_course(course: Course, user: Any) -> str:
    """The bank is too small, or the person has not learnt it yet."""
    if lacking_of(course):
        return _("The question bank is not complete yet. Ask the trainer.")
    if (before := planning.missing_before(course, user)) is not None:
        return _("“%(course)s” comes first: pass it, then this one.") % {"course": before}
    if course.is_online:
        return "" if learning.is_learnt(course, user) else _("First finish the materials.")
    if Participant.objects.present().filter(user=user, session__course=course).exists():
        return ""
    return _("The exam is for those who were at a training of this course.")


def start_attempt(*, course: Course, actor: Any, now: datetime, seed: int | None = None) -> Attempt:
    """Begin an exam, or go on with the one under way: two devices share one paper.

    The paper is drawn by the weights of the syllabus; its end is fixed here.
    """
    with transaction.atomic():
        course = lock(course)
        running = Attempt.objects.filter(course=course, user=actor, status=Attempt.Status.RUNNING).first()
        if running is not None:
            if not running.is_over(now):
                return running
            hand_in(running, actor=actor, now=now)
        if reason := hindrance(course, actor):
            raise DomainError(reason)
        number = Attempt.objects.filter(course=course, user=actor).count() + 1
        held = {"participants__user": actor, "participants__attended_at__isnull": False}
        session = Session.objects.filter(course=course, **held).order_by("-starts_at").first()
        attempt = Attempt.objects.create(
            course=course,
            user=actor,
            session=session,
            nth=number,
            started_at=now,
            ends_at=now + timedelta(minutes=course.exam_minutes),
        )
        chance = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311  only the demo seeds it
        drawn = draw(pool_of(course), weights_of(course), course.exam_questions, chance)
        questions = Question.objects.in_bulk(drawn)
        rows = []
        for position, pk in enumerate(drawn, start=1):
            order = list(range(len(questions[pk].options)))
            if questions[pk].kind in {Question.Kind.SINGLE, Question.Kind.MULTIPLE}:
                chance.shuffle(order)
            rows.append(AttemptQuestion(attempt=attempt, question_id=pk, position=position, order=order))
        AttemptQuestion.objects.bulk_create(rows)
        nth = _("attempt %(n)s") % {"n": number}
        data = {"note": f"{course} · {nth}"}
        record(attempt, STARTED, actor=actor, now=now, audience=Audience.STAFF, data=data)
    return attempt


def save_answers(*, attempt: Attempt, responses: Mapping[int, dict[str, Any]], actor: Any, now: datetime) -> Attempt:
    """Save answers by the key of their question; the last one written wins, the others stay as they are.

    Called at every pause, so it writes no event. Raises ``DomainError`` when the time is over.
    """
    if attempt.user_id != actor.pk:
        raise PermissionDenied
    with transaction.atomic():
        attempt = lock(attempt)
        if attempt.status != Attempt.Status.RUNNING or now > attempt.ends_at + GRACE:
            raise DomainError(_("The time is over. What was saved until then has been handed in."))
        rows = list(attempt.questions.filter(pk__in=responses.keys()))
        for row in rows:
            row.response, row.answered_at = responses[row.pk], now
        AttemptQuestion.objects.bulk_update(rows, ["response", "answered_at"])
    return attempt


def hand_in(attempt: Attempt, *, actor: Any, now: datetime) -> Attempt:
    """End an attempt and mark what can be marked; the result stands at once unless a person has to mark some of it."""
    with transaction.atomic():
        attempt = lifecycle.submit(attempt, actor=actor, now=now)
        rows = list(attempt.questions.select_related("question"))
        for row in rows:
            question = row.question
            row.share = share_of(question.kind, question.answer, row.response, row.order)
        AttemptQuestion.objects.bulk_update(rows, ["share"])
        return _conclude(attempt, rows, actor=actor, now=now)


def hand_in_own(*, attempt: Attempt, actor: Any, now: datetime) -> Attempt:
    """Hand in one's own paper; handing in twice changes nothing."""
    if attempt.user_id != actor.pk:
        raise PermissionDenied
    with transaction.atomic():
        attempt = lock(attempt)
        return hand_in(attempt, actor=actor, now=now) if attempt.status == Attempt.Status.RUNNING else attempt


def _conclude(attempt: Attempt, rows: list[AttemptQuestion], *, actor: Any, now: datetime) -> Attempt:
    if any(row.share is None for row in rows):
        return attempt
    points, percent = result((row.question.points, Decimal(row.share or 0)) for row in rows)
    if percent < attempt.course.pass_percent:
        return lifecycle.fail_exam(attempt, actor=actor, now=now, points=points, percent=percent)
    attempt = lifecycle.pass_exam(attempt, actor=actor, now=now, points=points, percent=percent)
    certificates.issue_for_attempt(attempt=attempt, actor=actor, now=now)
    return attempt


def mark(*, attempt: Attempt, marks: Mapping[int, tuple[Decimal, str]], actor: Any, now: datetime) -> Attempt:
    """Mark what a person has to mark: (share 0 to 1, remark) by the key of the paper's question."""
    if not access.may_mark(attempt, actor):
        raise PermissionDenied
    with transaction.atomic():
        attempt = lock(attempt)
        if attempt.status != Attempt.Status.SUBMITTED:
            raise IllegalTransition.of(_("Mark"), attempt)
        rows = list(attempt.questions.select_related("question"))
        for row in rows:
            if row.pk in marks:
                row.share, row.remark = marks[row.pk]
        AttemptQuestion.objects.bulk_update(rows, ["share", "remark"])
        note = ngettext("%(n)s answer marked", "%(n)s answers marked", len(marks)) % {"n": len(marks)}
        record(attempt, MARKED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
        return _conclude(attempt, rows, actor=actor, now=now)


def to_mark_by_hand(attempt: Attempt) -> list[AttemptQuestion]:
    """Return the answers of a paper that a person marks."""
    kinds = [Question.Kind.TEXT, Question.Kind.PRACTICAL]
    return list(attempt.questions.filter(question__kind__in=kinds).select_related("question"))


def finish_overdue(*, now: datetime, limit: int = 200) -> int:
    """Hand in what is still under way though its time is over; return how many."""
    due = Attempt.objects.filter(status=Attempt.Status.RUNNING, ends_at__lt=now - GRACE)

    def finish(row: Attempt) -> bool:
        if row.status != Attempt.Status.RUNNING:
            return False
        hand_in(row, actor=None, now=now)
        return True

    return one_by_one(due.order_by("-ends_at")[:limit], finish)


def analyse(course: Course) -> dict[int, float | None]:
    """Return how well each question divides good papers from bad ones, from the last papers marked."""
    ended = [Attempt.Status.PASSED, Attempt.Status.FAILED, Attempt.Status.COACHED]
    papers = Attempt.objects.filter(course=course, status__in=ended).order_by("-started_at")[:PAPERS_ANALYSED]
    rows = AttemptQuestion.objects.filter(attempt__in=papers.values("pk"), share__isnull=False)
    by_question: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for question, percent, share in rows.values_list("question", "attempt__percent", "share"):
        by_question[question].append((percent or 0, float(share)))
    return {question: discrimination(pairs) for question, pairs in by_question.items()}


def read_response(kind: str, values: list[str]) -> dict[str, Any]:
    """Return an answer as it is stored, from what a browser sent; what is no answer is none."""
    first = values[0].replace("\0", "").strip() if values else ""
    if kind in {Question.Kind.SINGLE, Question.Kind.MULTIPLE}:
        places = sorted({int(value) for value in values if PLACE.fullmatch(value)})
        return {"chosen": places} if places else {}
    if kind == Question.Kind.TRUE_FALSE:
        return {"is_true": first == "true"} if first in {"true", "false"} else {}
    name = "value" if kind == Question.Kind.NUMBER else "text"
    return {name: first[:MAX_TEXT]} if first else {}


def as_sent(response: Mapping[str, Any]) -> str:
    """Return a stored answer as one text, so that a form can say what it was shown with."""
    if "chosen" in response:
        return ",".join(str(place) for place in response["chosen"])
    if "is_true" in response:
        return "true" if response["is_true"] else "false"
    return str(response.get("value", response.get("text", "")))
