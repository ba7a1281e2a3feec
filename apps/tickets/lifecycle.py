"""The states of a request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import IllegalTransition
from apps.core.lifecycle import transition

from . import access
from .evaluation import ask_about_repair
from .models import Ticket

S = Ticket.Status
OPEN = {S.NEW, S.ACKNOWLEDGED, S.IN_PROGRESS, S.AWAITING_CONFIRMATION}


@transition(
    Ticket,
    _("Acknowledge"),
    sources={S.NEW},
    target=S.ACKNOWLEDGED,
    allowed=access.may_acknowledge,
    title=_("Acknowledged"),
    icon="user-check",
    style="primary",
    tells=access.concerned_by_ticket,
)
def acknowledge(ticket: Ticket, *, actor: Any, now: datetime) -> None:
    """Tell the owner that the request was read and is being looked after (R-04)."""


@transition(
    Ticket,
    _("Start"),
    sources={S.NEW, S.ACKNOWLEDGED},
    target=S.IN_PROGRESS,
    allowed=None,
    title=_("In progress"),
    icon="tool",
)
def start(ticket: Ticket, *, actor: Any, now: datetime) -> None:
    """Somebody was sent."""


@transition(
    Ticket,
    _("Answer"),
    sources={S.NEW, S.ACKNOWLEDGED, S.IN_PROGRESS},
    target=S.AWAITING_CONFIRMATION,
    allowed=access.may_answer,
    title=_("Answered"),
    form="AnswerForm",
    icon="message-check",
    style="primary",
    tone="ok",
    tells=access.concerned_by_ticket,
)
def answer(ticket: Ticket, *, actor: Any, now: datetime, answer: str) -> dict[str, Any]:
    """Answer a consultation or a suggestion; silence afterwards counts as agreement (R-05)."""
    ticket.messages.create(author=actor, body=answer, written_at=now)
    ticket.confirmation_asked_at = now
    return {"note": answer[:200]}


@transition(
    Ticket,
    _("Ask for confirmation"),
    sources={S.IN_PROGRESS},
    target=S.AWAITING_CONFIRMATION,
    allowed=None,
    title=_("Awaiting your confirmation"),
    icon="writing-sign",
    tone="warn",
    tells=access.concerned_by_ticket,
)
def ask_confirmation(ticket: Ticket, *, actor: Any, now: datetime, signed: bool) -> None:
    """The work is done. If nobody could sign, silence for three days closes the ticket."""
    ticket.confirmation_asked_at = None if signed else now


@transition(
    Ticket,
    _("Confirm: it is fixed"),
    sources={S.AWAITING_CONFIRMATION},
    target=S.CLOSED,
    allowed=access.is_owner_side,
    title=_("Confirmed by the owner"),
    icon="circle-check",
    style="primary",
    tone="ok",
    tells=access.concerned_by_ticket,
)
def confirm(ticket: Ticket, *, actor: Any, now: datetime) -> None:
    """Close the request: the owner says that it is fixed."""
    ticket.closed_at = now
    ask_about_repair(ticket, actor=actor, now=now)


@transition(
    Ticket,
    _("Confirmed by telephone"),
    sources={S.AWAITING_CONFIRMATION},
    target=S.CLOSED,
    allowed=access.may_confirm_by_telephone,
    title=_("Confirmed by telephone"),
    form="TelephoneConfirmationForm",
    icon="phone-check",
    tone="ok",
    tells=access.concerned_by_ticket,
)
def confirm_by_telephone(ticket: Ticket, *, actor: Any, now: datetime, who: str) -> dict[str, Any]:
    """Close the request: the owner said on the telephone that it is fixed."""
    ticket.closed_at = now
    ask_about_repair(ticket, actor=actor, now=now)
    return {"note": who}


@transition(
    Ticket,
    _("Not fixed"),
    sources={S.AWAITING_CONFIRMATION, S.CLOSED},
    target=S.IN_PROGRESS,
    allowed=access.may_say_not_fixed,
    title=_("Not fixed, reopened"),
    form="NotFixedForm",
    icon="rotate",
    tone="bad",
    tells=access.owner_and_dispatchers,
)
def not_fixed(ticket: Ticket, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Open the request again under the same number, in its next round (R-13)."""
    ticket.round += 1
    ticket.reopened_at = now
    ticket.closed_at = None
    ticket.confirmation_asked_at = None
    return {"note": reason, "round": ticket.round}


@transition(
    Ticket,
    _("Close after silence"),
    sources={S.AWAITING_CONFIRMATION},
    target=S.CLOSED,
    allowed=None,
    title=_("Closed: nothing was said for three days"),
    icon="circle-check",
    tone="ok",
    tells=access.concerned_by_ticket,
)
def close_after_silence(ticket: Ticket, *, actor: Any, now: datetime) -> None:
    """Close a request whose sheet nobody signed and to which nothing was said for three days.

    Raises ``IllegalTransition`` if something was said after all, or the three days are not over.
    """
    if not Ticket.objects.silent_since(now).filter(pk=ticket.pk).exists():
        raise IllegalTransition.of(_("Close after silence"), ticket)
    ticket.closed_at = now
    ask_about_repair(ticket, actor=actor, now=now)


@transition(
    Ticket,
    _("Cancel the request"),
    sources=OPEN,
    target=S.CANCELLED,
    allowed=access.may_cancel,
    title=_("Cancelled"),
    form="ReasonForm",
    icon="ban",
    style="danger",
    tells=access.concerned_by_ticket,
)
def cancel(ticket: Ticket, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Cancel a request with a reason; orders that go on are cancelled with it."""
    from .order_lifecycle import cancel_with_ticket  # noqa: PLC0415  orders know requests, this one way back

    for order in ticket.work_orders.going_on():
        cancel_with_ticket(order, actor=actor, now=now, reason=reason)
    return {"note": reason}
