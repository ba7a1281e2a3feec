"""The ladder of a complaint's promises reaches our people, by number alone; never those complained of (R-15, C-03)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.complaints import services
from apps.complaints.models import Complaint
from apps.notifications.models import Notification
from apps.notifications.sending import send_mail
from apps.service_levels import escalation
from apps.service_levels.models import Clock
from apps.service_levels.models.clocks import EscalationStep
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
HOUR = timedelta(hours=1)
LADDER = [[100, "customer_service"], [150, "project_manager"], [200, "manager"]]


def told(complaint: Complaint) -> set[str]:
    rows = Notification.objects.filter(event__name__startswith="service_levels.", event__subject_id=complaint.pk)
    return {row.user.name for row in rows.select_related("user")}


def late(scene: Scene, **values: Any) -> Complaint:
    """A complaint that somebody investigates, with a promise that is long over."""
    complaint = scene.complain(title="保养迟到", **values)
    Complaint.objects.filter(pk=complaint.pk).update(status="investigating", investigator=scene.investigator)
    Clock.objects.all().delete()
    make.make_clock(
        subject=complaint,
        audience="restricted",
        ladder=LADDER,
        started_at=NOW,
        due_at=NOW + HOUR,
        next_check_at=NOW + HOUR,
        amount=60,
        is_urgent=True,
    )
    complaint.refresh_from_db()
    return complaint


def test_every_step_reaches_its_people_without_the_file(scene: Scene, client_of: ClientOf) -> None:
    """R-15: customer service, project manager, manager are told; the first two read a number and no title."""
    leader = make.make_staff("technical_support", name="孙工")
    make.make_project_person(project=scene.project, user=leader, role="manager")
    complaint = late(scene)
    escalation.sweep(now=NOW + 3 * HOUR)
    assert {scene.customer_service.name, leader.name, scene.manager.name} <= told(complaint)
    assert EscalationStep.objects.count() == 3
    row = Notification.objects.get(user=leader)
    assert row.about == complaint.number
    assert complaint.title in Notification.objects.filter(user=scene.manager, event=row.event).get().about
    client = client_of(leader)
    assert complaint.title not in client.get(reverse("notifications:list")).content.decode()
    opened = client.post(reverse("notifications:open", args=[row.pk]))
    assert opened.url == reverse("notifications:list")
    assert client.get(complaint.get_absolute_url()).status_code == 404


def test_mail_of_a_step_says_the_number_alone(scene: Scene) -> None:
    leader = make.make_staff("technical_support", name="孙工", email="sun@example.com")
    make.make_project_person(project=scene.project, user=leader, role="manager")
    complaint = late(scene)
    escalation.sweep(now=NOW + 3 * HOUR)
    row = Notification.objects.get(user=leader)
    send_mail({"event": row.event_id, "user": leader.pk})
    [sent] = mail.outbox
    assert complaint.number in sent.subject
    assert complaint.title not in f"{sent.subject}{sent.body}"
    assert complaint.get_absolute_url() not in sent.body


def test_who_is_complained_of_hears_nothing_of_it(scene: Scene) -> None:
    """C-03: whatever their place on the ladder, before and after they are named."""
    leader = make.make_staff("technical_support", name="孙工")
    make.make_project_person(project=scene.project, user=leader, role="manager")
    complaint = late(scene, accused=[leader, scene.manager])
    escalation.sweep(now=NOW + 3 * HOUR)
    assert scene.customer_service.name in told(complaint)
    assert scene.second_manager.name in told(complaint)
    assert not {leader.name, scene.manager.name} & told(complaint)


def test_named_afterwards_what_was_told_is_taken_back(scene: Scene) -> None:
    leader = make.make_staff("technical_support", name="孙工")
    make.make_project_person(project=scene.project, user=leader, role="manager")
    complaint = late(scene)
    escalation.sweep(now=NOW + 3 * HOUR)
    assert leader.name in told(complaint)
    services.name_people(complaint=complaint, people=[leader], actor=scene.quality, now=NOW + 4 * HOUR)
    assert leader.name not in told(complaint)
