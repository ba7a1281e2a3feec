"""The repair sheet (R-11): what the owner reads and signs, in Chinese and ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.documents import services as issuing
from apps.documents.models import Document, Signature
from apps.documents.paper_data import REPAIR_SHEET
from apps.documents.registry import Content, document_type

from . import access, order_lifecycle
from .models import CoverDecision, Ticket, WorkOrder, WorkOrderPhoto
from .wording import level_meaning

RESULT_TONES: dict[str, str] = {
    WorkOrder.Result.RESTORED: "ok",
    WorkOrder.Result.TEMPORARY: "warn",
    WorkOrder.Result.NOT_FIXED: "bad",
}
TITLES = {WorkOrder.Mode.FIELD: "故障维修单", WorkOrder.Mode.REMOTE: "远程维修单"}
#: How the document's reason, which is printed, begins, and what it means to the order.
UNSIGNED_REASONS = {
    "业主不在场": WorkOrder.UnsignedReason.ABSENT,
    "已电话确认": WorkOrder.UnsignedReason.BY_TELEPHONE,
    "业主拒签": WorkOrder.UnsignedReason.REFUSED,
}


@document_type(
    order_lifecycle.SHEET,
    model=WorkOrder,
    title=_("Repair sheet"),
    template=REPAIR_SHEET,
    may_issue=access.may_issue_sheet,
    signed=True,
    related=("ticket__project__owner", "ticket__equipment__site__parent", "engineer", "dispatched_by"),
    titles={TITLES[WorkOrder.Mode.REMOTE]: _("Remote repair sheet")},
    contact=lambda order: (order.ticket.contact_name, order.ticket.contact_phone),
)
def repair_sheet(order: WorkOrder, *, now: datetime) -> Content:
    """Return the sheet of a work order; charges, parts and promises are not part of it yet."""
    with translation.override("zh-hans"):
        ticket = order.ticket
        decision = ticket.cover_decisions.first()
        result = {"tone": RESULT_TONES.get(order.result, "wait"), "text": _result(order)}
        data: dict[str, Any] = {
            "title": TITLES[WorkOrder.Mode(order.mode)],
            "subtitle": "Repair sheet",
            "status": result,
            "facts": _facts(order, decision),
            "request": _request(ticket),
            "coverage": _coverage(decision),
            "dispatch": _dispatch(order),
            "work": {
                "arrived_at": _moment(order.arrived_at),
                "completed_at": _moment(order.finished_at),
                "cause": "。".join(part for part in (_label(order, "cause"), order.cause_note.strip()) if part),
                "process": order.work_done,
                "result": result,
                "test": order.test_note,
                "prevention": order.prevention,
            },
            "photos": _photos(order),
        }
    return Content(number=order.number, data=data)


@repair_sheet.on_signed
def end_order(order: WorkOrder, document: Document, *, actor: Any, now: datetime) -> None:
    """The owner signed, or nobody could: the order ends, and its sheet is issued."""
    if document.unsigned:
        reason = document.unsigned["reason"]
        known = (value for text, value in UNSIGNED_REASONS.items() if reason.startswith(text))
        order_lifecycle.leave_unsigned(
            order,
            actor=actor,
            now=now,
            reason=reason,
            unsigned_reason=next(known, WorkOrder.UnsignedReason.ABSENT),
        )
    else:
        signature = document.signatures.get(side=Signature.Side.OWNER)
        signed_by = f"{signature.name} {signature.role}".strip()
        order_lifecycle.sign(order, actor=actor, now=now, signed_by=signed_by)
    issuing.issue(document, actor=actor or order.engineer, now=now)


def _facts(order: WorkOrder, decision: CoverDecision | None) -> list[dict[str, str]]:
    facts = []
    if decision is not None:
        fact = {"label": "保修判定", "value": "保内·免费" if decision.is_covered else "保外·收费"}
        if decision.covered_until:
            fact["note"] = f"保修期至 {decision.covered_until}"
        facts.append(fact)
    if order.arrived_at:
        since = "自报修起" if order.round == 1 else "自本轮派工起"
        begin = order.ticket.reported_at if order.round == 1 else order.dispatched_at
        facts.append({"label": "到场用时", "value": duration(order.arrived_at - begin), "note": since})
    began = order.arrived_at or order.started_at
    if began and order.finished_at:
        label = "到场至修复" if order.arrived_at else "处理用时"
        if order.result != WorkOrder.Result.RESTORED:
            label = "到场至完工" if order.arrived_at else label
        facts.append({"label": label, "value": duration(order.finished_at - began)})
    facts.append({"label": "结果", "value": _result(order)})
    return facts


def _request(ticket: Ticket) -> dict[str, str]:
    reported = _moment(ticket.reported_at)
    if ticket.began_at:
        reported += f"（始于 {_moment(ticket.began_at)}）"
    symptom = ticket.title
    if ticket.description.strip() and ticket.description.strip() != ticket.title:
        symptom += "\n" + ticket.description.strip()
    return {
        "project": ticket.project.name,
        "requested_by": f"{ticket.project.owner.name}·{ticket.contact_name}",
        "contact": f"{ticket.contact_phone}·{ticket.get_channel_display()}",
        "reported_at": reported,
        "level": f"{ticket.get_level_display()}·{level_meaning(ticket.level)}",
        "equipment": _equipment(ticket),
        "symptom": symptom,
    }


def _equipment(ticket: Ticket) -> str:
    equipment = ticket.equipment
    if equipment is None:
        return ticket.place
    facts = [str(equipment.model) if equipment.model_id else "", equipment.asset_code]
    if equipment.serial_number:
        facts.append(f"序列号 {equipment.serial_number}")
    known = f"{equipment.name}（{'，'.join(fact for fact in facts if fact)}）"
    return "，".join(part for part in (known, ticket.place or equipment.where) if part)


def _coverage(decision: CoverDecision | None) -> dict[str, Any]:
    """The decision as it was made when the request was opened (W-19)."""
    if decision is None:
        return {"verdict": {"tone": "wait", "text": "未判定"}}
    fault = f"故障日 {decision.fault_on}"
    span = f"保修期 {decision.covered_from} 至 {decision.covered_until}"
    reason = {
        CoverDecision.Ground.IN_FORCE: f"{fault} 在{span} 之内。",
        CoverDecision.Ground.EXPIRED: f"{fault} 晚于{span}。",
        CoverDecision.Ground.NOT_STARTED: f"{fault} 早于{span}。",
        CoverDecision.Ground.NO_WARRANTY: "本工程尚无保修登记。",
    }[CoverDecision.Ground(decision.ground)]
    verdict = {"tone": "ok", "text": "保内，免费"} if decision.is_covered else {"tone": "warn", "text": "保外，收费"}
    return {"verdict": verdict, "reason": f"{reason}判定于 {_moment(decision.decided_at)}。"}


def _dispatch(order: WorkOrder) -> dict[str, Any]:
    licence = f"（上岗证 {order.engineer.licence_number}）" if order.engineer.licence_number else ""
    return {
        "dispatched": f"{_moment(order.dispatched_at)} {order.dispatched_by.name}",
        "engineers": f"{order.engineer.name}{licence}",
        "briefing": order.briefing,
    }


def _photos(order: WorkOrder) -> list[dict[str, str]]:
    """Pairs of a photo before and one after the work; what is left over of either follows."""
    slots: dict[str, list[WorkOrderPhoto]] = {"before": [], "after": []}
    for photo in order.photos.order_by("pk"):
        if photo.slot in slots:
            slots[photo.slot].append(photo)
    pairs = zip_longest(slots["before"], slots["after"])
    return [
        {
            "label": f"{label} {n}",
            "caption": "",
            "taken_at": f"{timezone.localtime(photo.taken_at or photo.uploaded_at):%m-%d %H:%M}",
            "file": str(photo.file.name),
        }
        for n, pair in enumerate(pairs, 1)
        for label, photo in zip(("维修前", "维修后"), pair, strict=True)
        if photo is not None
    ]


def _result(order: WorkOrder) -> str:
    return _label(order, "result") or "未填写"


def _label(order: WorkOrder, name: str) -> str:
    return str(getattr(order, f"get_{name}_display")())


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def duration(length: timedelta) -> str:
    """Return a length of time in words, minutes floored: “1 小时 12 分”."""
    minutes = max(int(length.total_seconds()), 0) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{days} 天" if days else "", f"{hours} 小时" if hours else "", f"{minutes} 分" if minutes else ""]
    return " ".join(part for part in parts if part) or "不到 1 分"


def with_sheet(orders: Any) -> Any:
    """Bring the key of each order's sheet along as ``sheet_id``."""
    sheets = _in_force().filter(subject_id=OuterRef("pk"))
    return orders.annotate(sheet_id=Subquery(sheets.order_by().values("pk")[:1]))


