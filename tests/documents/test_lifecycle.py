"""The states of a document: every role × every state × every step (D-05)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role
from apps.core.errors import IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.core.models import Event
from apps.documents.models import Document
from tests import factories as make

pytestmark = pytest.mark.django_db
S = Document.Status
PEOPLE = [*Role.values, "owner_admin"]
NOBODY: set[str] = set()

#: Step: (whence, whither, who may, what it is given). Nobody: only the services of issuing cause it.
EDGES: dict[str, tuple[set[str], str, set[str], dict[str, Any]]] = {
    "reserve": ({S.DRAFT}, S.ISSUING, NOBODY, {"number": "WX-2026-000001", "version": 1, "data": {"title": "维修单"}}),
    "complete": ({S.ISSUING}, S.ISSUED, NOBODY, {"pdf": "documents/issued/x.pdf", "sha256": "0" * 64, "size": 9}),
    "void": ({S.ISSUED}, S.VOID, {"manager"}, {"reason": "写错了设备"}),
    "withdraw": ({S.ISSUING, S.ISSUED}, S.VOID, NOBODY, {"reason": "证书撤销"}),
    "replace": ({S.ISSUING, S.ISSUED}, S.REPLACED, NOBODY, {}),
    "discard": ({S.DRAFT}, S.VOID, NOBODY, {"reason": "改工单"}),
}
DONE, MOVED_ON, REFUSED = "done", "moved on", "refused"


def outcome(person: str, state: str, step: str) -> str:
    source, _, who, _ = EDGES[step]
    if who and person not in who:
        return REFUSED
    return DONE if state in source else MOVED_ON


#: (role, state, step, outcome) for every edge; what only services cause asks nobody.
TABLE = [(person, state, step, outcome(person, state, step)) for person in PEOPLE for state in S for step in EDGES]


def test_table_names_every_edge() -> None:
    assert edges_of(Document).keys() == EDGES.keys()
    for name, (source, target, who, _) in EDGES.items():
        edge = edges_of(Document)[name]
        assert (edge.sources, edge.target, edge.allowed is None) == (source, target, not who)


@pytest.mark.parametrize(("person", "state", "step", "expected"), TABLE)
def test_step_is_taken_by_whom_and_whence_the_table_says(
    person: str, state: str, step: str, expected: str, now: Any
) -> None:
    document = make.make_document(subject=make.make_project(), type="tests.paper", status=state, issued_at=now)
    actor = make.make_owner_admin(document.project.owner) if person == "owner_admin" else make.make_staff(person)
    edge = edges_of(Document)[step]
    _, target, who, data = EDGES[step]
    assert (edge in available(document, actor)) is (expected == DONE and bool(who))
    if expected == DONE:
        assert edge(document, actor=actor, now=now, **data).status == target
        assert Event.objects.about(document).get().data["to"] == target
        return
    with pytest.raises(PermissionDenied if expected == REFUSED else IllegalTransition):
        edge(document, actor=actor, now=now, **data)
    document.refresh_from_db()
    assert document.status == state
    assert not Event.objects.about(document).exists()
