"""Who is asked and how often, what an answer brings about, questionnaires and their versions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from apps.calendars.services import load_calendars
from apps.core.errors import DomainError, IllegalTransition
from apps.core.models import Event
from apps.documents.models import Document
from apps.notifications.models import Notification
from apps.surveys import lifecycle, services
from apps.surveys.models import Answer, AnswerLine, LowAnswer, Occasion, Questionnaire, SurveyRequest
from apps.surveys.presets import QuestionLine
from apps.tickets import lifecycle as tickets
from tests import factories as make

CALLERS = {"customer_service", "quality", "manager"}
ROLES = [
    "manager",
    "customer_service",
    "quality",
    "administrator",
    "technical_support",
    "project_manager",
    "engineer",
    "finance",
    "auditor",
    "owner_admin",
]
#: (role, state, step, outcome) of every edge of a low answer.
TABLE = [
    (role, state, "finish", ("denied" if role not in CALLERS else "allowed" if state == "open" else "illegal"))
    for role in ROLES
    for state in ("open", "done")
]


@pytest.mark.parametrize(("role", "state", "step", "outcome"), TABLE)
def test_low_answer_steps_by_role_and_state(
    world: Any, now: Any, role: str, state: str, step: str, outcome: str
) -> None:
    low = world.row(LowAnswer)
    LowAnswer.objects.filter(pk=low.pk).update(status=state, outcome="已电话" if state == "done" else "")
    if outcome == "allowed":
        done = lifecycle.finish(low, actor=world.people[role], now=now, outcome="已致歉，约定复查")
        assert (done.status, done.outcome, done.done_by) == ("done", "已致歉，约定复查", world.people[role])
    else:
        with pytest.raises(PermissionDenied if outcome == "denied" else IllegalTransition):
            lifecycle.finish(low, actor=world.people[role], now=now, outcome="已电话")


def test_caller_whom_the_answer_is_about_cannot_close_it(world: Any, now: Any) -> None:
    low = world.row(LowAnswer)
    low.answer.request.about_people.add(world.quality)
    with pytest.raises(PermissionDenied):
        lifecycle.finish(low, actor=world.quality, now=now, outcome="没有问题")


def test_call_without_a_word_is_refused(world: Any, now: Any) -> None:
    with pytest.raises(DomainError):
        lifecycle.finish(world.row(LowAnswer), actor=world.quality, now=now, outcome="  ")


@pytest.fixture
def project(db: None) -> Any:
    make.make_questionnaire(occasion=Occasion.REPAIR)
    return make.make_project()


def ask(project: Any, now: Any, **values: Any) -> SurveyRequest | None:
    about = {"occasion": Occasion.REPAIR, "subject": project, "project": project, "actor": None}
    return services.request_answer(**about | values, now=now)


def values_of(request: SurveyRequest, number: int, text: str = "") -> dict[int, Any]:
    return {
        question.pk: number if question.has_number else text if question.kind == "text" else question.choices[0]
        for question in request.version.questions.all()
    }


def give(request: SurveyRequest, now: Any, number: int = 5, way: str = Answer.Way.LINK, actor: Any = None) -> Answer:
    return services.give_answer(survey=request, way=way, values=values_of(request, number), actor=actor, now=now)


def test_person_is_asked_once_in_30_days_and_the_reason_is_written(project: Any, now: Any) -> None:
    person = make.make_owner_admin(project.owner)
    first = ask(project, now, person=person)
    assert first is not None
    assert (first.name, first.expires_at - now) == (person.name, timedelta(days=14))
    assert ask(project, now + timedelta(days=29), person=person) is None
    event = Event.objects.get(name=services.NOT_ASKED)
    assert event.subject == project
    assert person.name in event.data["note"]
    assert ask(project, now + timedelta(days=30), person=person) is not None


def test_same_person_is_recognised_by_telephone_mail_and_name(project: Any, now: Any) -> None:
    person = make.make_owner_admin(project.owner, phone="13900001111", email="zhou@example.org")
    by_phone = ask(project, now, name="周主任", phone="+86 139-0000-1111")
    assert by_phone is not None
    assert by_phone.person == person
    assert ask(project, now, person=person) is None
    assert ask(project, now, name="老周", email="ZHOU@example.org") is None
    assert ask(project, now, name="访客", phone="13700000000") is not None
    assert ask(make.make_project(), now, name="另一访客", phone="13700000000") is None
    assert ask(project, now, name="门卫") is not None
    assert ask(project, now, name="门卫") is None


def test_nobody_is_asked_without_a_name_or_a_questionnaire(project: Any, now: Any) -> None:
    assert ask(project, now) is None
    assert ask(project, now, name="周主任", occasion=Occasion.TRAINING) is None
    assert not Event.objects.filter(name=services.NOT_ASKED).exists()


def test_person_asked_is_told_and_other_people_of_the_owner_are_not(project: Any, now: Any) -> None:
    person, other = make.make_owner_admin(project.owner), make.make_owner_admin(project.owner)
    request = ask(project, now, person=person)
    told = Notification.objects.filter(event__name=services.ASKED)
    assert [row.user for row in told] == [person]
    assert SurveyRequest.objects.visible_to(person).get() == request
    assert not SurveyRequest.objects.visible_to(other).exists()


def test_low_answer_becomes_a_task_within_one_working_day(project: Any, now: Any) -> None:
    """The day before the National Day week: the first working day after it."""
    load_calendars(now=now)
    quality = make.make_staff("quality")
    request = ask(project, now, name="周主任")
    assert request is not None
    answer = give(request, now, number=2)
    assert (answer.index, answer.is_low) == (Decimal("22.5"), True)
    low = LowAnswer.objects.get()
    assert low.due_at > now
    event = Event.objects.get(name="surveys.answer.low")
    assert (event.audience, event.subject) == ("restricted", low)
    assert Notification.objects.get(event=event).user == quality
    before = timezone.make_aware(timezone.datetime(2026, 9, 30, 15))
    assert timezone.localtime(services.call_due(before)).date().isoformat() == "2026-10-08"


def test_good_answer_makes_no_task(project: Any, now: Any) -> None:
    request = ask(project, now, name="周主任")
    assert request is not None
    answer = give(request, now, number=5)
    assert answer.is_low is False
    assert not LowAnswer.objects.exists()
    assert answer.lines.count() == 4  # the empty text is no answer


def test_request_is_answered_once(project: Any, now: Any) -> None:
    request = ask(project, now, name="周主任")
    assert request is not None
    give(request, now)
    with pytest.raises(DomainError):
        give(request, now)
    assert Answer.objects.count() == 1


def test_expired_link_takes_no_answer_but_paper_may_come_late(project: Any, now: Any) -> None:
    request = ask(project, now, name="周主任")
    late = now + timedelta(days=15)
    assert request is not None
    with pytest.raises(DomainError):
        give(request, late)
    answer = give(request, late, way=Answer.Way.PAPER, actor=make.make_staff("quality"))
    assert answer.entered_by is not None


@pytest.mark.parametrize("number", [None, "", 0, 6, 11])
def test_missing_and_impossible_numbers_are_refused(project: Any, now: Any, number: Any) -> None:
    request = ask(project, now, name="周主任")
    assert request is not None
    values = values_of(request, 5) | {request.version.questions.first().pk: number}
    with pytest.raises(DomainError):
        services.give_answer(survey=request, way=Answer.Way.LINK, values=values, actor=None, now=now)
    assert not Answer.objects.exists()


def test_nobody_enters_answers_about_their_own_work(project: Any, now: Any) -> None:
    engineer = make.make_engineer(project)
    boss = make.make_staff("manager")
    request = ask(project, now, name="周主任", about_people=[engineer, boss])
    assert request is not None
    for actor, way in [
        (engineer, Answer.Way.PAPER),
        (boss, Answer.Way.PAPER),
        (engineer, Answer.Way.LINK),
        (make.make_engineer(project), Answer.Way.PHONE),
    ]:
        with pytest.raises(PermissionDenied):
            give(request, now, way=way, actor=actor)
    answer = give(request, now, way=Answer.Way.PHONE, actor=engineer)
    assert (answer.way, answer.entered_by) == (Answer.Way.PHONE, engineer)


def test_those_whom_it_is_about_see_nothing_of_it(project: Any, now: Any) -> None:
    """In every role: the request, the answer, its lines and the task exist for others alone."""
    people = [make.make_engineer(project), make.make_staff("manager"), make.make_staff("quality")]
    request = ask(project, now, name="周主任", about_people=people)
    assert request is not None
    give(request, now, number=1)
    for person in people:
        for model in (SurveyRequest, Answer, AnswerLine, LowAnswer):
            assert not model.objects.visible_to(person).exists(), (person, model)
    assert AnswerLine.objects.visible_to(make.make_staff("quality")).exists()
    assert not Notification.objects.filter(event__name=services.LOW, user__in=people).exists()


def test_manager_reads_nothing_of_a_low_answer_about_themselves(project: Any, now: Any) -> None:
    about, other = make.make_staff("manager"), make.make_staff("manager")
    request = ask(project, now, name="周主任", about_people=[about])
    assert request is not None
    answer = give(request, now, number=1)
    lifecycle.finish(answer.low_answer, actor=other, now=now, outcome="客户说经理失约")
    paper = make.make_document(subject=answer, project=project, type="survey_answer_sheet", audience="restricted")
    names = ["surveys.answer.low", "surveys.lowanswer.finish"]
    for person, count in ((about, 0), (other, 2)):
        assert Event.objects.visible_to(person).filter(name__in=names).count() == count
        assert Document.objects.visible_to(person).filter(pk=paper.pk).exists() is bool(count)


def test_edit_makes_a_new_version_and_old_requests_keep_theirs(project: Any, now: Any) -> None:
    manager = make.make_staff("manager")
    request = ask(project, now, name="周主任")
    assert request is not None
    questionnaire = request.version.questionnaire
    values = {"name": questionnaire.name, "occasion": "repair", "is_active": True, "introduction": "", "low_index": 50}
    services.save_questionnaire(
        questionnaire=questionnaire, **values, low_scale=1, questions=[QuestionLine("好吗")], actor=manager, now=now
    )
    assert [version.number for version in questionnaire.versions.all()] == [2, 1]
    request.refresh_from_db()
    assert request.version.number == 1
    assert request.version.questions.count() == 5
    again = ask(project, now, name="门卫")
    assert again is not None
    assert again.version.number == 2


def test_one_questionnaire_an_occasion_is_in_use(project: Any, now: Any) -> None:
    values = {"occasion": "repair", "introduction": "", "low_index": 60, "low_scale": 2, "actor": None, "now": now}
    lines = [QuestionLine("好吗")]
    with pytest.raises(DomainError):
        services.save_questionnaire(name="第二份", is_active=True, questions=lines, **values)
    services.save_questionnaire(name="第二份", is_active=False, questions=lines, **values)
    with pytest.raises(DomainError):
        services.save_questionnaire(name="第二份", is_active=False, questions=lines, **values)
    with pytest.raises(DomainError):
        services.save_questionnaire(name="第三份", is_active=False, questions=[], **values)
    with pytest.raises(PermissionDenied):
        services.save_questionnaire(
            name="第三份", is_active=False, questions=lines, **values | {"actor": make.make_staff("quality")}
        )


def test_first_questionnaires_are_loaded_once_and_ours_are_left_alone(db: None, now: Any) -> None:
    make.make_questionnaire(occasion=Occasion.VISIT, name="自有回访问卷")
    assert services.load_questionnaires(now=now) == 3
    assert services.load_questionnaires(now=now) == 0
    call_command("load_questionnaires", verbosity=0)
    assert Questionnaire.objects.count() == 4


@pytest.mark.parametrize("ended", ["signed", "cancelled"])
def test_closed_repair_asks_the_owner_about_its_engineers(world: Any, now: Any, ended: str) -> None:
    """Only where work was done; the one who confirms is asked."""
    ticket = make.make_ticket(project=world.project, status="awaiting_confirmation")
    make.make_work_order(ticket=ticket, engineer=world.engineer, status=ended)
    SurveyRequest.objects.filter(person=world.owner_admin).update(person=None)
    tickets.confirm(ticket, actor=world.owner_admin, now=now)
    asked = SurveyRequest.objects.filter(person=world.owner_admin)
    if ended == "cancelled":
        assert not asked.exists()
    else:
        request = asked.get()
        assert request.subject == ticket
        assert list(request.about_people.all()) == [world.engineer]
