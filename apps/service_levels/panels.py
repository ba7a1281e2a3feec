"""What policies add to other pages: a project's promises in short, the menu. ``cards`` adds the running promises."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import registry

from . import access, cards
from .models import ProjectPolicy
from .reading import promises_of
from .sentences import in_short

__all__ = ["cards"]

SHOWN = 5

registry.register(
    registry.MenuEntry(
        "policies",
        gettext_lazy("Service policies"),
        "service_levels:policy_list",
        "rosette-discount-check",
        75,
        access.may_edit_policies,
    )
)


def _of_project(project: Any, user: Any) -> dict[str, Any] | None:
    """The promises in short; to those who may choose, that nothing is chosen yet."""
    may_choose = access.may_edit_policies(user) and not user.is_auditor_only
    chosen = ProjectPolicy.objects.visible_to(user).filter(project=project).select_related("policy").first()
    if chosen is None and not may_choose:
        return None
    choose_url = reverse("service_levels:policy_choose", args=[project.pk]) if may_choose else ""
    return {
        "chosen": chosen,
        "sentences": in_short(promises_of(chosen, with_terms=False), SHOWN) if chosen else [],
        "link_url": chosen.get_absolute_url() if chosen else "",
        "link_label": _("All promises"),
        "choose_url": choose_url,
    }


registry.register(
    registry.Panel(
        target="projects.project",
        name="promises",
        title=gettext_lazy("Service promises"),
        template="service_levels/project_panel.html",
        context=_of_project,
        order=25,
        column="more",
    )
)
