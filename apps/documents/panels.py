"""What documents add to other pages: the company's name, the menu, a project's archive, the search."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core import registry
from apps.core.search import matching

from . import access
from .company import profile
from .models import Document
from .registry import get_type

SHOWN = 6

registry.register(registry.ChromeSource("company", lambda request: profile()))


def _of_project(project: Any, user: Any) -> dict[str, Any]:
    rows = Document.objects.visible_to(user).filter(project=project).exclude(status=Document.Status.VOID)
    found = list(rows.order_by("-created_at")[: SHOWN + 1])
    lines = [(document, get_type(document.type).title) for document in found[:SHOWN]]
    return {"lines": lines, "more": len(found) > SHOWN}


registry.register(
    registry.Panel(
        target="projects.project",
        name="documents",
        title=_("Documents"),
        template="documents/panel.html",
        context=_of_project,
        order=60,
        column="side",
    )
)
registry.register(registry.MenuEntry("documents", _("Documents"), "documents:list", "files", 70, lambda user: True))
registry.register(
    registry.MenuEntry("company", _("Company"), "documents:company", "building", 90, access.may_edit_company)
)


def _find(user: Any, text: str) -> Any:
    return matching(Document.objects.visible_to(user), text).select_related("project").order_by("-pk")


registry.register(
    registry.SearchSource(
        "documents",
        _("Documents"),
        "file-text",
        _find,
        lambda document: (document.number, f"{get_type(document.type).title} · {document.project}"),
        order=40,
    )
)
