"""Batch print and label sheets."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from apps.core import outbox
from apps.core.errors import DomainError
from apps.documents import printing
from apps.documents.models import Document, PrintRun
from tests import factories as make


def issued(project: Any) -> Document:
    """Return an issued document of one real page."""
    document = make.make_document(project=project, subject=make.make_work_order())
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    document.pdf.save("page.pdf", ContentFile(out.getvalue()))
    return document


def test_selection_becomes_one_pdf_with_only_what_the_person_sees(world: Any, now: Any) -> None:
    """A foreign id in a bulk action is left out (traps, "Who sees what")."""
    mine = [issued(world.project) for _n in range(2)]
    foreign = issued(world.other_project)
    keys = [row.pk for row in [*mine, foreign]]
    run = printing.request_print(kind="documents", keys=keys, actor=world.engineer, now=now)
    assert sorted(run.selection) == sorted(row.pk for row in mine)
    outbox.deliver_due(now=now)
    run.refresh_from_db()
    with run.pdf.open() as file:
        assert len(PdfReader(io.BytesIO(file.read())).pages) == 2
    assert (run.status, run.done) == ("done", 2)


def test_drafts_are_not_printed(world: Any, now: Any) -> None:
    draft = make.make_document(subject=make.make_work_order(), status=Document.Status.DRAFT)
    with pytest.raises(DomainError):
        printing.request_print(kind="documents", keys=[draft.pk], actor=world.administrator, now=now)


def test_cancelled_selection_is_not_prepared(world: Any, now: Any) -> None:
    run = printing.request_print(kind="documents", keys=[world.row(Document).pk], actor=world.administrator, now=now)
    printing.cancel(run)
    outbox.deliver_due(now=now)
    run.refresh_from_db()
    assert (run.status, run.pdf.name) == ("cancelled", "")


def test_print_run_belongs_to_who_asked_for_it(world: Any, client_of: Any) -> None:
    run = world.row(PrintRun)
    assert client_of(world.administrator).get(reverse("documents:print_pdf", args=[run.pk])).status_code == 200
    assert client_of(world.manager).get(reverse("documents:print_pdf", args=[run.pk])).status_code == 404


def test_auditor_is_offered_no_printing(world: Any, client_of: Any) -> None:
    """They read everything and start nothing."""
    address = f'"{reverse("documents:print")}"'
    assert address in client_of(world.manager).get(reverse("documents:list")).content.decode()
    assert address not in client_of(world.auditor).get(reverse("documents:list")).content.decode()


def test_labels_carry_name_and_code_of_each_piece(world: Any, now: Any) -> None:
    equipment = [make.make_equipment(project=world.project, name=f"{n}号照明箱") for n in range(1, 27)]
    keys = [row.pk for row in equipment]
    run = printing.request_print(kind="labels", keys=keys, actor=world.administrator, now=now)
    outbox.deliver_due(now=now)
    run.refresh_from_db()
    with run.pdf.open() as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
        text = "".join(page.extract_text() for page in pages)
    assert len(pages) == 2  # 24 labels a sheet
    assert all(row.asset_code in text and row.name in text for row in equipment)


def test_selection_that_names_no_rows_breaks_nothing(world: Any, client_of: Any) -> None:
    """Traps, "Who sees what": a bulk action is sent by hand, with keys that no list has."""
    keys = [str(world.row(Document).pk), "²", "9" * 40, "-1", "", "1\x00"]
    answer = client_of(world.administrator).post(reverse("documents:print"), {"selected": keys})
    assert answer.status_code == 302
    assert PrintRun.objects.latest("pk").selection == [world.row(Document).pk]
