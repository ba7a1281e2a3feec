"""Evaluation of trainings: who is asked, who reads what was said, figures, improvements followed until they work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.notifications.models import Notification
from apps.surveys.models import Answer, SurveyRequest
from apps.surveys.services import give_answer, load_questionnaires
from apps.training import figures, improvement_lifecycle, improvements, lifecycle
from apps.training.models import Improvement, Session
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = NOW.date()


@pytest.fixture
def closed(scene: Scene) -> Session:
    """A class open to all that is closed: a member, a guest with an e-mail, one of ours."""
    load_questionnaires(now=NOW)
    session = make.make_session(
        course=scene.course, is_public=True, trainer=scene.trainer, status="held", starts_at=NOW - timedelta(hours=4)
    )
    make.make_participant(session=session, user=scene.member, attended_at=NOW, hours=3)
    guest = {"name": "陶志刚", "owner": scene.owner, "phone": "", "email": "tao@example.com"}
    make.make_participant(session=session, attended_at=NOW, hours=2, **guest)
    make.make_participant(session=session, user=make.make_staff(Role.ENGINEER), attended_at=NOW, hours=3)
    make.make_participant(session=session, user=scene.admin)
    return lifecycle.close(session, actor=scene.trainer, now=NOW, improvement="多留时间练习")


def _answer(survey: SurveyRequest, number: int) -> Answer:
    values: dict[int, int | str | None] = {
        question.pk: number if question.has_number else "" for question in survey.version.questions.all()
    }
    return give_answer(survey=survey, way=Answer.Way.LINK, values=values, actor=None, now=NOW)


def test_everybody_of_the_owners_who_was_there_is_asked_once(closed: Session, scene: Scene) -> None:
    """T-01: the seeded questionnaire, by link also for who has no account; none of ours, none who was not there."""
    asked = SurveyRequest.objects.filter(occasion="training").order_by("pk")
    assert [(row.name, row.person, row.email) for row in asked] == [
        (scene.member.name, scene.member, scene.member.email or ""),
        ("陶志刚", None, "tao@example.com"),
    ]
    assert {row.project for row in asked} == {scene.project}
    assert all(list(row.about_people.all()) == [scene.trainer] for row in asked)


def test_nobody_reads_what_was_said_about_their_own_training(closed: Session, scene: Scene, client_of: Any) -> None:
    """The manager reads index, number of answers and response rate of course and trainer; the trainer none of it."""
    for survey in SurveyRequest.objects.filter(person=None):
        _answer(survey, 4)
    line = figures.of_course(scene.course, scene.manager).evaluation
    assert line is not None and (line.asked, line.answered, line.rate) == (2, 1, 50)
    whole, parts = figures.of_trainer(scene.trainer, scene.manager)
    assert whole.evaluation == line
    assert [course for course, _figures in parts] == [scene.course]
    own, own_parts = figures.of_trainer(scene.trainer, scene.trainer)
    assert own.evaluation is None and own_parts[0][1].evaluation is None
    seen = figures.of_course(scene.course, scene.trainer).evaluation
    assert seen is not None and seen.asked == 0
    index = str(line.index)
    url = reverse("training:trainer_detail", args=[scene.trainer.pk])
    assert index in client_of(scene.manager).get(url).text
    for address in (
        url,
        reverse("training:trainer_list"),
        closed.get_absolute_url(),
        f"{scene.course.get_absolute_url()}?part=side",
    ):
        response = client_of(scene.trainer).get(address)
        assert response.status_code == 200
        assert f">{index}<" not in response.text
    answer = Answer.objects.get()
    assert client_of(scene.trainer).get(reverse("surveys:enter", args=[answer.request_id])).status_code in {403, 404}
    assert not Answer.objects.visible_to(scene.trainer).exists()


def test_participant_answers_on_the_trainers_device(closed: Session, scene: Scene, client_of: Any) -> None:
    """Open class or not: the trainer hands the device over and does not see what was answered."""
    survey = SurveyRequest.objects.get(person=None)
    url = reverse("surveys:on_phone", args=[survey.pk])
    assert set(figures.to_hand_over(closed, scene.trainer)) == set(SurveyRequest.objects.all())
    assert client_of(make.make_staff(Role.TRAINER)).get(url).status_code == 404
    other = SurveyRequest.objects.filter(pk=survey.pk)
    other.update(asked_at=NOW, expires_at=NOW + timedelta(days=3650))
    assert client_of(scene.trainer).get(url).status_code == 200


def test_figures_count_trainings_people_hours_and_exams(closed: Session, scene: Scene) -> None:
    make.make_attempt(course=scene.course, user=scene.member, session=closed, status="failed", percent=40)
    make.make_attempt(course=scene.course, user=scene.member, session=closed, status="passed", percent=90)
    make.make_attempt(course=scene.course, user=scene.admin, session=closed, status="passed", percent=80)
    make.make_attempt(course=scene.course, user=make.make_owner_member(), session=closed, status="failed", percent=10)
    make.make_attempt(course=scene.course, user=make.make_owner_member(), session=closed)
    found = figures.of_course(scene.course, scene.manager)
    assert (found.sessions, found.people, found.hours) == (1, 3, 8)
    assert (found.examined, found.passed, found.pass_rate, found.first_rate) == (3, 2, 67, 33)
    assert dict(figures.by_trainer(scene.manager))[scene.trainer].passed == 2


def test_figures_of_trainers_are_reckoned_by_the_database(closed: Session, scene: Scene, monkeypatch: Any) -> None:
    """However many trainings, people and evaluations there are, as many rows are read as there are trainers."""
    read: list[Any] = []
    results_iter = SQLCompiler.results_iter

    def counted(*args: Any, **kwargs: Any) -> Any:
        for row in results_iter(*args, **kwargs):
            read.append(row)
            yield row

    def rows_read() -> tuple[int, int]:
        read.clear()
        with CaptureQueriesContext(connection) as seen:
            figures.by_trainer(scene.manager)
        return len(read), len(seen)

    make.make_attempt(course=scene.course, user=scene.member, session=closed, status="passed", percent=90)
    monkeypatch.setattr(SQLCompiler, "results_iter", counted)
    figures.by_trainer(scene.manager)
    few = rows_read()
    for _n in range(6):
        session = make.make_session(
            course=scene.course, is_public=True, trainer=scene.trainer, status="held", starts_at=NOW
        )
        person = make.make_owner_member(scene.owner)
        make.make_participant(session=session, user=person, attended_at=NOW, hours=3)
        make.make_attempt(course=scene.course, user=person, session=session, status="passed", percent=90)
        lifecycle.close(session, actor=scene.trainer, now=NOW)
    assert rows_read() == few
    line = dict(figures.by_trainer(scene.manager))[scene.trainer]
    assert (line.sessions, line.people, line.hours, line.examined, line.first_time) == (7, 9, 26, 7, 7)
    assert line.evaluation is not None and line.evaluation.asked == 8


def test_improvement_is_followed_until_somebody_else_found_that_it_works(closed: Session, scene: Scene) -> None:
    """T-01: named at the closing, with a person and a day; done; sent back; done again; checked by another."""
    row = closed.improvements.get()
    assert (row.responsible, row.course, row.due_on) == (scene.trainer, scene.course, TODAY + timedelta(days=30))
    with pytest.raises(PermissionDenied):
        improvement_lifecycle.finish(row, actor=make.make_staff(Role.ENGINEER), now=NOW, result="好了")
    row = improvement_lifecycle.finish(row, actor=scene.trainer, now=NOW, result="课表已改")
    with pytest.raises(PermissionDenied):
        improvement_lifecycle.confirm(row, actor=scene.trainer, now=NOW, verdict="有效")
    with pytest.raises(DomainError):
        improvement_lifecycle.reopen(
            row, actor=scene.manager, now=NOW, verdict="还是不够", due_on=TODAY - timedelta(days=1)
        )
    later = TODAY + timedelta(days=45)
    row = improvement_lifecycle.reopen(row, actor=scene.manager, now=NOW, verdict="还是不够", due_on=later)
    assert (row.status, row.due_on, row.dated_by) == ("open", later, scene.manager)
    row = improvement_lifecycle.finish(row, actor=scene.trainer, now=NOW, result="又加一小时")
    row = improvement_lifecycle.confirm(row, actor=scene.manager, now=NOW, verdict="有效")
    assert (row.status, row.checked_by) == ("closed", scene.manager)
    assert not Improvement.objects.not_closed().exists()


def test_late_improvement_is_told_once(scene: Scene) -> None:
    row = make.make_improvement(course=scene.course, due_on=TODAY - timedelta(days=1))
    make.make_improvement(course=scene.course, due_on=TODAY)
    assert [improvements.remind_late(now=NOW) for _run in range(2)] == [1, 0]
    told = Notification.objects.filter(event__name="training.improvement.late").values_list("user", flat=True)
    assert set(told) == {row.responsible_id, scene.trainer.pk}


def test_improvement_of_a_course_is_set_on_its_page(scene: Scene, client_of: Any) -> None:
    quality = make.make_staff(Role.QUALITY)
    url = reverse("training:improvement_create", args=[scene.course.pk]) + f"?session={scene.session.pk}"
    day = TODAY + timedelta(days=4000)
    values = {"text": "补拍影片", "responsible": scene.trainer.pk, "due_on": f"{day}", "submission_key": "one"}
    assert client_of(quality).post(url, values).status_code == 302
    row = Improvement.objects.get()
    assert (row.course, row.responsible, row.dated_by) == (scene.course, scene.trainer, quality)
    assert client_of(make.make_staff(Role.ENGINEER)).get(url).status_code == 403
    for page in (
        row.get_absolute_url(),
        reverse("training:improvement_list"),
        f"{scene.course.get_absolute_url()}?part=side",
    ):
        assert "补拍影片" in client_of(scene.trainer).get(page).text
