"""The complaint sheet as a document (投诉处理单). Its text is Chinese, as it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.core.events import kind_of
from apps.core.models import Event
from apps.documents.registry import Content, document_type

from . import access
from .models import Action, Complaint

S = Complaint.Status
TONES = {S.CLOSED: "ok", S.WITHDRAWN: "wait", S.ESCALATED: "bad"}


@document_type(
    access.SHEET,
    model=Complaint,
    title=_("Complaint sheet"),
    template="documents/complaint_sheet.html",
    may_issue=access.may_issue_sheet,
    related=("project__owner", "investigator", "decided_by", "received_by"),
)
def complaint_sheet(complaint: Complaint, *, now: datetime) -> Content:
    """Return the whole file on paper: receipt, cause, decision, actions, and the timeline (C-01 … C-05)."""
    with translation.override("zh-hans"):
        data: dict[str, Any] = {
            "title": "投诉处理单",
            "subtitle": "Complaint sheet",
            "status": {"tone": TONES.get(S(complaint.status), "wait"), "text": str(complaint.get_status_display())},
            "facts": [
                {"label": "受理时间", "value": _moment(complaint.opened_at)},
                {"label": "承诺答复", "value": f"{complaint.expected_on}"},
                {"label": "办结时间", "value": _moment(complaint.settled_at) if complaint.settled_at else "—"},
                {"label": "处理轮次", "value": f"第 {complaint.round} 轮"},
            ],
            "complaint": _receipt(complaint),
            "accused": "、".join(person.name for person in complaint.accused.all()) or "—",
            "investigation": _investigation(complaint),
            "whys": complaint.whys,
            "contacts": [
                {"at": _short(row.at), "whom": row.whom, "way": str(row.get_way_display()), "said": row.said,
                 "by": row.by.name}
                for row in complaint.contacts.select_related("by")
            ],
            "progress": [
                {"promised": _short(row.promised_by), "about": row.about,
                 "told": _short(row.told_at) if row.told_at else "未告知", "text": row.text,
                 "late": "逾期" if row.missed_at else ""}
                for row in complaint.progress.all()
            ],
            "actions": [_action(row) for row in complaint.actions.select_related("responsible", "checked_by")],
            "timeline": _timeline(complaint),
            "as_of": _moment(now),
        }  # fmt: skip
    return Content(data=data, number=complaint.number)


def _receipt(complaint: Complaint) -> dict[str, str]:
    return {
        "number": complaint.number,
        "project": complaint.project.name if complaint.project else "—",
        "owner": complaint.project.owner.name if complaint.project else "—",
        "who": complaint.who,
        "contact": complaint.contact_phone or complaint.contact_email or "—",
        "channel": str(complaint.get_channel_display()),
        "kind": str(complaint.get_kind_display()),
        "about": complaint.about or "—",
        "title": complaint.title,
        "description": complaint.description,
        "remedy": complaint.remedy or "—",
        "danger": complaint.danger,
        "emergency": complaint.emergency.number if complaint.emergency else "",
        "received_by": complaint.received_by.name if complaint.received_by else "本人提交",
        "degree": f"严重性{complaint.get_severity_display()}、复杂性{complaint.get_complexity_display()}、"
        f"影响{complaint.get_impact_display()}",
    }


def _investigation(complaint: Complaint) -> dict[str, str]:
    return {
        "investigator": complaint.investigator.name if complaint.investigator else "—",
        "department": complaint.department or "—",
        "plan": complaint.plan,
        "cause": str(complaint.get_cause_display()) if complaint.cause else "—",
        "decision": complaint.decision,
        "decided_by": complaint.decided_by.name if complaint.decided_by else "—",
        "told": _moment(complaint.told_at) if complaint.told_at else "—",
        "instance": "上一级复议" if complaint.instance > 1 else "初次",
    }


def _action(action: Action) -> dict[str, str]:
    checked = f"{action.get_status_display()}：{action.verdict}" if action.checked_at else "待验证"
    return {
        "kind": str(action.get_kind_display()),
        "text": action.text,
        "who": action.responsible.name,
        "due": f"{action.due_on}",
        "result": action.result or "未完成",
        "check": f"{checked}（{action.checked_by.name}）" if action.checked_by else checked,
    }


def _timeline(complaint: Complaint) -> list[dict[str, str]]:
    events = Event.objects.about(complaint).select_related("actor").order_by("at", "pk")
    return [
        {
            "at": _moment(event.at),
            "what": str(kind_of(event.name).title),
            "who": event.actor.name if event.actor else "系统",
            "note": str(event.data.get("note", "")),
        }
        for event in events
    ]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _short(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"
