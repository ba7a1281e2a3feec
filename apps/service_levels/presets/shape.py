"""In what shape presets are written: times, courses of the metrics, promises and terms with the row they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop as _

from apps.core.scoping import Audience

from ..editions import Edition, TargetLine, TermLine
from ..models import Target
from ..rules import Unit

M = Target.Metric
Time = tuple[int | None, str]

TICKET = "tickets.ticket."
ORDER = "tickets.workorder."
OPENED = TICKET + "opened"
HANDED_OVER = TICKET + "handed_over"
ISSUED = ORDER + "issued"
ARRIVED = ORDER + "arrive"
RESTORED = TICKET + "restored"
REPAIRED = TICKET + "repaired"
REPLACED = TICKET + "replaced"
ESCALATED = TICKET + "escalated"
COMPLAINT = "complaints.complaint."

CONSULTATION = ("consultation",)
FAULT = ("fault",)
EMERGENCY = ("emergency",)
#: A target for faults holds for emergencies too where the plan has none for them.
FAULTS = ("fault", "emergency")
#: Requests for which somebody is sent.
SENT = ("fault", "emergency", "maintenance", "service_order")
#: Requests for which nobody is sent.
NOT_SENT = ("consultation", "return", "suggestion")
TICKETS = ("consultation", "fault", "emergency", "maintenance", "return", "service_order", "suggestion")
VISITS = ("revisit", "patrol")

#: Between which events each metric runs, unless a plan says otherwise.
COURSE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    M.GUIDE: ((OPENED,), (TICKET + "guided",)),
    M.ACKNOWLEDGE: ((OPENED,), (TICKET + "acknowledge",)),
    M.HAND_OVER: ((OPENED,), (HANDED_OVER,)),
    M.ANSWER: ((OPENED,), (TICKET + "answer",)),
    M.DIAGNOSE: ((OPENED,), (TICKET + "diagnosed",)),
    # What cannot be fixed remotely is fixed by who is sent.
    M.REMOTE_FIX: ((OPENED,), (TICKET + "answer", REPAIRED, ISSUED)),
    M.ARRANGE: ((OPENED,), (ISSUED,)),
    M.RECEIVE: ((TICKET + "passed_on",), (ISSUED,)),
    M.CHECK: ((ISSUED,), (TICKET + "arrangement_checked",)),
    M.ARRIVE: ((OPENED,), (ARRIVED,)),
    M.LOCATE: ((ARRIVED,), (ORDER + "start",)),
    M.SOLUTION: ((OPENED,), (TICKET + "solution_given",)),
    M.RESTORE: ((OPENED,), (RESTORED, REPAIRED, REPLACED)),
    M.REPAIR: ((OPENED,), (REPAIRED, REPLACED)),
    M.REPLACE: ((OPENED,), (REPLACED, REPAIRED)),
    M.ESCALATE: ((OPENED,), (ESCALATED,)),
    M.EXPERT: ((ESCALATED,), (TICKET + "expert_answered",)),
    M.PLAN: ((OPENED,), (TICKET + "plan_started",)),
    M.VISIT_CUSTOMER: ((OPENED,), (ARRIVED,)),
    M.FOLLOW_UP: ((REPAIRED,), (TICKET + "confirm", TICKET + "confirm_by_telephone", "complaints.followup.done")),
    M.CARD: (("warranties.warrantycard.due",), ("warranties.warrantycard.issue",)),
    M.VISIT: (("inspections.visit.planned",), ("inspections.visit.finish",)),
    M.REPORT: (("inspections.visit.finish",), ("inspections.visit.report",)),
    M.COMPLAINT_RESPOND: ((COMPLAINT + "opened",), (COMPLAINT + "responded",)),
    M.COMPLAINT_ANSWER: ((COMPLAINT + "opened",), (COMPLAINT + "answered",)),
    M.COMPLAINT_SETTLE: ((COMPLAINT + "opened",), (COMPLAINT + "settled",)),
    M.COMPLAINT_ASK: ((COMPLAINT + "settled",), (COMPLAINT + "asked",)),
}
#: What nobody's waiting stops.
NEVER_PAUSED = {M.CARD, M.VISIT, M.REPORT}

AT_ONCE: Time = (0, Unit.MINUTES)
SAME_DAY: Time = (0, Unit.DAYS)
IN_WINDOW: Time = (None, Unit.WINDOW)
#: Set per contract: no clock until somebody sets it.
PER_CONTRACT: Time = (None, Unit.MINUTES)
WORKING_DAYS_PER_CONTRACT: Time = (None, Unit.WORKING_DAYS)


def minutes(n: int) -> Time:
    return n, Unit.MINUTES


def hours(n: int) -> Time:
    return n * 60, Unit.MINUTES


def days(n: int) -> Time:
    return n, Unit.DAYS


def working_days(n: int) -> Time:
    return n, Unit.WORKING_DAYS


def months(n: int) -> Time:
    return n, Unit.MONTHS


@dataclass(frozen=True)
class Preset:
    """A plan's promises and terms as data (rulebook section 9). ``source`` names the published plan."""

    key: str
    name: str
    source: str
    targets: tuple[TargetLine, ...]
    terms: tuple[TermLine, ...]

    @property
    def edition(self) -> Edition:
        return Edition(self.targets, self.terms)


