"""The public page behind the QR code (model, "Verification code")."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories as make
from tests.factories.base import PDF


def test_anybody_sees_kind_number_date_state_and_hash_and_no_names(world: Any, client_of: Any) -> None:
    """Anyone can photograph a paper: the page names neither owner nor project nor person."""
    document = world.row(make.papers.Document)
    html = client_of(None).get(reverse("verify", args=[document.verification_token])).content.decode()
    assert document.number in html
    assert document.pdf_sha256 in html
    for private in (world.project.name, world.owner.name, world.engineer.name):
        assert private not in html


def test_issued_file_matches_and_a_changed_one_does_not(world: Any, client_of: Any) -> None:
    document = world.row(make.papers.Document)
    page = reverse("verify", args=[document.verification_token])
    browser = client_of(None, language="en")
    same = browser.post(page, {"file": SimpleUploadedFile("a.pdf", PDF)}).content.decode()
    other = browser.post(page, {"file": SimpleUploadedFile("a.pdf", PDF + b" ")}).content.decode()
    assert "exactly the one we issued" in same
    assert "not the one we issued" in other


def test_draft_and_guessed_token_have_no_page(world: Any, client_of: Any) -> None:
    draft = make.make_document(subject=make.make_work_order(), status="draft")
    browser = client_of(None)
    assert browser.get(reverse("verify", args=[draft.verification_token])).status_code == 404
    assert browser.get(reverse("verify", args=["guess"])).status_code == 404
