"""The link by which somebody without an account answers: found by its token, guesses slowed down."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache

from apps.core.client import counted_as

from .models import SurveyRequest
from .queries import with_questions

WINDOW = timedelta(hours=1)
WRONG_LINKS_AN_ADDRESS = 10


def is_guessing(address: str | None) -> bool:
    """Say whether too many links that lead nowhere were opened from this address in the last hour."""
    return bool(address) and cache.get(_key(address), 0) >= WRONG_LINKS_AN_ADDRESS


def request_of(token: str, *, address: str | None) -> SurveyRequest | None:
    """Return the request behind a link; None for a wrong one, which is counted, and for whoever guesses."""
    if is_guessing(address):
        return None
    request: SurveyRequest | None = with_questions(SurveyRequest.objects.filter(token=token)).first()
    if request is None and address:
        cache.add(_key(address), 0, timeout=WINDOW.total_seconds())
        cache.incr(_key(address))
    return request


def _key(address: str | None) -> str:
    return f"survey-link:{counted_as(address)}"
