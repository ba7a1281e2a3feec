"""Cards of those in the office who neither dispatch nor repair: the storekeeper and finance."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core.registry import HomeCard, register
from apps.service_levels.models import Pause

from .models import Ticket, WorkOrder

SHOWN = 8


def _waiting_for_parts(request: HttpRequest) -> dict[str, Any]:
    """The requests whose promises stand still until parts come, the longest first (R-12)."""
    pauses = Pause.objects.visible_to(request.user).filter(
        subject_type=ContentType.objects.get_for_model(Ticket), reason=Pause.Reason.PARTS, ended_at__isnull=True
    )
    since = dict(pauses.order_by("began_at").values_list("subject_id", "began_at")[: SHOWN + 1])
    rows = Ticket.objects.visible_to(request.user).select_related("project", "equipment__model")
    tickets = sorted(rows.filter(pk__in=since), key=lambda ticket: since[ticket.pk])
    return {
        "lines": [(ticket, since[ticket.pk]) for ticket in tickets[:SHOWN]],
        "count": f"{SHOWN}+" if len(tickets) > SHOWN else len(tickets) or "",
        "look": "mine" if tickets else "",
        "now": timezone.now(),
    }


def _jobs_ahead(request: HttpRequest) -> dict[str, Any]:
    """The jobs that nobody has begun, the next appointment first: what will be needed, and where."""
    rows = WorkOrder.objects.visible_to(request.user).filter(
        status__in=[WorkOrder.Status.ISSUED, WorkOrder.Status.ACCEPTED]
    )
    related = ("engineer", "ticket__project", "ticket__equipment__model")
    return {"orders": rows.select_related(*related).order_by("appointment_from", "pk")[:SHOWN]}


def _chargeable(request: HttpRequest) -> dict[str, Any]:
    """The latest requests that are not covered, with the reason (W-19)."""
    rows = Ticket.objects.visible_to(request.user).chargeable().select_related("project")
    found = rows.prefetch_related("cover_decisions").order_by("-reported_at", "-pk")[:SHOWN]
    return {
        "lines": [(ticket, next(iter(ticket.cover_decisions.all()))) for ticket in found],
        "link_url": f"{reverse('tickets:list')}?tab=all",
        "link_label": _("All requests"),
    }


def _keeps_the_store(user: Any) -> bool:
    return bool(user.has_role(Role.STOREKEEPER))


def _keeps_accounts(user: Any) -> bool:
    return bool(user.has_role(Role.FINANCE))


for name, title, context, shown_to, order in (
    ("parts", _("Waiting for parts"), _waiting_for_parts, _keeps_the_store, 10),
    ("jobs_ahead", _("Jobs ahead"), _jobs_ahead, _keeps_the_store, 20),
    ("chargeable", _("Chargeable requests"), _chargeable, _keeps_accounts, 10),
):
    register(
        HomeCard(
            name,
            title,
            f"tickets/home_{name}.html",
            context,
            shown_to,
            order,
        )
    )