def promise(
    metric: str,
    time: Time,
    column: str = "",
    *,
    kinds: tuple[str, ...] = FAULTS,
    levels: tuple[int, ...] = (),
    complexity: str = "",
    start: str = "",
    stop: tuple[str, ...] = (),
    note: str = "",
    ladder: tuple[tuple[int, str], ...] = (),
    source: str = "",
) -> TargetLine:
    """Return a target that runs its metric's course unless ``start`` or ``stop`` say otherwise.

    ``column`` names the column of section 9 it comes from; the preset completes the source with its key.
    """
    starts, stops = COURSE[metric]
    amount, unit = time
    return TargetLine(
        metric=metric,
        amount=amount,
        unit=unit,
        kinds=kinds,
        levels=levels,
        complexity=complexity,
        start_events=(start,) if start else starts,
        stop_events=stop or stops,
        is_pausable=metric not in NEVER_PAUSED,
        ladder=ladder,
        note=note,
        source=source or column,
    )


def term(name: str, value: str, unit: str = "", rule: str = "") -> TermLine:
    return TermLine(name, value, unit, rule)


MONTHS = _("months")
ACCEPTANCE = _("Acceptance")
SET_PER_CONTRACT = _("Set per contract")


def cover(months_: int | str, start: str = "") -> tuple[TermLine, ...]:
    """Return the months of cover and the event from which they count (W-01)."""
    length = term(_("Warranty term"), str(months_), MONTHS if isinstance(months_, int) else "", "W-01")
    return (length, term(_("Warranty counts from"), start, rule="W-01")) if start else (length,)


def preset(
    key: str, name: str, source: str, targets: Iterable[TargetLine] = (), terms: Iterable[TermLine] = ()
) -> Preset:
    """Return a preset whose promises know the row of section 9 they come from."""
    sourced = tuple(replace(line, source=f"section 9: {key}/{line.source}") for line in targets)
    return Preset(key, name, source, sourced, tuple(terms))


def with_duties(one: Preset, targets: Iterable[TargetLine], terms: Iterable[TermLine]) -> Preset:
    """Return the preset with the house duties it does not name itself, for the requests it does not name them for."""
    added = [line for duty in targets if (line := _not_named(duty, one.targets)) is not None]
    named = {line.name for line in one.terms}
    more = [replace(line, audience=Audience.STAFF) for line in terms if line.name not in named]
    return replace(one, targets=(*one.targets, *added), terms=(*one.terms, *more))


def _not_named(duty: TargetLine, promised: Iterable[TargetLine]) -> TargetLine | None:
    alike = [line for line in promised if line.metric == duty.metric]
    if any(not line.kinds for line in alike) or (alike and not duty.kinds):
        return None
    kinds = tuple(kind for kind in duty.kinds if not any(kind in line.kinds for line in alike))
    if duty.kinds and not kinds:
        return None
    return replace(duty, kinds=kinds, audience=Audience.STAFF)
