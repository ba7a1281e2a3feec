"""The figures of a period for analyses and reviews, out of everything and naming nobody (ISO 10002, C-07, K-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.service_levels.models import Clock, Target
from apps.surveys import results
from apps.surveys.models import LowAnswer, SurveyRequest

from .models import Action, Complaint, FollowUp, Proposal, Sample, Verdict
from .queries import TOOK, WAYS
from .rules import HOT_DAYS, agreement, percent
from .spots import Spot, hot_at

SHOWN = 10
#: Words of a period may name people of complaints that are so much older.
REMEMBERED = timedelta(days=1100)
M = Target.Metric
#: The promises of a complaint, in the order in which they fall due.
PROMISES = (M.COMPLAINT_RESPOND, M.COMPLAINT_ANSWER, M.COMPLAINT_SETTLE, M.COMPLAINT_ASK)
K = Clock.State
DONE = [FollowUp.Status.SATISFIED, FollowUp.Status.UNSATISFIED]


def moment_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Span:
    """A period as moments, the end not included."""

    begin: date
    end: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return moment_of(self.begin), moment_of(self.end)

    def of(self, name: str) -> Q:
        begin, end = self.moments
        return Q(**{f"{name}__gte": begin, f"{name}__lt": end})


@dataclass(frozen=True)
class Share:
    """Something counted, and of how many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return percent(self.part, self.whole)


@dataclass(frozen=True)
class Promise:
    """How one promise was kept: in time, late, missed and still awaited, still running."""

    metric: str
    met: int
    late: int
    missed: int
    running: int

    @property
    def kept(self) -> Share:
        return Share(self.met, self.met + self.late + self.missed)


@dataclass(frozen=True)
class Core:
    """The few figures by which periods are compared."""

    complaints: int
    settled: int
    at_once: int
    again: int
    up: int
    open: int
    withdrawn: int
    promises: Share
    index: Decimal | None
    answered: int
    asked: int
    rate: int | None
    low: int
    calls: Share


def core_of(span: Span) -> Core:
    """Return the figures by which a period is compared with others."""
    counted = (
        Complaint.objects.within(*span.moments)
        .annotate(took=TOOK)
        .order_by()
        .aggregate(
            complaints=Count("pk"),
            **{way: Count("pk", filter=condition) for way, condition in WAYS.items()},
            withdrawn=Count("pk", filter=Q(status=Complaint.Status.WITHDRAWN)),
        )
    )
    kept = [one.kept for one in promises_of(span)]
    line = results.overall(SurveyRequest.objects.filter(span.of("asked_at")))
    return Core(
        **counted,
        promises=Share(sum(one.part for one in kept), sum(one.whole for one in kept)),
        index=line.index,
        answered=line.answered,
        asked=line.asked,
        rate=line.rate,
        low=LowAnswer.objects.filter(span.of("answer__answered_at")).count(),
        calls=calls_of(span)["covered"],
    )


def promises_of(span: Span) -> list[Promise]:
    """Return how the promises of complaints were kept that began in a period; what is not awaited any more is out."""
    clocks = Clock.objects.filter(
        span.of("started_at"),
        subject_type=ContentType.objects.get_for_model(Complaint),
        metric__in=PROMISES,
        is_reclassified=False,
    )
    cells = clocks.order_by().values_list("metric", "state").annotate(count=Count("pk"))
    counts = {(metric, state): count for metric, state, count in cells}

    def many(metric: str, *states: str) -> int:
        return sum(counts.get((metric, state), 0) for state in states)

    return [
        Promise(
            str(metric.label),
            many(metric, K.MET),
            many(metric, K.MET_LATE),
            many(metric, K.MISSED),
            many(metric, K.RUNNING, K.PAUSED),
        )
        for metric in PROMISES
    ]


def calls_of(span: Span) -> dict[str, Any]:
    """Return how far what was completed in a period was followed up (R-13)."""
    rows = FollowUp.objects.filter(span.of("completed_at")).exclude(status=FollowUp.Status.DROPPED)
    counted = rows.order_by().aggregate(
        whole=Count("pk"),
        reached=Count("pk", filter=Q(status__in=DONE)),
        in_time=Count("pk", filter=Q(status__in=DONE, done_at__lte=F("due_at"))),
        satisfied=Count("pk", filter=Q(status=FollowUp.Status.SATISFIED)),
        unsatisfied=Count("pk", filter=Q(status=FollowUp.Status.UNSATISFIED)),
        not_reached=Count("pk", filter=Q(status=FollowUp.Status.NOT_REACHED)),
        waiting=Count("pk", filter=Q(status=FollowUp.Status.PLANNED)),
    )
    return counted | {"covered": Share(counted["reached"], counted["whole"])}


def low_of(span: Span) -> dict[str, int]:
    """Return what became of the low answers of a period."""
    done = LowAnswer.Status.DONE
    counted: dict[str, int] = LowAnswer.objects.filter(span.of("answer__answered_at")).aggregate(
        count=Count("pk"),
        called=Count("pk", filter=Q(status=done)),
        in_time=Count("pk", filter=Q(status=done, done_at__lte=F("due_at"))),
    )
    return counted


def surveys_of(span: Span) -> tuple[results.Line, list[results.Line], list[results.Line]]:
    """Return the satisfaction of those asked in a period: as a whole, by occasion, by month."""
    return results.by_time_and_occasion(SurveyRequest.objects.filter(span.of("asked_at")))


