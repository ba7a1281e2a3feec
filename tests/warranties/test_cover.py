"""Which cover holds for what, as things change after it began (W-02, W-19; traps, "Warranty")."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.core import outbox
from apps.documents import services as documents
from apps.documents.models import Document
from apps.warranties import lifecycle, services
from apps.warranties.forms import AcceptForm
from apps.warranties.models import Warranty
from apps.warranties.rules import Ground
from tests import factories as make

pytestmark = pytest.mark.django_db
START = date(2025, 1, 1)


@pytest.mark.parametrize("term", ["2 年", "730 天", "1.5", "0", "-6", "601", ""])
def test_term_in_another_unit_is_refused_by_name(term: str) -> None:
    """A term is counted in whole months and in nothing else."""
    form = AcceptForm({"basis": "report_signed", "accepted_on": f"{START}", "months": term}, user=make.make_staff())
    assert "months" in form.errors


def test_piece_that_replaces_another_is_covered_by_the_works_and_not_by_its_forerunner() -> None:
    project = make.make_project()
    old, new = make.make_equipment(project=project), make.make_equipment(project=project)
    works = make.make_warranty(project=project, starts_on=START, months=24)
    own = make.make_warranty(project=project, equipment=old, starts_on=START, months=60)
    during, after = date(2026, 6, 1), date(2027, 6, 1)
    assert [services.cover_on(project, piece, during)[1] for piece in (old, new)] == [own, works]
    assert services.cover_on(project, old, after)[1] == own
    decision, _warranty = services.cover_on(project, new, after)
    assert (decision.is_covered, decision.ground) == (False, Ground.EXPIRED)
    renewed = make.make_warranty(project=project, equipment=new, starts_on=during, months=24)
    assert services.cover_on(project, new, after)[1] == renewed
    assert services.cover_on(project, new, during - timedelta(days=1))[1] == works


def test_card_keeps_the_term_it_was_issued_with(world: Any) -> None:
    """Neither bytes nor words of an issued card follow what is stored later."""
    now = timezone.now()
    project = make.make_project(owner=world.owner, status="preparing")
    accepted = {"basis": "report_signed", "accepted_on": START, "completed_on": None, "months": 24}
    warranty = services.accept_project(
        project=project, reference="", scope_text="", files=[], actor=world.manager, now=now, **accepted
    )
    lifecycle.issue(warranty.card, actor=world.manager, now=now)
    outbox.deliver_due(now=now)
    card = Document.objects.get(type="warranty_card", project=project)
    before = bytes_of(card)
    Warranty.objects.filter(pk=warranty.pk).update(months=12, ends_on=date(2026, 1, 1))
    documents.render_document({"document": card.pk})
    card.refresh_from_db()
    assert bytes_of(card) == before
    assert "2027-01-01" in before[0].decode() and "2026-01-01" not in before[0].decode()


def bytes_of(document: Document) -> tuple[bytes, bytes]:
    with document.content.open() as page, document.pdf.open() as paper:
        return page.read(), paper.read()
