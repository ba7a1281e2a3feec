"""The way of a work order as its page shows it: the steps done with their times, and the one that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.lifecycle import Transition, available, edges_of

from .access import is_assigned_engineer
from .models import WorkOrder
from .rules import Work, missing

S = WorkOrder.Status
#: The states in which an order is the job in hand, and those in which the engineer records.
IN_HAND = {S.DEPARTED, S.ARRIVED, S.WORKING, S.SUSPENDED, S.FINISHED}

#: The steps that follow the next one on site, by the state the order is in.
AHEAD: dict[str, tuple[str, ...]] = {
    S.ISSUED: ("depart", "arrive", "start"),
    S.ACCEPTED: ("arrive", "start"),
    S.DEPARTED: ("start",),
}

#: Where the field stands that a line of the summary leads to, what is missing, and the verb that mends it.
PLACES = {
    "photo_before": ("photos-before", _("Photo before the work"), _("Take it"), "camera"),
    "cause": ("field-cause", _("Cause"), _("Choose"), "list-check"),
    "work_done": ("field-work_done", _("Work done"), _("Write"), "pencil"),
    "result": ("field-result", _("Result"), _("Choose"), "list-check"),
    "photo_after": ("photos-after", _("Photo after the work"), _("Take it"), "camera"),
}


@dataclass(frozen=True)
class FlowStep:
    """One step of the row over the sticky button: ``state`` is done, now or empty."""

    label: str | Promise
    at: datetime | None
    state: str


@dataclass(frozen=True)
class Lack:
    """One thing still missing: what, the verb, and where its field is."""

    name: str
    label: str | Promise
    verb: str | Promise
    icon: str
    url: str


@dataclass(frozen=True)
class Next:
    """The one thing to do next: a step to post, or a page to open."""

    label: str | Promise
    icon: str
    url: str
    is_step: bool


def flow_of(order: WorkOrder) -> list[FlowStep]:
    """Return the steps of the order's way."""
    if order.mode == WorkOrder.Mode.REMOTE:
        steps = [(_("Accept"), order.accepted_at)]
    else:
        steps = [(_("Depart"), order.departed_at), (_("Arrive"), order.arrived_at)]
    steps += [(_("Start"), order.started_at), (_("Finish"), order.finished_at), (_("Sign"), order.ended_at)]
    done = sum(1 for _label, at in steps if at)
    return [
        FlowStep(label, at, "done" if at else "now" if index == done else "") for index, (label, at) in enumerate(steps)
    ]


def lacking(order: WorkOrder, photo_slots: list[str]) -> list[Lack]:
    """Return what the order still lacks, each with the address of its field."""
    work = Work(order.mode == WorkOrder.Mode.FIELD, order.cause, order.work_done, order.result, photo_slots)
    url = order.get_absolute_url()
    return [Lack(name, label, verb, icon, f"{url}#{place}") for name, (place, label, verb, icon) in _places(work)]


def _places(work: Work) -> list[tuple[str, Any]]:
    return [(name, PLACES[name]) for name in missing(work)]


def lacking_words(lacks: list[Lack]) -> str:
    """Return how much is missing in words, for the button; nothing when all is there."""
    if not lacks:
        return ""
    return ngettext("%(n)s missing", "%(n)s missing", len(lacks)) % {"n": len(lacks)}


def lacking_in_full(lacks: list[Lack]) -> str:
    """Return all that is missing in one sentence, for a device that sent the end of the work later."""
    words = gettext("、").join(str(lack.label) for lack in lacks)
    return gettext("Still missing: %(words)s. Nothing typed was lost.") % {"words": words}


def ahead_of(order: WorkOrder, user: Any) -> list[Next]:
    """Return the steps after the next one that the engineer may have to take without a connection, in their order."""
    edges = edges_of(WorkOrder)
    if not is_assigned_engineer(order, user) or order.status not in AHEAD:
        return []
    way = AHEAD[order.status] if order.mode == WorkOrder.Mode.FIELD else ()
    return [Next(edges[name].label, edges[name].icon, step_url(order, name), True) for name in way]


def step_url(order: WorkOrder, name: str) -> str:
    return reverse("core:step", args=["tickets.workorder", order.pk, name])


def next_of(order: WorkOrder, user: Any, *, sheet: Any = None) -> Next | None:
    """Return what the engineer does next with the order, or None for others and when nothing is left to do."""
    if not is_assigned_engineer(order, user):
        return None
    if order.status == S.WORKING:
        return Next(_("Finish"), "flag-check", reverse("tickets:order_finish", args=[order.pk]), False)
    if order.status == S.FINISHED and sheet is not None:
        return Next(_("Sign"), "writing-sign", reverse("documents:sign", args=[sheet.pk]), False)
    edge = primary_of(available(order, user))
    if edge is None:
        return None
    return Next(edge.label, edge.icon, step_url(order, edge.name), True)


def primary_of(steps: list[Transition]) -> Transition | None:
    """Return the likeliest of the steps, if it asks for nothing."""
    return next((edge for edge in steps if edge.style == "primary" and edge.form is None), None)
