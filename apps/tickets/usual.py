"""What is usually done about a cause: short lists; what is chosen becomes the engineer's own text to go on with."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import WorkOrder

C = WorkOrder.Cause

WORK: dict[C, tuple[Promise, ...]] = {
    C.AGEING: (
        _("Replaced the worn part"),
        _("Replaced the aged cable or connector"),
        _("Cleaned, lubricated and adjusted"),
        _("Retightened the terminals"),
    ),
    C.INSTALLATION: (
        _("Retightened the loose terminals"),
        _("Corrected the wiring"),
        _("Fixed and aligned it anew"),
        _("Sealed it anew"),
    ),
    C.QUALITY: (
        _("Replaced the faulty part"),
        _("Put in a spare unit"),
        _("Sent it to the maker for repair"),
    ),
    C.MISUSE: (
        _("Set it back to normal operation"),
        _("Replaced the damaged part"),
        _("Instructed the operators on site"),
    ),
    C.POWER: (
        _("Reset the tripped breaker"),
        _("Measured insulation and load"),
        _("Had the supply restored"),
    ),
    C.ENVIRONMENT: (
        _("Removed water and moisture"),
        _("Removed dirt and obstacles"),
        _("Added protection"),
    ),
    C.SOFTWARE: (
        _("Restarted it"),
        _("Corrected the settings"),
        _("Updated the program"),
        _("Restored the backup"),
    ),
    C.OTHER: (
        _("Checked and tested it: in order"),
        _("Taken into operation on a temporary solution"),
    ),
}