def sheets_of(orders: Iterable[int]) -> dict[int, Document]:
    """Return {order: sheet} of the sheets in force or on their way, in one query and without their contents."""
    wanted = list(orders)
    if not wanted:
        return {}
    sheets = _in_force().filter(subject_id__in=wanted).defer("data", "search_text")
    return {sheet.subject_id: sheet for sheet in sheets}


def sheets_of_tickets(tickets: Iterable[int], user: Any) -> dict[int, list[Document]]:
    """Return {ticket: sheets} as far as a person may see them, in one query and without their contents."""
    orders = WorkOrder.objects.filter(ticket__in=list(tickets))
    of_order = Subquery(orders.filter(pk=OuterRef("subject_id")).values("ticket"))
    sheets = _in_force().visible_to(user).filter(subject_id__in=orders.values("pk")).annotate(of_ticket=of_order)
    found: dict[int, list[Document]] = {}
    for sheet in sheets.defer("data", "search_text").order_by("pk"):
        found.setdefault(sheet.of_ticket, []).append(sheet)
    return found


def _in_force() -> Any:
    of_orders = ContentType.objects.get_for_model(WorkOrder)
    gone = [Document.Status.VOID, Document.Status.REPLACED]
    return Document.objects.filter(type=order_lifecycle.SHEET, subject_type=of_orders).exclude(status__in=gone)
