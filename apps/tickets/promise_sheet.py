"""The promise sheet (R-04): what was promised about a request, what counted, what paused it, with what result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.documents.registry import Content, document_type
from apps.service_levels.explanation import Explanation, promises_of
from apps.service_levels.models import Clock, Pause

from . import access
from .models import Ticket
from .wording import level_meaning

PROMISE_SHEET = "promise_sheet"
S = Clock.State
#: How a result is marked on paper, where shape and word must do without colour.
TONES: dict[str, str] = {S.MET: "ok", S.MET_LATE: "bad", S.MISSED: "bad", S.RUNNING: "wait", S.PAUSED: "wait"}


@document_type(
    PROMISE_SHEET,
    model=Ticket,
    title=_("Promise sheet"),
    template="documents/promise_sheet.html",
    may_issue=access.may_issue_promise_sheet,
    series="ZB",
    related=("project__owner", "equipment__site__parent"),
)
def promise_sheet(ticket: Ticket, *, now: datetime) -> Content:
    """Return what the owner was promised about a request; house duties are no part of it."""
    with translation.override("zh-hans"):
        found = [one for one in promises_of(ticket, now=now) if one.clock.state != S.CANCELLED]
        data: dict[str, Any] = {
            "title": "服务承诺履行单",
            "subtitle": "Promise sheet",
            "status": _status(found),
            "facts": _facts(found),
            "request": _request(ticket),
            "promises": [_line(one, now) for one in found],
            "ways": [_way(one) for one in found],
            "pauses": _pauses(pause for one in found for pause in one.pauses),
            "as_of": _moment(now),
            "issuer": {"name": "", "signed_on": _day(now)},
        }
    return Content(data=data)


def _status(found: list[Explanation]) -> dict[str, str]:
    states = {one.clock.state for one in found}
    if states & {S.MISSED, S.MET_LATE}:
        return {"tone": "bad", "text": "有承诺未按时"}
    if states & {S.RUNNING, S.PAUSED}:
        return {"tone": "wait", "text": "履行中"}
    return {"tone": "ok", "text": "全部按时"}


def _facts(found: list[Explanation]) -> list[dict[str, str]]:
    states = [one.clock.state for one in found]
    late = sum(state in {S.MISSED, S.MET_LATE} for state in states)
    facts = [
        {"label": "承诺", "value": f"{len(found)} 项"},
        {"label": "按时", "value": f"{states.count(S.MET)} 项"},
        {"label": "未按时", "value": f"{late} 项"},
        {"label": "进行中", "value": f"{sum(state in {S.RUNNING, S.PAUSED} for state in states)} 项"},
    ]
    if any(one.clock.is_reclassified for one in found):
        facts[2]["note"] = "含因等级调整"
    return facts


def _request(ticket: Ticket) -> dict[str, str]:
    equipment = ticket.equipment
    return {
        "number": ticket.number,
        "project": ticket.project.name,
        "owner": ticket.project.owner.name,
        "reported_at": _moment(ticket.reported_at),
        "kind": f"{ticket.get_kind_display()}·{ticket.get_level_display()}（{level_meaning(ticket.level)}）",
        "what": ticket.title,
        "equipment": f"{equipment.name}，{equipment.asset_code}" if equipment else ticket.place,
        "state": str(ticket.get_status_display()),
    }


def _line(one: Explanation, now: datetime) -> dict[str, Any]:
    clock = one.clock
    used = one.sums.used if one.sums and clock.stopped_at else ""
    name = str(clock.get_metric_display())
    return {
        "promise": f"{name}（第 {clock.round} 轮）" if clock.round > 1 else name,
        "started": _short(clock.started_at),
        "target": one.amount,
        "due": _short(clock.due_at) if clock.due_at else "暂停中",
        "actual": _short(clock.stopped_at) if clock.stopped_at else "",
        "used": used,
        "result": {"tone": TONES.get(clock.state, "wait"), "text": _result(one, now)},
    }


def _result(one: Explanation, now: datetime) -> str:
    clock = one.clock
    if clock.state == S.RUNNING and clock.is_late(now):
        return "超时"
    words = {S.RUNNING: "进行中", S.PAUSED: "暂停中", S.MET: "按时"}
    return words.get(S(clock.state), one.result)


def _way(one: Explanation) -> dict[str, Any]:
    """How a due time came about, as sentences."""
    clock = one.clock
    counted = [line for line in one.lines if not line.is_moment]
    return {
        "promise": str(clock.get_metric_display()) + (f"（第 {clock.round} 轮）" if clock.round > 1 else ""),
        "basis": f"{_moment(clock.started_at)} 起算（{one.started}），{one.amount}，{one.calendar}",
        "lines": [
            {
                "period": f"{_short(line.begins)} 至 {_short(line.ends)}",
                "words": line.words,
                "note": line.note,
            }
            for line in counted
            if not line.is_ahead
        ],
        "counted": one.counted,
        "note": one.provisional,
    }


def _pauses(pauses: Iterable[Pause]) -> list[dict[str, str]]:
    unique = {pause.pk: pause for pause in pauses}
    return [
        {
            "period": f"{_short(pause.began_at)} 至 {_short(pause.ended_at) if pause.ended_at else '今'}",
            "reason": str(pause.get_reason_display()),
            "note": pause.note,
            "by": str(pause.began_by or ""),
        }
        for pause in sorted(unique.values(), key=lambda one: one.began_at)
    ]


def _day(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{here.year} 年 {here.month} 月 {here.day} 日"


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _short(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"
