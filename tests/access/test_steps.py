"""The step page: every edge of every machine × everybody × right and wrong state; it answers as the guard says."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.core.lifecycle import Transition, machines
from tests.world import World

from .conftest import Sweep
from .watch import difference, snapshot, undone

pytestmark = pytest.mark.usefixtures("contexts_unnoted")

EDGES = [edge for edges in machines().values() for edge in edges.values()]
every_edge = pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.event_name)


def put_into(world: World, edge: Transition, status: str) -> Any:
    """Put project A's row into a state without asking the machine."""
    rows: Any = edge.model._base_manager.filter(pk=world.rows[edge.model].pk)
    rows.update(**{"status": status} | _what_goes_with(edge, status))
    return rows.get()


def _what_goes_with(edge: Transition, status: str) -> dict[str, Any]:
    """What the tables' constraints want of a row in this state."""
    from tests.factories import NOW  # noqa: PLC0415

    return {
        "closed": {"closed_at": NOW} if hasattr(edge.model, "closed_at") else {},
        "satisfied": {"done_at": NOW} if hasattr(edge.model, "done_at") else {},
        "unsatisfied": {"done_at": NOW} if hasattr(edge.model, "done_at") else {},
        "done": {"outcome": "已电话"} if hasattr(edge.model, "outcome") else {},
        "issued": {"number": "ZB-2026-000001", "issued_at": NOW} if hasattr(edge.model, "conclusion") else {},
        "unsigned": {"unsigned_reason": "absent"} if hasattr(edge.model, "unsigned_reason") else {},
    }.get(status, {})


def states(edge: Transition) -> list[str]:
    """Two states from which the edge leads, and one from which it does not; each app's table has them all."""
    all_states = [state for state, _ in edge.model._meta.get_field("status").choices or ()]
    outside = [state for state in all_states if state not in edge.sources]
    return [*sorted(edge.sources)[:2], *outside[:1]]


@every_edge
def test_step_is_taken_by_whom_the_guard_lets_and_nobody_else(edge: Transition, sweep: Sweep) -> None:
    for state in states(edge):
        with undone():
            row = put_into(sweep.world, edge, state)
            for name, person in sweep.world.people.items():
                sees = edge.model._default_manager.visible_to(person).filter(pk=row.pk).exists()
                is_open = sees and edge.is_open_to(row, person)
                for method in ("get", "post") if edge.form else ("post",):
                    response, watch = sweep.ask(name, method, address_of(edge, row.pk))
                    status = response.status_code
                    said = (edge.event_name, state, name, method, status)
                    assert status < 500, said
                    if edge.allowed is None or not sees:
                        assert status == 404, said
                    elif name == "auditor":
                        assert status == 403, said
                    elif is_open:
                        assert status in {200, 302, 422}, said
                    elif state in edge.sources:
                        assert status == 403, said
                    else:
                        assert status in {302, 403}, said
                    if watch.written and (method == "get" or not is_open):
                        assert not left_behind(sweep, name, method, edge, row.pk), said


@every_edge
def test_step_without_a_form_is_not_taken_by_get(edge: Transition, sweep: Sweep) -> None:
    if edge.form is not None or edge.allowed is None:
        return
    with undone():
        row = put_into(sweep.world, edge, min(edge.sources))
        for name in ("manager", "engineer", "owner_admin", "customer_service"):
            response, watch = sweep.ask(name, "get", address_of(edge, row.pk))
            # An owner does not even see an import: what is out of sight is not found.
            assert response.status_code in {403, 404, 405}, (edge.event_name, name)
            assert not watch.written


def address_of(edge: Transition, pk: int) -> str:
    return reverse("core:step", args=[edge.model._meta.label_lower, pk, edge.name])


def left_behind(sweep: Sweep, name: str, method: str, edge: Transition, pk: int) -> dict[str, Any]:
    """Send the request once more and return what it leaves in the tables."""
    with undone():
        before = snapshot()
        getattr(sweep.client(name), method)(address_of(edge, pk))
        return difference(before, snapshot())


@pytest.mark.parametrize(
    "address",
    [
        "/steps/tickets.ticket/{}/no_such_step/",
        "/steps/tickets.nothing/{}/confirm/",
        "/steps/accounts.user/{}/delete/",
        "/steps/x/{}/y/",
    ],
)
def test_step_that_is_none_is_not_found(address: str, sweep: Sweep) -> None:
    assert sweep.ask("manager", "post", address.format(1))[0].status_code == 404


@pytest.mark.django_db  # one such test a module makes the test database; see conftest.py
def test_there_are_machines() -> None:
    assert {"tickets.ticket", "tickets.workorder", "inspections.visit", "projects.project"} <= set(machines())
