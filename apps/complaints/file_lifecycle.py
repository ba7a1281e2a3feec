"""The states of what follows from complaints: actions and proposals; and of requests for another engineer (R-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience
from apps.projects.access import owner_people
from apps.tickets import order_lifecycle
from apps.tickets.models import WorkOrder

from . import access
from .models import Action, EngineerRequest, Proposal

A = Action.Status
P = Proposal.Status
E = EngineerRequest.Status


@transition(
    Action,
    _("Done"),
    sources={A.OPEN},
    target=A.DONE,
    allowed=access.may_do,
    title=_("Action carried out"),
    form="ResultForm",
    icon="check",
    style="primary",
    audience=Audience.RESTRICTED,
)
def finish_action(action: Action, *, actor: Any, now: datetime, result: str) -> dict[str, Any]:
    """Report an action as carried out; whether it worked is checked later."""
    action.result, action.done_at = result, now
    return {"note": result}


def _checked(action: Action, actor: Any, now: datetime, verdict: str) -> dict[str, Any]:
    action.verdict, action.checked_by, action.checked_at = verdict, actor, now
    return {"note": verdict}


@transition(
    Action,
    _("It worked"),
    sources={A.DONE},
    target=A.WORKED,
    allowed=access.may_check,
    title=_("Checked: the action worked"),
    form="VerdictForm",
    icon="circle-check",
    style="primary",
    tone="ok",
    audience=Audience.RESTRICTED,
)
def find_worked(action: Action, *, actor: Any, now: datetime, verdict: str) -> dict[str, Any]:
    """Find, some time later, that the action worked (ISO 10002)."""
    return _checked(action, actor, now, verdict)


@transition(
    Action,
    _("It did not work"),
    sources={A.DONE},
    target=A.FAILED,
    allowed=access.may_check,
    title=_("Checked: the action did not work"),
    form="VerdictForm",
    icon="alert-triangle",
    tone="bad",
    audience=Audience.RESTRICTED,
)
def find_failed(action: Action, *, actor: Any, now: datetime, verdict: str) -> dict[str, Any]:
    """Find, some time later, that the action did not work: another is needed."""
    return _checked(action, actor, now, verdict)


@transition(
    Proposal,
    _("Adopted"),
    sources={P.MADE},
    target=P.ADOPTED,
    allowed=access.may_answer_proposal,
    title=_("Proposal adopted"),
    form="OutcomeForm",
    icon="check",
    style="primary",
    audience=Audience.STAFF,
)
def adopt(proposal: Proposal, *, actor: Any, now: datetime, outcome: str) -> dict[str, Any]:
    """Note that the department adopts it, and how."""
    proposal.outcome = outcome
    return {"note": outcome}


@transition(
    Proposal,
    _("Not adopted"),
    sources={P.MADE},
    target=P.DECLINED,
    allowed=access.may_answer_proposal,
    title=_("Proposal declined"),
    form="OutcomeForm",
    icon="ban",
    audience=Audience.STAFF,
)
def decline_proposal(proposal: Proposal, *, actor: Any, now: datetime, outcome: str) -> dict[str, Any]:
    """Note that the department declines it, and why."""
    proposal.outcome = outcome
    return {"note": outcome}


@transition(
    Proposal,
    _("Carried out"),
    sources={P.ADOPTED},
    target=P.DONE,
    allowed=access.may_answer_proposal,
    title=_("Proposal carried out"),
    form="OutcomeForm",
    icon="circle-check",
    style="primary",
    tone="ok",
    audience=Audience.STAFF,
)
def finish_proposal(proposal: Proposal, *, actor: Any, now: datetime, outcome: str) -> dict[str, Any]:
    """Note what came of it (C-07)."""
    proposal.outcome = outcome
    return {"note": outcome}


def _owner_people(asked: EngineerRequest) -> list[Any]:
    return owner_people(asked.ticket.project)


@transition(
    EngineerRequest,
    _("Send another engineer"),
    sources={E.ASKED},
    target=E.GRANTED,
    allowed=access.may_decide_engineer,
    title=_("Another engineer comes"),
    form="GrantForm",
    icon="user-check",
    style="primary",
    tone="ok",
    tells=_owner_people,
)
def grant(asked: EngineerRequest, *, actor: Any, now: datetime, engineer: Any, answer: str = "") -> dict[str, Any]:
    """Give every order that has not begun to another engineer; one under way is dispatched anew by hand (R-14)."""
    orders = list(asked.ticket.work_orders.going_on().select_related("ticket__project", "engineer"))
    if any(order.engineer_id == engineer.pk for order in orders):
        raise DomainError(
            gettext("This is the engineer whom the owner does not want. Choose another."), field="engineer"
        )
    for order in orders:
        if order.status in {WorkOrder.Status.ISSUED, WorkOrder.Status.ACCEPTED}:
            order_lifecycle.reassign(
                order,
                actor=actor,
                now=now,
                engineer=engineer,
                appointment_from=order.appointment_from,
                appointment_to=order.appointment_to,
                reason="",
            )
    asked.answer = answer or gettext("%(name)s takes it over") % {"name": engineer.name}
    asked.decided_by, asked.decided_at = actor, now
    return {"note": asked.answer}


@transition(
    EngineerRequest,
    _("Decline with reason"),
    sources={E.ASKED},
    target=E.DECLINED,
    allowed=access.may_decide_engineer,
    title=_("No other engineer: reason given"),
    form="AnswerForm",
    icon="ban",
    tells=_owner_people,
)
def decline_engineer(asked: EngineerRequest, *, actor: Any, now: datetime, answer: str) -> dict[str, Any]:
    """Decline, with the reason that the owner reads."""
    asked.answer, asked.decided_by, asked.decided_at = answer, actor, now
    return {"note": answer}
