"""The states of a complaint, from receipt to the complainant's word (C-02 … C-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import transition
from apps.core.scoping import Audience

from . import access, rules, word
from .models import Complaint

S = Complaint.Status
UNDER_WAY = {S.ACKNOWLEDGED, S.INVESTIGATING, S.DECIDED, S.TOLD, S.ESCALATED}

#: What the policies' targets listen to (C-02, C-04, C-05).
RESPONDED = declare_event("complaints.complaint.responded", _("First contact with the complainant"), icon="phone")
ANSWERED = declare_event("complaints.complaint.answered", _("Answered"), icon="message-check", tone="info")
SETTLED = declare_event("complaints.complaint.settled", _("Settled"), icon="checks", tone="ok")
ASKED = declare_event("complaints.complaint.asked", _("Asked after settlement"), icon="phone-check", tone="ok")


def _note(complaint: Complaint, name: str, *, actor: Any, now: datetime) -> None:
    record(complaint, name, actor=actor, now=now, audience=Audience.RESTRICTED)


def _note_answered(complaint: Complaint, *, actor: Any, now: datetime) -> None:
    """Whoever is given an answer has been contacted, too; each counts once a round."""
    if complaint.responded_at is None:
        complaint.responded_at = now
        _note(complaint, RESPONDED, actor=actor, now=now)
    if complaint.answered_at is None:
        complaint.answered_at = now
        _note(complaint, ANSWERED, actor=actor, now=now)


def _note_settled(complaint: Complaint, *, actor: Any, now: datetime) -> None:
    complaint.settled_at = now
    _note(complaint, SETTLED, actor=actor, now=now)


@transition(
    Complaint,
    _("Acknowledge"),
    sources={S.RECEIVED},
    target=S.ACKNOWLEDGED,
    allowed=None,
    title=_("Accepted: apology, procedure, expected date and number were told"),
    icon="message-check",
    tells=access.everyone_on,
)
def acknowledge(complaint: Complaint, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Accept at once: the complainant is told that we are sorry, what happens next, and by when (C-02)."""
    word.send(complaint, "accepted", now=now)
    return {"note": gettext("Answer by %(day)s") % {"day": complaint.expected_on}}


@transition(
    Complaint,
    _("Settle at once"),
    sources={S.ACKNOWLEDGED, S.INVESTIGATING},
    target=S.SETTLED,
    allowed=access.may_contact,
    title=_("Settled at once"),
    form="SettleForm",
    icon="checks",
    tone="ok",
    tells=access.everyone_on,
)
def settle_at_once(
    complaint: Complaint, *, actor: Any, now: datetime, decision: str, cause: str = ""
) -> dict[str, Any]:
    """Settle within a day of receipt what needs no plan, and tell the complainant (C-04)."""
    if not rules.may_settle_at_once(complaint.round_began_at, now):
        raise DomainError(gettext("More than 24 hours have passed. Hand it over with a plan and dates."))
    complaint.decision, complaint.cause = decision, cause or complaint.cause
    complaint.decided_by, complaint.told_at = actor, now
    _note_answered(complaint, actor=actor, now=now)
    _note_settled(complaint, actor=actor, now=now)
    word.send(complaint, "settled", now=now)
    return {"note": decision[:200]}


@transition(
    Complaint,
    _("Hand over for investigation"),
    sources={S.ACKNOWLEDGED},
    target=S.INVESTIGATING,
    allowed=access.may_contact,
    title=_("Under investigation"),
    form="InvestigateForm",
    icon="search",
    style="primary",
    tells=access.everyone_on,
)
def investigate(
    complaint: Complaint,
    *,
    actor: Any,
    now: datetime,
    investigator: Any,
    plan: str,
    expected_on: Any,
    progress_by: datetime | None = None,
) -> dict[str, Any]:
    """Hand over to somebody who is not complained of, with a plan and dates (C-03, C-04)."""
    _entrust(complaint, investigator)
    complaint.plan, complaint.expected_on = plan, expected_on
    complaint.note_dated(actor, now)
    if progress_by is not None:
        about = gettext("How the investigation goes")
        complaint.progress.create(promised_by=progress_by, about=about, dated_by=actor, dated_at=now)
    _note_answered(complaint, actor=actor, now=now)
    word.send(complaint, "planned", now=now)
    return {"note": gettext("Answer by %(day)s") % {"day": expected_on}}


@transition(
    Complaint,
    _("Another investigator"),
    sources={S.INVESTIGATING},
    target=S.INVESTIGATING,
    allowed=access.handles,
    title=_("Handed to another investigator"),
    form="EntrustForm",
    icon="user-share",
    audience=Audience.RESTRICTED,
    tells=access.insiders,
)
def entrust(complaint: Complaint, *, actor: Any, now: datetime, investigator: Any) -> dict[str, Any]:
    """Give the file to another investigator (C-03)."""
    _entrust(complaint, investigator)
    return {"note": str(investigator)}


def _entrust(complaint: Complaint, investigator: Any) -> None:
    if investigator.pk in access.involved_keys(complaint):
        raise DomainError(
            gettext("%(name)s is complained of, or worked on the matter. Choose somebody else.")
            % {"name": investigator},
            field="investigator",
        )
    if not access.investigators(complaint).filter(pk=investigator.pk).exists():
        raise DomainError(gettext("Choose one of our people who may sign in."), field="investigator")
    complaint.investigator = investigator


