"""A period's complaints in figures: by kind, cause, project, department, product, and what is a hot spot (C-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from apps.core.recurrence import add_months
from apps.projects.models import ProjectPerson
from apps.surveys.models import Answer

from .figures import moment_of
from .models import Complaint
from .queries import NONE, TOOK, WAYS
from .rules import HOT_DAYS, span_of
from .spots import Spot, hot_at

#: A project manager whose owners' satisfaction is below this is flagged, once so many have answered (K-07).
UNDER = 50
ENOUGH = 5
#: How complaints went, as the summary counts it.
FILTERS = (
    ("open", gettext_lazy("Still open")),
    ("settled", gettext_lazy("Settled")),
    ("at_once", gettext_lazy("Settled within 24 hours")),
    ("again", gettext_lazy("Reopened")),
    ("up", gettext_lazy("One step up")),
)


@dataclass(frozen=True)
class Line:
    """One line of a breakdown, with the list of what stands behind it."""

    words: str
    count: int
    percent: int
    url: str


@dataclass(frozen=True)
class Breakdown:
    """A period's complaints by one of their sides."""

    title: str
    lines: list[Line]


def of_span(name: str, day: date, user: Any) -> dict[str, Any]:
    """Return the figures of a month, quarter or year, out of the files the person may see."""
    begin, end = span_of(name, day)
    rows = Complaint.objects.visible_to(user).within(moment_of(begin), moment_of(end))
    span = {"tab": "all", "since": f"{begin}", "until": f"{end - timedelta(days=1)}"}
    ways = {way: Count("pk", filter=condition) for way, condition in WAYS.items()}
    counted = rows.annotate(took=TOOK).order_by().aggregate(count=Count("pk"), **ways)
    cells = list(rows.order_by().values(*COLUMNS).annotate(count=Count("pk")))
    return {
        "span": name,
        "begin": begin,
        "last": end - timedelta(days=1),
        "previous": span_of(name, begin - timedelta(days=1))[0],
        "next": end,
        "count": counted["count"],
        "url": _list(span),
        "ways": [(words, counted[way], _list(span | {"went": way})) for way, words in FILTERS],
        "breakdowns": [_by(cells, *side, span) for side in SIDES],
        "hot": _hot(user, end),
        "under_half": managers_under_half(user, end),
    }


#: A product in words: its maker and its model.
PRODUCT = ("equipment__model__maker", "equipment__model__name")
#: What a line is called and how it is found that has nothing to be counted by.
WITHOUT = {
    "cause": (gettext_lazy("Not found yet"), NONE),
    "department": (gettext_lazy("Not known"), NONE),
    "project": (gettext_lazy("No project"), "null"),
    "model": (gettext_lazy("No equipment"), "null"),
}


def _kind(value: str) -> str:
    return str(Complaint.Kind(value).label)


def _cause(value: str) -> str:
    return str(Complaint.Cause(value).label)


def _product(maker: str, name: str) -> str:
    return f"{maker} {name}".strip()


#: The sides: the title, the filter of the register, the column, what it is called by, how that reads.
SIDES: tuple[tuple[Any, str, str, tuple[str, ...], Callable[..., str]], ...] = (
    (gettext_lazy("By kind"), "kind", "kind", ("kind",), _kind),
    (gettext_lazy("By cause"), "cause", "cause", ("cause",), _cause),
    (gettext_lazy("By project"), "project", "project", ("project__name",), str),
    (gettext_lazy("By department"), "department", "department", ("department",), str),
    (gettext_lazy("By equipment model"), "model", "equipment__model", PRODUCT, _product),
)
#: All that the sides read, so that one question answers them all.
COLUMNS = tuple(dict.fromkeys(name for side in SIDES for name in (side[2], *side[3])))


def _by(cells: list[dict[str, Any]], title: Any, name: str, column: str, *rest: Any) -> Breakdown:
    """Count the cells by one side; the most frequent first."""
    called, words, span = rest
    counts: Counter[tuple[Any, ...]] = Counter()
    for cell in cells:
        counts[(cell[column], *(cell[one] for one in called))] += cell["count"]
    most = max(counts.values(), default=1)
    lines = []
    for (value, *said), count in counts.most_common():
        label, found = (words(*said), value) if value not in {None, ""} else WITHOUT[name]
        lines.append(Line(str(label), count, round(100 * count / most), _list(span | {name: f"{found}"})))
    return Breakdown(str(title), lines)


def _hot(user: Any, end: date) -> list[tuple[Spot, str]]:
    """The hot spots of the last 90 days of a period, or until today, with the list of the complaints that make each."""
    end = min(end, timezone.localdate() + timedelta(days=1))
    begin = end - timedelta(days=HOT_DAYS)
    rows = Complaint.objects.visible_to(user).within(moment_of(begin), moment_of(end))
    return [(spot, _list(spot.query)) for spot in hot_at(rows, end)]


def managers_under_half(user: Any, end: date) -> list[dict[str, Any]]:
    """Return the project managers whose owners were less than half satisfied in the last year (K-07)."""
    begin = add_months(end, -12)
    manager = "request__project__people__user"
    rows = Answer.objects.visible_to(user).filter(
        request__project__people__role=ProjectPerson.Role.MANAGER,
        index__isnull=False,
        request__asked_at__gte=moment_of(begin),
        request__asked_at__lt=moment_of(end),
    )
    counted = rows.order_by().values(key=F(manager), name=F(f"{manager}__name"))
    found = counted.annotate(mean=Avg("index"), count=Count("pk")).order_by("mean")
    span = {"tab": "answered", "since": f"{begin}", "until": f"{end - timedelta(days=1)}"}
    return [
        row | {"url": f"{reverse('surveys:list')}?{urlencode(span | {'manager': row['key']})}"}
        for row in found
        if row["mean"] < UNDER and row["count"] >= ENOUGH
    ]


def _list(query: dict[str, Any]) -> str:
    return f"{reverse('complaints:list')}?{urlencode(query)}"
