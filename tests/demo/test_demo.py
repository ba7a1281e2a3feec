"""The demo obeys every rule, since it is told through the services; here is what it must show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from apps.accounts.models import Role, StaffRole, User
from apps.complaints.models import Analysis, Complaint
from apps.core import timeline
from apps.core.events import declared_events
from apps.core.models import Counter, Event, OutboxItem
from apps.demo import content, sign_ins
from apps.demo.people import PASSWORD
from apps.documents.models import Document
from apps.inspections.models import Visit
from apps.notifications.models import Notification
from apps.notifications.views import topics_for
from apps.projects.models import Equipment, Owner, OwnerPerson, Project
from apps.tickets.models import CoverDecision, Ticket, WorkOrder
from apps.training.models import Attempt, Certificate, Session, TrainingPlan
from apps.warranties.models import Warranty, WarrantyCard


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """Load the demo once for this module, and take it back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=StringIO())
        yield timezone.now()
        transaction.set_rollback(True)


# One process loads it once, however many share the suite.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


def test_demo_has_the_promised_size(loaded: datetime) -> None:
    assert Owner.objects.count() == 4
    assert Project.objects.count() == 6
    assert Project.objects.values("trade").distinct().count() == 6
    assert Equipment.objects.count() == 120
    assert Ticket.objects.count() >= 80
    assert Visit.objects.count() >= 40


@pytest.mark.parametrize(
    ("model", "statuses"),
    [(model, model.Status) for model in (Project, Ticket, WorkOrder, Visit, Document, WarrantyCard)],
)
def test_every_state_occurs(loaded: datetime, model: type[models.Model], statuses: Any) -> None:
    assert set(model._default_manager.values_list("status", flat=True)) == set(statuses.values)


def test_demo_shows_every_kind_of_cover(loaded: datetime) -> None:
    """W-01, W-05, W-19: over, ending soon, a card overdue, and each ground of a decision."""
    today = timezone.localdate(loaded)
    assert Warranty.objects.filter(ends_on__lt=today).exists()
    assert Warranty.objects.filter(ends_on__range=(today, today + timedelta(days=30))).exists()
    assert WarrantyCard.objects.overdue(today).count() == 1
    assert set(CoverDecision.objects.values_list("ground", flat=True)) == set(CoverDecision.Ground.values)


def test_engineers_have_work_in_hand(loaded: datetime) -> None:
    for name in ("zhou", "chen", "li", "wang"):
        order = WorkOrder.objects.filter(engineer__username=name)
        visit = Visit.objects.filter(assigned_to__username=name, status=Visit.Status.UNDER_WAY)
        assert order.going_on().exists() or order.filter(status="finished").exists() or visit.exists(), name
    assert Ticket.objects.filter(status="in_progress", round=2).exists()
    assert Visit.objects.filter(status="assigned", window_ends_on__lt=timezone.localdate(loaded)).exists()


def test_nothing_lies_in_the_future_and_a_year_is_told(loaded: datetime) -> None:
    assert not Event.objects.filter(at__gt=loaded).exists()
    reported = Ticket.objects.aggregate(first=models.Min("reported_at"), last=models.Max("reported_at"))
    assert reported["first"] < loaded - timedelta(days=300)
    assert reported["last"] > loaded - timedelta(hours=1)


def test_numbers_run_without_a_gap(loaded: datetime) -> None:
    """Every series of every year counts from 1 to its counter, in the order of time where that is kept."""
    used: dict[str, list[str]] = {}
    for model, field in ((Project, "number"), (Ticket, "number"), (WorkOrder, "number"), (Visit, "number"),
                         (Equipment, "asset_code"), (Session, "number"), (TrainingPlan, "number"),
                         (Certificate, "number"), (Complaint, "number"), (Analysis, "number")):  # fmt: skip
        for number in model._default_manager.exclude(**{field: ""}).values_list(field, flat=True):  # type: ignore[attr-defined]
            used.setdefault(number.rpartition("-")[0], []).append(number)
    for number in Document.objects.filter(type="warranty_card").values_list("number", flat=True):
        used.setdefault(number.rpartition("-")[0], []).append(number)
    assert {"FW", "WX", "XJ", "HF", "BX", "GC", "SB"} <= {series.partition("-")[0] for series in used}
    for counter in Counter.objects.all():
        series = f"{counter.series}-{counter.year}" if counter.year else counter.series
        assert sorted(used[series]) == [f"{series}-{n:06d}" for n in range(1, counter.last + 1)]
    tickets = list(Ticket.objects.order_by("number").values_list("reported_at", flat=True))
    assert tickets == sorted(tickets)


