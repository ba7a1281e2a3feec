"""What surveys add to other pages: the project's index, what waits to be answered, handed over or called about."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role
from apps.core import registry

from . import access, results
from .models import LowAnswer, SurveyRequest
from .queries import handed_over_by

SHOWN = 5


def _of_project(project: Any, user: Any) -> dict[str, Any] | None:
    if not access.sees_results(user):
        return None
    line = results.overall(SurveyRequest.objects.visible_to(user).filter(project=project))
    return {
        "line": line,
        "target": results.TARGET,
        "link_url": f"{reverse('surveys:results')}?project={project.pk}",
        "link_label": _("Results"),
    }


def _to_answer(request: HttpRequest) -> dict[str, Any] | None:
    rows = SurveyRequest.objects.visible_to(request.user).open(timezone.now())
    found = list(rows.order_by("expires_at")[:SHOWN])
    return {"surveys": found} if found else None


def _to_hand_over(request: HttpRequest) -> dict[str, Any] | None:
    rows = handed_over_by(request.user).open(timezone.now())
    found = list(rows.select_related(None).prefetch_related(None).order_by("-asked_at")[:SHOWN])
    return {"surveys": found} if found else None


def _to_call(request: HttpRequest) -> dict[str, Any] | None:
    rows = LowAnswer.objects.visible_to(request.user).open().select_related("answer__request__project")
    found = list(rows.order_by("due_at")[: SHOWN + 1])
    return (
        {
            "lines": found[:SHOWN],
            "link_url": reverse("surveys:low_list"),
            "link_label": _("All"),
        }
        if found
        else None
    )


registry.register(
    registry.Panel(
        target="projects.project",
        name="satisfaction",
        title=_("Satisfaction"),
        template="surveys/project_panel.html",
        context=_of_project,
        order=45,
        column="more",
    )
)
registry.register(
    registry.MenuEntry("satisfaction", _("Satisfaction"), "surveys:results", "clipboard-check", 65, access.sees_results)
)
registry.register(
    registry.HomeCard(
        name="to_evaluate",
        title=_("Please evaluate us"),
        template="surveys/home_answer.html",
        context=_to_answer,
        shown_to=lambda user: not user.is_staff_side,
        order=15,
    )
)
registry.register(
    registry.HomeCard(
        name="to_hand_over",
        title=_("Let the customer evaluate"),
        template="surveys/home_phone.html",
        context=_to_hand_over,
        shown_to=lambda user: user.has_role(Role.ENGINEER, Role.TECHNICAL_SUPPORT, Role.TRAINER),
        order=70,
        column="side",
    )
)
registry.register(
    registry.HomeCard(
        name="low_answers",
        title=_("Low evaluations to call about"),
        template="surveys/home_low.html",
        context=_to_call,
        shown_to=lambda user: user.has_role(Role.CUSTOMER_SERVICE, Role.QUALITY),
        order=30,
    )
)
