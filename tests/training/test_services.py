"""Planning, registration, attendance, yearly classes, learning, certificates."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.core.errors import DomainError
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.signing import Drawing
from apps.notifications.models import Notification
from apps.surveys.models import SurveyRequest
from apps.surveys.services import load_questionnaires
from apps.training import (
    attendance,
    authoring,
    certificates,
    exams,
    learning,
    lifecycle,
    planning,
    question_import,
    rules,
)
from apps.training.authoring import QuestionLine
from apps.training.documents import PLAN, RECORD, RESULTS, SHEET, issue_paper
from apps.training.models import Certificate, Material, Participant, Session
from tests import factories as make

from .conftest import Scene, right_answers

pytestmark = pytest.mark.django_db
NOW = make.NOW
INK = Drawing(make.PNG, [])
HALF = Decimal("0.5")


# --- planning ---


def test_plan_shows_what_is_owed_beside_what_is_planned_and_held(scene: Scene) -> None:
    """T-02: days on site, operators, sessions, as the project's policy says; three hours are half a day."""
    policy = make.make_policy()
    make.make_project_policy(project=scene.project, policy=policy)
    for name, value, unit in (("days", "2", "working days"), ("people", "5", "operators"), ("free", "1", "session")):
        make.make_term(version=policy.current, name=name, value=value, unit=unit, rule="T-02")
    planning.save_plan(project=scene.project, need="会巡检", people=6, actor=scene.manager, now=NOW)
    lines = {line.words.split()[0]: line for line in planning.owed_to(scene.project)}
    assert [(line.owed, line.planned, line.held) for line in lines.values()] == [(2, HALF, 0), (5, 6, 0), (1, 1, 0)]
    assert [line.tone for line in lines.values()] == ["warn", "info", "info"]
    make.make_participant(session=scene.session, attended_at=NOW)
    Session.objects.filter(pk=scene.session.pk).update(status="held")
    assert [line.held for line in planning.owed_to(scene.project)] == [HALF, 1, 1]


def test_project_without_policy_is_owed_nothing(scene: Scene) -> None:
    assert planning.owed_to(scene.project) == []


def test_full_training_has_a_waiting_list_that_moves_up(scene: Scene) -> None:
    Session.objects.filter(pk=scene.session.pk).update(seats=1)
    first = planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)
    second = planning.register(session=scene.session, user=scene.admin, actor=scene.admin, now=NOW)
    assert (first.status, second.status) == ("registered", "waiting")
    lifecycle.withdraw(first, actor=scene.member, now=NOW)
    second.refresh_from_db()
    assert second.status == "registered"
    assert Notification.objects.filter(user=scene.admin, event__name="training.participant.admit").exists()
    again = planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)
    assert again.status == "waiting"
    with pytest.raises(DomainError):
        planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)


def test_course_that_needs_another_first_asks_for_its_certificate(scene: Scene) -> None:
    before = make.make_course()
    scene.course.prerequisites.add(before)
    with pytest.raises(DomainError):
        planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)
    make.make_certificate(course=before, user=scene.member, owner=scene.owner)
    assert planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)


def test_yearly_class_opens_exactly_once_a_term(scene: Scene) -> None:
    """T-04: run twice nothing is added; a missed night is caught up; the next term has its own."""
    type(scene.course).objects.filter(pk=scene.course.pk).update(is_seasonal=True)
    assert [planning.open_classes(now=NOW) for _run in range(3)] == [1, 0, 0]
    session = Session.objects.get(term="2026-autumn")
    assert (session.status, session.project, session.trainer) == ("open", None, scene.trainer)
    assert planning.open_classes(now=NOW + timedelta(days=120)) == 1
    assert Session.objects.exclude(term="").count() == 2


def test_participants_are_reminded_once_the_day_before(scene: Scene) -> None:
    session = make.make_session(course=scene.course, project=scene.project, starts_at=NOW + timedelta(hours=20))
    make.make_participant(session=session, user=scene.member)
    make.make_session(starts_at=NOW + timedelta(days=2))
    assert [planning.remind_sessions(now=NOW) for _run in range(2)] == [1, 0]
    assert Notification.objects.filter(user=scene.member).count() == 1


# --- attendance ---


