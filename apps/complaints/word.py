"""What complainants without an account are told at the address they left; the page behind their code says the rest.

Who has an account is notified like everybody; who is anonymous left no address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.outbox import enqueue, handles
from apps.notifications import strangers
from apps.notifications.wording import Message

from . import trace
from .models import Complaint

WORD = "complaints.word"
ENDED = "ended"
SHOWN = 120


def _accepted(complaint: Complaint) -> list[str]:
    return [
        _("We are sorry that something went wrong. Somebody who had no part in it looks into the matter."),
        _("You get an answer by %(day)s, and may reject the decision.") % {"day": complaint.expected_on},
    ]


def _planned(complaint: Complaint) -> list[str]:
    return [_("It is being looked into. You get an answer by %(day)s.") % {"day": complaint.expected_on}]


def _progress(complaint: Complaint) -> list[str]:
    told = complaint.progress.filter(told_at__isnull=False).order_by("-told_at").first()
    return [told.text[:SHOWN]] if told else []


def _decided(complaint: Complaint) -> list[str]:
    return [_("It is decided. Please read the decision, and accept or reject it.")]


def _settled(complaint: Complaint) -> list[str]:
    return [complaint.decision[:SHOWN], _("Please say whether you are satisfied; if not, we take it up again.")]


def _ended(complaint: Complaint) -> list[str]:
    return [
        _("Our last decision: %(decision)s") % {"decision": complaint.decision[:SHOWN]},
        _("It was not agreed on, and the case is ended. Where else you may turn:"),
        trace.ended_with(complaint),
    ]


SAID: dict[str, tuple[Any, Callable[[Complaint], list[str]]]] = {
    "accepted": (gettext_lazy("Your complaint was accepted"), _accepted),
    "planned": (gettext_lazy("Your complaint is under investigation"), _planned),
    "progress": (gettext_lazy("How your complaint stands"), _progress),
    "decided": (gettext_lazy("Your complaint was decided"), _decided),
    "settled": (gettext_lazy("Your complaint was settled"), _settled),
    ENDED: (gettext_lazy("Your complaint was ended without agreement"), _ended),
}


def send(complaint: Complaint, what: str, *, now: datetime) -> bool:
    """Have a complainant without an account told ``what`` (of ``SAID``); say whether there is a way to reach them."""
    if complaint.complainant_id is not None:
        return False
    if not strangers.may_reach(email=complaint.contact_email, phone=complaint.contact_phone):
        return False
    key = f"{WORD}:{complaint.pk}:{what}:{now:%Y%m%d%H%M%S}"
    enqueue(WORD, key, {"complaint": complaint.pk, "what": what, "key": key}, now=now)
    return True


@handles(WORD, gettext_lazy("Word to a complainant"))
def deliver(payload: dict[str, Any]) -> None:
    """Tell one complainant; when the complaint is over meanwhile, nothing but how it ended."""
    complaint = Complaint.objects.get(pk=payload["complaint"])
    what = payload["what"]
    is_wanted = trace.ended_with(complaint) != "" if what == ENDED else complaint.is_open
    if is_wanted:
        message = message_of(complaint, what, key=payload["key"])
        strangers.tell(message, email=complaint.contact_email, phone=complaint.contact_phone)


def message_of(complaint: Complaint, what: str, *, key: str) -> Message:
    """Return what is said, with the address of the page behind the complaint's code.

    ``key`` names this one message: what bears the name of an earlier one, the other side may drop.
    """
    subject, lines = SAID[what]
    return Message(
        subject=f"[{complaint.number}] {subject}",
        lines=tuple(lines(complaint)),
        url=settings.PUBLIC_URL + reverse("complaints:follow", args=[complaint.code]),
        key=key,
    )
