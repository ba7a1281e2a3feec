"""The states of everything in training: who may take which step from where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Role
from apps.core.errors import DomainError, IllegalTransition
from apps.core.lifecycle import available, edges_of
from apps.projects.models import ProjectPerson
from apps.training import lifecycle
from apps.training.models import (
    Attempt,
    Certificate,
    Improvement,
    Participant,
    Retraining,
    Session,
    TrainingPlan,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW

EDITORS = {"trainer", "manager", "administrator"}
RUNNERS = {*EDITORS, "project manager"}
NOBODY: set[str] = set()
PEOPLE = [*[role.value for role in Role], "project manager", "stranger", "owner admin", "owner member", "other owner"]

S, P, A, C, T = Session.Status, Participant.Status, Attempt.Status, Certificate.Status, TrainingPlan.Status
R, M = Retraining.Status, Improvement.Status
CHECKERS = {"manager", "administrator", "quality"}
#: Every edge: model, its sources, its target, and who may take it. Nobody: only other steps cause it.
EDGES: dict[str, tuple[Any, set[str], str, set[str]]] = {
    "training.trainingplan.agree": (TrainingPlan, {T.DRAFT}, T.AGREED, RUNNERS),
    "training.trainingplan.revise": (TrainingPlan, {T.AGREED}, T.DRAFT, RUNNERS),
    "training.session.open_registration": (Session, {S.PLANNED}, S.OPEN, RUNNERS),
    "training.session.hold": (Session, {S.PLANNED, S.OPEN}, S.HELD, RUNNERS),
    "training.session.close": (Session, {S.HELD}, S.CLOSED, RUNNERS),
    "training.session.cancel": (Session, {S.PLANNED, S.OPEN}, S.CANCELLED, RUNNERS),
    "training.participant.admit": (Participant, {P.WAITING}, P.REGISTERED, NOBODY),
    "training.participant.withdraw": (
        Participant,
        {P.REGISTERED, P.WAITING},
        P.WITHDRAWN,
        {*RUNNERS, "owner admin", "owner member"},
    ),
    "training.attempt.submit": (Attempt, {A.RUNNING}, A.SUBMITTED, NOBODY),
    "training.attempt.pass_exam": (Attempt, {A.SUBMITTED}, A.PASSED, NOBODY),
    "training.attempt.fail_exam": (Attempt, {A.SUBMITTED}, A.FAILED, NOBODY),
    "training.attempt.coach": (Attempt, {A.FAILED}, A.COACHED, EDITORS),
    "training.certificate.withdraw_certificate": (Certificate, {C.VALID}, C.WITHDRAWN, EDITORS),
    "training.retraining.assign": (Retraining, {R.OPEN}, R.PLANNED, NOBODY),
    "training.retraining.release": (Retraining, {R.PLANNED}, R.OPEN, NOBODY),
    "training.retraining.plan": (Retraining, {R.OPEN, R.PLANNED}, R.PLANNED, EDITORS),
    "training.retraining.drop": (Retraining, {R.OPEN, R.PLANNED}, R.DROPPED, EDITORS),
    "training.retraining.renew": (Retraining, {R.OPEN, R.PLANNED}, R.RENEWED, NOBODY),
    # The trainer is responsible for it, and so does not check it.
    "training.improvement.finish": (Improvement, {M.OPEN}, M.DONE, EDITORS),
    "training.improvement.confirm": (Improvement, {M.DONE}, M.CLOSED, CHECKERS),
    "training.improvement.reopen": (Improvement, {M.DONE}, M.OPEN, CHECKERS),
}


def _outcome(person: str, state: str, step: str) -> str:
    _model, sources, target, people = EDGES[step]
    if person not in people:
        return "forbidden" if people else "not offered"
    return target if state in sources else "not now"


#: (role, state, step, outcome) for every role, every state and every step.
TABLE = [
    (person, state, step, _outcome(person, state, step))
    for step, (model, *_rest) in EDGES.items()
    for state in model.Status
    for person in PEOPLE
]
DATA: dict[str, dict[str, Any]] = {
    "drop": {"reason": "调离"},
    "renew": {"number": "T-2"},
    "finish": {"result": "课表已改"},
    "confirm": {"verdict": "有效"},
    "reopen": {"verdict": "还不够", "due_on": NOW.date() + timedelta(days=9)},
    "agree": {"agreed_with": "林平", "agreed_on": NOW.date()},
    "cancel": {"reason": "业主停工"},
    "coach": {"coaching": "重讲合闸步骤"},
    "withdraw_certificate": {"reason": "冒名"},
    "pass_exam": {"points": 6, "percent": 75},
    "fail_exam": {"points": 3, "percent": 37},
}


@pytest.fixture
def scene() -> dict[str, Any]:
    owner = make.make_owner()
    manager = make.make_staff(Role.ENGINEER)
    project = make.make_project(owner=owner, manager=manager)
    people = {role.value: make.make_staff(role) for role in Role} | {
        "project manager": manager,
        "stranger": make.make_engineer(),
        "owner admin": make.make_owner_admin(owner),
        "owner member": make.make_owner_member(owner),
        "other owner": make.make_owner_admin(make.make_owner()),
    }
    for name in ("engineer", "trainer"):
        make.make_project_person(project=project, user=people[name], role=ProjectPerson.Role.OTHER)
    session = make.make_session(project=project, starts_at=NOW - timedelta(hours=1))
    make.make_participant(session=session, attended_at=NOW, hours=3)
    me = people["owner member"]
    rows = {
        TrainingPlan: make.make_training_plan(project=project),
        Session: session,
        Participant: make.make_participant(session=session, user=me),
        Attempt: make.make_attempt(user=me, session=session),
        Certificate: make.make_certificate(user=me, owner=owner, project=project),
        Retraining: make.make_retraining(),
        Improvement: make.make_improvement(responsible=people["trainer"]),
    }
    course = make.make_course(licence_kind=rows[Retraining].licence.kind, audience="staff")
    coming = make.make_session(course=course, is_public=True, status="open")
    return {"people": people, "rows": rows, "data": {"assign": {"session": coming}, "plan": {"session": coming}}}


@pytest.mark.parametrize("step", EDGES)
def test_table_names_the_edge_with_its_sources_and_target(step: str) -> None:
    model, sources, target, people = EDGES[step]
    edge = edges_of(model)[step.rpartition(".")[2]]
    assert (set(edge.sources), edge.target, edge.allowed is None) == (sources, target, not people)


@pytest.mark.parametrize("step", EDGES)
def test_step_does_what_the_table_says(scene: dict[str, Any], step: str) -> None:
    """Each row of the table is tried, and rolled back; the button is there exactly when the step leads on."""
    model, name = EDGES[step][0], step.rpartition(".")[2]
    edge = edges_of(model)[name]
    make.make_company()
    data = DATA.get(name) or scene["data"].get(name, {})
    for person, state, wanted, outcome in TABLE:
        if wanted != step:
            continue
        actor = scene["people"][person]
        with transaction.atomic():
            model.objects.filter(pk=scene["rows"][model].pk).update(status=state)
            row = model.objects.get(pk=scene["rows"][model].pk)
            offered = name in {one.name for one in available(row, actor)}
            if outcome == "not offered":
                seen = "offered" if offered else "not offered"
            else:
                try:
                    seen = edge(row, actor=actor, now=NOW, **data).status
                except PermissionDenied:
                    seen = "forbidden"
                except IllegalTransition:
                    seen = "not now"
                assert offered is (seen == outcome and outcome == EDGES[step][2]), (person, state, step)
            assert seen == outcome, (person, state, step)
            transaction.set_rollback(True)


def test_training_nobody_came_to_was_not_held() -> None:
    session = make.make_session(starts_at=NOW - timedelta(hours=1), status=S.OPEN)
    manager = make.make_staff(Role.MANAGER)
    with pytest.raises(DomainError, match=r"签到|signed in"):
        lifecycle.hold(session, actor=manager, now=NOW)
    with pytest.raises(DomainError, match=r"开始|begins"):
        lifecycle.hold(session, actor=manager, now=NOW - timedelta(days=1))


def test_nobody_coaches_or_judges_oneself() -> None:
    trainer = make.make_staff(Role.TRAINER)
    attempt = make.make_attempt(user=trainer, status=A.FAILED)
    with pytest.raises(PermissionDenied):
        lifecycle.coach(attempt, actor=trainer, now=NOW, coaching="自学")
