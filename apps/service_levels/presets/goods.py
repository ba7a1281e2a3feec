"""Presets for goods: doors, furniture, machinery and its dealers, delivery, retail, products repaired at home."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from .house import MANAGER_FLAGGED
from .shape import (
    ACCEPTANCE,
    AT_ONCE,
    CONSULTATION,
    EMERGENCY,
    PER_CONTRACT,
    SAME_DAY,
    SENT,
    SET_PER_CONTRACT,
    WORKING_DAYS_PER_CONTRACT,
    M,
    cover,
    hours,
    preset,
    promise,
    term,
)

PRIORITIES = (1, 2, 3, 4)

DOORS = preset(
    "doors",
    _("Doors"),
    "S0",
    terms=[
        *cover(24, ACCEPTANCE),
        term(_("Revisits"), _("By plan"), rule="V-01"),
        term(_("Labour after the warranty at most"), "10", _("CNY an hour"), "W-04"),
        term(_("Price of parts"), _("By price list"), rule="W-04"),
        MANAGER_FLAGGED,
    ],
)

FURNITURE = preset(
    "furniture",
    _("Office furniture"),
    "S2",
    [
        promise(M.ACKNOWLEDGE, PER_CONTRACT, "acknowledge", kinds=()),
        promise(M.ANSWER, SAME_DAY, "other fault targets", kinds=CONSULTATION, note=_("General questions")),
        *(promise(M.REPAIR, PER_CONTRACT, f"other fault targets, P{n}", levels=(n,)) for n in PRIORITIES),
    ],
    [
        *cover(SET_PER_CONTRACT, _("Final acceptance")),
        term(_("Fault levels"), _("P1 to P4, hours set per contract"), rule="R-03"),
        term(_("Revisits by telephone"), _("Weekly"), rule="V-01"),
        term(_("Goodwill visits"), _("From time to time"), rule="V-01"),
        term(_("Patrols"), _("Irregular"), rule="V-01"),
        term(_("Outages extend the warranty; it starts anew after"), SET_PER_CONTRACT, _("days of outage"), "W-10"),
        term(_("Three guarantees"), _("Repair, exchange, return, each with its conditions"), rule="W-14"),
        term(_("Service orders"), _("Relocation, refurbishing, cleaning, replenishment, parts"), rule="R-02"),
        term(_("Satisfaction survey"), _("After every job"), rule="K-01"),
    ],
)

MACHINERY_DEALER = preset(
    "machinery_dealer",
    _("Machinery and dealers"),
    "S0",
    [
        promise(M.ARRANGE, hours(2), "other fault targets", kinds=SENT),
        promise(M.RECEIVE, hours(2), "other fault targets", kinds=SENT),
        promise(M.CHECK, hours(4), "other fault targets", kinds=SENT),
        promise(M.ESCALATE, AT_ONCE, "emergency", kinds=EMERGENCY, note=_("Reported at once")),
    ],
    [
        *cover(_("By product")),
        term(_("Audits of dealers"), _("Regular"), rule="V-01"),
        term(_("Registration of sold units within"), "20", _("days of sale"), "W-17"),
        term(_("Claims of dealers"), "2", _("set dates a year, or with the next delivery"), "W-20"),
        term(_("Parts plan"), "30", _("days before the season"), "W-20"),
        term(_("Unsold and not returned counts as sold after"), "2", _("seasons"), "W-20"),
    ],
)

DELIVERY = preset(
    "delivery",
    _("Delivery"),
    "S0",
    terms=[
        term(_("Revisits"), _("After each delivery"), rule="V-14"),
        term(_("Complaints"), _("Accepted and followed until settled"), rule="C-01"),
    ],
)

RETAIL = preset(
    "retail",
    _("Retail returns"),
    "S0",
    terms=[
        term(_("Return within"), "7", _("days, with receipt, resaleable"), "W-14"),
        term(_("Refund"), _("The price paid, or today's price if lower"), rule="W-14"),
    ],
)

PRODUCT_SERVICE = preset(
    "product_service",
    _("Product service at home"),
    "S1 part 3",
    [promise(M.ARRIVE, WORKING_DAYS_PER_CONTRACT, "arrive")],
    [
        *cover(SET_PER_CONTRACT),
        term(_("Fault handling"), _("Online or by telephone first"), rule="R-06"),
        term(_("Service visit"), _("In seven steps, with fee list, receipt and report"), rule="R-19"),
        term(_("Follow-up by telephone"), _("After each visit"), rule="V-14"),
        term(_("Revisits by telephone"), _("Periodic"), rule="V-01"),
        term(_("Return within"), SET_PER_CONTRACT, _("days"), "W-14"),
        term(_("Summaries"), _("Weekly and monthly"), rule="K-08"),
        term(
            _("Forms"),
            _("Telephone record, opinion sheet, quality slip, trip feedback, handling slip"),
            rule="10",
        ),
    ],
)

GOODS = (DOORS, FURNITURE, MACHINERY_DEALER, DELIVERY, RETAIL, PRODUCT_SERVICE)
