"""Pages of running promises: the board, the board as a month, and one promise explained."""

from __future__ import annotations

import re
from calendar import Calendar, monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core import registry
from apps.core.pages import DetailPage, ListPage, Tab

from .board_filters import BoardFilter
from .board_tables import BoardTable
from .explanation import explain
from .models import Clock
from .sources import NextStep, source_of
from .standing import BY_DUE, VIEW_LOOK, Standing, measure, stand, subject_of

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
#: So many lines are read for a month, and so many shown on a day.
MONTH_LIMIT = 1000
SHOWN_ON_A_DAY = 4
SHOWN_ON_A_CARD = 6


@dataclass(frozen=True)
class BoardLine:
    """A row of the board: how the promise stands, what it is about, what is done next."""

    standing: Standing
    url: str
    badges: list[registry.Badge]
    step: NextStep | None = None


@dataclass
class Day:
    """A day of the month view."""

    on: date
    in_month: bool
    is_today: bool
    lines: list[Standing] = field(default_factory=list)
    count: int = 0
    overdue: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


class Board(ListPage):
    """Everything promised and not yet done, what is nearest to breaking first."""

    model = Clock
    section = "promises"
    title = _("Promise board")
    template_name = "service_levels/board.html"
    related = ("project", "responsible", "hours", "target")
    filterset_class = BoardFilter
    table_class = BoardTable
    empty_text = _("Nothing is promised at the moment. Clocks start by themselves when something is reported.")
    tabs = (
        Tab("all", _("All"), lambda rows: rows.going_on()),
        Tab("overdue", _("Overdue"), lambda rows: rows.overdue(timezone.now())),
        Tab("due_soon", _("Due soon"), lambda rows: rows.due_soon(timezone.now())),
        Tab("running", _("Going on"), lambda rows: rows.in_time(timezone.now())),
        Tab("paused", _("Paused"), lambda rows: rows.halted()),
    )

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        match request.GET.get("view"):
            case "calendar":
                return self._month()
            case "nearest":
                return self._nearest()
            case _:
                return super().get(request, *args, **kwargs)

    def _default_order(self, rows: Any) -> list[Any]:
        return list(BY_DUE)

    def _render_rows(self, context: dict[str, Any]) -> str:
        return render_to_string("service_levels/board_rows.html", context, request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        now = context["now"]
        context["tallies"] = [
            (tab.name, tab.label, *VIEW_LOOK[tab.name], self._shown(self._tally[tab.name])) for tab in self.tabs
        ]
        if table := context.get("table"):
            clocks = [row.record for row in table.page.object_list]
            table.lines = self._lines(clocks, now)
        return context

    @cached_property
    def _tally(self) -> dict[str, int]:
        """How many there are in each view, under the filters that are set."""
        rows = self.get_queryset()
        form = self.filterset.form
        if self.filterset.is_bound and form.is_valid():
            rows = self.filterset.filter_queryset(rows)
        counted: dict[str, int] = rows.tally(timezone.now(), at_most=settings.COUNT_LIMIT + 1)
        return counted

    def _shown(self, count: int) -> str:
        return f"{count:,}" if count <= settings.COUNT_LIMIT else f"{settings.COUNT_LIMIT:,}+"

    def counted(self) -> int | None:
        return self._tally[self.tab.name] if self.tab else None

    def _lines(self, clocks: list[Clock], now: datetime) -> dict[Any, BoardLine]:
        subjects = {clock.pk: subject_of(clock) for clock in clocks}
        badges: dict[Any, list[registry.Badge]] = {}
        by_model: dict[type[Any], list[Any]] = defaultdict(list)
        for clock in clocks:
            by_model[type(subjects[clock.pk])].append(clock)
        for of_model in by_model.values():
            rows = list({clock.subject_id: subjects[clock.pk] for clock in of_model}.values())
            found = registry.badges(rows, self.request.user, without="promise")
            badges |= {clock.pk: found.get(clock.subject_id, []) for clock in of_model}
        standings = measure(clocks, now)
        return {
            clock.pk: BoardLine(
                standings[clock.pk],
                subjects[clock.pk].get_absolute_url(),
                badges.get(clock.pk, []),
                self._step(clock, subjects[clock.pk]),
            )
            for clock in clocks
        }

    def _step(self, clock: Clock, subject: Any) -> NextStep | None:
        source = source_of(subject)
        step = source.next_steps.get(clock.metric) if source else None
        return step if step and step.shown_to(self.request.user) and not self.request.user.is_auditor_only else None

    def _filtered(self) -> Any:
        """The rows of the view under the filters that are set."""
        rows = self.tab.narrow(self.get_queryset()) if self.tab else self.get_queryset()
        self.filterset = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
        return self.filterset.qs

    def _nearest(self) -> HttpResponse:
        """The few that are nearest to breaking, for a card."""
        now = timezone.now()
        clocks = list(self._filtered().order_by(*BY_DUE)[:SHOWN_ON_A_CARD])
        template = "service_levels/_nearest.html" if self.request.htmx else "service_levels/nearest.html"
        context = {"lines": list(measure(clocks, now).values()), "now": now, "title": self.title}
        return render(self.request, template, context | {"section": self.section})

    def _month(self) -> HttpResponse:
        rows = self._filtered()
        first = self._wanted_month()
        weeks = Calendar().monthdatescalendar(first.year, first.month)
        begins, ends = _midnight(weeks[0][0]), _midnight(weeks[-1][-1] + timedelta(days=1))
        due = rows.filter(due_at__gte=begins, due_at__lt=ends).order_by("due_at", "pk")
        clocks = list(due[: MONTH_LIMIT + 1])
        context = self.get_context_data() | {
            "first": first,
            "before": first - timedelta(days=1),
            "after": first + timedelta(days=monthrange(first.year, first.month)[1]),
            "is_cut": len(clocks) > MONTH_LIMIT,
        }
        context["weeks"] = _filled(weeks, first, clocks[:MONTH_LIMIT], context["now"])
        return render(self.request, "service_levels/board_month.html", context)

    def _wanted_month(self) -> date:
        match = MONTH.fullmatch(self.request.GET.get("month", ""))
        return date(int(match[1]), int(match[2]), 1) if match else timezone.localdate().replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _filled(weeks: list[list[date]], first: date, clocks: list[Clock], now: datetime) -> list[list[Day]]:
    today = timezone.localdate(now)
    by_day: dict[date, list[Clock]] = defaultdict(list)
    for clock in clocks:
        by_day[timezone.localdate(clock.due_at)].append(clock)
    return [
        [
            Day(
                on,
                on.month == first.month,
                on == today,
                [stand(clock, now) for clock in by_day[on][:SHOWN_ON_A_DAY]],
                len(by_day[on]),
                sum(clock.is_late(now) for clock in by_day[on]),
            )
            for on in week
        ]
        for week in weeks
    ]


class ClockDetail(DetailPage):
    """One promise: when it is due, and why. Owner and staff see the same; the escalation is the staff's."""

    model = Clock
    section = "promises"
    template_name = "service_levels/clock.html"
    related = ("project", "responsible", "hours", "target")
    timeline_size = 0

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx and not request.htmx.boosted:
            self.object = self.get_object()
            return render(request, "service_levels/_side.html", self.get_context_data())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clock, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        now = context["now"]
        subject = subject_of(clock)
        return context | {
            "explanation": explain(clock, now=now, with_ladder=user.is_staff_side),
            "standing": measure([clock], now)[clock.pk],
            "subject_url": subject.get_absolute_url(),
            "subject_badges": registry.badges([subject], user, without="promise").get(subject.pk, []),
        }
