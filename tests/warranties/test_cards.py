"""A project is taken over, its card becomes due and is issued (W-01, W-05)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.core import outbox
from apps.core.errors import DomainError, IllegalTransition
from apps.core.models import Event
from apps.documents import lifecycle as document_lifecycle
from apps.documents import rendering
from apps.documents.models import Document, PrintRun
from apps.documents.paper_data import WARRANTY_CARD
from apps.projects.models import Acceptance
from apps.warranties import lifecycle, services
from apps.warranties.models import Warranty, WarrantyCard
from tests import factories as make
from tests.documents import samples
from tests.factories.base import PDF

#: (role, state, step, outcome) of every edge of a warranty card.
TABLE = [
    (role, state, step, ("allowed" if role in {"manager", "administrator", "project_manager"} else "denied"))
    for role in [
        "manager",
        "administrator",
        "project_manager",
        "customer_service",
        "engineer",
        "finance",
        "auditor",
        "owner_admin",
        "owner_member",
    ]
    for state, step in [("due", "issue"), ("issued", "reissue")]
] + [("manager", "issued", "issue", "illegal"), ("manager", "due", "reissue", "illegal")]


@pytest.mark.parametrize(("role", "state", "step", "outcome"), TABLE)
def test_card_steps_by_role_and_state(world: Any, now: Any, role: str, state: str, step: str, outcome: str) -> None:
    """Model: "issue cards: manager, administrator, project manager"."""
    card = world.row(WarrantyCard)
    WarrantyCard.objects.filter(pk=card.pk).update(status=state)
    edge = lifecycle.issue if step == "issue" else lifecycle.reissue
    actor = world.people[role]
    if outcome == "allowed":
        edge(card, actor=actor, now=now)
        card.refresh_from_db()
        assert card.status == "issued"
        assert card.number.startswith("BX-2026-")
    else:
        with pytest.raises(PermissionDenied if outcome == "denied" else IllegalTransition):
            edge(card, actor=actor, now=now)


@pytest.fixture
def fresh(world: Any) -> Any:
    """A project of the other owner that nobody has taken over yet."""
    return make.make_project(owner=world.other, name="乙露新建机房", status="preparing")


@pytest.fixture
def second(world: Any) -> Any:
    return make.make_project(owner=world.owner, name="甲秘新建照明", status="preparing")


def accept(project: Any, world: Any, now: Any, **values: Any) -> Warranty:
    terms = {"basis": "report_signed", "accepted_on": date(2026, 8, 31), "completed_on": None, "months": 6}
    return services.accept_project(
        project=project, reference="YS-1", scope_text="", files=[], actor=world.manager, now=now, **terms | values
    )


def test_acceptance_starts_the_warranty_and_the_card_is_due_in_a_month(
    fresh: Any, second: Any, world: Any, now: Any
) -> None:
    """W-01, W-05: from the acceptance; from the completion date where one is set."""
    warranty = accept(fresh, world, now)
    assert (warranty.starts_on, warranty.ends_on) == (date(2026, 8, 31), date(2027, 2, 28))
    assert warranty.card.due_on == date(2026, 9, 30)
    fresh.refresh_from_db()
    assert fresh.status == "handed_over"
    other = accept(second, world, now, completed_on=date(2026, 7, 15))
    assert other.card.due_on == date(2026, 8, 15)


def test_second_acceptance_of_a_project_is_refused_and_changes_nothing(fresh: Any, world: Any, now: Any) -> None:
    accept(fresh, world, now)
    with pytest.raises(DomainError):
        accept(fresh, world, now, months=24)
    assert Warranty.objects.get(project=fresh).months == 6


def test_issued_card_states_what_the_rule_prescribes(fresh: Any, world: Any, now: Any) -> None:
    """W-05: name, principle, what is covered and not, from when to when, the responsible people."""
    warranty = accept(fresh, world, now)
    make.make_equipment(project=fresh, name="精密空调")
    make.make_project_person(project=fresh, user=world.technical_support, role="manager")
    lifecycle.issue(warranty.card, actor=world.manager, now=now)
    outbox.deliver_due(now=now)
    document = Document.objects.get(type="warranty_card", project=fresh)
    with document.pdf.open() as file:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)
    wanted = [
        "工程质量保修卡",
        fresh.name,
        "保修宗旨",
        "不在保修之列",
        "2026-08-31",
        "2027-02-28",
        "精密空调",
    ]
    wanted += [world.technical_support.name, document.number]
    assert [word for word in wanted if word not in text] == []
    assert [word for word in ("法定最低", "合同约定", "厂家质保") if word in text] == []


def test_card_has_no_column_for_what_is_not_known() -> None:
    """W-05, W-15: a column stands where the data have it, if only empty, so that older cards render as they were."""
    data = samples.warranty_card()
    columns = {"法定最低": ("coverage", "statutory_minimum"), "厂家质保至": ("equipment", "maker_cover_until")}
    for words, (table, name) in columns.items():
        known = rendering.render_html(WARRANTY_CARD, data)
        assert known.count(words) == 1 + len(data[table])
        blank = data | {table: [line | {name: ""} for line in data[table]]}
        assert rendering.render_html(WARRANTY_CARD, blank).count(words) == known.count(words)
        without = data | {table: [{key: line[key] for key in line if key != name} for line in data[table]]}
        html = rendering.render_html(WARRANTY_CARD, without)
        assert words not in html
        assert html.count("<td") == known.count("<td") - len(data[table])


def test_voided_card_can_be_issued_again_under_a_new_number(fresh: Any, world: Any, now: Any) -> None:
    warranty = accept(fresh, world, now)
    card = lifecycle.issue(warranty.card, actor=world.manager, now=now)
    with pytest.raises(PermissionDenied):
        lifecycle.reissue(card, actor=world.manager, now=now)
    outbox.deliver_due(now=now)
    document = Document.objects.get(number=card.number)
    document_lifecycle.void(document, actor=world.manager, now=now, reason="名称有误")
    again = lifecycle.reissue(card, actor=world.manager, now=now)
    assert again.number != card.number


def test_administrator_prints_all_cards_due_this_month_with_one_click(
    fresh: Any, second: Any, world: Any, client_of: Any
) -> None:
    """Experience: "print all warranty cards due this month"; overdue ones belong to it."""
    today = timezone.localdate()
    now = timezone.now()
    accept(fresh, world, now, accepted_on=today - timedelta(days=60))
    accept(second, world, now, accepted_on=today)
    response = client_of(world.administrator).post(reverse("warranties:print_due"))
    run = PrintRun.objects.latest("pk")
    assert response.headers["Location"] == run.get_absolute_url()
    outbox.deliver_due(now=timezone.now())
    run.refresh_from_db()
    assert run.status == "done"
    overdue = WarrantyCard.objects.get(warranty__project=fresh)
    later = WarrantyCard.objects.get(warranty__project=second)
    assert (overdue.status, later.status) == ("issued", "due")


def test_acceptance_page_keeps_what_was_typed_and_wants_the_evidence(fresh: Any, world: Any, client_of: Any) -> None:
    page = reverse("warranties:accept", args=[fresh.pk])
    browser = client_of(world.manager)
    form = {"basis": "handover", "accepted_on": "2026-08-31", "months": "24", "reference": "YS-2026-77"}
    refused = browser.post(page, form)
    assert refused.status_code == 422
    assert "YS-2026-77" in refused.content.decode()
    taken = browser.post(page, form | {"files": SimpleUploadedFile("report.pdf", PDF)})
    assert taken.status_code == 302
    assert Warranty.objects.get(project=fresh).project.acceptance.files.count() == 1
    assert client_of(world.owner_admin).get(page).status_code == 404
    assert client_of(world.customer_service).get(page).status_code == 403


def correct(warranty: Warranty, world: Any, now: Any, **values: Any) -> Warranty:
    terms = {"basis": "certificate", "accepted_on": date(2026, 9, 30), "completed_on": None, "months": 24}
    words = {"reference": "YS-2", "scope_text": "", "reason": "验收日期录入有误"}
    return services.correct_acceptance(warranty=warranty, actor=world.manager, now=now, **terms | words | values)


def test_corrected_acceptance_moves_warranty_and_due_day_and_says_why(fresh: Any, world: Any, now: Any) -> None:
    """W-01, W-05: the new days count; the history keeps the old ones and the reason."""
    warranty = correct(accept(fresh, world, now), world, now)
    warranty.refresh_from_db()
    assert (warranty.starts_on, warranty.ends_on, warranty.months) == (date(2026, 9, 30), date(2028, 9, 30), 24)
    assert (warranty.card.completed_on, warranty.card.due_on) == (date(2026, 9, 30), date(2026, 10, 30))
    acceptance = Acceptance.objects.get(project=fresh)
    assert (acceptance.accepted_on, acceptance.basis, acceptance.reference) == (
        date(2026, 9, 30),
        "certificate",
        "YS-2",
    )
    event = Event.objects.about(warranty).get(name="warranties.warranty.corrected")
    assert event.data["note"] == "验收日期录入有误"
    assert event.data["changes"]["starts_on"] == ["2026-08-31", "2026-09-30"]
    assert event.data["changes"]["months"] == [6, 24]


def test_issued_card_is_voided_before_the_acceptance_is_corrected(fresh: Any, world: Any, now: Any) -> None:
    """A card in force says from when to when; it is never left to say something else than the portal."""
    warranty = accept(fresh, world, now)
    card = lifecycle.issue(warranty.card, actor=world.manager, now=now)
    outbox.deliver_due(now=now)
    with pytest.raises(DomainError):
        correct(warranty, world, now)
    assert Warranty.objects.get(pk=warranty.pk).months == 6
    document = Document.objects.get(number=card.number)
    document_lifecycle.void(document, actor=world.manager, now=now, reason="验收日期有误")
    correct(warranty, world, now)
    again = lifecycle.reissue(card, actor=world.manager, now=now)
    assert Document.objects.get(number=again.number).data["coverage"][0]["ends_on"] == "2028-09-30"


def test_decision_about_cover_outlives_a_correction(fresh: Any, world: Any, now: Any) -> None:
    """W-19: a decision is stored with the request; a fault of yesterday is judged by what is known today."""
    warranty = accept(fresh, world, now)
    ticket = make.make_ticket(project=fresh)
    stored = make.make_cover_decision(ticket=ticket, warranty=warranty, is_covered=True, covered_until=warranty.ends_on)
    correct(warranty, world, now, months=1)
    stored.refresh_from_db()
    assert (stored.is_covered, stored.covered_until) == (True, date(2027, 2, 28))
    assert not services.cover_on(fresh, None, date(2026, 11, 16))[0].is_covered


@pytest.mark.parametrize(("who", "status"), [("manager", 302), ("administrator", 302), ("project_manager", 403)])
def test_acceptance_is_corrected_by_manager_or_administrator_with_a_reason(
    world: Any, client_of: Any, who: str, status: int
) -> None:
    page = reverse("warranties:correct", args=[world.row(Warranty).pk])
    browser = client_of(world.people[who])
    form = {"basis": "handover", "accepted_on": "2026-08-31", "months": "12", "reference": "YS-9"}
    assert browser.post(page, form).status_code == (422 if status == 302 else 403)
    answer = browser.post(page, form | {"reason": "日期有误"})
    assert answer.status_code == status
    assert (world.row(Warranty).months == 12) is (status == 302)
