"""Exams: drawn, timed by the server, saved answer by answer, marked; what a browser never learns."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.notifications.models import Notification
from apps.training import exams, learning, lifecycle
from apps.training.models import Attempt, Certificate, Licence, Question
from tests import factories as make

from .conftest import Scene, right_answers

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def sitting(scene: Scene) -> Scene:
    """The member was at the training and may sit the exam."""
    make.make_participant(session=scene.session, user=scene.member, attended_at=NOW, hours=3)
    return scene


def sit(scene: Scene, *, wrong: int = 0, now: Any = NOW) -> Attempt:
    attempt = exams.start_attempt(course=scene.course, actor=scene.member, now=now)
    exams.save_answers(attempt=attempt, responses=right_answers(attempt, wrong=wrong), actor=scene.member, now=now)
    return exams.hand_in_own(attempt=attempt, actor=scene.member, now=now)


def test_exam_is_for_those_who_learnt(scene: Scene) -> None:
    with pytest.raises(DomainError):
        exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)
    type(scene.course).objects.filter(pk=scene.course.pk).update(is_online=True)
    scene.course.refresh_from_db()
    material = make.make_material(course=scene.course)
    assert exams.hindrance(scene.course, scene.member)
    learning.finish_material(material=material, actor=scene.member, now=NOW)
    assert exams.hindrance(scene.course, scene.member) == ""


@pytest.mark.parametrize("typed", ["1e1000000", "-1e-1000000", "9" * 2000])
def test_number_beyond_all_measure_is_wrong_and_nothing_worse(sitting: Scene, typed: str) -> None:
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=NOW)
    row = attempt.questions.get(question__kind=Question.Kind.NUMBER)
    exams.save_answers(attempt=attempt, responses={row.pk: {"value": typed}}, actor=sitting.member, now=NOW)
    assert exams.finish_overdue(now=NOW + timedelta(hours=1)) == 1
    row.refresh_from_db()
    assert row.share == 0


def test_paper_that_cannot_be_marked_leaves_the_others(sitting: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_participant(session=sitting.session, user=sitting.admin, attended_at=NOW, hours=3)
    broken, whole = (
        exams.start_attempt(course=sitting.course, actor=person, now=NOW) for person in (sitting.member, sitting.admin)
    )
    hand_in = exams.hand_in

    def fail_for_one(attempt: Attempt, **values: Any) -> Attempt:
        if attempt.pk == broken.pk:
            raise ValueError
        return hand_in(attempt, **values)

    monkeypatch.setattr(exams, "hand_in", fail_for_one)
    assert exams.finish_overdue(now=NOW + timedelta(hours=1)) == 1
    whole.refresh_from_db()
    assert whole.status == "failed"


def test_colleague_reads_nothing_of_ones_certificate_in_the_projects_history(sitting: Scene) -> None:
    sit(sitting)
    certificate = Certificate.objects.get(user=sitting.member)
    lifecycle.withdraw_certificate(certificate, actor=sitting.trainer, now=NOW, reason="代考")
    colleague = make.make_owner_member(sitting.owner, name="同事")
    assert colleague.sees_all_projects is False and sitting.project in type(sitting.project).objects.visible_to(
        colleague
    )
    assert not Event.objects.visible_to(colleague).filter(name__startswith="training.certificate.").exists()
    told = Notification.objects.filter(event__name__startswith="training.certificate.")
    assert [row.user_id for row in told] == [sitting.member.pk]


@pytest.mark.parametrize("values", [["9" * 5000], ["²"], ["-1"], ["1", "0\0"]])
def test_odd_choices_are_none(values: list[str]) -> None:
    assert exams.read_response("multiple", values) in ({}, {"chosen": [1]})
    assert "\0" not in exams.as_sent(exams.read_response("text", values))


def test_failing_means_coaching_and_a_resit_then_the_certificate(sitting: Scene) -> None:
    """T-05: the whole way of an operator with one resit."""
    failed = sit(sitting, wrong=3)
    assert (failed.status, failed.percent) == ("failed", 25)
    with pytest.raises(DomainError):
        exams.start_attempt(course=sitting.course, actor=sitting.member, now=NOW)
    lifecycle.coach(failed, actor=sitting.trainer, now=NOW, coaching="重讲合闸步骤")
    passed = sit(sitting)
    assert (passed.status, passed.percent, passed.nth) == ("passed", 100, 2)
    certificate = Certificate.objects.get(user=sitting.member)
    assert (certificate.attempt, certificate.expires_on) == (passed, make.day("2028-11-16"))
    assert certificate.project == sitting.project
    assert exams.hindrance(sitting.course, sitting.member)


def test_attempts_run_out(sitting: Scene) -> None:
    type(sitting.course).objects.filter(pk=sitting.course.pk).update(max_attempts=1)
    sitting.course.refresh_from_db()
    failed = sit(sitting, wrong=4)
    lifecycle.coach(failed, actor=sitting.trainer, now=NOW, coaching="重讲")
    with pytest.raises(DomainError):
        exams.start_attempt(course=sitting.course, actor=sitting.member, now=NOW)


def test_two_devices_share_one_attempt_and_lose_nothing(sitting: Scene, client_of: Any) -> None:
    """One paper; the last write wins question by question; what the other device wrote stays."""
    now = timezone.now()
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=now)
    assert exams.start_attempt(course=sitting.course, actor=sitting.member, now=now) == attempt
    rows = {row.question.text: row for row in attempt.questions.select_related("question")}
    url = reverse("training:attempt_save", args=[attempt.pk])
    blank = {f"was_{row.pk}": "" for row in rows.values()}
    phone, desk = client_of(sitting.member), client_of(sitting.member)
    headers = {"x-requested-with": "fetch"}
    phone.post(url, blank | {f"q{rows['单选'].pk}": "1"}, headers=headers)
    desk.post(url, blank | {f"q{rows['数值'].pk}": "221"}, headers=headers)
    answer = desk.post(url, blank | {f"q{rows['单选'].pk}": "2", f"q{rows['判断'].pk}": "false"}, headers=headers)
    assert answer.json()["answers"] == {str(rows["单选"].pk): "2", str(rows["判断"].pk): "false"}
    kept = {row.question.text: row.response for row in attempt.questions.select_related("question")}
    assert kept == {"单选": {"chosen": [2]}, "多选": {}, "判断": {"is_true": False}, "数值": {"value": "221"}}


def test_answer_taken_back_is_taken_back(sitting: Scene, client_of: Any) -> None:
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=timezone.now())
    row = attempt.questions.get(question__text="多选")
    url = reverse("training:attempt_save", args=[attempt.pk])
    client_of(sitting.member).post(url, {f"was_{row.pk}": "", f"q{row.pk}": ["0", "2"]})
    client_of(sitting.member).post(url, {f"was_{row.pk}": "0,2"})
    row.refresh_from_db()
    assert row.response == {}


def test_time_is_the_servers(sitting: Scene, client_of: Any) -> None:
    """A browser that goes on after the end writes nothing; what was saved counts; beat hands in the rest."""
    begun = timezone.now() - timedelta(minutes=31)
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=begun)
    saved = right_answers(attempt, wrong=2)
    exams.save_answers(attempt=attempt, responses=saved, actor=sitting.member, now=begun + timedelta(minutes=5))
    row = attempt.questions.first()
    url = reverse("training:attempt_save", args=[attempt.pk])
    late = {f"was_{row.pk}": "", f"q{row.pk}": "1"}
    response = client_of(sitting.member).post(url, late, headers={"x-requested-with": "fetch"})
    assert response.status_code == 422
    assert [exams.finish_overdue(now=timezone.now()) for _run in range(2)] == [1, 0]
    attempt.refresh_from_db()
    assert (attempt.status, attempt.percent) == ("failed", 50)
    assert attempt.submitted_at == attempt.ends_at


def test_answers_on_their_way_at_the_end_still_count_for_a_moment(sitting: Scene) -> None:
    """Nobody loses an answer to a slow line; beat waits for it as long."""
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=NOW)
    saved = right_answers(attempt)
    in_time, too_late = attempt.ends_at + exams.GRACE / 2, attempt.ends_at + exams.GRACE + timedelta(seconds=1)
    assert exams.finish_overdue(now=in_time) == 0
    exams.save_answers(attempt=attempt, responses=saved, actor=sitting.member, now=in_time)
    with pytest.raises(DomainError):
        exams.save_answers(attempt=attempt, responses=saved, actor=sitting.member, now=too_late)
    assert exams.finish_overdue(now=too_late) == 1
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.submitted_at) == (100, attempt.ends_at)


@pytest.mark.parametrize("late", [timedelta(seconds=5), timedelta(hours=3)])
def test_paper_opened_after_its_time_shows_what_was_saved_and_is_only_handed_in(
    sitting: Scene, client_of: Any, late: timedelta
) -> None:
    """T-05: nothing can be typed, opening changes nothing, and what the page sends takes no saved answer away.

    Also in the seconds in which answers on their way still count.
    """
    begun = timezone.now() - timedelta(minutes=30) - late
    attempt = exams.start_attempt(course=sitting.course, actor=sitting.member, now=begun)
    saved = right_answers(attempt)
    exams.save_answers(attempt=attempt, responses=saved, actor=sitting.member, now=begun + timedelta(minutes=5))
    browser = client_of(sitting.member)
    page = browser.get(attempt.get_absolute_url()).text
    attempt.refresh_from_db()
    assert attempt.status == "running"
    main = page[page.index("<main") : page.index("</main>")]
    number = attempt.questions.get(question__text="数值")
    assert f">{number.response['value']}<" in main
    fields = dict(re.findall(r'<(?:input|button)[^>]* name="(\w+)" value="(\w*)"', main))
    assert fields.keys() == {"csrfmiddlewaretoken", "hand_in"}
    assert "<textarea" not in main
    answer = browser.post(reverse("training:attempt_save", args=[attempt.pk]), fields, follow=True)
    assert "100 %" in answer.text
    attempt.refresh_from_db()
    assert (attempt.status, attempt.percent, attempt.submitted_at) == ("passed", 100, attempt.ends_at)


def test_correct_answers_never_reach_the_browser_before_the_end(sitting: Scene, client_of: Any) -> None:
    """Every response of a running exam is searched for marks of the answers."""
    secret = "秘密要点7731"
    Question.objects.filter(text="数值").update(answer={"value": "77318842", "tolerance": "0"})
    Question.objects.filter(text="判断").update(kind="text", answer={"words": secret})
    client = client_of(sitting.member)
    seen = [client.post(reverse("training:exam_start", args=[sitting.course.pk]), follow=True)]
    attempt = Attempt.objects.get(user=sitting.member)
    row = attempt.questions.first()
    url = reverse("training:attempt_save", args=[attempt.pk])
    seen += [
        client.get(attempt.get_absolute_url()),
        client.post(url, {f"was_{row.pk}": "", f"q{row.pk}": "1"}, headers={"x-requested-with": "fetch"}),
        client.post(url, {f"was_{row.pk}": "", f"q{row.pk}": "2"}, follow=True),
        client.get(reverse("training:exam", args=[sitting.course.pk])),
        client.get(sitting.course.get_absolute_url()),
        client.get(reverse("training:home")),
        client.get(reverse("training:question_list")),
        client.get(reverse("training:question_edit", args=[row.question_id])),
        client.get(reverse("training:attempt_list")),
    ]
    for response in seen:
        text = response.content.decode()
        assert "77318842" not in text and secret not in text
        assert "chosen" not in text and "is_true" not in text and "tolerance" not in text
    order = {tuple(row.order) for row in attempt.questions.all() if row.order}
    assert order, "the choices are shown in an order of the paper's own"


def test_other_people_neither_read_nor_write_ones_paper(sitting: Scene, client_of: Any) -> None:
    """An operator sees only their own answers, an owner's admin the result of their people, nobody of another owner."""
    attempt = sit(sitting)
    page, save = attempt.get_absolute_url(), reverse("training:attempt_save", args=[attempt.pk])
    colleague = make.make_owner_member(sitting.owner)
    stranger = make.make_owner_admin(make.make_owner())
    for person, status in ((colleague, 404), (stranger, 404), (sitting.admin, 200), (sitting.trainer, 200)):
        assert client_of(person).get(page).status_code == status
        assert client_of(person).post(save, {}).status_code == (404 if status == 404 else 403)
    with pytest.raises(PermissionDenied):
        exams.save_answers(attempt=attempt, responses={}, actor=sitting.admin, now=NOW)


