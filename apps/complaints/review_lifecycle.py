"""The states of an analysis: draft → issued, and back to be corrected; each issue is a version of its paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.lifecycle import transition
from apps.core.scoping import Audience
from apps.documents import services as documents

from . import access, reviews
from .models import Analysis
from .review_documents import TYPES

S = Analysis.Status


def _readers(analysis: Analysis) -> list[Any]:
    return list(User.objects.with_role(Role.QUALITY, Role.MANAGER))


@transition(
    Analysis,
    _("Issue"),
    sources={S.DRAFT},
    target=S.ISSUED,
    allowed=access.may_issue_analysis,
    title=_("Analysis issued"),
    icon="rosette-discount-check",
    style="primary",
    tone="ok",
    audience=Audience.RESTRICTED,
    tells=_readers,
)
def issue(analysis: Analysis, *, actor: Any, now: datetime) -> dict[str, Any]:
    """Freeze a period's figures on paper, once it is over and somebody has concluded something from them."""
    if timezone.localdate(now) < analysis.span[1]:
        raise DomainError(gettext("This period is not over yet."))
    if not analysis.conclusion:
        raise DomainError(gettext("Write the conclusion first."))
    if analysis.kind == Analysis.Kind.YEAR and not analysis.resolutions.exists():
        raise DomainError(gettext("A review brings decisions or improvements. Write down at least one."))
    paper = documents.issue_anew(TYPES[Analysis.Kind(analysis.kind)], analysis, actor=actor, now=now)
    analysis.number, analysis.issued_at, analysis.issued_by = paper.number, now, actor
    analysis.save(update_fields=["number", "issued_at", "issued_by"])
    reviews.tell_responsible(analysis, actor=actor, now=now)
    return {"note": paper.number}


@transition(
    Analysis,
    _("Take it up again"),
    sources={S.ISSUED},
    target=S.DRAFT,
    allowed=access.may_correct_analysis,
    title=_("Taken up again"),
    form="ReasonForm",
    icon="rotate",
    audience=Audience.RESTRICTED,
)
def take_up(analysis: Analysis, *, actor: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Open an issued analysis to correct it; the issued paper stands until the next version replaces it."""
    return {"note": reason}
