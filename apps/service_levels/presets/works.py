"""Presets for works: engineering, lighting, installation, planting, decoration."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from .house import (
    FIRST_REVISIT,
    LARGE_EQUIPMENT,
    LATENT_DEFECTS,
    MEDIUM_EQUIPMENT,
    PACKED_SPARES,
    RECORDS,
    REPAIRS_BEFORE_REPLACEMENT,
    REVISITS_A_YEAR,
    SATISFACTION,
    SMALL_EQUIPMENT,
    YEARS,
)
from .shape import (
    ACCEPTANCE,
    ARRIVED,
    AT_ONCE,
    CONSULTATION,
    EMERGENCY,
    FAULT,
    HANDED_OVER,
    ISSUED,
    NOT_SENT,
    OPENED,
    SENT,
    SET_PER_CONTRACT,
    TICKETS,
    M,
    cover,
    days,
    hours,
    minutes,
    months,
    preset,
    promise,
    term,
)

GENERAL, COMPLEX = "general", "complex"
REPORT_SIGNED = _("Acceptance report signed by both parties")
CERTIFICATE = _("Acceptance certificate issued")
HANDOVER = _("Handover")
COMPLETION = _("Completion")

ENGINEERING_GENERAL = preset(
    "engineering_general",
    _("General engineering works"),
    "S1 part 1",
    [
        promise(M.ACKNOWLEDGE, minutes(15), "acknowledge", kinds=tuple(k for k in TICKETS if k not in CONSULTATION)),
        promise(M.ARRIVE, hours(24), "arrive", start=ISSUED),
        promise(M.HAND_OVER, hours(2), "other fault targets"),
        promise(M.ANSWER, hours(1), "other fault targets"),
        promise(M.DIAGNOSE, hours(2), "other fault targets"),
        promise(M.REMOTE_FIX, hours(4), "other fault targets"),
        promise(M.LOCATE, hours(2), "other fault targets"),
        promise(M.REPAIR, hours(8), "other fault targets", complexity=GENERAL, start=ARRIVED),
        promise(M.REPAIR, hours(24), "other fault targets", complexity=COMPLEX, start=ARRIVED),
        promise(M.FOLLOW_UP, days(3), "other fault targets", kinds=()),
        promise(M.ACKNOWLEDGE, hours(1), "other", kinds=CONSULTATION),
        promise(M.HAND_OVER, hours(1), "other", kinds=CONSULTATION),
        promise(M.ANSWER, hours(2), "other", kinds=CONSULTATION, complexity=GENERAL, start=HANDED_OVER),
        promise(M.ANSWER, hours(8), "other", kinds=CONSULTATION, complexity=COMPLEX, start=HANDED_OVER),
        promise(M.COMPLAINT_RESPOND, minutes(15), "other, C-02", kinds=()),
        promise(M.COMPLAINT_ANSWER, hours(1), "other, C-02", kinds=()),
        promise(M.COMPLAINT_SETTLE, hours(24), "other, C-04", kinds=(), note=_("What can be settled at once")),
        promise(M.COMPLAINT_ASK, hours(24), "other, C-05", kinds=()),
    ],
    [
        *cover(24, ACCEPTANCE),
        term(_("Revisits"), _("Quarterly"), rule="V-01"),
        SMALL_EQUIPMENT,
        MEDIUM_EQUIPMENT,
        LARGE_EQUIPMENT,
        SATISFACTION,
        term(_("Training on site at least"), "2", _("working days"), "T-02"),
    ],
)

LIGHTING_POLES = preset(
    "lighting_poles",
    _("Lamp poles"),
    "S1 part 2",
    [
        promise(M.ACKNOWLEDGE, hours(1), "acknowledge", kinds=()),
        promise(M.ARRIVE, hours(12), "arrive"),
    ],
    [
        *cover(12, ACCEPTANCE),
        term(_("Repair work"), _("Work continues until the fault is fixed"), rule="R-09"),
        term(_("Revisits by telephone"), _("Monthly"), rule="V-01"),
        term(_("Revisits on site"), _("Yearly"), rule="V-01"),
        term(_("Check before holidays"), _("Before every public holiday"), rule="V-01"),
        term(_("Normal life of a lamp pole"), "30", YEARS, "W-11"),
        term(_("Free training on site"), "1", _("session"), "T-02"),
        term(_("Training classes"), _("Every spring and autumn"), rule="T-04"),
        term(_("Charged after the warranty"), _("Travel and materials"), rule="W-04"),
        term(_("Price of parts"), _("Factory price"), rule="W-04"),
    ],
)

LIGHTING_WORKS = preset(
    "lighting_works",
    _("Lighting works"),
    "S0 part 5, S1 part 4",
    [
        promise(M.GUIDE, AT_ONCE, "emergency", kinds=EMERGENCY),
        promise(M.ARRIVE, hours(24), "arrive", kinds=FAULT),
        promise(M.ARRIVE, hours(8), "emergency", kinds=EMERGENCY, note=_("With spares")),
        promise(M.REPAIR, hours(2), "emergency", kinds=EMERGENCY, start=ARRIVED),
        # Emergencies are fixed under their own target.
        promise(
            M.RESTORE,
            hours(24),
            "other fault targets",
            kinds=FAULT,
            complexity=GENERAL,
            note=_("Restored, or the part replaced"),
        ),
        promise(
            M.LOCATE,
            hours(48),
            "other fault targets",
            kinds=FAULT,
            complexity=COMPLEX,
            start=OPENED,
            note=_("Where the defect must be determined first"),
        ),
        promise(
            M.REPLACE,
            hours(72),
            "other fault targets",
            kinds=FAULT,
            complexity=COMPLEX,
            note=_("Where the defect must be determined first"),
        ),
    ],
    [
        *cover(24, CERTIFICATE),
        term(_("Revisits"), _("Monthly, with a joint check"), rule="V-01"),
        term(_("Patrols"), _("Monthly"), rule="V-11"),
        term(_("Electrical cleaning"), _("Quarterly"), rule="V-11"),
        term(_("Overhaul"), _("Yearly"), rule="V-11"),
        LATENT_DEFECTS,
        PACKED_SPARES,
        REPAIRS_BEFORE_REPLACEMENT,
        term(_("Retention money"), _("A missed dispatch lets the owner hire another at our cost"), rule="W-13"),
        term(_("Spares"), _("Swapped first, so that the works keep running"), rule="S-02"),
        term(_("Designated engineers"), "2", _("engineers"), "R-07"),
        term(_("Free training"), "5", _("operators"), "T-02"),
    ],
)

MEP_INSTALLATION = preset(
    "mep_installation",
    _("Mechanical and electrical installation"),
    "S0",
    [
        promise(M.ACKNOWLEDGE, minutes(30), "acknowledge", kinds=tuple(k for k in TICKETS if k not in EMERGENCY)),
        promise(M.ACKNOWLEDGE, AT_ONCE, "emergency", kinds=EMERGENCY),
        promise(M.ARRIVE, hours(2), "arrive"),
        promise(M.REPAIR, hours(4), "other fault targets", note=_("Otherwise a loaner is provided")),
        promise(M.CARD, months(1), "other, W-05", kinds=("card",)),
    ],
    [
        *cover(24, REPORT_SIGNED),
        term(_("Loaner"), _("Of the same class, when the repair takes over 4 hours"), rule="R-09"),
        REVISITS_A_YEAR,
        FIRST_REVISIT,
        term(_("Patrols of equipment rooms"), _("As contracted"), rule="V-01"),
        term(_("Abnormal life"), _("Repaired or replaced free, by certificate of an authority"), rule="W-11"),
        RECORDS,
    ],
)

LANDSCAPE = preset(
    "landscape",
    _("Landscaping and planting"),
    "S0",
    [
        promise(M.ARRIVE, days(2), "arrive", kinds=FAULT),
        promise(M.ARRIVE, hours(2), "emergency", kinds=EMERGENCY),
    ],
    [
        *cover(24, HANDOVER),
        term(_("Plant care"), _("Pruning, watering, feeding"), rule="V-01"),
        term(_("Term of plant care"), "24", _("months"), "W-16"),
        term(_("Dead plants"), _("Replaced with the same species and size"), rule="W-16"),
    ],
)

DECORATION = preset(
    "decoration",
    _("Decoration"),
    "S4, last plan",
    [
        promise(M.ACKNOWLEDGE, minutes(30), "acknowledge", kinds=()),
        promise(M.ARRIVE, hours(6), "arrive"),
        promise(M.SOLUTION, hours(2), "other fault targets"),
        promise(M.REPLACE, hours(48), "other fault targets", note=_("What is not solved by then is replaced")),
    ],
    [
        *cover(24, ACCEPTANCE),
        term(_("Patrols"), _("Regular"), rule="V-01"),
        term(_("Revisits by telephone"), _("Regular"), rule="V-01"),
        term(_("Hotline"), "7×24", rule="R-01"),
        term(_("People on site"), "5×8", rule="R-20"),
        term(_("Fixed on site, over"), "90", "%", "R-06"),
        term(_("Parts after the warranty"), _("At cost, for life"), rule="W-12"),
        term(_("Training"), _("Free for life"), rule="T-02"),
        term(_("Satisfaction survey"), _("After service"), rule="K-01"),
    ],
)

DECORATION_ONE_YEAR = preset(
    "decoration_one_year",
    _("Decoration, one year"),
    "S4, first plan",
    terms=[
        *cover(12, COMPLETION),
        term(_("Patrols"), _("Regular"), rule="V-01"),
        term(_("Follow-up by telephone"), _("Regular"), rule="V-01"),
        term(_("Repair and upkeep in the year"), _("Free of charge"), rule="W-03"),
    ],
)

INTERIOR_FITOUT = preset(
    "interior_fitout",
    _("Interior fit-out"),
    "S4",
    [promise(M.ACKNOWLEDGE, hours(24), "acknowledge", kinds=())],
    [
        *cover(SET_PER_CONTRACT, COMPLETION),
        term(_("Satisfaction survey"), _("After service"), rule="K-01"),
        term(_("Changes"), _("Agreed in writing"), rule="R-08"),
    ],
)

BUILDING_PRODUCTS = preset(
    "building_products",
    _("Building products"),
    "S4",
    [
        promise(M.ACKNOWLEDGE, minutes(10), "acknowledge", kinds=SENT, stop=(ISSUED,), note=_("The task is assigned")),
        promise(M.ACKNOWLEDGE, minutes(10), "acknowledge", kinds=NOT_SENT),
        promise(M.ARRIVE, hours(2), "arrive"),
    ],
    [
        *cover(12, ACCEPTANCE),
        term(_("Follow-up by telephone"), _("After service"), rule="V-14"),
        term(_("Commissioning training"), _("Given on commissioning"), rule="T-01"),
    ],
)

WORKS = (
    ENGINEERING_GENERAL,
    LIGHTING_POLES,
    LIGHTING_WORKS,
    MEP_INSTALLATION,
    LANDSCAPE,
    DECORATION,
    DECORATION_ONE_YEAR,
    INTERIOR_FITOUT,
    BUILDING_PRODUCTS,
)
