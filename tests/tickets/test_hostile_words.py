"""HTML, scripts and local addresses typed into a real request stay words, on every page and on the issued paper."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from apps.documents import services as documents
from apps.documents.signing import Signer, sign_for_owner
from apps.tickets import order_lifecycle, services
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(2)</script>"
LOCAL = '<a href="file:///etc/passwd">x</a><link rel="attachment" href="file:///etc/passwd">'
LINK = '<a href="javascript:alert(3)">x</a> [x](javascript:alert(3)) javascript:alert(3)'
RUNS = re.compile(
    r"""<img src=x|<script>alert|file:///etc/passwd"|<link rel="attachment|(href|src|action)=["']?\s*javascript:""",
    re.I,
)
BRACES = "{{ settings.SECRET_KEY }}{% debug %}"


@pytest.fixture
def ticket(scene: Scene) -> Ticket:
    return services.open_ticket(
        project=scene.project,
        equipment=scene.equipment,
        kind=Ticket.Kind.FAULT,
        level=3,
        title=f"{IMAGE}{BRACES}"[:60],
        description=f"{SCRIPT} {LOCAL} {LINK}",
        channel=Ticket.Channel.PORTAL,
        contact_name=IMAGE,
        contact_phone="13900005217",
        began_at=None,
        photos=[],
        place=IMAGE,
        actor=scene.owner,
        now=make.NOW,
    )


def test_pages_show_what_was_typed_and_run_nothing(ticket: Ticket, scene: Scene, client_of: Any) -> None:
    for person in (scene.owner, scene.customer_service, scene.engineer):
        html = client_of(person).get(ticket.get_absolute_url()).content.decode()
        assert "&lt;img src=x" in html and "&lt;script&gt;alert(2)" in html
        assert html.count("javascript:alert(3)") >= 3
        assert not RUNS.search(html)


def test_issued_sheet_prints_the_words_and_loads_nothing(
    ticket: Ticket, scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    """R-11 through the services and the real rendering: words on paper, no link, no file, no picture from outside."""
    Ticket.objects.filter(pk=ticket.pk).update(status=Ticket.Status.IN_PROGRESS)
    ticket.refresh_from_db()
    order = make.make_work_order(
        ticket=ticket,
        engineer=scene.engineer,
        status=WorkOrder.Status.WORKING,
        cause=WorkOrder.Cause.AGEING,
        cause_note=IMAGE,
        work_done=f"{SCRIPT} {LOCAL} {LINK}",
        result=WorkOrder.Result.RESTORED,
        briefing=IMAGE,
    )
    for slot in ("before", "after"):
        make.make_order_photo(work_order=order, slot=slot)
    with django_capture_on_commit_callbacks(execute=True):
        order_lifecycle.finish(order, actor=scene.engineer, now=make.NOW)
    sheet = documents.document_of(order_lifecycle.SHEET, order)
    assert sheet is not None
    with sheet.content.open() as file:
        html = file.read().decode()
    assert "&lt;script&gt;alert(2)" in html and "<script" not in html and "<img src=x" not in html
    sign_for_owner(
        sheet,
        signer=Signer(name=IMAGE, role=SCRIPT, method="on_site"),
        drawing=None,
        content_sha256=sheet.content_sha256,
        actor=scene.engineer,
        now=make.NOW,
    )
    documents.render_document({"document": sheet.pk})
    sheet.refresh_from_db()
    with sheet.pdf.open() as file:
        reader = PdfReader(io.BytesIO(file.read()))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    for typed in (IMAGE, SCRIPT, "file:///etc/passwd", LINK):
        assert re.sub(r"\s", "", typed) in text
    assert "root:" not in text and not reader.attachments
    assert not [page for page in reader.pages if "/Annots" in page]