def test_a_dozen_documents_are_there_and_the_rest_waits(loaded: datetime) -> None:
    issued = Document.objects.filter(status=Document.Status.ISSUED)
    for kind in ("warranty_card", "repair_sheet", "revisit_report"):
        assert issued.filter(type=kind).count() >= 2
    rendered = Document.objects.exclude(pdf="")
    assert rendered.count() == 12
    for document in rendered:
        with document.pdf.open() as file:
            assert file.read(5) == b"%PDF-"
    waiting = OutboxItem.objects.filter(status=OutboxItem.Status.WAITING, kind="documents.render").count()
    assert waiting == Document.objects.filter(status=Document.Status.ISSUING).count() > 0


def test_signatures_are_under_what_was_shown(loaded: datetime) -> None:
    """D-05: each signature refers to the content that is kept."""
    signed = Document.objects.exclude(signatures=None).prefetch_related("signatures")
    assert signed.count() > 50
    for document in signed:
        assert {signature.content_sha256 for signature in document.signatures.all()} == {document.content_sha256}


def test_second_load_changes_nothing(loaded: datetime) -> None:
    before = (Event.objects.count(), Document.objects.count(), User.objects.count())
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "already there" in out.getvalue()
    assert (Event.objects.count(), Document.objects.count(), User.objects.count()) == before


def test_everybody_in_the_table_signs_in(loaded: datetime) -> None:
    lines = sign_ins.sign_ins()
    assert {role for (role,) in StaffRole.objects.values_list("role")} == set(Role.values)
    for line in lines:
        assert authenticate(None, username=line["username"], password=PASSWORD), line["username"]
        assert line["username"] in sign_ins.table()
    invited = OwnerPerson.objects.exclude(user__username__in=[line["username"] for line in lines]).get()
    assert not invited.user.has_usable_password()
    limited = OwnerPerson.objects.filter(all_projects=False).first()
    assert limited is not None
    assert list(Project.objects.visible_to(limited.user)) == list(limited.projects.all())


def test_no_story_is_told_twice(loaded: datetime) -> None:
    texts = WorkOrder.objects.exclude(cause_note="").filter(round=1).values_list("work_done", flat=True)
    done = [text for text in texts if text]
    assert len(done) >= 30
    assert len(set(done)) == len(done)
    assert len(content.repairs()) >= 30
    assert Visit.objects.exclude(running_state="").values("running_state").distinct().count() >= 15


def test_demo_shows_training(loaded: datetime) -> None:
    """A class held with certificates, one open, a failing with its resit, somebody to coach (T-01 … T-05)."""
    assert {"closed", "open"} <= set(Session.objects.values_list("status", flat=True))
    assert Certificate.objects.count() >= 3
    assert {"passed", "failed", "coached"} <= set(Attempt.objects.values_list("status", flat=True))


def test_people_may_choose_every_topic_that_reaches_them(loaded: datetime) -> None:
    """Nobody is told of a topic that their own choices leave out."""
    told = Notification.objects.values_list("user", "topic").distinct()
    people = User.objects.prefetch_related("staff_roles").in_bulk({pk for pk, _topic in told})
    offered = {pk: {topic.name for topic in topics_for(person)} for pk, person in people.items()}
    assert not {(people[pk].username, topic) for pk, topic in told if topic not in offered[pk]}


def test_histories_read_as_words(loaded: datetime) -> None:
    """Every kind of event has a title; no line is a bare number or says a name twice."""
    assert not set(Event.objects.values_list("name", flat=True)) - set(declared_events())
    reader = User.objects.get(username="quality")
    odd = set()
    newest = {name: pk for pk, name in Event.objects.order_by("pk").values_list("pk", "name")}
    for event in Event.objects.filter(pk__in=newest.values()).select_related("actor").prefetch_related("subject"):
        for line in timeline.of(event.subject, reader, limit=20) if event.subject is not None else ():
            said = {str(line.event.actor), str(line.subject)}
            if re.fullmatch(r"[\d.]+", line.note) or said & set(line.note.split(timeline.SEPARATOR)):
                odd.add(f"{line.event.name}: {line.event.actor} · {line.note}")
    assert not odd
