"""What came of the surveys: the index with the number of answers and the response rate beside it (K-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from .models import AnswerLine, Occasion, Question
from .rules import PLACES, SPANS, response_rate, score

SHOWN_LINES = 12
SHOWN_WORDS = 8
#: The rulebook's target (K-01).
TARGET = 95


@dataclass(frozen=True)
class Line:
    """One group of requests: how many were asked and answered, and the mean of their indexes."""

    label: str
    asked: int
    answered: int
    index: Decimal | None

    @property
    def rate(self) -> int | None:
        return response_rate(self.answered, self.asked)

    @property
    def width(self) -> str:
        """The bar's length in percent."""
        return f"{self.index or 0}%"

    @property
    def tone(self) -> str:
        if self.index is None:
            return "idle"
        return "ok" if self.index >= TARGET else "warn" if self.index >= 60 else "bad"  # noqa: PLR2004  a pass mark


@dataclass(frozen=True)
class Part:
    """One answer's part of a bar: where it begins and how wide it is, in percent of the bar."""

    label: str
    count: int
    start: str
    width: str
    look: str


@dataclass
class Spread:
    """How the answers to one question are spread over its numbers or choices."""

    question: str
    kind: str
    counts: dict[Any, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> Decimal | None:
        """The mean number; None for choices."""
        if self.kind not in SPANS or not self.total:
            return None
        return _rounded(Decimal(sum(number * count for number, count in self.counts.items())) / self.total)

    @property
    def parts(self) -> list[Part]:
        """The answers as parts of one bar, the best first."""
        known = (
            sorted(self.counts, reverse=True)
            if self.kind in SPANS
            else sorted(self.counts, key=lambda label: -self.counts[label])
        )
        found, begin = [], 0
        for label in known:
            count = self.counts[label]
            start, width = 100 * begin / self.total, 100 * count / self.total
            found.append(Part(str(label), count, f"{start:.1f}%", f"{width:.1f}%", self._look(label)))
            begin += count
        return found

    def _look(self, label: Any) -> str:
        """From 5, the best fifth, to 1; plain for choices."""
        return f"s{min(5, int(score(self.kind, label)) // 20 + 1)}" if self.kind in SPANS else "s0"


def _rounded(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(PLACES, ROUND_HALF_UP)


FIGURES = {
    "asked": Count("pk"),
    "answered": Count("answer"),
    "scored": Count("answer__index"),
    "total": Sum("answer__index"),
}


def _line(label: str, groups: Iterable[dict[str, Any]]) -> Line:
    """Put groups together into one line."""
    found = list(groups)
    scored = sum(group["scored"] for group in found)
    total = sum((group["total"] or Decimal(0) for group in found), Decimal(0))
    index = _rounded(total / scored) if scored else None
    return Line(label, sum(group["asked"] for group in found), sum(group["answered"] for group in found), index)


def overall(requests: Any) -> Line:
    """Return everything as one line."""
    return _line("", [requests.order_by().aggregate(**FIGURES)])


def by_time_and_occasion(requests: Any) -> tuple[Line, list[Line], list[Line]]:
    """Return everything as one line, the occasions, and the last months, the newest first; all by one query."""
    cells = list(requests.order_by().values("occasion", month=TruncMonth("asked_at")).annotate(**FIGURES))
    occasions = [
        _line(str(Occasion(name).label), (cell for cell in cells if cell["occasion"] == name))
        for name in Occasion.values
        if any(cell["occasion"] == name for cell in cells)
    ]
    months = [
        _line(f"{timezone.localtime(month):%Y-%m}", (cell for cell in cells if cell["month"] == month))
        for month in sorted({cell["month"] for cell in cells}, reverse=True)[:SHOWN_LINES]
    ]
    return _line("", cells), occasions, months


def by_project(requests: Any) -> list[Line]:
    """The projects with most requests."""
    return _largest(requests, "project__name")


def by_engineer(requests: Any) -> list[Line]:
    """The people with most requests about them; a request about two counts for both."""
    return _largest(requests, "about_people__name")


def _largest(requests: Any, name: str) -> list[Line]:
    groups = requests.order_by().values(name).annotate(**FIGURES).exclude(**{name: None}).order_by("-asked", name)
    return [_line(group[name], [group]) for group in groups[:SHOWN_LINES]]


def spreads(requests: Any) -> list[Spread]:
    """Return how each question was answered; the same words of several versions count together."""
    asked = AnswerLine.objects.filter(answer__request__in=requests.order_by().values("pk"))
    rows = (
        asked.exclude(question__kind=Question.Kind.TEXT)
        .order_by()
        .values_list("question__text", "question__kind", "number", "text")
        .annotate(count=Count("pk"))
        .order_by("question__kind", "question__text")
    )
    found: dict[tuple[str, str], Spread] = {}
    for question, kind, number, text, count in rows:
        spread = found.setdefault((question, kind), Spread(question, kind))
        label = number if kind in SPANS else text
        spread.counts[label] = spread.counts.get(label, 0) + count
    return sorted(found.values(), key=lambda spread: (spread.kind != "scale", spread.kind != "nps", -spread.total))


def words(requests: Any) -> list[AnswerLine]:
    """Return what people wrote last."""
    rows = AnswerLine.objects.filter(
        answer__request__in=requests.order_by().values("pk"), question__kind=Question.Kind.TEXT
    ).exclude(text="")
    return list(rows.select_related("answer__request").order_by("-answer__answered_at", "-pk")[:SHOWN_WORDS])
