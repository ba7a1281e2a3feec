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
    lines = [(document, get_type(document.type).title_of(document)) for document in found[:SHOWN]]
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


def _labels(equipment: Any, user: Any) -> dict[str, Any] | None:
    return {"equipment": equipment} if access.may_print(user) and not user.is_auditor_only else None


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
    )
)
