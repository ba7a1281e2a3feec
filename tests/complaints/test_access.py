"""Nobody complained of finds anything of the complaint: no page, list, search, export, paper, promise or message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import Role
from apps.complaints import followups, lifecycle, services
from apps.complaints.models import CaseFile, Complaint
from apps.core.lifecycle import edges_of
from apps.core.models import Event
from apps.documents import services as documents
from apps.documents.models import Document
from apps.notifications.models import Notification
from apps.service_levels.models import Clock
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
SECRET = "密语"

READERS = {Role.QUALITY, Role.MANAGER}


def _complaint_against(scene: Scene, person: Any, **values: Any) -> Complaint:
    """A complaint with a file of everything, handed over, overdue, with a paper."""
    complaint = scene.complain(
        title=f"{SECRET}态度差", description=SECRET, accused=[person], subject=scene.ticket, **values
    )
    make.make_clock(
        subject=complaint, project=scene.project, number=complaint.number, title=complaint.title,
        audience="restricted",
    )  # fmt: skip
    make.make_document(
        subject=complaint, project=scene.project, type="complaint_sheet", number=complaint.number, audience="restricted"
    )
    make.make_case_file(complaint=complaint)
    make.make_contact(complaint=complaint, said=SECRET)
    make.make_progress_note(complaint=complaint, about=SECRET)
    make.make_action(complaint=complaint, text=SECRET)
    return complaint


def _addresses(complaint: Complaint) -> list[str]:
    pk = complaint.pk
    pages = [reverse(f"complaints:{name}", args=[pk]) for name in ("detail", "assess", "people", "contact", "cause")]
    pages += [f"{pages[0]}?part=side", f"{pages[0]}?part=history"]
    pages += [CaseFile.objects.get(complaint=complaint).get_absolute_url()]
    pages += [reverse("documents:preview", args=["complaint_sheet", pk])]
    pages += [row.get_absolute_url() for row in Document.objects.filter(number=complaint.number)]
    pages += [row.get_absolute_url() for row in Clock.objects.filter(number=complaint.number)]
    pages += [reverse("core:step", args=["complaints.complaint", pk, name]) for name in edges_of(Complaint)]
    return pages


@pytest.mark.parametrize("role", list(Role))
def test_accused_finds_nothing_whatever_their_role(scene: Scene, role: str, client_of: Any) -> None:
    """Also quality, manager, administrator: not by URL, list, search, export, project or ticket page."""
    person = make.make_staff(role, name="被诉人员")
    make.make_project_person(project=scene.project, user=person)
    complaint = _complaint_against(scene, person)
    browser = client_of(person)
    for url in _addresses(complaint):
        for method in ("get", "post"):
            status = getattr(browser, method)(url).status_code
            assert status in {403, 404, 405}, (role, method, url, status)
    shown = [reverse("complaints:list"), f"{reverse('complaints:list')}?tab=all", reverse("core:home")]
    shown += [f"{reverse('complaints:list')}?tab=all&export=csv", reverse("documents:list")]
    shown += [scene.project.get_absolute_url(), scene.ticket.get_absolute_url()]
    shown += [f"{scene.project.get_absolute_url()}?part={part}" for part in ("side", "history")]
    shown += [reverse("service_levels:board"), reverse("notifications:list"), reverse("complaints:summary")]
    for url in shown:
        text = browser.get(url).content.decode()
        assert SECRET not in text, (role, url)
        assert complaint.number not in text, (role, url)
    for words in (SECRET, complaint.number):
        found = browser.get(reverse("core:search"), {"q": words}).content.decode()
        assert not [url for url in _addresses(complaint) if f'"{url}"' in found], (role, words)
    assert not Event.objects.visible_to(person).about(complaint).exists()
    assert not Notification.objects.filter(user=person, event__subject_id=complaint.pk, about__contains=SECRET).exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_who_is_not_accused_sees_it_as_their_role_says(scene: Scene, role: str, client_of: Any) -> None:
    person = make.make_staff(role)
    complaint = _complaint_against(scene, scene.engineer)
    lifecycle.investigate(
        complaint,
        actor=scene.quality,
        now=NOW,
        investigator=scene.investigator,
        plan="查",
        expected_on=make.TODAY + timedelta(days=3),
    )
    found = client_of(person).get(complaint.get_absolute_url()).status_code
    assert found == (200 if role in READERS else 404)
    assert Event.objects.visible_to(person).about(complaint).exists() == (role in READERS)
    assert client_of(scene.investigator).get(complaint.get_absolute_url()).status_code == 200


def test_owner_sees_the_public_side_of_their_own_alone(scene: Scene, client_of: Any) -> None:
    complaint = _complaint_against(scene, scene.engineer)
    evidence = make.make_case_file(complaint=complaint, is_evidence=True)
    make.make_contact(complaint=complaint, said="内部说法")
    mine = client_of(scene.owner)
    page = mine.get(complaint.get_absolute_url())
    assert page.status_code == 200
    assert "内部说法" not in page.content.decode()
    assert mine.get(evidence.get_absolute_url()).status_code == 404
    assert client_of(scene.colleague).get(complaint.get_absolute_url()).status_code == 404
    assert client_of(scene.other_owner).get(complaint.get_absolute_url()).status_code == 404


def test_whoever_is_named_later_is_taken_off_and_forgets(scene: Scene) -> None:
    complaint = scene.complain()
    assert Notification.objects.filter(user=scene.quality, event__subject_id=complaint.pk).exists()
    services.name_people(complaint=complaint, people=[scene.quality], actor=scene.manager, now=NOW)
    assert not Notification.objects.filter(user=scene.quality, about__contains=complaint.number).exists()
    assert not Complaint.objects.visible_to(scene.quality).exists()
    services.tell_progress(
        progress=services.promise_progress(
            complaint=complaint, promised_by=NOW + timedelta(days=1), about="进展", actor=scene.manager, now=NOW
        ),
        text="在查",
        actor=scene.manager,
        now=NOW,
    )
    assert not Notification.objects.filter(user=scene.quality, about__contains=complaint.number).exists()


def test_who_is_named_in_the_words_is_kept_away_from_the_start(scene: Scene) -> None:
    boss = make.make_staff(Role.MANAGER, name="郑岚峰")
    complaint = scene.complain(description="郑岚峰经理当面骂人")
    assert set(complaint.accused.all()) == {boss}
    assert not Complaint.objects.visible_to(boss).exists()
    assert not Notification.objects.filter(user=boss).exists()


def test_somebody_reads_it_even_when_all_who_keep_files_are_accused(scene: Scene) -> None:
    everybody = [scene.quality, scene.manager, scene.second_manager]
    complaint = scene.complain(accused=everybody)
    assert complaint.investigator == scene.administrator
    assert Complaint.objects.visible_to(scene.administrator).filter(pk=complaint.pk).exists()


def test_complainant_is_told_and_robots_are_not(scene: Scene) -> None:
    complaint = scene.complain()
    told = Notification.objects.filter(user=scene.owner, event__subject_id=complaint.pk)
    assert {row.event.name for row in told} == {"complaints.complaint.acknowledge"}
    assert set(Event.objects.about(complaint).values_list("audience", flat=True)) == {"restricted"}


def test_issued_sheet_is_restricted(scene: Scene) -> None:
    complaint = make.make_complaint(project=scene.project, status="closed", accused=[scene.manager])
    document = documents.issue_now("complaint_sheet", complaint, actor=scene.quality, now=NOW)
    assert document.audience == "restricted"
    assert Document.objects.visible_to(scene.quality).filter(pk=document.pk).exists()
    for person in (scene.manager, scene.engineer, scene.owner, scene.administrator):
        assert not Document.objects.visible_to(person).filter(pk=document.pk).exists()
        assert not Event.objects.visible_to(person).about(document).exists()


def test_call_that_brought_a_complaint_is_kept_from_whom_it_names(scene: Scene, client: Any) -> None:
    call = make.make_follow_up(subject=scene.ticket)
    named = make.make_staff(Role.CUSTOMER_SERVICE, name="刘慎言")
    followups.note_unsatisfied(
        call=call, said=f"客服刘慎言{SECRET}", what_next="complaint", actor=scene.customer_service, now=NOW
    )
    client.force_login(named)
    assert client.get(call.get_absolute_url()).status_code == 404
    listed = client.get(reverse("complaints:calls"), {"tab": "all"})
    assert call.number not in listed.content.decode()
    client.force_login(scene.customer_service)
    assert SECRET in client.get(call.get_absolute_url()).content.decode()
