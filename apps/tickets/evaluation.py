"""The owner is asked for an evaluation when a request is closed, about those who worked on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.surveys.models import Occasion
from apps.surveys.services import request_answer

from .models import Ticket


def ask_about_repair(ticket: Ticket, *, actor: Any, now: datetime) -> None:
    """Ask who confirmed, else the request's contact; nobody where no work was done."""
    orders = ticket.work_orders.ended_by_work().select_related("engineer")
    engineers = {order.engineer_id: order.engineer for order in orders}
    if engineers:
        request_answer(
            occasion=Occasion.REPAIR,
            subject=ticket,
            project=ticket.project,
            person=None if actor is None or actor.is_staff_side else actor,
            name=ticket.contact_name,
            phone=ticket.contact_phone,
            about_people=engineers.values(),
            actor=actor,
            now=now,
        )
