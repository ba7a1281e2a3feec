"""When a plan's visits are, how a reading is judged, what a visit still lacks: pure functions (V-01, V-04 … V-08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.recurrence import occurrence, occurrences_between

#: Visits are generated this far ahead.
AHEAD = timedelta(days=30)


def occurrence_on(anchor: date, months: int, n: int) -> date:
    """Return the day of occurrence ``n`` ≥ 1: anchor + n periods, clamped to the month's end (V-01, V-04).

    Counted from the anchor, never from a clamped day: 31 January monthly gives 28 February, then 31 March. Raises
    ``ValueError`` for n < 1 and for a period of less than one month.
    """
    return occurrence(anchor, months, n)


def due_occurrences(
    anchor: date, months: int, *, starts_on: date, ends_on: date | None, until: date
) -> Iterator[tuple[int, date]]:
    """Yield (n, day) of every visit with ``starts_on`` ≤ day ≤ ``until`` (and ≤ ``ends_on``), both included."""
    last = until if ends_on is None else min(until, ends_on)
    return occurrences_between(anchor, months, starts_on, last)


def how_many_due(anchor: date, months: int, *, starts_on: date, ends_on: date | None, until: date) -> int:
    """Return how many ``due_occurrences`` there are, without walking through them."""
    last = until if ends_on is None else min(until, ends_on)
    before = _last_number(anchor, months, starts_on - timedelta(days=1))
    return max(0, _last_number(anchor, months, last) - before)


def _last_number(anchor: date, months: int, day: date) -> int:
    """Return the number of the last occurrence up to a day; 0 before the first."""
    n = ((day.year - anchor.year) * 12 + day.month - anchor.month) // months
    return n - 1 if n >= 1 and occurrence(anchor, months, n) > day else max(n, 0)


def is_outside_limits(value: Decimal | float, lower: Decimal | float | None, upper: Decimal | float | None) -> bool:
    """Say whether a reading lies outside its limits; the limits themselves are inside (V-08)."""
    return (lower is not None and value < lower) or (upper is not None and value > upper)


def judged(verdict: str, value: Decimal | None, lower: Decimal | None, upper: Decimal | None) -> str:
    """Return the verdict of a point that asks for a reading: the limits judge, unless it is not applicable (V-08).

    Without limits the verdict that a person gave stands, and a reading nobody judged counts as in order.
    """
    if verdict == "not_applicable" or value is None:
        return verdict if verdict == "not_applicable" else ""
    if lower is None and upper is None:
        return verdict or "ok"
    return "abnormal" if is_outside_limits(value, lower, upper) else "ok"


def plain(number: Decimal | None) -> str:
    """Write a number without superfluous zeros: 15.20 as 15.2, 100.00 as 100."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limits_in_words(lower: Decimal | None, upper: Decimal | None, unit: str) -> str:
    """Write limits as “198–242 V”, “≥ 0.9” or “≤ 15.2 A”; nothing when there are none."""
    if lower is not None and upper is not None:
        words = f"{plain(lower)}–{plain(upper)}"
    elif lower is not None:
        words = f"≥ {plain(lower)}"
    elif upper is not None:
        words = f"≤ {plain(upper)}"
    else:
        return ""
    return f"{words} {unit}".strip()


@dataclass(frozen=True)
class Scale:
    """A line on which the allowed band takes half the width: what its left end and half its width stand for."""

    first: Decimal
    half: Decimal
    band_start: int

    def mark(self, value: Decimal) -> int:
        """Return where a reading stands, in percent of the width; what lies far outside stands at the end."""
        return max(2, min(98, int((value - self.first) * 50 / self.half)))


def scale(lower: Decimal | None, upper: Decimal | None) -> Scale | None:
    """Return the scale for a reading with these limits, or None without limits (V-08)."""
    if lower is not None and upper is not None:
        half = (upper - lower) or Decimal(1)
        return Scale(lower - half / 2, half, 25)
    if upper is not None:
        half = abs(upper) or Decimal(1)
        return Scale(upper - half, half, 0)
    if lower is not None:
        half = abs(lower) or Decimal(1)
        return Scale(lower - half, half, 50)
    return None


@dataclass(frozen=True)
class Gap:
    """Something a visit lacks before it is done: the words, and the field that ``anchor`` leads to."""

    text: str
    anchor: str
    action: str


def gaps(checks: Iterable[Any], running_state: str) -> list[Gap]:
    """Return all that a visit lacks before it can be finished, in the order of its page (V-06)."""
    found = []
    for check in checks:
        name, anchor = f"{check.position} {check.text}", f"check-{check.pk}"
        if check.asks_reading and check.value is None and check.verdict != "not_applicable":
            found.append(Gap(_("%(point)s: the reading is missing") % {"point": name}, anchor, _("Enter")))
        elif not check.verdict:
            found.append(Gap(_("%(point)s: not judged yet") % {"point": name}, anchor, _("Judge")))
        elif check.verdict == "abnormal" and not check.note.strip():
            found.append(Gap(_("%(point)s: abnormal, but not described") % {"point": name}, anchor, _("Describe")))
    if not running_state.strip():
        found.append(Gap(_("Running state is not filled in"), "running-state", _("Fill in")))
    return found
