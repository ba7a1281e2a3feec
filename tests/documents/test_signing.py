"""What was shown is what is signed; what was signed is what is stored (D-05, model "Two signatures, one content")."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apps.core import outbox
from apps.core.errors import DomainError
from apps.core.models import Event, OutboxItem
from apps.documents import lifecycle, services, signing
from apps.documents.models import Document, Signature, SignatureSample
from apps.documents.signing import Signer, read_drawing
from apps.inspections.models import Visit
from apps.tickets.models import WorkOrder
from tests import factories as make
from tests.core.test_uploads import bomb

SIGNER = Signer(name="林平", role="设施科科长", method=Signature.Method.ON_SITE)
PHONE = "Mozilla/5.0 (Linux; Android 14; 23013RK75C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"


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


def test_picture_that_would_fill_the_memory_is_no_drawing() -> None:
    sent = "data:image/png;base64," + base64.b64encode(bomb(30_000, 30_000)).decode()
    with pytest.raises(DomainError):
        read_drawing(sent, [])


def test_blank_picture_is_no_signature(ink: str) -> None:
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
    assert services.finish_strays(now=now + services.STRAY_AFTER / 2) == 0, "its worker may still be at it"
    later = now + services.STRAY_AFTER * 2
    assert services.finish_strays(now=later) == 1
    outbox.deliver_due(now=later)
    drafted.refresh_from_db()
    assert drafted.status == "issued"
    assert services.finish_strays(now=later) == 0


def test_failing_document_has_one_item_however_long_it_fails(
    drafted: Document, ink: str, world: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried at ever longer intervals, given up or not, and done at last when it can be."""
    sign(drafted, ink, now=now, actor=world.engineer)
    services.issue(drafted, actor=world.engineer, now=now)
    tried = []

    def broken(html: str) -> bytes:
        tried.append(html)
        raise OSError("no fonts")

    with monkeypatch.context() as patch:
        patch.setattr(services.rendering, "render_pdf", broken)
        for minute in range(10, 300):
            services.finish_strays(now=now + timedelta(minutes=minute))
            outbox.deliver_due(now=now + timedelta(minutes=minute))
    item = OutboxItem.objects.get(kind=services.RENDER)
    assert outbox.MAX_ATTEMPTS < item.attempts == len(tried) < 20
    later = item.due_at
    services.finish_strays(now=later)
    outbox.deliver_due(now=later)
    drafted.refresh_from_db()
    assert drafted.status == "issued"


