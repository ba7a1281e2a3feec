"""An unsigned sheet that nobody says anything about closes its request after three days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.core.errors import IllegalTransition
from apps.core.models import Event
from apps.tickets import labels, lifecycle, services
from apps.tickets.models import Ticket
from apps.tickets.queries import SILENCE
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW


def asked(scene: Scene, at: Any = NOW, **fields: Any) -> Ticket:
    return make.make_ticket(
        project=scene.project, status=Ticket.Status.AWAITING_CONFIRMATION, confirmation_asked_at=at, **fields
    )


def test_silence_closes_after_three_days_to_the_second_and_once(scene: Scene) -> None:
    """Model, “States”: due, not due, run twice."""
    ticket = asked(scene)
    assert services.close_silent(now=NOW + SILENCE - timedelta(seconds=1)) == 0
    assert services.close_silent(now=NOW + SILENCE) == 1
    assert services.close_silent(now=NOW + SILENCE) == 0
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == (Ticket.Status.CLOSED, NOW + SILENCE)
    assert Event.objects.about(ticket).filter(name="tickets.ticket.close_after_silence").count() == 1


def test_signed_sheet_is_not_closed_by_silence(scene: Scene) -> None:
    asked(scene, at=None)
    assert services.close_silent(now=NOW + 10 * SILENCE) == 0


def test_a_word_of_the_owner_is_no_silence(scene: Scene) -> None:
    spoken, unspoken = asked(scene), asked(scene)
    make.make_message(ticket=spoken, author=scene.owner, written_at=NOW + timedelta(days=1))
    make.make_message(ticket=unspoken, author=scene.owner, written_at=NOW - timedelta(days=1))
    make.make_message(ticket=unspoken, author=scene.engineer, written_at=NOW + timedelta(days=1))
    assert services.close_silent(now=NOW + SILENCE) == 1
    spoken.refresh_from_db()
    assert spoken.status == Ticket.Status.AWAITING_CONFIRMATION


def test_a_word_by_the_label_is_no_silence(scene: Scene) -> None:
    """It is on this request that the page of the label offers to add to, and nobody has to sign in for it."""
    ticket = asked(scene)
    labels.join(
        ticket,
        contact_name="张工",
        contact_phone="13900000000",
        text="还是不冷",
        address=None,
        now=NOW + timedelta(days=1),
    )
    assert services.close_silent(now=NOW + SILENCE) == 0
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.AWAITING_CONFIRMATION


@pytest.mark.parametrize("error", [IllegalTransition("moved on"), RuntimeError("broken row")])
def test_one_bad_row_leaves_the_rest(error: Exception, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = asked(scene, at=NOW - timedelta(days=1)), asked(scene)
    step = lifecycle.close_after_silence

    def broken(ticket: Ticket, **kwargs: Any) -> Any:
        if ticket.pk == bad.pk:
            raise error
        return step(ticket, **kwargs)

    monkeypatch.setattr(lifecycle, "close_after_silence", broken)
    assert services.close_silent(now=NOW + SILENCE) == 1
    good.refresh_from_db()
    assert good.status == Ticket.Status.CLOSED


def test_closing_by_silence_looks_again_under_the_lock(scene: Scene) -> None:
    """The owner said “not fixed” and the work was done again while the sweep was on its way."""
    ticket = asked(scene)
    Ticket.objects.filter(pk=ticket.pk).update(confirmation_asked_at=NOW + timedelta(days=2))
    with pytest.raises(IllegalTransition):
        lifecycle.close_after_silence(ticket, actor=None, now=NOW + SILENCE)
