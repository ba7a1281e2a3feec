"""Actions and who carries them out, investigators, papers, panels, calls: what leads people to a complaint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.complaints import file_lifecycle, followups, lifecycle, services
from apps.complaints.models import Action, Complaint, FollowUp
from apps.core import outbox
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.documents.models import Document
from apps.notifications.models import Notification
from apps.service_levels.models import Clock, Target
from apps.tickets.models import Ticket
from apps.training import lifecycle as training
from tests import factories as make

from .conftest import NOW, Scene

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def agreed(scene: Scene, responsible: Any, **values: Any) -> Action:
    return services.set_action(
        complaint=values.pop("complaint", None) or scene.complain(accused=[scene.engineer]),
        kind="corrective",
        text="派工前一天电话确认",
        responsible=responsible,
        due_on=make.TODAY + 7 * DAY,
        check_on=make.TODAY + 30 * DAY,
        actor=scene.quality,
        now=NOW,
    )


def test_who_carries_an_action_out_is_told_and_reports_it_without_reading_the_file(
    scene: Scene, client_of: Any
) -> None:
    """ISO 10002: an action has an owner; the file stays closed to them."""
    action = agreed(scene, scene.other_engineer)
    complaint = action.complaint
    assert Notification.objects.filter(user=scene.other_engineer, event__name="complaints.action.given").count() == 1
    browser = client_of(scene.other_engineer)
    assert browser.get(complaint.get_absolute_url()).status_code == 404
    page = browser.get(action.get_absolute_url())
    assert page.status_code == 200
    assert complaint.title not in page.content.decode()
    assert action.text in browser.get(reverse("core:home"), {"part": "side"}).content.decode()
    step = reverse("core:step", args=["complaints.action", action.pk, "finish_action"])
    browser.post(step, {"result": "已写入派工规程"})
    action.refresh_from_db()
    assert action.status == "done"
    checked = file_lifecycle.find_worked(action, actor=scene.quality, now=NOW + 30 * DAY, verdict="一月无迟到")
    assert checked.status == "worked"


def test_who_reads_the_file_is_led_there_from_an_action(scene: Scene, client_of: Any) -> None:
    action = agreed(scene, scene.other_engineer)
    answer = client_of(scene.quality).get(action.get_absolute_url())
    assert answer["Location"].startswith(action.complaint.get_absolute_url())


def test_accused_is_given_no_action_and_sees_none(scene: Scene, client_of: Any) -> None:
    complaint = scene.complain(accused=[scene.engineer])
    with pytest.raises(DomainError):
        agreed(scene, scene.engineer, complaint=complaint)
    action = agreed(scene, scene.other_engineer, complaint=complaint)
    services.name_people(complaint=complaint, people=[scene.other_engineer], actor=scene.quality, now=NOW)
    assert client_of(scene.other_engineer).get(action.get_absolute_url()).status_code == 404
    assert not Action.objects.visible_to(scene.other_engineer).exists()


def test_investigator_finds_their_complaints_on_the_home_page(scene: Scene, client_of: Any) -> None:
    """C-03: a technician who investigates has no register to look into."""
    complaint = lifecycle.investigate(
        scene.complain(),
        actor=scene.quality,
        now=NOW,
        investigator=scene.investigator,
        plan="核对",
        expected_on=make.TODAY,
    )
    home = client_of(scene.investigator).get(reverse("core:home")).content.decode()
    assert complaint.get_absolute_url() in home
    assert (
        complaint.get_absolute_url() not in client_of(scene.other_engineer).get(reverse("core:home")).content.decode()
    )


def test_sheet_of_a_complaint_without_project_is_issued_and_opened_by_the_investigator(
    scene: Scene, client_of: Any
) -> None:
    complaint = make.make_complaint(status="closed", investigator=scene.investigator, project=None)
    issue = reverse("complaints:issue_sheet", args=[complaint.pk])
    assert client_of(scene.quality).post(issue).status_code == 302
    outbox.deliver_due(now=NOW + DAY)
    document = Document.objects.get()
    paper = reverse("complaints:sheet", args=[complaint.pk])
    if document.status != "issued":
        outbox.deliver_due(now=document.issued_at)
        document.refresh_from_db()
    assert (document.project, document.number, document.audience) == (None, complaint.number, "restricted")
    for person in (scene.quality, scene.investigator):
        answer = client_of(person).get(paper)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert paper in client_of(person).get(complaint.get_absolute_url()).content.decode()
    assert client_of(scene.other_engineer).get(paper).status_code == 404


@pytest.mark.parametrize("what", ["ticket", "visit", "session", "equipment", "project"])
def test_pages_list_the_complaints_about_them_for_those_who_may_see_them(
    scene: Scene, client_of: Any, what: str
) -> None:
    equipment = make.make_equipment(project=scene.project)
    rows = {
        "ticket": scene.ticket,
        "visit": make.make_visit(plan=make.make_plan(project=scene.project)),
        "session": make.make_session(project=scene.project),
        "equipment": equipment,
        "project": scene.project,
    }
    row = rows[what]
    complaint = scene.complain(subject=row, accused=[scene.engineer])
    assert complaint.equipment == (equipment if what == "equipment" else None)
    pages = [{}, {"part": "side"}, {"part": "more"}]

    def shown(person: Any) -> bool:
        browser = client_of(person)
        found = "".join(browser.get(row.get_absolute_url(), query).content.decode() for query in pages)
        return complaint.get_absolute_url() in found

    assert shown(scene.quality)
    assert shown(scene.manager)
    assert not shown(scene.engineer)


def test_complaint_about_a_request_counts_for_its_equipment(scene: Scene) -> None:
    lamp = make.make_equipment(project=scene.project)
    scene.ticket.equipment = lamp
    assert scene.complain(subject=scene.ticket).equipment == lamp


def test_project_named_later_lets_a_danger_become_an_emergency(scene: Scene, client_of: Any) -> None:
    complaint = scene.complain(project=None, danger="井盖带电", actor=None, complainant=None)
    assert complaint.emergency is None
    values = {"kind": "safety", "severity": 3, "complexity": 2, "impact": 3, "department": "", "submission_key": "a"}
    page = reverse("complaints:assess", args=[complaint.pk])
    answer = client_of(scene.quality).post(page, values | {"project": scene.project.pk})
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert complaint.project == scene.project
    assert complaint.emergency is not None


def test_promises_run_from_receipt_once_the_project_is_known(scene: Scene) -> None:
    """C-02, C-04: a complaint that came without a project keeps its promises from the moment it came."""
    version = make.make_project_policy(project=scene.project).policy.current
    answer = {"metric": Target.Metric.COMPLAINT_ANSWER, "amount": 60, "unit": "minutes"}
    events = {"start_events": ["complaints.complaint.opened"], "stop_events": ["complaints.complaint.answered"]}
    make.make_target(version=version, **answer, **events)
    complaint = scene.complain(project=None, complainant=None, actor=None)
    about = {"subject_type": ContentType.objects.get_for_model(Complaint), "subject_id": complaint.pk}
    assert not Clock.objects.filter(**about).exists()
    values: dict[str, Any] = {"kind": "quality", "severity": 2, "complexity": 2, "impact": 2, "department": ""}
    services.assess(complaint=complaint, project=scene.project, actor=scene.quality, now=NOW + HOUR, **values)
    clocks = Clock.objects.filter(**about)
    assert clocks.exists()
    assert {clock.started_at for clock in clocks} == {NOW}
    assert {clock.audience for clock in clocks} == {"restricted"}


def test_equipment_of_another_project_is_refused(scene: Scene) -> None:
    complaint = scene.complain()
    values: dict[str, Any] = {"kind": "quality", "severity": 2, "complexity": 2, "impact": 2, "department": ""}
    with pytest.raises(DomainError):
        services.assess(complaint=complaint, equipment=make.make_equipment(), actor=scene.quality, now=NOW, **values)


def _held(scene: Scene) -> Any:
    session = make.make_session(
        project=scene.project, trainer=scene.trainer, starts_at=NOW - 3 * HOUR, ends_at=NOW - HOUR, status="open"
    )
    make.make_participant(session=session, user=None, name="无电话", phone="", attended_at=NOW - 3 * HOUR)
    make.make_participant(session=session, user=None, name="周班长", phone="13800002222", attended_at=NOW - 2 * HOUR)
    return training.hold(session, actor=scene.trainer, now=NOW)


def test_training_is_followed_up_by_telephone(scene: Scene) -> None:
    """R-13: once a session of a project; whoever was there and left a number is called."""
    session = _held(scene)
    followups.plan_followups(now=NOW + HOUR)
    followups.plan_followups(now=NOW + HOUR)
    call = FollowUp.objects.get(number=session.number)
    assert (call.subject, call.contact_name, call.contact_phone) == (session, "周班长", "13800002222")
    done = followups.note_unsatisfied(
        call=call, said="没有上机", what_next="complaint", actor=scene.customer_service, now=NOW + DAY
    )
    assert done.complaint is not None
    assert done.complaint.subject == session


def test_dropping_settled_calls_asks_as_often_for_two_as_for_nine(scene: Scene) -> None:
    def plan(n: int) -> int:
        for _ in range(n):
            make.make_follow_up(subject=make.make_ticket(project=scene.project, status=Ticket.Status.CLOSED))
        with CaptureQueriesContext(
            connection,
        ) as found:
            followups.plan_followups(now=NOW)
        return len(found)

    assert plan(2) == plan(7)


def test_call_names_and_links_the_complaint_it_brought(scene: Scene, client_of: Any) -> None:
    call = make.make_follow_up(subject=scene.ticket)
    browser = client_of(scene.customer_service)
    url = call.get_absolute_url()
    answer = browser.post(url, {"result": "complaint", "said": "还是不亮", "submission_key": "a"}, follow=True)
    complaint = Complaint.objects.get()
    assert complaint.number in answer.content.decode()
    page = browser.get(url).content.decode()
    assert complaint.get_absolute_url() in page
    assert client_of(scene.administrator).get(url).content.decode().count(complaint.get_absolute_url()) == 0


def test_call_of_a_new_round_is_not_dropped_with_that_of_the_round_before(scene: Scene) -> None:
    """R-13: opened again and mended between two runs, the second round is called about like any other."""
    ticket = make.make_ticket(project=scene.project, status=Ticket.Status.AWAITING_CONFIRMATION, round=2)
    before, now = make.make_follow_up(subject=ticket, round=1), make.make_follow_up(subject=ticket, round=2)
    followups.plan_followups(now=NOW)
    assert FollowUp.objects.get(pk=before.pk).status == FollowUp.Status.DROPPED
    assert FollowUp.objects.get(pk=now.pk).status == FollowUp.Status.PLANNED


def test_actions_of_a_file_are_kept_from_whom_it_is_about(scene: Scene) -> None:
    """C-03: a manager complained of reads nothing of its actions in any history, and what they were told is gone."""
    complaint = scene.complain()
    action = agreed(scene, scene.second_manager, complaint=complaint)
    told = Notification.objects.filter(user=scene.second_manager, event__name=services.GIVEN)
    seen = Event.objects.visible_to(scene.second_manager).about(action)
    assert told.exists()
    assert seen.exists()
    services.name_people(complaint=complaint, people=[scene.second_manager], actor=scene.quality, now=NOW)
    assert not told.exists()
    assert not seen.all().exists()
    assert Event.objects.visible_to(scene.manager).about(action).exists()


def test_owner_finds_our_people_under_their_projects(scene: Scene, client_of: Any) -> None:
    """Each project is named once, above who serves it; an owner with one project reads no heading at all."""
    url = reverse("complaints:create")
    people = client_of(scene.owner).get(url).context["form"]["people"].field.choices
    assert next(label for _pk, label in people) == "周启明 · 工程师"
    other = make.make_project(owner=scene.project.owner, name="二期照明工程")
    make.make_engineer(other, name="郭敏")
    page = client_of(scene.owner).get(url)
    groups = dict(page.context["form"]["people"].field.choices)
    assert set(groups) == {scene.project.name, "二期照明工程"}
    assert [label for _pk, label in groups["二期照明工程"]] == ["郭敏 · 工程师"]
    assert page.text.count("<strong>二期照明工程</strong>") == 1
