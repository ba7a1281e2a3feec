"""What holds of every appointment, whoever makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from apps.core.errors import DomainError

from . import access


def must_be_sendable(engineer: Any) -> None:
    """Raise ``DomainError`` for somebody who is not sent to jobs, or may not sign in any more."""
    if not access.may_be_sent(engineer):
        raise DomainError(
            gettext("%(name)s cannot be given a job. Choose an engineer.") % {"name": engineer}, field="engineer"
        )


def must_end_after_begin(begin: datetime, end: datetime) -> None:
    """Raise ``DomainError`` for an appointment that ends before it begins."""
    if end <= begin:
        raise DomainError(gettext("The appointment must end after it begins."), field="appointment_to")
