"""Papers of trainings of no project: certificates of our own people, open classes; withdrawn, checked, opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import Role
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.documents import services as documents
from apps.documents.models import Document
from apps.training import certificates, lifecycle
from apps.training.documents import RESULTS, SHEET, issue_paper
from apps.training.models import Certificate, Session
from tests import factories as make

from .conftest import Scene, right_answers

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def open_class(scene: Scene) -> Session:
    """A class open to all, without an exam, at which a member of an owner, an engineer and a guest were."""
    course = make.make_course(responsible=scene.trainer, validity_months=12)
    session = make.make_session(
        course=course, is_public=True, trainer=scene.trainer, status="held", starts_at=NOW - timedelta(hours=4)
    )
    make.make_participant(session=session, user=scene.member, attended_at=NOW, hours=3)
    make.make_participant(session=session, user=make.make_staff(Role.ENGINEER), attended_at=NOW, hours=3)
    guest = {"name": "陶志刚", "owner": make.make_owner(), "email": "tao@example.com"}
    make.make_participant(session=session, attended_at=NOW, hours=3, **guest)
    return session


def test_certificates_of_an_open_class_are_issued_papers_for_everybody(open_class: Session, scene: Scene) -> None:
    """T-05: our own engineer's and a guest's too, with the frozen words and the number of the certificate."""
    lifecycle.close(open_class, actor=scene.trainer, now=NOW)
    rows = list(Certificate.objects.order_by("pk"))
    papers = [documents.document_of(certificates.CERTIFICATE, row) for row in rows]
    assert len(rows) == 3
    assert [row.project_id is None for row in rows] == [False, True, True]
    for row, paper in zip(rows, papers, strict=True):
        assert paper is not None
        assert (paper.number, paper.project_id, paper.audience) == (row.number, row.project_id, Audience.STAFF)
        documents.render_document({"document": paper.pk})
        paper.refresh_from_db()
        assert paper.is_issued
        assert paper.data["person"]["name"] == row.name


def test_certificate_without_a_paper_gets_one_from_the_worker(scene: Scene, monkeypatch: Any) -> None:
    """Those issued before are put on paper; one that cannot be printed keeps no other from it."""
    bad, good = make.make_certificate(), make.make_certificate()
    make.make_certificate(status="withdrawn")
    real = documents.issue_now

    def issue_now(name: str, subject: Any, **more: Any) -> Document:
        if subject.pk == bad.pk:
            raise ValueError("broken")
        return real(name, subject, **more)

    with monkeypatch.context() as patch:
        patch.setattr(documents, "issue_now", issue_now)
        assert certificates.issue_missing(now=NOW) == 1
    assert documents.document_of(certificates.CERTIFICATE, good)
    assert [certificates.issue_missing(now=NOW) for _run in range(2)] == [1, 0]


def test_withdrawn_certificate_voids_its_paper(open_class: Session, scene: Scene) -> None:
    """T-05: whoever checks the paper by its own code reads that it is void, not only by the certificate's."""
    lifecycle.close(open_class, actor=scene.trainer, now=NOW)
    issued, issuing = Certificate.objects.order_by("pk")[:2]
    paper = documents.document_of(certificates.CERTIFICATE, issued)
    assert paper is not None
    documents.render_document({"document": paper.pk})
    for row in (issued, issuing):
        lifecycle.withdraw_certificate(row, actor=scene.manager, now=NOW, reason="顶替签到")
        assert documents.document_of(certificates.CERTIFICATE, row) is None
    assert set(Document.objects.filter(status="void").values_list("void_reason", flat=True)) == {"顶替签到"}