def verdicts_of(span: Span) -> dict[str, Any]:
    """Return what the quality samples of a period's weeks came to, and how far two checkers agreed (K-09)."""
    weeks = {"sampling__week__gte": span.begin, "sampling__week__lt": span.end}
    samples = list(Sample.objects.filter(**weeks).prefetch_related("verdicts"))
    given = [one for sample in samples for one in sample.verdicts.all()]
    pairs = [[one.marks for one in sample.verdicts.all()] for sample in samples if sample.is_double]
    agreed, compared = agreement((pair[0], pair[1]) for pair in pairs if len(pair) > 1)
    marks = [
        (
            str(Verdict._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            Share(
                sum(getattr(one, name) == Verdict.Mark.PASS for one in given),
                sum(getattr(one, name) != Verdict.Mark.NOT_APPLICABLE for one in given),
            ),
        )
        for name in ("response_time", "response_quality", "service_quality")
    ]
    return {"drawn": len(samples), "judged": len(given), "marks": marks, "agreed": Share(agreed, compared)}


def actions_of(span: Span) -> dict[str, int]:
    """Return how corrective and preventive actions stand, and which were checked in the period."""
    checked = span.of("checked_at")
    counted: dict[str, int] = Action.objects.order_by().aggregate(
        open=Count("pk", filter=Q(status=Action.Status.OPEN)),
        overdue=Count("pk", filter=Q(status=Action.Status.OPEN, due_on__lt=span.end)),
        to_check=Count("pk", filter=Q(status=Action.Status.DONE)),
        worked=Count("pk", filter=checked & Q(status=Action.Status.WORKED)),
        failed=Count("pk", filter=checked & Q(status=Action.Status.FAILED)),
    )
    return counted


def proposals_of(span: Span) -> list[Proposal]:
    """Return a period's proposals, and those from before of which nothing has come yet."""
    return list(Proposal.objects.of_span(span.begin, span.end).order_by("month", "pk"))


def hot_of(span: Span) -> list[Spot]:
    """Return the hot spots as they stood at a period's end."""
    begin = span.end - timedelta(days=HOT_DAYS)
    return hot_at(Complaint.objects.within(moment_of(begin), moment_of(span.end)), span.end)


def breakdowns_of(span: Span) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return a period's complaints by kind, cause, project, department and product, the most frequent first."""
    rows = Complaint.objects.within(*span.moments).order_by()
    kinds, causes = dict(Complaint.Kind.choices), dict(Complaint.Cause.choices)
    return [
        (_("By kind"), _count(rows, "kind", lambda key: str(kinds[key]))),
        (_("By cause"), _count(rows, "cause", lambda key: str(causes.get(key) or _("Not found yet")))),
        (_("By project"), _count(rows, "project__name", lambda key: key or _("No project"))),
        (_("By department"), _count(rows, "department", lambda key: key or _("Not known"))),
        (_("By equipment model"), _products(rows)),
    ]


def _count(rows: Any, name: str, words: Any) -> list[tuple[str, int]]:
    cells = rows.values_list(name).annotate(count=Count("pk")).order_by("-count", name)
    return _shortened((words(key), count) for key, count in cells)


def _products(rows: Any) -> list[tuple[str, int]]:
    names = ("equipment__model__maker", "equipment__model__name")
    cells = rows.values_list(*names).annotate(count=Count("pk")).order_by("-count", *names)
    return _shortened(
        (f"{maker or ''} {name or ''}".strip() or _("No equipment"), count) for maker, name, count in cells
    )


def _shortened(cells: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the first lines, and what is left as one."""
    lines = list(cells)
    rest = sum(count for _words, count in lines[SHOWN:])
    return [*lines[:SHOWN], *([(_("Everything else"), rest)] if rest else [])]


def trend_of(span: Span) -> list[dict[str, Any]]:
    """Return a year month by month: complaints, calls, satisfaction with the number of answers."""
    complaints = dict(_by_month(Complaint.objects.within(*span.moments), "opened_at"))
    calls = FollowUp.objects.filter(span.of("completed_at")).exclude(status=FollowUp.Status.DROPPED)
    due, reached = (
        dict(_by_month(calls, "completed_at")),
        dict(_by_month(calls.filter(status__in=DONE), "completed_at")),
    )
    requests = SurveyRequest.objects.filter(span.of("asked_at")).order_by()
    surveys = {line.label: line for line in results.by_time_and_occasion(requests)[2]}
    found = []
    for number in range(1, 13):
        month = f"{span.begin:%Y}-{number:02d}"
        line = surveys.get(month)
        found.append(
            {
                "month": month,
                "complaints": complaints.get(month, 0),
                "calls": Share(reached.get(month, 0), due.get(month, 0)),
                "index": line.index if line else None,
                "answered": line.answered if line else 0,
            }
        )
    return found


def _by_month(rows: Any, name: str) -> list[tuple[str, int]]:
    cells = rows.order_by().annotate(month=TruncMonth(name)).values_list("month").annotate(count=Count("pk"))
    return [(f"{timezone.localtime(month):%Y-%m}", count) for month, count in cells]


def names_in(span: Span) -> set[str]:
    """Return who may stand in the free words of a period's papers and is not to: complainants, people complained of."""
    rows = Complaint.objects.filter(opened_at__gte=moment_of(span.begin - REMEMBERED), opened_at__lt=span.moments[1])
    names = rows.order_by().values_list("contact_name", "complainant__name").distinct()
    accused = rows.order_by().values_list("accused__name", flat=True).distinct()
    return {name for line in names for name in line if name} | {name for name in accused if name}