def test_short_text_and_practical_are_marked_by_a_person(sitting: Scene, client_of: Any) -> None:
    """Marked on the phone: a text by a share, a practical task point by point; then the result stands."""
    course = sitting.course
    course.questions.filter(text__in=["判断", "数值"]).delete()
    make.make_question(course=course, text="简答", kind="text", options=[], answer={"words": "断电"})
    make.make_question(course=course, text="实操", kind="practical", options=["验电", "挂牌"], answer={})
    attempt = exams.start_attempt(course=course, actor=sitting.member, now=NOW)
    right = right_answers(attempt)
    rows = {row.question.text: row for row in attempt.questions.select_related("question")}
    responses = {rows[text].pk: right[rows[text].pk] for text in ("单选", "多选")}
    responses[rows["简答"].pk] = {"text": "先断电再验电"}
    exams.save_answers(attempt=attempt, responses=responses, actor=sitting.member, now=NOW)
    attempt = exams.hand_in_own(attempt=attempt, actor=sitting.member, now=NOW)
    assert attempt.status == "submitted"
    with pytest.raises(PermissionDenied):
        exams.mark(attempt=attempt, marks={}, actor=sitting.member, now=NOW)
    url = reverse("training:attempt_mark", args=[attempt.pk])
    text, task = rows["简答"].pk, rows["实操"].pk
    marks = {f"share_{text}": "0.5", f"remark_{text}": "漏了挂牌", f"seen_{task}": ["0"], f"remark_{task}": ""}
    assert client_of(sitting.trainer).get(url).status_code == 200
    assert client_of(sitting.trainer).post(url, marks).status_code == 302
    attempt.refresh_from_db()
    assert (attempt.status, attempt.percent, attempt.points) == ("passed", 75, Decimal(3))