def test_sheet_of_an_open_class_is_opened_by_who_runs_it_alone(
    open_class: Session, scene: Scene, client_of: Any
) -> None:
    """It names people of several organisations: no archive of a project holds it, no owner opens it."""
    url = reverse("training:session_paper", args=[open_class.pk, "sheet"])
    trainer = client_of(scene.trainer)
    assert trainer.post(url).url == f"{open_class.get_absolute_url()}#papers"
    paper = documents.document_of(SHEET, open_class)
    assert paper is not None and (paper.project, paper.audience) == (None, Audience.STAFF)
    pdf = reverse("training:session_paper_pdf", args=[open_class.pk, "sheet"])
    assert trainer.get(pdf).status_code == 404
    documents.render_document({"document": paper.pk})
    page = trainer.get(open_class.get_absolute_url())
    assert pdf in page.text
    response = trainer.get(pdf)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    stranger = make.make_staff(Role.ENGINEER)
    for person in (scene.member, scene.admin, stranger):
        assert client_of(person).get(pdf).status_code == 404
    assert trainer.get(pdf.replace("sheet", "nothing")).status_code == 404


def test_results_of_an_open_class_are_a_paper_too(open_class: Session, scene: Scene) -> None:
    from apps.training import exams  # noqa: PLC0415  the other tests need none

    type(scene.course).objects.filter(pk=open_class.course_id).update(exam_questions=2)
    open_class.course.refresh_from_db()
    open_class.course.parts.filter(part="operation").update(weight=1)
    make.make_question(course=open_class.course, text="一")
    make.make_question(course=open_class.course, text="二")
    attempt = exams.start_attempt(course=open_class.course, actor=scene.member, now=NOW)
    exams.save_answers(attempt=attempt, responses=right_answers(attempt), actor=scene.member, now=NOW)
    exams.hand_in_own(attempt=attempt, actor=scene.member, now=NOW)
    paper = issue_paper(RESULTS, open_class, actor=scene.trainer, now=NOW)
    assert paper.data["lines"][0]["result"]["text"] == "合格"
    assert paper.audience == Audience.STAFF


def test_history_of_an_open_class_is_read_by_its_trainer(open_class: Session, scene: Scene, client_of: Any) -> None:
    lifecycle.close(open_class, actor=scene.trainer, now=NOW)
    page = client_of(scene.trainer).get(open_class.get_absolute_url())
    assert [line.event.name for line in page.context["timeline"]] == ["training.session.close"]
    owners = client_of(scene.member).get(open_class.get_absolute_url()).context["timeline"]
    hidden = Event.objects.exclude(audience=Audience.OWNER)
    assert not {line.event.pk for line in owners} & set(hidden.values_list("pk", flat=True))


def test_record_of_a_project_says_what_was_taught_on_a_visit(scene: Scene, client_of: Any) -> None:
    """V-12: persons and hours count, and both the visit's page and the project's record say so."""
    engineer = make.make_engineer(scene.project)
    visit = make.make_visit(project=scene.project, assigned_to=engineer)
    page = client_of(engineer).get(reverse("training:session_create") + f"?project={scene.project.pk}")
    assert page.status_code == 200
    values = {
        "course": scene.course.pk,
        "project": scene.project.pk,
        "way": "on_site",
        "trainer": engineer.pk,
        "starts_at": f"{NOW - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "ends_at": f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "hours": "1",
        "submission_key": "teach",
    }
    assert client_of(engineer).post(reverse("training:session_create"), values).status_code == 422
    made = client_of(engineer).post(reverse("training:session_create"), values | {"visit_number": visit.number})
    assert made.status_code == 302, made.context["form"].errors
    session = Session.objects.get(visit_number=visit.number)
    make.make_participant(session=session, attended_at=NOW, hours=1, owner=scene.owner)
    Session.objects.filter(pk=session.pk).update(status="held")
    paper = issue_paper("training_record", scene.project, actor=scene.manager, now=NOW)
    line = next(one for one in paper.data["sessions"] if one["number"] == session.number)
    assert (line["visit"], len(line["people"]), line["people"][0]["hours"]) == (visit.number, 1, "1")
    shown = client_of(engineer).get(visit.get_absolute_url() + "?part=side")
    assert session.get_absolute_url() in shown.text
