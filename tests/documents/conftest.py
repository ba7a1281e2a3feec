"""A signed document type of the tests' own, so that the engine is tested without any app above it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw

from apps.documents import registry, services
from apps.documents.models import Document
from apps.documents.registry import Content, document_type
from apps.projects.models import Project

from . import samples


@pytest.fixture
def sheet_type() -> Iterator[registry.DocumentType]:
    """A type about projects that the owner signs; it notes what it was told."""

    @document_type(
        "tests.sheet",
        model=Project,
        title="故障维修单",
        template="documents/repair_sheet.html",
        may_issue=lambda project, user: user.is_staff_side,
        series="TS",
        signed=True,
    )
    def sheet(project: Project, *, now: Any) -> Content:
        data: Any = {key: value for key, value in samples.repair_sheet().items() if key not in {"letterhead", "issue"}}
        return Content(data=data | {"photos": []})

    told: list[tuple[str, str]] = []
    sheet.told = told  # type: ignore[attr-defined]

    @sheet.on_signed
    def note_signed(subject: Any, document: Document, *, actor: Any, now: Any) -> None:
        told.append(("signed", document.data["title"]))

    @sheet.on_issued
    def note_issued(subject: Any, document: Document, *, actor: Any, now: Any) -> None:
        told.append(("issued", document.number))

    yield sheet
    registry._types.pop("tests.sheet")


@pytest.fixture
def drafted(world: Any, sheet_type: Any, now: Any, django_capture_on_commit_callbacks: Callable[..., Any]) -> Document:
    """A draft of project A whose content is rendered and signed by the engineer who made it."""
    with django_capture_on_commit_callbacks(execute=True):
        document = services.draft("tests.sheet", world.project, actor=world.engineer, now=now)
    document.refresh_from_db()
    return document


@pytest.fixture
def ink() -> str:
    """A drawn signature as the browser sends it."""
    image = Image.new("RGBA", (300, 120))
    ImageDraw.Draw(image).line([(20, 90), (120, 30), (260, 80)], fill=(20, 30, 60, 255), width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
