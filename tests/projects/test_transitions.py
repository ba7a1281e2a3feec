"""Every edge of a project's states: who may take it, whence, whither."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role, User
from apps.core.errors import IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.core.models import Event
from apps.projects import lifecycle
from apps.projects.models import Project, ProjectPerson
from tests import factories as make

pytestmark = pytest.mark.django_db
S = Project.Status

#: Step: (whence, whither, who may; None: caused by another step alone).
LEADERS = {"manager", "administrator", "project_manager"}
EDGES = {
    "hand_over": ({S.PREPARING}, S.HANDED_OVER, None),
    "start_service": ({S.HANDED_OVER}, S.IN_SERVICE, LEADERS),
    "close": ({S.IN_SERVICE}, S.CLOSED, LEADERS),
    "reopen": ({S.CLOSED}, S.IN_SERVICE, LEADERS),
}
WITH_REASON = {"close", "reopen"}
#: The same edge by edge, (state, step, outcome, who), as the architecture tests look for it.
TABLE = [(state, step, target, who) for step, (sources, target, who) in EDGES.items() for state in sources]
PEOPLE = [*Role.values, "project_manager", "designated_engineer", "owner_admin", "owner_member"]


def person(kind: str, project: Project) -> User:
    if kind == "owner_admin":
        return make.make_owner_admin(project.owner)
    if kind == "owner_member":
        return make.make_owner_member(project.owner)
    if kind in {"project_manager", "designated_engineer"}:
        user = make.make_staff(Role.ENGINEER)
        role = ProjectPerson.Role.MANAGER if kind == "project_manager" else ProjectPerson.Role.DESIGNATED_ENGINEER
        make.make_project_person(project=project, user=user, role=role)
        return user
    return make.make_staff(kind)


def test_table_names_every_edge() -> None:
    assert edges_of(Project).keys() == EDGES.keys()
    for name, (sources, target, who) in EDGES.items():
        edge = edges_of(Project)[name]
        assert (edge.sources, edge.target, edge.allowed is None) == (sources, target, who is None)


@pytest.mark.parametrize(("step", "state", "kind"), product(EDGES, S, PEOPLE))
def test_step_is_taken_by_whom_and_whence_the_table_says(step: str, state: str, kind: str, now: object) -> None:
    sources, target, who = EDGES[step]
    project = make.make_project(status=state)
    actor = person(kind, project)
    edge = getattr(lifecycle, step)
    data = {"reason": "合同到期"} if step in WITH_REASON else {}
    offered = who is not None and kind in who and state in sources
    assert (edge in available(project, actor)) is offered
    if who is not None and kind not in who:
        with pytest.raises(PermissionDenied):
            edge(project, actor=actor, now=now, **data)
    elif state not in sources:
        with pytest.raises(IllegalTransition):
            edge(project, actor=actor, now=now, **data)
    else:
        assert edge(project, actor=actor, now=now, **data).status == target
        event = Event.objects.about(project).get()
        assert (event.data["from"], event.data["to"], event.actor) == (state, target, actor)
        assert event.data.get("note") == data.get("reason")
        return
    project.refresh_from_db()
    assert project.status == state
    assert not Event.objects.about(project).exists()


def test_auditor_with_other_roles_changes_nothing(now: object) -> None:
    project = make.make_project()
    with pytest.raises(PermissionDenied):
        lifecycle.close(project, actor=make.make_staff(Role.AUDITOR, Role.MANAGER), now=now, reason="x")
