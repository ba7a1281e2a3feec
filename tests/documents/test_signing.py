"""What was shown is what is signed; what was signed is what is stored (D-05, model "Two signatures, one content")."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apps.core import outbox
from apps.core.errors import DomainError
from apps.core.models import Event, OutboxItem
from apps.documents import lifecycle, services, signing
from apps.documents.models import Document, Signature
from apps.documents.signing import Signer, read_drawing

SIGNER = Signer(name="林平", role="设施科科长", method=Signature.Method.ON_SITE, device="Android")


def sign(document: Document, ink: str, *, now: Any, actor: Any, sha256: str = "") -> Signature:
    return signing.sign_for_owner(
        document,
        signer=SIGNER,
        drawing=read_drawing(ink, [[1, 2]]),
        content_sha256=sha256 or document.content_sha256,
        actor=actor,
        now=now,
    )


def render(document: Document) -> Document:
    services.render_document({"document": document.pk})
    document.refresh_from_db()
    return document


def test_draft_freezes_content_and_carries_the_engineers_signature(drafted: Document, world: Any) -> None:
    """D-05: the unsigned content is rendered, hashed and kept; who finished the work has signed it."""
    with drafted.content.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == drafted.content_sha256
    ours = drafted.signatures.get()
    assert (ours.side, ours.name, ours.content_sha256) == ("contractor", world.engineer.name, drafted.content_sha256)


def test_signed_document_is_issued_with_both_signatures_and_refers_to_what_was_shown(
    drafted: Document, ink: str, world: Any, now: Any, sheet_type: Any
) -> None:
    """R-11, D-05: one content, two signatures; the printed text holds both names and the number."""
    sign(drafted, ink, now=now, actor=world.engineer)
    issued = render(services.issue(drafted, actor=world.engineer, now=now))
    assert issued.status == "issued"
    assert {row.content_sha256 for row in issued.signatures.all()} == {issued.content_sha256}
    with issued.pdf.open() as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == issued.pdf_sha256
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "林平" in text
    assert world.engineer.name in text
    assert issued.number == "TS-2026-000001"
    assert issued.number in text
    assert issued.check_code in text
    assert f"/v/{issued.verification_token}" in text and "/documents/v/" not in text
    assert sheet_type.told == [("signed", "故障维修单"), ("issued", issued.number)]


def test_reprint_is_byte_identical_and_rendering_again_changes_nothing(
    drafted: Document, ink: str, world: Any, now: Any
) -> None:
    """D-05, traps "PDF": issued bytes are never rendered again, whoever asks."""
    sign(drafted, ink, now=now, actor=world.engineer)
    issued = render(services.issue(drafted, actor=world.engineer, now=now))
    before = (issued.pdf.name, issued.pdf_sha256)
    assert (render(issued).pdf.name, issued.pdf_sha256) == before
    assert Event.objects.filter(name="documents.document.complete").count() == 1


def test_signature_under_another_content_is_refused(drafted: Document, ink: str, world: Any, now: Any) -> None:
    """A page opened before a correction cannot sign what it did not show."""
    with pytest.raises(DomainError):
        sign(drafted, ink, now=now, actor=world.engineer, sha256="0" * 64)
    assert drafted.signatures.count() == 1


def test_second_signature_is_refused_and_nothing_changes(drafted: Document, ink: str, world: Any, now: Any) -> None:
    """Two tabs, a double tap: the first signature stands."""
    sign(drafted, ink, now=now, actor=world.engineer)
    with pytest.raises(DomainError):
        sign(drafted, ink, now=now, actor=world.engineer)
    with pytest.raises(DomainError):
        signing.leave_unsigned(drafted, reason="业主不在场", photo="x", taken_at=now, actor=world.engineer, now=now)
    assert drafted.signatures.filter(side="owner").count() == 1


def test_draft_that_the_owner_signed_cannot_be_discarded(drafted: Document, ink: str, world: Any, now: Any) -> None:
    """A correction before signing makes a new draft; after signing it is refused."""
    again = services.draft("tests.sheet", world.project, actor=world.engineer, now=now)
    drafted.refresh_from_db()
    assert (drafted.status, again.status) == ("void", "draft")
    services.ensure_content(again)
    sign(again, ink, now=now, actor=world.engineer)
    with pytest.raises(DomainError):
        services.draft("tests.sheet", world.project, actor=world.engineer, now=now)


@pytest.mark.parametrize(
    "sent",
    ["", "data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,AAAA", "data:image/png;base64,%%%"],
)
def test_what_is_no_drawing_is_refused(sent: str) -> None:
    """Polyglots, SVG and broken pictures never become a signature."""
    with pytest.raises(DomainError):
        read_drawing(sent, [])


def test_blank_picture_is_no_signature(ink: str) -> None:
    import base64  # noqa: PLC0415
    import io as buffers  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    out = buffers.BytesIO()
    Image.new("RGBA", (300, 100)).save(out, "PNG")
    with pytest.raises(DomainError):
        read_drawing("data:image/png;base64," + base64.b64encode(out.getvalue()).decode(), [])


def test_link_signs_only_with_its_code_and_guesses_are_counted(
    drafted: Document, ink: str, client_of: Any, world: Any
) -> None:
    """Model: "the one who holds the signing link and code"; five wrong codes shut the link."""
    page = reverse("documents:sign_by_link", args=[drafted.signing_token])
    browser = client_of(None)
    form = {"name": "林平", "role": "科长", "content_sha256": drafted.content_sha256, "signature_image": ink}
    assert browser.get(page).status_code == 200
    wrong = "000000" if drafted.signing_code != "000000" else "000001"
    for _guess in range(signing.MAX_GUESSES):
        assert browser.post(page, form | {"code": wrong}).status_code == 422
    assert browser.post(page, form | {"code": drafted.signing_code}).status_code == 422
    assert not drafted.signatures.filter(side="owner").exists()
    Document.objects.filter(pk=drafted.pk).update(signing_attempts=0)
    assert browser.post(page, form | {"code": drafted.signing_code}).status_code == 200
    assert drafted.signatures.get(side="owner").method == "link"


def test_guessed_link_and_link_of_an_issued_document_show_nothing(
    drafted: Document, ink: str, client_of: Any, world: Any, now: Any
) -> None:
    browser = client_of(None)
    assert browser.get(reverse("documents:sign_by_link", args=["x" * 43])).status_code == 404
    sign(drafted, ink, now=now, actor=world.engineer)
    services.issue(drafted, actor=world.engineer, now=now)
    assert browser.get(reverse("documents:content_by_link", args=[drafted.signing_token])).status_code == 404


def test_owner_signs_with_own_account_and_other_owner_cannot_see_it(
    drafted: Document, client_of: Any, world: Any
) -> None:
    page = reverse("documents:sign", args=[drafted.pk])
    form = {"name": "别人的名字", "role": "主任", "content_sha256": drafted.content_sha256, "signature_image": ""}
    assert client_of(world.other_owner).get(page).status_code == 404
    assert client_of(world.other_owner).post(page, form).status_code == 404
    assert client_of(world.auditor).post(page, form).status_code == 403
    response = client_of(world.owner_admin).post(page, form)
    assert response.status_code == 302, response.content.decode()
    owner = drafted.signatures.get(side="owner")
    assert (owner.name, owner.user, owner.method) == (world.owner_admin.name, world.owner_admin, "account")


def test_killed_worker_is_made_good_by_the_sweep(drafted: Document, ink: str, world: Any, now: Any) -> None:
    """Traps "Queue": a task lost in flight is found by its row."""
    sign(drafted, ink, now=now, actor=world.engineer)
    services.issue(drafted, actor=world.engineer, now=now)
    OutboxItem.objects.all().delete()
    later = now + services.STRAY_AFTER * 2
    assert services.finish_strays(now=later) == 1
    outbox.deliver_due(now=later)
    drafted.refresh_from_db()
    assert drafted.status == "issued"
    assert services.finish_strays(now=later) == 0


def test_void_number_stays_and_the_next_document_gets_another(
    drafted: Document, ink: str, world: Any, now: Any
) -> None:
    """Traps "Numbers": void then reuse. The number of a void document is never given again."""
    sign(drafted, ink, now=now, actor=world.engineer)
    first = render(services.issue(drafted, actor=world.engineer, now=now))
    lifecycle.void(first, actor=world.manager, now=now, reason="单位名称有误")
    second = services.draft("tests.sheet", world.project, actor=world.engineer, now=now)
    services.ensure_content(second)
    sign(second, ink, now=now, actor=world.engineer)
    second = render(services.issue(second, actor=world.engineer, now=now))
    assert [first.number, second.number] == ["TS-2026-000001", "TS-2026-000002"]


def test_tokens_are_long_and_different(world: Any, drafted: Document) -> None:
    """Traps "predictable, unexpiring links": secrets are random and of two kinds."""
    assert len(drafted.signing_token) >= 40
    assert len(drafted.verification_token) >= 24
    assert drafted.signing_token != drafted.verification_token
