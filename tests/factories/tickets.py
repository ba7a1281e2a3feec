"""Tickets and work orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import Role, User
from apps.projects.models import Equipment, Project
from apps.tickets.models import CoverDecision, Message, PendingPhoto, Ticket, TicketPhoto, WorkOrder, WorkOrderPhoto

from .base import NOW, TODAY, accepted, serial
from .people import make_engineer, make_staff
from .projects import make_project


def make_ticket(*, project: Project | None = None, equipment: Equipment | None = None, **fields: Any) -> Ticket:
    """Return a ticket; a closed one has its time."""
    n = serial()
    if project is None:
        project = equipment.project if equipment else make_project()
    values = {
        "number": f"FW-2026-9{n:05d}",
        "title": f"路灯不亮{n}",
        "description": "晚上七点后整段不亮。",
        "contact_name": "周主任",
        "contact_phone": "13800001111",
        "reported_at": NOW - timedelta(hours=2),
    }
    if fields.get("status") == Ticket.Status.CLOSED:
        values["closed_at"] = NOW
    return Ticket.objects.create(project=project, equipment=equipment, **values | fields)


def make_cover_decision(*, ticket: Ticket | None = None, **fields: Any) -> CoverDecision:
    return CoverDecision.objects.create(
        ticket=ticket or make_ticket(),
        **{
            "is_covered": True,
            "ground": CoverDecision.Ground.IN_FORCE,
            "fault_on": TODAY,
            "covered_from": TODAY - timedelta(days=365),
            "covered_until": TODAY + timedelta(days=300),
            "decided_at": NOW,
        }
        | fields,
    )


def make_message(*, ticket: Ticket | None = None, **fields: Any) -> Message:
    return Message.objects.create(
        ticket=ticket or make_ticket(), **{"body": f"已联系现场{serial()}", "written_at": NOW} | fields
    )


def make_ticket_photo(*, ticket: Ticket | None = None, **fields: Any) -> TicketPhoto:
    return TicketPhoto.keep(accepted(), actor=None, now=NOW, ticket=ticket or make_ticket(), **fields)


def make_pending_photo(*, user: User | None = None, **fields: Any) -> PendingPhoto:
    """Return a photo that waits for its form to be sent again."""
    return PendingPhoto.keep(
        accepted(), actor=user or make_staff(Role.ENGINEER), now=NOW, **{"key": f"key-{serial()}"} | fields
    )


#: The time each state of a work order has passed, so that a row in a late state looks like one.
_ORDER_TIMES = ["accepted_at", "departed_at", "arrived_at", "started_at", "finished_at", "ended_at"]
_ORDER_PASSED = {"accepted": 1, "departed": 2, "arrived": 3, "working": 4, "suspended": 4, "finished": 5} | {
    "signed": 6,
    "unsigned": 6,
}


def make_work_order(*, ticket: Ticket | None = None, engineer: User | None = None, **fields: Any) -> WorkOrder:
    """Return a work order in the wished ``status`` with the times and the report that state implies."""
    n = serial()
    if ticket is None:
        ticket = make_ticket(status=Ticket.Status.IN_PROGRESS)
    engineer = engineer or make_engineer(ticket.project)
    passed = _ORDER_PASSED.get(fields.get("status", WorkOrder.Status.ISSUED), 0)
    values: dict[str, Any] = {
        "number": f"WX-2026-9{n:05d}",
        "round": ticket.round,
        "dispatched_by": fields.pop("dispatched_by", None) or make_staff(Role.CUSTOMER_SERVICE),
        "dispatched_at": NOW - timedelta(hours=1),
        "appointment_from": NOW + timedelta(hours=1),
        "appointment_to": NOW + timedelta(hours=3),
        "briefing": "先查回路电压。",
    } | {name: NOW + timedelta(minutes=20 * i) for i, name in enumerate(_ORDER_TIMES[:passed])}
    if passed >= 5:
        values |= {
            "cause": WorkOrder.Cause.AGEING,
            "cause_note": "接触器触点烧蚀",
            "work_done": "更换接触器并试灯",
            "result": WorkOrder.Result.RESTORED,
            "test_note": "连续送电三十分钟正常",
            "prevention": "每季度检查触点",
        }
    if fields.get("status") == WorkOrder.Status.UNSIGNED:
        values["unsigned_reason"] = WorkOrder.UnsignedReason.ABSENT
    return WorkOrder.objects.create(ticket=ticket, engineer=engineer, **values | fields)


def make_order_photo(*, work_order: WorkOrder | None = None, slot: str = "before", **fields: Any) -> WorkOrderPhoto:
    return WorkOrderPhoto.keep(
        accepted(), actor=None, now=NOW, work_order=work_order or make_work_order(), slot=slot, **fields
    )
