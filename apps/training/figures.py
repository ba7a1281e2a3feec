"""What came of the trainings of a course or a trainer: how many, how well passed, how judged (T-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat

from apps.accounts.models import User
from apps.surveys.models import Occasion, SurveyRequest
from apps.surveys.results import FIGURES, Line

from .models import Attempt, Course, Participant, Session

GIVEN = [Session.Status.HELD, Session.Status.CLOSED]
MARKED = [Attempt.Status.PASSED, Attempt.Status.FAILED, Attempt.Status.COACHED]
TENTH = Decimal("0.1")


@dataclass
class Figures:
    """Trainings given and what came of them."""

    sessions: int = 0
    people: int = 0
    hours: Decimal = Decimal(0)
    examined: int = 0
    passed: int = 0
    first_time: int = 0
    #: Of the evaluations: requests, answers, answers with an index, and the sum of these.
    asked: int = 0
    answered: int = 0
    scored: int = 0
    total: Decimal = Decimal(0)
    #: For whom the answers are about.
    hides_evaluation: bool = False

    @property
    def evaluation(self) -> Line | None:
        """How the trainings were judged; None for whom the answers are about."""
        if self.hides_evaluation:
            return None
        index = (self.total / self.scored).quantize(TENTH, ROUND_HALF_UP) if self.scored else None
        return Line("", self.asked, self.answered, index)

    @property
    def pass_rate(self) -> int | None:
        """The share of those examined who have passed, in percent."""
        return round(100 * self.passed / self.examined) if self.examined else None

    @property
    def first_rate(self) -> int | None:
        """The share of those examined who passed at the first attempt, in percent."""
        return round(100 * self.first_time / self.examined) if self.examined else None


def of_course(course: Course, user: Any) -> Figures:
    """Return the figures of a course, as far as ``user`` may know the evaluations."""
    sessions, attempts = Session.objects.filter(course=course), Attempt.objects.filter(course=course)
    return _table(sessions, attempts, "course", "course", user)[course.pk]


def of_session(session: Session, user: Any) -> Line | None:
    """Return how a training was judged, as far as ``user`` may know it."""
    found: dict[int, Figures] = defaultdict(Figures)
    _add_evaluations(found, Session.objects.filter(pk=session.pk), "pk", user)
    return found[session.pk].evaluation


def by_trainer(user: Any) -> list[tuple[Any, Figures]]:
    """Return the figures of everybody who gives trainings, by name; of oneself without the evaluations."""
    sessions = Session.objects.exclude(trainer=None)
    found = _table(sessions, Attempt.objects.exclude(session=None), "trainer", "session__trainer", user)
    found[user.pk].hides_evaluation = True
    people = User.objects.filter(pk__in=sessions.order_by().values("trainer")).order_by("name", "pk")
    return [(person, found[person.pk]) for person in people]


def of_trainer(trainer: Any, user: Any) -> tuple[Figures, list[tuple[Course, Figures]]]:
    """Return the figures of a trainer as a whole and by course; nobody reads what was said about themselves."""
    sessions, attempts = Session.objects.filter(trainer=trainer), Attempt.objects.filter(session__trainer=trainer)
    parts = _table(sessions, attempts, "course", "course", user)
    whole = _together(parts.values())
    if trainer.pk == user.pk:
        for figures in (whole, *parts.values()):
            figures.hides_evaluation = True
    courses = Course.objects.filter(pk__in=[pk for pk, line in parts.items() if line.sessions]).order_by("name", "pk")
    return whole, [(course, parts[course.pk]) for course in courses]


def _together(parts: Iterable[Figures]) -> Figures:
    """Add figures up."""
    whole = Figures()
    for part in parts:
        for one in fields(Figures):
            setattr(whole, one.name, getattr(whole, one.name) + getattr(part, one.name))
    return whole


def _table(sessions: Any, attempts: Any, key: str, attempt_key: str, user: Any) -> dict[int, Figures]:
    """Return the figures by a column of the sessions: four queries, each with one row a group."""
    found: dict[int, Figures] = defaultdict(Figures)
    given = sessions.filter(status__in=GIVEN).order_by()
    for group, count in given.values_list(key).annotate(Count("pk")):
        found[group].sessions = count
    there = Participant.objects.filter(session__in=given.values("pk"), attended_at__isnull=False).order_by()
    for group, people, hours in there.values_list(f"session__{key}").annotate(Count("pk"), Sum("hours")):
        found[group].people, found[group].hours = people, hours
    _count_exams(found, attempts, attempt_key)
    _add_evaluations(found, sessions, key, user)
    return found


def _count_exams(found: dict[int, Figures], attempts: Any, key: str) -> None:
    """Count people by course: whoever was examined in two courses counts in each."""
    person = Concat(Cast("course", CharField()), Value("/"), Cast("user", CharField()))
    passes = Q(status=Attempt.Status.PASSED)
    counts = {
        "examined": Count(person, distinct=True),
        "passed": Count(person, filter=passes, distinct=True),
        "first_time": Count(person, filter=passes & Q(nth=1), distinct=True),
    }
    for cell in attempts.filter(status__in=MARKED).order_by().values(group=F(key)).annotate(**counts):
        figures = found[cell["group"]]
        figures.examined, figures.passed, figures.first_time = (cell[name] for name in counts)


def _add_evaluations(found: dict[int, Figures], sessions: Any, key: str, user: Any) -> None:
    group = Subquery(Session.objects.filter(pk=OuterRef("subject_id")).values(key)[:1])
    for cell in evaluations(sessions, user).order_by().values(group=group).annotate(**FIGURES):
        figures = found[cell["group"]]
        figures.asked, figures.answered, figures.scored = cell["asked"], cell["answered"], cell["scored"]
        figures.total = cell["total"] or Decimal(0)


def evaluations(sessions: Any, user: Any) -> Any:
    """Return the requests to evaluate these trainings that a person may see: never those about themselves."""
    kind, keys = ContentType.objects.get_for_model(Session), sessions.order_by().values("pk")
    rows = SurveyRequest.objects.visible_to(user)
    return rows.filter(occasion=Occasion.TRAINING, subject_type=kind, subject_id__in=keys)


def to_hand_over(session: Session, user: Any) -> Any:
    """Return the requests about this training that a participant may answer on the trainer's device."""
    kind = ContentType.objects.get_for_model(Session)
    return SurveyRequest.objects.to_hand_over(user).filter(subject_type=kind, subject_id=session.pk)
