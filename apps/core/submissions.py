"""The keys of forms that were sent: how long they are remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from .models import SubmissionKey

#: Longer than a device may keep a form that it could not send.
REMEMBERED = timedelta(days=90)


def forget_old(*, now: datetime) -> int:
    """Forget the forms that nobody sends a second time after so long; return how many."""
    return SubmissionKey.objects.filter(created_at__lt=now - REMEMBERED).delete()[0]
