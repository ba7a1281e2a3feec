"""When cover ends and whether a fault is covered: pure functions of dates (W-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from apps.core.recurrence import add_months


def cover_end(start: date, months: int) -> date:
    """Return the last covered day (W-01): the start day is not counted, the corresponding day of the last month is.

    2024-03-15 + 24 months ends 2026-03-15; 2024-02-29 + 12 ends 2025-02-28; 2024-08-31 + 6 ends 2025-02-28. A last
    day on a holiday does not move. Raises ``ValueError`` for a term of less than one month.
    """
    if months < 1:
        raise ValueError("A warranty runs for at least one month.")
    return add_months(start, months)


def covers(start: date, end: date, fault_on: date) -> bool:
    """Say whether a fault of that day is covered; one on the start day itself is (W-01)."""
    return start <= fault_on <= end


def card_due(completed_on: date) -> date:
    """Return the last day on which the warranty card is issued in time: within one month of completion (W-05)."""
    return add_months(completed_on, 1)


def days_left(end: date, today: date) -> int:
    """Return the days of cover after today; negative once it is over."""
    return (end - today) // timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One warranty as the decision sees it."""

    key: int
    starts_on: date
    ends_on: date
    is_specific: bool = False


class Ground(StrEnum):
    """Why a fault is covered or not."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_STARTED = "not_started"
    NO_WARRANTY = "no_warranty"


@dataclass(frozen=True)
class Decision:
    """Covered or not, on what ground, and by which warranty."""

    is_covered: bool
    ground: Ground
    key: int | None = None


def decide(terms: Iterable[Term], fault_on: date) -> Decision:
    """Decide by the day of the fault (W-01, W-02): the most specific warranty in force, the longest among equals.

    Without one in force the decision names the one that ended last, or the one still to start.
    """
    known = list(terms)
    in_force = [term for term in known if covers(term.starts_on, term.ends_on, fault_on)]
    if in_force:
        chosen = max(in_force, key=lambda term: (term.is_specific, term.ends_on, -term.key))
        return Decision(True, Ground.IN_FORCE, chosen.key)
    if ended := [term for term in known if term.ends_on < fault_on]:
        return Decision(False, Ground.EXPIRED, max(ended, key=lambda term: (term.ends_on, -term.key)).key)
    if known:
        return Decision(False, Ground.NOT_STARTED, min(known, key=lambda term: (term.starts_on, term.key)).key)
    return Decision(False, Ground.NO_WARRANTY)