def test_attendance_is_taken_in_three_ways(scene: Scene) -> None:
    """T-01: signature on the trainer's device, one's own phone, the printed sheet; hours per person."""
    signed = make.make_participant(session=scene.session, user=scene.member)
    attendance.sign_in(participant=signed, method="signature", drawing=INK, actor=scene.trainer, now=NOW)
    known = make.make_participant(session=scene.session, name="郑海", phone="137-0000 1234")
    attendance.sign_in_by_link(session=scene.session, name="郑海", phone="13700001234", address=None, now=NOW)
    listed = make.make_participant(session=scene.session)
    with pytest.raises(DomainError):
        attendance.keep_sheet(session=scene.session, present=[listed], files=[], actor=scene.trainer, now=NOW)
    attendance.keep_sheet(
        session=scene.session, present=[listed], files=[make.accepted()], actor=scene.trainer, now=NOW
    )
    methods = {row.pk: (row.method, row.hours, bool(row.signature)) for row in Participant.objects.present()}
    assert methods == {
        signed.pk: ("signature", 3, True),
        known.pk: ("own_phone", 3, False),
        listed.pk: ("sheet", 3, False),
    }
    attendance.set_hours(session=scene.session, hours={listed.pk: 2}, actor=scene.trainer, now=NOW)
    listed.refresh_from_db()
    assert listed.hours == 2
    with pytest.raises(DomainError):
        attendance.set_hours(session=scene.session, hours={listed.pk: 4}, actor=scene.trainer, now=NOW)


def test_code_lets_in_nobody_else_and_at_no_other_time(scene: Scene) -> None:
    make.make_participant(session=scene.session, name="郑海", phone="13700001234")
    for name, phone, when in (
        ("郑海", "13700009999", NOW),
        ("外人", "13700001234", NOW),
        ("郑海", "13700001234", NOW - timedelta(days=1)),
    ):
        with pytest.raises(DomainError):
            attendance.sign_in_by_link(session=scene.session, name=name, phone=phone, address=None, now=when)
    with pytest.raises(DomainError):
        attendance.sign_in_oneself(session=scene.session, actor=scene.member, now=NOW)


def test_who_waits_for_a_place_is_taken_in_by_the_trainer_alone(scene: Scene) -> None:
    """T-01: seats are given by the waiting list or by the trainer, not by saying on one's phone that one is there."""
    Session.objects.filter(pk=scene.session.pk).update(seats=1)
    planning.register(session=scene.session, user=scene.admin, actor=scene.admin, now=NOW)
    waiting = planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)
    with pytest.raises(DomainError):
        attendance.sign_in_oneself(session=scene.session, actor=scene.member, now=NOW)
    named = {"name": waiting.name, "phone": "13700001234", "address": None}
    Participant.objects.filter(pk=waiting.pk).update(phone=named["phone"])
    with pytest.raises(DomainError):
        attendance.sign_in_by_link(session=scene.session, **named, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attended_at) == ("waiting", None)
    attendance.sign_in(participant=waiting, method="signature", drawing=INK, actor=scene.trainer, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attended_at) == ("registered", NOW)


def test_whole_class_signs_in_behind_one_address_and_guessing_is_slowed_down(scene: Scene) -> None:
    cache.clear()
    people = [(f"学员{n}", f"1370000{n:04d}") for n in range(attendance.TRIES_AN_ADDRESS + 5)]
    for name, phone in people:
        make.make_participant(session=scene.session, name=name, phone=phone)
    for name, phone in people[1:]:
        attendance.sign_in_by_link(session=scene.session, name=name, phone=phone, address="10.0.0.9", now=NOW)
    for name, phone in [("外人", "13700001234")] * attendance.TRIES_AN_ADDRESS + people[:1]:
        with pytest.raises(DomainError):
            attendance.sign_in_by_link(session=scene.session, name=name, phone=phone, address="10.0.0.9", now=NOW)


def test_training_to_come_is_not_held_and_its_time_is_told_as_clocks_show_it(scene: Scene) -> None:
    coming = make.make_session(
        course=scene.course, project=scene.project, trainer=scene.trainer, status="open",
        starts_at=NOW + timedelta(hours=5),
    )  # fmt: skip
    with pytest.raises(DomainError, match=f"{timezone.localtime(coming.starts_at):%m-%d %H:%M}"):
        lifecycle.hold(coming, actor=scene.trainer, now=NOW)


