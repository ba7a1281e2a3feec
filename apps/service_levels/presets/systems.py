"""Presets for systems: smart lighting, displays, integration, maintenance, software, data centres, run plants."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from .house import AVAILABILITY
from .shape import (
    ACCEPTANCE,
    EMERGENCY,
    M,
    cover,
    days,
    hours,
    minutes,
    preset,
    promise,
    term,
    working_days,
)

AS_CONTRACTED = _("As contracted")

SMART_LIGHTING = preset(
    "smart_lighting",
    _("Lamps and lighting"),
    "S0",
    [promise(M.ACKNOWLEDGE, minutes(30), "acknowledge", kinds=())],
    [
        *cover(24, ACCEPTANCE),
        term(_("Critical faults"), _("Round-the-clock presence"), rule="R-03"),
        term(_("Patrols"), "2", _("a year"), "V-11"),
        AVAILABILITY,
        term(_("Parts out of production"), _("A substitute with a test report"), rule="S-03"),
    ],
)

LED_DISPLAY = preset(
    "led_display",
    _("Displays and low-voltage systems"),
    "S0",
    [
        promise(M.ARRIVE, hours(2), "arrive"),
        promise(
            M.REPAIR,
            days(1),
            "other fault targets",
            note=_("Otherwise the owner may have it remedied at our cost"),
        ),
    ],
    [
        *cover(36, ACCEPTANCE),
        term(_("Missed repair"), _("The owner may remedy it at our cost"), rule="R-16"),
        term(_("Calibration"), _("Yearly, for 4 years"), rule="V-11"),
        term(_("Health checks"), _("Regular"), rule="V-01"),
        term(_("Cover of major events"), _("Round-the-clock presence, check beforehand"), rule="R-20"),
    ],
)

IT_INTEGRATION = preset(
    "it_integration",
    _("System integration"),
    "S3",
    [
        promise(M.ACKNOWLEDGE, minutes(30), "acknowledge", kinds=()),
        promise(M.ARRIVE, hours(2), "arrive"),
        promise(M.RESTORE, hours(2), "other fault targets"),
        promise(M.REPAIR, hours(4), "other fault targets", note=_("Otherwise a new unit is provided")),
        promise(M.ESCALATE, hours(1), "other fault targets", note=_("What the resident engineer cannot solve")),
        promise(M.EXPERT, hours(1), "other fault targets"),
        promise(M.PLAN, hours(4), "emergency", kinds=EMERGENCY),
    ],
    [
        *cover(36, ACCEPTANCE),
        term(_("Repair over 4 hours"), _("A new unit is provided"), rule="R-09"),
        term(_("Weekly plan and report"), _("Every week, signed by both sides"), rule="R-21"),
        term(_("Resident engineer"), "1", _("year"), "R-21"),
        term(
            _("Forms"),
            _("Receipt register, service register, on-site task order, remote task order"),
            rule="10",
        ),
        term(_("Statistics"), _("Monthly, by category"), rule="K-05"),
        term(_("Quality control"), _("Samples requests for time and quality"), rule="K-09"),
    ],
)

IT_MAINTENANCE = preset(
    "it_maintenance",
    _("Maintenance of equipment and software"),
    "S0",
    [promise(M.REPORT, working_days(3), "visits, V-10", kinds=("patrol",))],
    [
        *cover(AS_CONTRACTED),
        term(_("Fault levels"), _("Three levels, critical to minor"), rule="R-03"),
        term(_("Patrols"), _("With a report"), rule="V-10"),
        term(_("Failure analysis"), _("After every fault"), rule="R-11"),
        term(_("Loaners and spares"), _("Kept ready"), rule="R-09"),
        term(_("Training"), _("On site"), rule="T-01"),
    ],
)

SOFTWARE = preset(
    "software",
    _("Software"),
    "S0",
    terms=[
        *cover(AS_CONTRACTED),
        term(_("Fault levels"), _("Four levels, critical to minor"), rule="R-03"),
        term(_("Visits"), _("Quarterly"), rule="V-01"),
        term(_("Another engineer"), _("On the owner's request"), rule="R-14"),
    ],
)

DATA_CENTRE = preset(
    "data_centre",
    _("Data centre rooms"),
    "S4",
    terms=[
        *cover(_("By equipment")),
        term(_("Requests"), _("Accepted round the clock"), rule="R-01"),
        term(_("Fault handling"), _("Remote first, then on site"), rule="R-06"),
        term(_("Patrols"), _("With readings of temperature, humidity and pressure"), rule="V-08"),
        term(_("Knowledge base"), _("Kept for the project"), rule="K-04"),
        term(_("Service"), _("Differentiated by customer"), rule="R-03"),
    ],
)

PLANT_OPERATION = preset(
    "plant_operation",
    _("Operation of sewage plants"),
    "S0",
    terms=[
        term(_("Operating logs"), _("Shifts, readings, handover, waste ledger"), rule="V-13"),
        term(_("Monitoring results"), _("Reported to the owner"), rule="V-13"),
    ],
)

SYSTEMS = (SMART_LIGHTING, LED_DISPLAY, IT_INTEGRATION, IT_MAINTENANCE, SOFTWARE, DATA_CENTRE, PLANT_OPERATION)
