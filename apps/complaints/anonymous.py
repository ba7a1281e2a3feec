"""Complaints without an account: taken in on a public page, followed and answered by their code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from apps.core.client import counted_as
from apps.core.errors import DomainError

from . import lifecycle, rules
from .models import Complaint
from .services import open_complaint

WINDOW = timedelta(hours=1)
COMPLAINTS_AN_ADDRESS = 6
GUESSES_AN_ADDRESS = 20

#: What is said by the code, and the steps it takes.
ANSWERS = {
    "accept": lifecycle.accept,
    "reject": lifecycle.reject,
    "satisfied": lifecycle.satisfied,
    "not_satisfied": lifecycle.not_satisfied,
}


def complain(*, address: str | None, now: datetime, **values: Any) -> Complaint:
    """Take in a complaint of somebody who is not signed in. Raises ``DomainError`` when too many come at once."""
    if _count(f"complaint:{counted_as(address)}") > COMPLAINTS_AN_ADDRESS:
        raise DomainError(
            _("Several complaints came in a short time. Please call the hotline; what you typed is still on this page.")
        )
    return open_complaint(channel=Complaint.Channel.PORTAL, actor=None, now=now, **values)


def find(code: str, *, address: str | None) -> Complaint | None:
    """Return the complaint of a code; after too many wrong ones from an address, none whatever the code."""
    key = f"complaint-guess:{counted_as(address)}"
    if cache.get(key, 0) >= GUESSES_AN_ADDRESS:
        return None
    found: Complaint | None = Complaint.objects.filter(code=rules.plain_code(code)).first()
    if found is None:
        _count(key)
    return found


def answer(complaint: Complaint, *, what: str, words: str, now: datetime) -> Complaint:
    """Take a complainant's word who holds the code. Raises ``DomainError`` for a word that needs a reason."""
    if complaint.complainant_id is not None or what not in ANSWERS:
        raise DomainError(_("Sign in to answer: this complaint was filed with an account."))
    step = ANSWERS[what]
    name = "reason" if "reason" in step.accepts else "said"
    if name == "reason" and not words.strip():
        raise DomainError(_("Please write why."))
    answered: Complaint = step(complaint, actor=None, now=now, **{name: words.strip()})
    return answered


def _count(key: str) -> int:
    cache.add(key, 0, timeout=WINDOW.total_seconds())
    return int(cache.incr(key))