def test_twelve_people_sign_on_the_trainers_phone(scene: Scene) -> None:
    for n in range(12):
        attendance.sign_in_at_the_door(
            session=scene.session,
            name=f"学员{n}",
            phone="",
            owner=scene.owner,
            drawing=INK,
            actor=scene.trainer,
            now=NOW,
        )
    session = lifecycle.hold(scene.session, actor=scene.trainer, now=NOW)
    document = issue_paper(SHEET, session, actor=scene.trainer, now=NOW)
    assert len(document.data["people"]) == 12
    assert all(line["signature"]["file"] for line in document.data["people"])
    assert document.number == session.number


def test_course_without_exam_certifies_presence_and_asks_how_it_was(scene: Scene) -> None:
    load_questionnaires(now=NOW, actor=scene.manager)
    type(scene.course).objects.filter(pk=scene.course.pk).update(exam_questions=0)
    session = Session.objects.get(pk=scene.session.pk)
    row = make.make_participant(session=session, user=scene.member)
    make.make_participant(session=session)  # did not come
    attendance.sign_in(participant=row, method="signature", drawing=INK, actor=scene.trainer, now=NOW)
    session = lifecycle.hold(session, actor=scene.trainer, now=NOW)
    lifecycle.close(session, actor=scene.trainer, now=NOW, improvement="多练习")
    certificate = Certificate.objects.get()
    assert (certificate.user, certificate.number) == (scene.member, "ZS-2026-000001")
    assert SurveyRequest.objects.filter(occasion="training").count() <= 1
    with pytest.raises(DomainError):
        attendance.sign_in(participant=row, method="sheet", actor=scene.trainer, now=NOW)


# --- learning ---


def test_materials_are_learnt_in_order_and_kept(scene: Scene) -> None:
    """T-03: progress is the person's, on whatever device."""
    first, second = make.make_material(course=scene.course), make.make_material(course=scene.course)
    with pytest.raises(DomainError):
        learning.finish_material(material=second, actor=scene.member, now=NOW)
    learning.finish_material(material=first, actor=scene.member, now=NOW)
    learning.finish_material(material=second, actor=scene.member, now=NOW)
    assert learning.is_learnt(scene.course, scene.member)
    assert not learning.is_learnt(scene.course, scene.admin)


def test_video_is_done_by_being_seen_not_by_clicks(scene: Scene) -> None:
    """T-03: a browser that claims the whole film at once gets what time allows."""
    film = make.make_material(course=scene.course, kind=Material.Kind.VIDEO, seconds=100)
    whole = [(0.0, 100.0)]
    with pytest.raises(DomainError):
        learning.finish_material(material=film, actor=scene.member, now=NOW)
    report: dict[str, Any] = {"material": film, "intervals": whole, "position": 100, "actor": scene.member}
    row = learning.report_seen(**report, now=NOW)
    assert row.seconds_seen <= 2 and row.done_at is None
    row = learning.report_seen(**report | {"intervals": [(0.0, 45.0)]}, now=NOW + timedelta(seconds=45))
    assert 45 <= row.seconds_seen <= 47
    row = learning.report_seen(**report | {"intervals": [(45.0, 95.0)]}, now=NOW + timedelta(seconds=95))
    assert row.done_at is not None


def test_many_quick_reports_see_no_video_faster_than_it_plays(scene: Scene) -> None:
    film = make.make_material(course=scene.course, kind=Material.Kind.VIDEO, seconds=600)
    for n in range(100):
        row = learning.report_seen(
            material=film, intervals=[(2.0 * n, 2.0 * n + 2)], position=0, actor=scene.member,
            now=NOW + timedelta(milliseconds=50 * n),
        )  # fmt: skip
    assert row.seconds_seen <= 7 and row.done_at is None


# --- questions ---


@pytest.mark.parametrize(("typed", "said", "share"), [("220,5±1", "221", 1), ("－5", "-5", 1), ("220±１", "222", 0)])
def test_number_is_marked_as_it_was_typed(scene: Scene, typed: str, said: str, share: int) -> None:
    answer = question_import.read_answer("number", typed)
    authoring.save_question(
        course=scene.course, line=QuestionLine("operation", "number", "读数", [], answer), actor=scene.trainer, now=NOW
    )
    assert rules.share_of("number", answer, {"value": said}, []) == share


