"""What documents add to other pages: the company's name, the menu, a project's archive, the search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.log import latest
from apps.accounts.models import Role
from apps.core import registry
from apps.core.search import matching

from . import access, lifecycle
from .company import is_set_up, profile
from .models import Document
from .registry import get_type

SHOWN = 6

registry.register(registry.ChromeSource("company", lambda request: profile()))


def _of_project(project: Any, user: Any) -> dict[str, Any]:
    rows = Document.objects.visible_to(user).filter(project=project).exclude(status=Document.Status.VOID)
    found = list(rows.order_by("-created_at")[: SHOWN + 1])
    lines = [(document, get_type(document.type).title_of(document)) for document in found[:SHOWN]]
    return {"lines": lines, "more": len(found) > SHOWN}


registry.register(
    registry.Panel(
        target="projects.project",
        name="documents",
        title=_("Documents"),
        template="documents/panel.html",
        context=_of_project,
        order=35,
        column="side",
    )
)


def _labels(equipment: Any, user: Any) -> dict[str, Any] | None:
    return {"equipment": equipment} if access.may_print(user) else None


registry.register(
    registry.Panel(
        target="projects.equipment",
        name="label",
        title=_("Print label"),
        template="documents/label_button.html",
        context=_labels,
        order=50,
        column="actions",
    )
)
registry.register(registry.MenuEntry("documents", _("Documents"), "documents:list", "files", 70, lambda user: True))
registry.register(
    registry.MenuEntry("company", _("Company"), "documents:company", "building", 90, access.may_edit_company)
)
registry.register(
    registry.HomeCard(
        name="company-missing",
        title=_("Set up the company profile first"),
        template="documents/company_missing.html",
        context=lambda request: None if is_set_up() else {"look": "first"},
        shown_to=access.may_edit_company,
        order=1,
    )
)


def _about(document: Document) -> str:
    title = str(get_type(document.type).title_of(document))
    return f"{title} · {document.project}" if document.project else title


def _find(user: Any, text: str) -> Any:
    return matching(Document.objects.visible_to(user), text).select_related("project").order_by("-pk")


registry.register(
    registry.SearchSource(
        "documents",
        _("Documents"),
        "file-text",
        _find,
        lambda document: (document.number, _about(document)),
        order=40,
        list_name="documents:list",
    )
)
registry.register(
    registry.HomeCard(
        "voids",
        _("Papers declared void"),
        "accounts/_latest.html",
        latest(lifecycle.void.event_name, lifecycle.withdraw.event_name),
        shown_to=lambda user: user.has_role(Role.AUDITOR),
        order=20,
    )
)


def _issued(request: HttpRequest) -> dict[str, Any]:
    """The papers issued last, whatever they are about."""
    rows = Document.objects.visible_to(request.user).filter(status=Document.Status.ISSUED, issued_at__isnull=False)
    found = rows.defer("data", "search_text").select_related("project").order_by("-issued_at", "-pk")[:SHOWN]
    return {
        "lines": [(document, get_type(document.type).title_of(document)) for document in found],
        "link_url": reverse("documents:list"),
        "link_label": _("All"),
    }


registry.register(
    registry.HomeCard(
        "issued",
        _("Papers issued last"),
        "documents/panel.html",
        _issued,
        shown_to=lambda user: user.has_role(Role.FINANCE),
        order=40,
        column="side",
    )
)
