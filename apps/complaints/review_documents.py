"""The month's analysis and the year's management review as documents (ISO 10002). Their text is Chinese, as printed.

They name nobody who complained or was complained of, and are of no one project.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.core.recurrence import add_months
from apps.core.scoping import Audience
from apps.documents.registry import Content, document_type

from . import access, figures
from .figures import Core, Share, Span
from .models import Action, Analysis, Proposal, Resolution
from .rules import without_names

MONTHLY = "complaint_analysis"
YEARLY = "management_review"
TYPES = {Analysis.Kind.MONTH: MONTHLY, Analysis.Kind.YEAR: YEARLY}
TEMPLATE = "documents/complaint_analysis.html"
#: The rulebook's target (K-01).
TARGET = figures.results.TARGET
#: The height of the tallest column of the trend, in millimetres.
TALLEST = 22


def _of(share: Share) -> str:
    return f"{share.part}/{share.whole}"


def _percent(value: int | None) -> str:
    return "—" if value is None else f"{value}%"


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value}"


@document_type(
    MONTHLY,
    model=Analysis,
    title=_("Monthly analysis of complaints and satisfaction"),
    template=TEMPLATE,
    may_issue=access.may_issue_analysis,
    series="ZB",
    audience=Audience.RESTRICTED,
)
def complaint_analysis(analysis: Analysis, *, now: datetime) -> Content:
    """Return a month beside the month before and the same month of last year."""
    begin, _end = analysis.span
    others = [("上月", add_months(begin, -1)), ("上年同月", add_months(begin, -12))]
    compared = [(words, Span(day, add_months(day, 1))) for words, day in others]
    return _content(analysis, compared, titles=("投诉与满意度月度分析", "Monthly analysis"), now=now)


@document_type(
    YEARLY,
    model=Analysis,
    title=_("Yearly management review"),
    template=TEMPLATE,
    may_issue=access.may_issue_analysis,
    series="ZB",
    audience=Audience.RESTRICTED,
)
def management_review(analysis: Analysis, *, now: datetime) -> Content:
    """Return a year beside the year before, month by month, with its goals, decisions and improvements."""
    begin, end = analysis.span
    compared = [("上年", Span(add_months(begin, -12), begin))]
    content = _content(analysis, compared, titles=("投诉处理年度管理评审", "Management review"), now=now)
    with translation.override("zh-hans"):
        content.data["trend"] = _trend(figures.trend_of(Span(begin, end)))
        before = Resolution.objects.filter(analysis__kind=analysis.kind, analysis__begins_on=add_months(begin, -12))
        content.data["before"] = _resolutions(before, figures.names_in(Span(begin, end)))
    return content


def _content(
    analysis: Analysis, compared: list[tuple[str, Span]], *, titles: tuple[str, str], now: datetime
) -> Content:
    span = Span(*analysis.span)
    title, subtitle = titles
    names = figures.names_in(span)
    with translation.override("zh-hans"):
        own = figures.core_of(span)
        cores = [(words, figures.core_of(other)) for words, other in compared]
        whole, occasions, _months = figures.surveys_of(span)
        data: dict[str, Any] = {
            "title": title,
            "subtitle": subtitle,
            "status": _status(own),
            "facts": _facts(own),
            "period": _period(analysis),
            "heads": [words for words, _core in cores],
            "comparison": _comparison(own, [core for _words, core in cores]),
            "promises": [_promise(line) for line in figures.promises_of(span)],
            "breakdowns": [
                {"title": name, "lines": [_part(words, count, own.complaints) for words, count in lines]}
                for name, lines in figures.breakdowns_of(span)
                if lines
            ],
            "hot": [_spot(spot) for spot in figures.hot_of(span)],
            "satisfaction": [_line("合计", whole), *(_line(line.label, line) for line in occasions)],
            "low": figures.low_of(span),
            "calls": _calls(figures.calls_of(span)),
            "samples": _samples(figures.verdicts_of(span)),
            "actions": figures.actions_of(span),
            "proposals": [_proposal(one, names) for one in figures.proposals_of(span)],
            "conclusion": without_names(analysis.conclusion, names),
            "resolutions": _resolutions(analysis.resolutions.all(), names),
            "target": TARGET,
            "as_of": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
            "issuer": {"signed_on": f"{timezone.localtime(now):%Y 年 %m 月 %d 日}"},
        }
    return Content(data=data, number=analysis.number)


def _period(analysis: Analysis) -> str:
    begin = analysis.begins_on
    return f"{begin:%Y 年 %-m 月}" if analysis.kind == Analysis.Kind.MONTH else f"{begin:%Y 年}"


def _status(core: Core) -> dict[str, str]:
    """The outcome at a glance: whether satisfaction reached its target (K-01)."""
    if core.index is None:
        return {"tone": "wait", "text": "暂无答卷"}
    is_met = core.index >= TARGET
    return {"tone": "ok", "text": "满意度达标"} if is_met else {"tone": "warn", "text": "满意度未达标"}


def _facts(core: Core) -> list[dict[str, str]]:
    return [
        {"label": "投诉", "value": f"{core.complaints} 件", "note": f"办结 {core.settled} 件"},
        {"label": "时限达成", "value": _percent(core.promises.percent), "note": _of(core.promises)},
        {
            "label": "满意度指数",
            "value": _number(core.index),
            "note": f"{core.answered} 份答卷，回收率 {_percent(core.rate)}",
        },
        {"label": "回访覆盖", "value": _percent(core.calls.percent), "note": _of(core.calls)},
    ]


#: What is compared: the words, the value, and how it reads.
ROWS = (
    ("投诉（件）", lambda core: core.complaints, str),
    ("办结（件）", lambda core: core.settled, str),
    ("24 小时内办结（件）", lambda core: core.at_once, str),
    ("重新受理（件）", lambda core: core.again, str),
    ("上一级复议（件）", lambda core: core.up, str),
    ("时限达成率", lambda core: core.promises.percent, _percent),
    ("满意度指数", lambda core: core.index, _number),
    ("答卷（份）", lambda core: core.answered, str),
    ("低评（份）", lambda core: core.low, str),
    ("回访覆盖率", lambda core: core.calls.percent, _percent),
)


def _comparison(own: Core, others: list[Core]) -> list[dict[str, Any]]:
    return [
        {
            "what": words,
            "own": read(value(own)),
            "others": [{"value": read(value(other)), "change": _change(value(own), value(other))} for other in others],
        }
        for words, value, read in ROWS
    ]


def _change(new: Any, old: Any) -> str:
    if new is None or old is None or new == old:
        return ""
    return f"＋{new - old}" if new > old else f"－{old - new}"


def _promise(line: figures.Promise) -> dict[str, Any]:
    return asdict(line) | {"percent": _percent(line.kept.percent)}


def _part(words: str, count: int, whole: int) -> dict[str, Any]:
    return {"words": words, "count": count, "percent": _percent(Share(count, whole).percent)}


def _spot(spot: Any) -> dict[str, Any]:
    """What was complained of so often, and what was done about it, in numbers alone."""
    keys = [one.pk for one in spot.complaints]
    settled = sum(one.settled_at is not None for one in spot.complaints)
    actions = list(Action.objects.filter(complaint__in=keys).values_list("status", flat=True))
    worked = actions.count(Action.Status.WORKED)
    done = f"办结 {settled} 件；措施 {len(actions)} 项" + (f"，其中验证有效 {worked} 项" if actions else "")
    return {"words": spot.words, "count": spot.count, "requests": len(spot.tickets), "done": done}


def _line(words: str, line: figures.results.Line) -> dict[str, Any]:
    return {
        "words": words,
        "index": _number(line.index),
        "answered": line.answered,
        "asked": line.asked,
        "rate": _percent(line.rate),
    }


def _calls(counted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in counted.items() if name != "covered"} | {
        "percent": _percent(counted["covered"].percent)
    }


def _samples(counted: dict[str, Any]) -> dict[str, Any]:
    marks = [
        {"what": words, "part": share.part, "whole": share.whole, "percent": _percent(share.percent)}
        for words, share in counted["marks"]
    ]
    agreed = counted["agreed"]
    return {
        "drawn": counted["drawn"],
        "judged": counted["judged"],
        "marks": marks,
        "agreed": f"{_percent(agreed.percent)}（{_of(agreed)}）" if agreed.whole else "—",
    }


def _proposal(one: Proposal, names: Iterable[str]) -> dict[str, str]:
    return {
        "month": f"{one.month:%Y-%m}",
        "department": one.department,
        "text": without_names(one.text, names),
        "state": str(one.get_status_display()),
        "outcome": without_names(one.outcome, names) or "—",
    }


def in_order(rows: Iterable[Resolution]) -> list[Resolution]:
    """Return goals first, then decisions, then improvements, each as they were entered."""
    return sorted(rows, key=lambda row: (Resolution.Kind.values.index(row.kind), row.pk))


def _resolutions(rows: Any, names: Iterable[str]) -> list[dict[str, str]]:
    return [
        {
            "kind": str(row.get_kind_display()),
            "text": without_names(row.text, names),
            "who": row.responsible.name if row.responsible else "—",
            "due": f"{row.due_on}" if row.due_on else "—",
            "outcome": without_names(row.outcome, names) or "—",
        }
        for row in in_order(rows.select_related("responsible"))
    ]


def _trend(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the months with the heights of their columns, in millimetres."""
    most = max((one["complaints"] for one in months), default=0) or 1
    return [
        {
            "month": f"{int(one['month'][5:])}",
            "complaints": one["complaints"],
            "height": round(TALLEST * one["complaints"] / most, 1),
            "top": round(TALLEST - TALLEST * one["complaints"] / most, 1),
            "x": 4 + 14 * number,
            "middle": 9 + 14 * number,
            "calls": _percent(one["calls"].percent),
            "index": _number(one["index"]),
            "answered": one["answered"],
        }
        for number, one in enumerate(months)
    ]