@pytest.mark.parametrize("typed", ["220±大约", "220±-1"])
def test_tolerance_that_is_none_is_refused(scene: Scene, typed: str) -> None:
    answer = question_import.read_answer("number", typed)
    line = QuestionLine("operation", "number", "读数", [], answer)
    with pytest.raises(DomainError):
        authoring.save_question(course=scene.course, line=line, actor=scene.trainer, now=NOW)


# --- certificates ---


@pytest.fixture
def certificate(scene: Scene) -> Certificate:
    make.make_participant(session=scene.session, user=scene.member, attended_at=NOW, hours=3)
    attempt = exams.start_attempt(course=scene.course, actor=scene.member, now=NOW)
    exams.save_answers(attempt=attempt, responses=right_answers(attempt), actor=scene.member, now=NOW)
    exams.hand_in_own(attempt=attempt, actor=scene.member, now=NOW)
    return Certificate.objects.get()


def test_public_check_says_state_course_day_and_masked_name_alone(scene: Scene, certificate: Certificate) -> None:
    """T-05."""
    asked: dict[str, Any] = {"number": certificate.number.lower(), "code": certificate.code, "address": None}
    found = certificates.check(**asked, today=NOW.date())
    assert found is not None
    assert (found.state, found.name, found.course) == ("valid", "王**", scene.course.name)
    assert certificates.check(**asked | {"code": "WRONG"}, today=NOW.date()) is None
    expired = certificates.check(**asked, today=NOW.date() + timedelta(days=800))
    assert expired is not None and expired.state == "expired"
    lifecycle.withdraw_certificate(certificate, actor=scene.manager, now=NOW, reason="冒名")
    withdrawn = certificates.check(**asked, today=NOW.date())
    assert withdrawn is not None and withdrawn.state == "withdrawn"


def test_guessing_codes_is_slowed_down(certificate: Certificate) -> None:
    for _try in range(certificates.TRIES_AN_ADDRESS):
        certificates.check(number=certificate.number, code="X", address="203.0.113.9", today=NOW.date())
    with pytest.raises(DomainError):
        certificates.check(number=certificate.number, code="X", address="203.0.113.9", today=NOW.date())


def test_certificate_is_a_paper_with_its_number_and_not_in_the_owners_archive(certificate: Certificate) -> None:
    document = documents.document_of(certificates.CERTIFICATE, certificate)
    assert document is not None
    assert (document.number, document.audience) == (certificate.number, "staff")
    documents.render_document({"document": document.pk})
    assert Document.objects.get(pk=document.pk).pdf_size


def test_end_of_a_certificate_is_told_once(scene: Scene, certificate: Certificate) -> None:
    soon = NOW + timedelta(days=700)
    assert certificates.remind_of_ends(now=NOW) == 0
    assert [certificates.remind_of_ends(now=soon) for _run in range(2)] == [1, 0]


def test_papers_of_a_project_tell_the_same_story(scene: Scene, certificate: Certificate) -> None:
    """D-02: who was trained on what, when; a newer version takes the place of an older one."""
    session = lifecycle.hold(scene.session, actor=scene.trainer, now=NOW)
    lifecycle.close(session, actor=scene.trainer, now=NOW)
    record = issue_paper(RECORD, scene.project, actor=scene.manager, now=NOW)
    [line] = record.data["sessions"]
    assert [(row["name"], row["certificate"]) for row in line["people"]] == [("王小明", certificate.number)]
    results = issue_paper(RESULTS, session, actor=scene.trainer, now=NOW)
    assert (results.data["lines"][0]["percent"], results.audience) == ("100", "owner") or results.data["lines"]
    assert Document.objects.get(pk=results.pk).audience == "staff"
    plan = planning.save_plan(project=scene.project, need="会巡检", people=5, actor=scene.manager, now=NOW)
    first = issue_paper(PLAN, plan, actor=scene.manager, now=NOW)
    assert issue_paper(PLAN, plan, actor=scene.manager, now=NOW) == first
    documents.render_document({"document": first.pk})
    second = issue_paper(PLAN, plan, actor=scene.manager, now=NOW)
    assert (second.number, second.version) == (first.number, 2)
