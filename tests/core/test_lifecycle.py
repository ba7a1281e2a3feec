"""A status changes only through a transition: locked, checked on the locked row, audited, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.core import events, lifecycle
from apps.core.checks import every_edge_joins_known_states
from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, transition
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.tickets.models import Ticket, WorkOrder
from tests import factories as make
from tests.world import World

S = Ticket.Status


def contact_is_actor(row: Ticket, user: Any) -> bool:
    """A permission that depends on the row: only whom the ticket names as contact."""
    return bool(row.contact_name == user.name)


@pytest.fixture(autouse=True)
def empty_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test declares its own edges; the portal's are set aside."""
    monkeypatch.setattr(lifecycle, "_transitions", {})
    monkeypatch.setattr(events, "_kinds", {})


@pytest.fixture
def confirm() -> Any:
    @transition(Ticket, "Confirm", sources={S.AWAITING_CONFIRMATION}, target=S.CLOSED, allowed=contact_is_actor)
    def confirm(ticket: Ticket, *, actor: Any, now: Any, note: str = "") -> dict[str, Any]:
        """Close the ticket."""
        ticket.closed_at = now
        return {"note": note}

    return confirm


@pytest.fixture
def contact(db: None) -> Any:
    return make.make_owner_member(name="周主任")


@pytest.fixture
def ticket(contact: Any) -> Ticket:
    return make.make_ticket(status=S.AWAITING_CONFIRMATION, contact_name="周主任")


def test_step_saves_row_and_writes_one_event(confirm: Any, ticket: Ticket, contact: Any, now: Any) -> None:
    row = confirm(ticket, actor=contact, now=now, note="已修好")
    ticket.refresh_from_db()
    assert (row.status, ticket.status, ticket.closed_at) == (S.CLOSED, S.CLOSED, now)
    event = Event.objects.get()
    assert (event.name, event.subject, event.actor, event.at) == ("tickets.ticket.confirm", ticket, contact, now)
    assert event.data == {"from": "awaiting_confirmation", "to": "closed", "note": "已修好"}


def test_person_without_permission_is_refused(confirm: Any, ticket: Ticket, now: Any) -> None:
    with pytest.raises(PermissionDenied):
        confirm(ticket, actor=make.make_staff("manager"), now=now)
    ticket.refresh_from_db()
    assert ticket.status == S.AWAITING_CONFIRMATION
    assert not Event.objects.exists()