def test_staff_course_brings_the_licence(sitting: Scene) -> None:
    """T-06: the work licence comes from the training, and ends with it."""
    type(sitting.course).objects.filter(pk=sitting.course.pk).update(licence_kind="service", validity_months=12)
    sitting.course.refresh_from_db()
    engineer = make.make_staff(Role.ENGINEER)
    make.make_participant(session=sitting.session, user=engineer, attended_at=NOW)
    attempt = exams.start_attempt(course=sitting.course, actor=engineer, now=NOW)
    exams.save_answers(attempt=attempt, responses=right_answers(attempt), actor=engineer, now=NOW)
    assert attempt.questions.visible_to(engineer).count() == 4
    exams.hand_in_own(attempt=attempt, actor=engineer, now=NOW)
    licence = Licence.objects.get(user=engineer)
    assert (licence.kind, licence.expires_on) == ("service", make.day("2027-11-16"))


def test_player_reports_and_ranges(scene: Scene, client_of: Any) -> None:
    film = make.make_material(course=scene.course, kind="video", seconds=60)
    make.make_material_file(material=film)
    client = client_of(scene.member)
    part = client.get(reverse("training:material_play", args=[film.pk]), headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    assert part["Content-Range"].startswith("bytes 0-3/")
    seen = reverse("training:material_seen", args=[film.pk])
    assert client.post(seen, {"intervals": "nonsense"}).status_code == 400
    answer = client.post(seen, {"intervals": json.dumps([[0, 60]]), "position": "60"})
    assert answer.json()["seconds"] <= 2 and not answer.json()["done"]


def test_exam_asks_for_the_certificate_of_the_course_before(scene: Scene) -> None:
    """T-03: also online, where nobody registers; one that has ended does not count."""
    type(scene.course).objects.filter(pk=scene.course.pk).update(is_online=True)
    scene.course.refresh_from_db()
    before = make.make_course()
    scene.course.prerequisites.add(before)
    today = timezone.localdate()
    days = {"issued_on": today - timedelta(days=30), "expires_on": today - timedelta(days=1)}
    make.make_certificate(course=before, user=scene.member, owner=scene.owner, **days)
    assert before.name in exams.hindrance(scene.course, scene.member)
    with pytest.raises(DomainError):
        exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)
    make.make_certificate(course=before, user=scene.member, owner=scene.owner, issued_on=today)
    assert exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)


def test_bank_shows_how_well_each_question_divides_once_a_course_is_chosen(scene: Scene, client_of: Any) -> None:
    """T-05: good papers have the first right and the second wrong; the second is named above the list."""
    good, bad = scene.course.questions.order_by("pk")[:2]
    for percent in (90, 85, 40, 30):
        attempt = make.make_attempt(course=scene.course, status="passed", percent=percent, marked_at=NOW)
        for question, share in ((good, percent > 50), (bad, percent < 50)):
            make.make_attempt_question(attempt=attempt, question=question, share=int(share))
    browser, url = client_of(scene.trainer), reverse("training:question_list")
    page = browser.get(url, {"course": scene.course.pk})
    shown = {row.record.pk: str(row.get_cell("divides")) for row in page.context["table"].page.object_list}
    assert (shown[good.pk], shown[bad.pk]) == ("+1.00", "-1.00")
    assert [row.pk for row, _value in page.context["divides"]] == [bad.pk]
    assert "divides" not in browser.get(url).context