@transition(
    Complaint,
    _("Decide"),
    sources={S.INVESTIGATING},
    target=S.DECIDED,
    allowed=access.works_on,
    title=_("Decided"),
    form="DecideForm",
    icon="flag-check",
    style="primary",
    audience=Audience.RESTRICTED,
    tells=access.insiders,
)
def decide(complaint: Complaint, *, actor: Any, now: datetime, cause: str, decision: str) -> None:
    """Decide, once the cause is found; the complainant is told before anything is closed."""
    complaint.cause, complaint.decision, complaint.decided_by = cause, decision, actor


@transition(
    Complaint,
    _("Decide one step up"),
    sources={S.ESCALATED},
    target=S.DECIDED,
    allowed=access.may_decide_above,
    title=_("Decided one step up"),
    form="DecideAboveForm",
    icon="flag-check",
    style="primary",
    audience=Audience.RESTRICTED,
    tells=access.insiders,
)
def decide_above(complaint: Complaint, *, actor: Any, now: datetime, decision: str) -> None:
    """Decide again, by a manager who had no part in the first decision, or the administrator where there is none."""
    complaint.decision, complaint.decided_by = decision, actor


@transition(
    Complaint,
    _("Tell the decision"),
    sources={S.DECIDED},
    target=S.TOLD,
    allowed=access.works_on,
    title=_("Decision told"),
    form="TellForm",
    icon="message",
    style="primary",
    tells=access.everyone_on,
)
def tell(complaint: Complaint, *, actor: Any, now: datetime, how: str) -> dict[str, Any]:
    """Tell the complainant the decision, before closing; they may reject it."""
    complaint.told_at = now
    word.send(complaint, "decided", now=now)
    return {"note": how}


@transition(
    Complaint,
    _("Accept the decision"),
    sources={S.TOLD},
    target=S.SETTLED,
    allowed=access.may_answer_decision,
    title=_("Decision accepted"),
    form="AcceptForm",
    icon="check",
    style="primary",
    tone="ok",
    tells=access.everyone_on,
)
def accept(complaint: Complaint, *, actor: Any, now: datetime, said: str = "") -> dict[str, Any]:
    """Take the decision as agreed; afterwards the complainant is asked whether it holds (C-05)."""
    _note_settled(complaint, actor=actor, now=now)
    return {"note": said}


@transition(
    Complaint,
    _("Reject the decision"),
    sources={S.TOLD},
    target=S.ESCALATED,
    allowed=access.may_reject,
    title=_("Decision rejected, one step up"),
    form="RejectForm",
    icon="arrow-up",
    style="danger",
    tone="bad",
    tells=access.managers,
)
def reject(complaint: Complaint, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Go one step up, to somebody who had no part in the decision; that is the last step."""
    complaint.instance = 2
    return {"note": reason}


@transition(
    Complaint,
    _("End without agreement"),
    sources={S.TOLD},
    target=S.CLOSED,
    allowed=access.may_end_unaccepted,
    title=_("Ended without agreement after the last decision"),
    form="EndForm",
    icon="ban",
    style="danger",
    tone="warn",
    tells=access.everyone_on,
)
def end_unaccepted(complaint: Complaint, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """End what the last decision could not settle; the complainant is told where else to turn."""
    complaint.closed_at = now
    word.send(complaint, word.ENDED, now=now)
    return {"note": reason}


@transition(
    Complaint,
    _("Satisfied"),
    sources={S.SETTLED},
    target=S.CLOSED,
    allowed=access.may_answer_decision,
    title=_("Satisfied, closed"),
    form="SaidForm",
    icon="circle-check",
    style="primary",
    tone="ok",
    tells=access.everyone_on,
)
def satisfied(complaint: Complaint, *, actor: Any, now: datetime, said: str = "") -> dict[str, Any]:
    """Close: the complainant was asked and is satisfied (C-05)."""
    complaint.closed_at = now
    _note(complaint, ASKED, actor=actor, now=now)
    return {"note": said}


@transition(
    Complaint,
    _("Not satisfied"),
    sources={S.SETTLED, S.CLOSED},
    target=S.ACKNOWLEDGED,
    allowed=access.may_answer_decision,
    title=_("Not satisfied, reopened"),
    form="ReasonForm",
    icon="rotate",
    tone="bad",
    tells=access.everyone_on,
)
def not_satisfied(complaint: Complaint, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Open the complaint again, in its next round, until the complainant is satisfied (C-05)."""
    if complaint.closed_at is None:
        _note(complaint, ASKED, actor=actor, now=now)
    complaint.round += 1
    complaint.round_began_at = now
    complaint.expected_on = rules.expected_on(timezone.localdate(now))
    complaint.dated_by = complaint.dated_at = None
    complaint.instance, complaint.closed_at, complaint.settled_at = 1, None, None
    complaint.responded_at = complaint.answered_at = complaint.told_at = None
    return {"note": reason, "round": complaint.round}


@transition(
    Complaint,
    _("Withdraw the complaint"),
    sources=UNDER_WAY,
    target=S.WITHDRAWN,
    allowed=access.may_withdraw,
    title=_("Withdrawn by the complainant"),
    form="ReasonForm",
    icon="ban",
    tells=access.everyone_on,
)
def withdraw(complaint: Complaint, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """End a complaint that the complainant takes back; the file stays."""
    return {"note": reason}
