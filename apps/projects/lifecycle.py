"""The states of a project: preparing, handed over, in service, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.lifecycle import transition

from .access import may_hand_over, owner_people
from .models import Project

S = Project.Status


@transition(
    Project,
    _("Hand over"),
    sources={S.PREPARING},
    target=S.HANDED_OVER,
    allowed=None,
    title=_("Handed over"),
    icon="key",
    tone="ok",
    tells=owner_people,
)
def hand_over(project: Project, *, actor: Any, now: datetime) -> None:
    """Hand the project over: caused by recording its acceptance, never by itself."""


@transition(
    Project,
    _("Start service"),
    sources={S.HANDED_OVER},
    target=S.IN_SERVICE,
    allowed=may_hand_over,
    title=_("Service started"),
    icon="player-play",
    style="primary",
    tone="ok",
    tells=owner_people,
)
def start_service(project: Project, *, actor: Any, now: datetime) -> None:
    """Start serving the project."""


@transition(
    Project,
    _("Close project"),
    sources={S.IN_SERVICE},
    target=S.CLOSED,
    allowed=may_hand_over,
    title=_("Project closed"),
    form="ReasonForm",
    icon="archive",
    style="danger",
    tone="idle",
)
def close(project: Project, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """End the service of a project; what was done stays readable."""
    return {"note": reason}


@transition(
    Project,
    _("Reopen project"),
    sources={S.CLOSED},
    target=S.IN_SERVICE,
    allowed=may_hand_over,
    title=_("Project reopened"),
    form="ReasonForm",
    icon="refresh",
    tone="info",
)
def reopen(project: Project, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Serve a closed project again."""
    return {"note": reason}