def test_auditor_is_refused_whatever_the_predicate_says(ticket: Ticket, now: Any) -> None:
    """The auditor never changes anything, other roles or not."""

    @transition(Ticket, "Confirm", sources={S.AWAITING_CONFIRMATION}, target=S.CLOSED, allowed=lambda row, user: True)
    def confirm(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Close the ticket."""
        ticket.closed_at = now

    auditor = make.make_staff("auditor", "manager")
    assert not confirm.is_open_to(ticket, auditor)
    with pytest.raises(PermissionDenied):
        confirm(ticket, actor=auditor, now=now)


def test_wrong_state_is_an_illegal_transition(confirm: Any, contact: Any, now: Any) -> None:
    ticket = make.make_ticket(status=S.NEW, contact_name="周主任")
    with pytest.raises(IllegalTransition) as caught:
        confirm(ticket, actor=contact, now=now)
    assert str(ticket.get_status_display()) in str(caught.value)
    assert not Event.objects.exists()


def test_permission_is_checked_on_the_row_as_it_stands(confirm: Any, ticket: Ticket, contact: Any, now: Any) -> None:
    """What the page had read a while ago decides nothing."""
    Ticket.objects.filter(pk=ticket.pk).update(contact_name="别人")
    assert confirm.is_open_to(ticket, contact), "the stale row would have let them"
    with pytest.raises(PermissionDenied):
        confirm(ticket, actor=contact, now=now)


def test_state_is_checked_on_the_row_as_it_stands(confirm: Any, ticket: Ticket, contact: Any, now: Any) -> None:
    """Two tabs closing one ticket: the second is told."""
    stale = Ticket.objects.get(pk=ticket.pk)
    confirm(ticket, actor=contact, now=now)
    with pytest.raises(IllegalTransition):
        confirm(stale, actor=contact, now=now)
    assert Event.objects.count() == 1


def test_stale_values_do_not_overwrite_newer_ones(confirm: Any, ticket: Ticket, contact: Any, now: Any) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(place="新地点")
    confirm(ticket, actor=contact, now=now)
    ticket.refresh_from_db()
    assert ticket.place == "新地点"


@pytest.mark.parametrize("failure", [DomainError("not now"), RuntimeError("broken")])
def test_failing_body_leaves_no_trace(ticket: Ticket, contact: Any, now: Any, failure: Exception) -> None:
    @transition(Ticket, "Confirm", sources={S.AWAITING_CONFIRMATION}, target=S.CLOSED, allowed=contact_is_actor)
    def confirm(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Fail after writing."""
        make.make_message(ticket=ticket)
        raise failure

    with pytest.raises(type(failure)):
        confirm(ticket, actor=contact, now=now)
    ticket.refresh_from_db()
    assert ticket.status == S.AWAITING_CONFIRMATION
    assert not ticket.messages.exists()
    assert not Event.objects.exists()


def test_failing_subscriber_takes_the_step_back(
    confirm: Any, ticket: Ticket, contact: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(told: list[Any]) -> None:
        raise RuntimeError("cannot tell")

    monkeypatch.setattr(events, "_subscribers", [refuse])
    with pytest.raises(RuntimeError):
        confirm(ticket, actor=contact, now=now)
    ticket.refresh_from_db()
    assert ticket.status == S.AWAITING_CONFIRMATION


def test_internal_step_has_no_button_and_needs_no_permission(ticket: Ticket, contact: Any, now: Any) -> None:
    @transition(Ticket, "Close", sources={S.AWAITING_CONFIRMATION}, target=S.CLOSED, allowed=None)
    def close_silently(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Close after three days of silence."""
        ticket.closed_at = now

    assert available(ticket, contact) == []
    assert close_silently(ticket, actor=None, now=now).status == S.CLOSED


def test_buttons_are_what_the_guard_lets_through(confirm: Any, ticket: Ticket, contact: Any) -> None:
    @transition(
        Ticket, "Not fixed", sources={S.AWAITING_CONFIRMATION}, target=S.IN_PROGRESS, allowed=contact_is_actor,
        style="primary",
    )  # fmt: skip
    def not_fixed(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Reopen."""

    assert [step.name for step in available(ticket, contact)] == ["not_fixed", "confirm"]
    assert available(ticket, make.make_staff("manager")) == []
    ticket.status = S.CLOSED
    assert available(ticket, contact) == []


def test_event_is_for_staff_where_the_edge_says_so(ticket: Ticket, now: Any) -> None:
    @transition(
        Ticket, "Hold", sources={S.AWAITING_CONFIRMATION}, target=S.IN_PROGRESS, allowed=lambda row, user: True,
        audience=Audience.STAFF,
    )  # fmt: skip
    def hold(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Go back."""

    hold(ticket, actor=make.make_staff("manager"), now=now)
    assert Event.objects.get().audience == Audience.STAFF


def test_unknown_state_of_an_edge_is_found_by_the_system_check() -> None:
    @transition(Ticket, "Odd", sources={"never_heard_of"}, target=S.CLOSED, allowed=None)
    def odd(ticket: Ticket, *, actor: Any, now: Any) -> None:
        """Lead from nowhere."""

    assert [error.id for error in every_edge_joins_known_states(None)] == ["core.E010"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_parent_is_locked_before_the_row(world: World) -> None:
    """Locks are taken in one order: ticket, work order."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        lifecycle.lock(world.rows[WorkOrder])
    locks = [query["sql"] for query in seen if "FOR UPDATE" in query["sql"]]
    assert ['"tickets_ticket"' in locks[0], '"tickets_workorder"' in locks[1]] == [True, True]
    assert len(locks) == 2


@pytest.fixture
def move() -> Any:
    @transition(
        Ticket,
        "Move",
        sources={S.AWAITING_CONFIRMATION},
        target=S.AWAITING_CONFIRMATION,
        allowed=contact_is_actor,
        lock_first=lambda row, project: [project, row.project],
    )
    def move(ticket: Ticket, *, actor: Any, now: Any, project: Any) -> None:
        """Move the ticket to another project."""
        ticket.project = project

    return move


def test_other_rows_are_locked_before_the_row_in_one_order(
    move: Any, ticket: Ticket, contact: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There and back: whoever moves the other way at that moment asks for the same lock first."""
    lock, locked = lifecycle.lock, []
    monkeypatch.setattr(lifecycle, "lock", lambda row: locked.append(row) or lock(row))
    first, second = ticket.project, make.make_project()
    there = move(ticket, actor=contact, now=now, project=second)
    move(there, actor=contact, now=now, project=first)
    assert locked == [first, second, ticket] * 2


def test_step_is_refused_when_the_row_hangs_on_others_meanwhile(
    move: Any, ticket: Ticket, contact: Any, now: Any
) -> None:
    """What it hangs on now was not locked before it."""
    Ticket.objects.filter(pk=ticket.pk).update(project=make.make_project())
    with pytest.raises(IllegalTransition):
        move(ticket, actor=contact, now=now, project=make.make_project())
    assert not Event.objects.exists()


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_the_step_once(confirm: Any, ticket: Ticket, contact: Any, hands: Any, now: Any) -> None:
    start = Barrier(2)

    def take(_: int) -> str:
        try:
            start.wait()
            confirm(Ticket.objects.get(pk=ticket.pk), actor=contact, now=now)
        except IllegalTransition:
            return "told"
        finally:
            connections.close_all()
        return "done"

    assert sorted(hands.map(take, range(2))) == ["done", "told"]
    assert Event.objects.count() == 1
