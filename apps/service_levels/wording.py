"""Amounts of targets in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.timewords import amount_of_days, minutes_in_words

from .rules import Unit


def amount_in_words(amount: int | None, unit: str) -> str:
    """Return a target's time in words: "15 minutes", "2 hours", "3 working days", "at once", "as contracted"."""
    if unit == Unit.WINDOW:
        return _("within its window")
    if amount is None:
        return _("as contracted")
    if amount == 0:
        return _("at once") if unit == Unit.MINUTES else _("the same day")
    if unit == Unit.MINUTES:
        return minutes_in_words(amount)
    return amount_of_days(amount, unit)
