"""House duties: the numbers of the rulebook's sections 0 to 8, held by every policy that does not promise them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from .shape import (
    AT_ONCE,
    EMERGENCY,
    FAULTS,
    IN_WINDOW,
    MONTHS,
    SENT,
    VISITS,
    M,
    days,
    hours,
    minutes,
    months,
    promise,
    term,
    working_days,
)

#: R-07: what is not arranged by then is reported to the leader.
TO_THE_LEADER = ((75, "customer_service"), (100, "manager"))
#: A resident engineer takes a request up; comes with the resident engineers (R-21).
RESIDENT_STARTED = "tickets.workorder.resident_started"

TARGETS = (
    promise(M.GUIDE, AT_ONCE, kinds=EMERGENCY, source="R-18"),
    promise(M.ARRANGE, hours(2), kinds=SENT, source="R-07"),
    promise(M.RECEIVE, hours(2), kinds=SENT, source="R-07"),
    promise(M.CHECK, hours(4), kinds=SENT, ladder=TO_THE_LEADER, source="R-07"),
    promise(M.ESCALATE, hours(1), kinds=FAULTS, start=RESIDENT_STARTED, source="R-15"),
    promise(M.EXPERT, hours(1), kinds=FAULTS, source="R-15"),
    promise(M.FOLLOW_UP, days(3), kinds=(), source="R-13"),
    promise(M.CARD, months(1), kinds=("card",), source="W-05"),
    promise(M.VISIT, IN_WINDOW, kinds=VISITS, source="V-04"),
    promise(M.REPORT, working_days(3), kinds=VISITS, source="V-10"),
    promise(M.COMPLAINT_RESPOND, minutes(15), kinds=(), source="C-02"),
    promise(M.COMPLAINT_ANSWER, hours(1), kinds=(), source="C-02"),
    promise(M.COMPLAINT_SETTLE, hours(24), kinds=(), note=_("What can be settled at once"), source="C-04"),
    promise(M.COMPLAINT_ASK, hours(24), kinds=(), source="C-05"),
)

YEARS = _("years")
PERCENT = "%"
DAYS_AHEAD = _("days ahead")

LATENT_DEFECTS = term(_("Latent defects after the warranty"), "24", MONTHS, "W-06")
PACKED_SPARES = term(_("Packed spares suspend the warranty for at most"), "5", YEARS, "W-07")
REPAIRS_BEFORE_REPLACEMENT = term(_("Repairs before replacement"), "3", _("repairs of one part or unit"), "W-09")
REVISITS_A_YEAR = term(_("Revisits"), "2", _("a year"), "V-02")
FIRST_REVISIT = term(_("First revisit within"), "6", _("months of handover"), "V-02")
SMALL_EQUIPMENT = term(_("Maintenance of small equipment"), _("Monthly"), rule="V-03")
MEDIUM_EQUIPMENT = term(_("Maintenance of medium equipment"), _("Every two months"), rule="V-03")
LARGE_EQUIPMENT = term(_("Maintenance of large equipment"), _("Quarterly"), rule="V-03")
RECORDS = term(_("Records are kept for"), "5", YEARS, "D-01")
SATISFACTION = term(_("Satisfaction at least"), "95", PERCENT, "K-01")
AVAILABILITY = term(_("Availability at least"), "99", PERCENT, "K-03")
MANAGER_FLAGGED = term(_("Project manager flagged for replacement under"), "50", _("percent satisfied"), "K-07")
FAULT_LEVELS = term(_("Fault levels"), _("Four levels, critical to minor"), rule="R-03")

TERMS = (
    term(_("Notice of acceptance to the owner"), "10", DAYS_AHEAD, "H-02"),
    LATENT_DEFECTS,
    PACKED_SPARES,
    REPAIRS_BEFORE_REPLACEMENT,
    term(_("Expiry of the warranty is announced"), "90, 30, 7", DAYS_AHEAD, "W-18"),
    FAULT_LEVELS,
    REVISITS_A_YEAR,
    FIRST_REVISIT,
    SMALL_EQUIPMENT,
    MEDIUM_EQUIPMENT,
    LARGE_EQUIPMENT,
    RECORDS,
    SATISFACTION,
    AVAILABILITY,
    MANAGER_FLAGGED,
)