def test_draft_that_cannot_be_rendered_keeps_no_other_waiting(
    drafted: Document, world: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make.make_document(subject=make.make_project(), type=drafted.type, status="draft", content_sha256="")
    Document.objects.filter(pk=other.pk).update(created_at=now + timedelta(seconds=1))
    Document.objects.filter(pk=drafted.pk).update(content_sha256="")
    drafted.signatures.all().delete()
    make_content = services.ensure_content

    def render(document: Document) -> Document:
        if document == other:
            raise ValueError("a photo that cannot be read")
        return make_content(document)

    monkeypatch.setattr(services, "ensure_content", render)
    assert services.finish_strays(now=now + services.STRAY_AFTER * 2) == 1
    drafted.refresh_from_db()
    assert drafted.content_sha256


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


# --- who signs, and from where ---


@pytest.fixture
def order(world: Any) -> WorkOrder:
    """A job of the engineer that lacks nothing but its end."""
    values = {"status": "working", "cause": "ageing", "work_done": "更换风扇", "result": "restored"}
    ticket = make.make_ticket(project=world.project, status="in_progress")
    found = make.make_work_order(ticket=ticket, engineer=world.engineer, **values)
    for slot in ("before", "after"):
        make.make_order_photo(work_order=found, slot=slot)
    return found


def sheet_of(order: WorkOrder) -> Document:
    found = services.document_of("repair_sheet", order)
    assert found is not None
    return found


def test_both_signatures_say_from_where(
    order: WorkOrder, ink: str, client_of: Any, world: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Name, role, time, address, device, and the hash: of who finished the work, and of who signed for the owner."""
    phone = client_of(world.engineer, REMOTE_ADDR="10.8.3.21")
    phone.defaults["HTTP_USER_AGENT"] = PHONE
    with django_capture_on_commit_callbacks(execute=True):
        phone.post(reverse("tickets:order_finish", args=[order.pk]))
    sheet = sheet_of(order)
    form = {"name": "林平", "role": "科长", "phone": "13900002208", "signature_image": ink}
    page = reverse("documents:sign", args=[sheet.pk])
    assert phone.post(page, form | {"content_sha256": sheet.content_sha256}).status_code == 302
    for signature in sheet.signatures.all():
        assert (signature.address, signature.device) == ("10.8.3.21", "Android · Chrome"), signature.side
    shown = client_of(world.manager).get(sheet.get_absolute_url()).content.decode()
    assert shown.count("10.8.3.21") == shown.count("Android · Chrome") == 2


@pytest.mark.parametrize("missing", ["name", "role", "phone"])
def test_who_signs_on_site_says_name_role_and_telephone(
    drafted: Document, ink: str, client_of: Any, world: Any, missing: str
) -> None:
    """Model: "a person they name on the spot (name, role, telephone)"."""
    form = {"name": "林平", "role": "科长", "phone": "139", "signature_image": ink, missing: " "}
    page = reverse("documents:sign", args=[drafted.pk])
    response = client_of(world.engineer).post(page, form | {"content_sha256": drafted.content_sha256})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert drafted.signatures.count() == 1


def test_chips_of_who_may_sign_fill_in_a_role_for_everybody(drafted: Document, client_of: Any, world: Any) -> None:
    page = client_of(world.engineer).get(reverse("documents:sign", args=[drafted.pk]))
    assert page.context["signers"]
    assert all(one["role"] for one in page.context["signers"])


def test_who_has_drawn_no_signature_is_asked_where_they_first_finish_and_never_again(
    order: WorkOrder, ink: str, client_of: Any, world: Any, django_capture_on_commit_callbacks: Any
) -> None:
    SignatureSample.objects.all().delete()
    browser = client_of(world.engineer)
    asked = 'id="own-signature"'
    assert asked in browser.get(order.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("tickets:order_finish", args=[order.pk]), {"own-signature_image": ink})
    assert SignatureSample.objects.get().user == world.engineer
    assert sheet_of(order).signatures.get().image
    WorkOrder.objects.filter(pk=order.pk).update(status="working")
    assert asked not in browser.get(order.get_absolute_url()).content.decode()
    before = SignatureSample.objects.get().drawn_at
    browser.post(reverse("tickets:order_finish", args=[order.pk]), {"own-signature_image": ink})
    assert SignatureSample.objects.get().drawn_at == before


def test_drawing_is_kept_though_the_work_lacks_something_else(
    order: WorkOrder, ink: str, client_of: Any, world: Any
) -> None:
    SignatureSample.objects.all().delete()
    order.photos.all().delete()
    browser = client_of(world.engineer)
    browser.post(reverse("tickets:order_finish", args=[order.pk]), {"own-signature_image": ink})
    order.refresh_from_db()
    assert (order.status, SignatureSample.objects.count()) == ("working", 1)


def test_work_is_finished_without_a_drawing_where_there_is_no_script(
    order: WorkOrder, client_of: Any, world: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Every state change works without a script; the account alone signs then."""
    SignatureSample.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(world.engineer).post(reverse("tickets:order_finish", args=[order.pk]))
    assert not sheet_of(order).signatures.get().image


def test_visit_asks_for_the_signature_too(ink: str, client_of: Any, world: Any) -> None:
    SignatureSample.objects.all().delete()
    visit = world.row(Visit)
    browser = client_of(world.engineer)
    assert 'id="own-signature"' in browser.get(visit.get_absolute_url()).content.decode()
    page, record = reverse("inspections:record", args=[visit.pk]), {"way": "on_site", "own-signature_image": ink}
    assert browser.post(page, record | {"save": "1"}).status_code == 302
    assert not SignatureSample.objects.exists()
    assert browser.post(page, record | {"finish": "1"}).status_code == 302
    assert SignatureSample.objects.get().user == world.engineer
