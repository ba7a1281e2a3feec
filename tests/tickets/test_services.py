"""Opening, dispatch, record, photos, conversation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import Role
from apps.core.errors import DomainError, IllegalTransition
from apps.core.models import Event
from apps.core.scoping import Audience
from apps.notifications.models import Notification
from apps.projects.models import Project, ProjectPerson
from apps.projects.services import set_project_people
from apps.tickets import lifecycle, progress, services, suggestions, waiting_photos
from apps.tickets.emergencies import raise_alarm
from apps.tickets.models import CoverDecision, Message, PendingPhoto, Ticket, TicketPhoto, WorkOrder
from apps.warranties.models import Warranty
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW


def open_ticket(scene: Scene, **changes: Any) -> Ticket:
    values = {
        "project": scene.project,
        "equipment": scene.equipment,
        "kind": "fault",
        "level": 3,
        "title": "水泵停机",
        "description": "",
        "channel": "portal",
        "contact_name": "张伟",
        "contact_phone": "13900005217",
        "began_at": None,
        "photos": [],
        "actor": scene.owner,
        "now": NOW,
    }
    return services.open_ticket(**values | changes)


# --- opening ---


def test_request_gets_its_number_and_its_decision_at_once(scene: Scene) -> None:
    """R-01, W-19: number, cover, photos and the event in one go; dispatch is told."""
    ticket = open_ticket(scene, photos=[make.accepted()])
    assert ticket.number == "FW-2026-000001"
    decision = ticket.cover_decisions.get()
    assert decision.is_covered and decision.ground == "in_force" and decision.decided_by == scene.owner
    assert ticket.photos.count() == 1
    assert Notification.objects.filter(user=scene.customer_service).exists()
    assert open_ticket(scene).number == "FW-2026-000002"


def test_cover_is_decided_by_the_day_the_fault_began(scene: Scene) -> None:
    """W-01, W-19: reported after the end, begun before it: covered."""
    ended = NOW.date() - timedelta(days=2)
    Warranty.objects.filter(project=scene.project).update(ends_on=ended)
    before = open_ticket(scene, began_at=NOW - timedelta(days=3)).cover_decisions.get()
    after = open_ticket(scene).cover_decisions.get()
    assert (before.is_covered, after.is_covered) == (True, False)
    assert after.ground == "expired" and after.covered_until == ended


def test_no_warranty_is_a_decision_too(scene: Scene) -> None:
    Warranty.objects.all().delete()
    decision = open_ticket(scene).cover_decisions.get()
    assert (decision.is_covered, decision.ground, decision.warranty) == (False, "no_warranty", None)


def test_later_decision_does_not_overwrite_the_first(scene: Scene) -> None:
    """W-19: the warranty changes, what was decided stays; a new decision is a new row."""
    ticket = open_ticket(scene)
    first = ticket.cover_decisions.values().get()
    Warranty.objects.filter(project=scene.project).update(ends_on=NOW.date() - timedelta(days=1))
    make.make_cover_decision(ticket=ticket, is_covered=False, ground="expired", decided_at=NOW + timedelta(hours=1))
    assert CoverDecision.objects.filter(pk=first["id"]).values().get() == first
    assert [decision.is_covered for decision in ticket.cover_decisions.all()] == [False, True]


def test_equipment_of_another_project_is_refused(scene: Scene) -> None:
    with pytest.raises(DomainError) as refused:
        open_ticket(scene, equipment=make.make_equipment())
    assert refused.value.field == "equipment"
    assert not Ticket.objects.exists()


def test_fault_in_the_future_is_refused(scene: Scene) -> None:
    with pytest.raises(DomainError) as refused:
        open_ticket(scene, began_at=NOW + timedelta(minutes=1))
    assert refused.value.field == "began_at"


@pytest.mark.parametrize("who", ["other owner", "stranger", "trainer", "storekeeper", "finance", "quality"])
def test_who_may_not_opens_nothing(who: str, scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        open_ticket(scene, actor=scene.people[who])
    assert not Ticket.objects.exists()


def test_registered_call_is_acknowledged_by_who_took_it(scene: Scene) -> None:
    """R-04: an owner who spoke to a person has been heard."""
    values = {"project": scene.project, "equipment": None, "kind": "fault", "level": 2, "title": "停机"}
    values |= {"description": "", "channel": "hotline", "contact_name": "李芳", "contact_phone": "1", "began_at": None}
    ticket = services.register_call(**values, photos=[], actor=scene.customer_service, now=NOW)
    assert ticket.status == Ticket.Status.ACKNOWLEDGED


# --- dispatch ---


def send(ticket: Ticket, scene: Scene, **changes: Any) -> WorkOrder:
    values = {
        "ticket": ticket,
        "mode": "field",
        "engineer": scene.engineer,
        "appointment_from": NOW + timedelta(hours=1),
        "appointment_to": NOW + timedelta(hours=3),
        "briefing": "带风扇",
        "actor": scene.customer_service,
        "now": NOW,
    }
    return services.dispatch(**values | changes)


def test_dispatched_engineer_serves_the_project_from_now_on(scene: Scene) -> None:
    """R-07 and the model, “People”: written by dispatch and kept afterwards."""
    ticket = open_ticket(scene)
    assert scene.project not in Project.objects.visible_to(scene.stranger)
    order = send(ticket, scene, engineer=scene.stranger)
    ticket.refresh_from_db()
    assert order.number == "WX-2026-000001" and order.round == ticket.round == 1
    assert ticket.status == Ticket.Status.IN_PROGRESS
    assert ProjectPerson.objects.filter(project=scene.project, user=scene.stranger).exists()
    assert scene.project in Project.objects.visible_to(scene.stranger)
    told = set(Notification.objects.filter(event__name="tickets.workorder.issued").values_list("user", flat=True))
    assert told == {scene.owner.pk, scene.stranger.pk}


def test_second_dispatch_leaves_the_role_in_the_project_alone(scene: Scene) -> None:
    manager = ProjectPerson.objects.get(project=scene.project, role="manager").user
    send(open_ticket(scene), scene, engineer=manager)
    assert ProjectPerson.objects.get(project=scene.project, user=manager).role == "manager"


@pytest.mark.parametrize("minutes", [0, -30])
def test_appointment_must_end_after_it_begins(minutes: int, scene: Scene) -> None:
    begin = NOW + timedelta(hours=1)
    with pytest.raises(DomainError) as refused:
        send(open_ticket(scene), scene, appointment_from=begin, appointment_to=begin + timedelta(minutes=minutes))
    assert refused.value.field == "appointment_to"


def test_request_that_is_over_is_not_dispatched(scene: Scene) -> None:
    ticket = make.make_ticket(project=scene.project, status=Ticket.Status.CLOSED)
    with pytest.raises(IllegalTransition):
        send(ticket, scene)


@pytest.mark.parametrize("who", ["engineer", "technical support", "owner", "quality"])
def test_only_customer_service_and_manager_dispatch(who: str, scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        send(open_ticket(scene), scene, actor=scene.people[who])


def test_suggestion_is_the_manager_unless_busy_then(scene: Scene) -> None:
    """R-07: the project's own manager; if gone, the next who is free. The reasons are said."""
    ticket = open_ticket(scene)
    begin, end = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
    manager = ProjectPerson.objects.get(project=scene.project, role="manager").user
    found = suggestions.candidates(ticket, begin, end)
    assert found[0].user == manager and suggestions.suggested(found) is found[0]
    assert found[-1].standing.serves is False

    send(open_ticket(scene), scene, engineer=manager)
    found = suggestions.candidates(ticket, begin, end)
    best = suggestions.suggested(found)
    assert found[0].user == manager and found[0].standing.load == 1
    assert best is not None and best.user != manager and best.standing.serves
    assert all(candidate.reasons for candidate in found)


def test_triage_is_told_and_refused_once_it_is_over(scene: Scene) -> None:
    ticket = open_ticket(scene)
    services.triage(ticket=ticket, kind="emergency", level=1, actor=scene.manager, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.level) == ("emergency", 1)
    changes = Event.objects.about(ticket).get(name="tickets.ticket.changed").data["changes"]
    assert changes == {"kind": ["fault", "emergency"], "level": [3, 1]}
    lifecycle.cancel(ticket, actor=scene.manager, now=NOW, reason="重复")
    with pytest.raises(IllegalTransition):
        services.triage(ticket=ticket, kind="fault", level=2, actor=scene.manager, now=NOW)


@pytest.mark.parametrize("how", ["triage", "alarm"])
def test_danger_on_an_open_request_reaches_the_crew_at_once(scene: Scene, how: str) -> None:
    """R-18: who dispatches and who is on the way are told as of a new emergency, at night too."""
    ticket = open_ticket(scene)
    send(ticket, scene)
    before = Notification.objects.count()
    if how == "triage":
        services.triage(ticket=ticket, kind="fault", level=2, actor=scene.manager, now=NOW)
        assert Notification.objects.count() == before, "no emergency: nobody is woken"
        services.triage(ticket=ticket, kind="emergency", level=1, actor=scene.manager, now=NOW)
    else:
        words = {"title": "有危险", "description": "灯杆漏电", "contact_name": "林主任", "contact_phone": "139"}
        raise_alarm(project=scene.project, ticket=ticket, actor=scene.owner, now=NOW, **words)
    event = Event.objects.about(ticket).filter(name="tickets.ticket.changed").latest("pk")
    told = set(Notification.objects.filter(event=event).values_list("user", flat=True))
    assert {scene.customer_service.pk, scene.engineer.pk} <= told
    assert event.data["urgent"] is True


def test_engineer_taken_off_a_project_keeps_the_orders_there(scene: Scene) -> None:
    """What somebody was sent to stays theirs to finish and to read, whatever they were to the project."""
    sent, unsent = make.make_staff(Role.ENGINEER), make.make_staff(Role.ENGINEER)
    people = {"manager": scene.manager, "actor": scene.manager, "now": NOW}
    set_project_people(scene.project, engineers=[sent, unsent], **people)
    order = send(open_ticket(scene), scene, engineer=sent)
    set_project_people(scene.project, **people)
    assert WorkOrder.objects.visible_to(sent).filter(pk=order.pk).exists()
    assert scene.project.people.get(user=sent).role == ProjectPerson.Role.ENGINEER
    assert not scene.project.people.filter(user=unsent).exists()


# --- the record ---


@pytest.fixture
def order(scene: Scene) -> WorkOrder:
    ticket = make.make_ticket(project=scene.project, status="in_progress", equipment=scene.equipment)
    return make.make_work_order(ticket=ticket, engineer=scene.engineer, status="working")


def test_record_is_kept_in_parts_and_the_same_again_changes_nothing(order: WorkOrder, scene: Scene) -> None:
    services.record_work(order=order, values={"cause": "ageing"}, actor=scene.engineer, now=NOW)
    services.record_work(order=order, values={"work_done": "更换"}, actor=scene.engineer, now=NOW)
    first = WorkOrder.objects.filter(pk=order.pk).values().get()
    services.record_work(
        order=order, values={"cause": "ageing", "work_done": "更换", "status": "signed"}, actor=scene.engineer, now=NOW
    )
    assert WorkOrder.objects.filter(pk=order.pk).values().get() == first
    assert (first["cause"], first["work_done"], first["status"]) == ("ageing", "更换", "working")


@pytest.mark.parametrize("status", ["issued", "departed", "finished", "signed", "unsigned", "cancelled", "declined"])
def test_record_is_closed_before_arrival_and_once_finished(status: str, scene: Scene) -> None:
    """D-05: what was put before the owner is not changed."""
    ticket = make.make_ticket(project=scene.project, status="in_progress")
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=status)
    photo = make.make_order_photo(work_order=order)
    before = WorkOrder.objects.filter(pk=order.pk).values().get()
    for write in (
        lambda: services.record_work(order=order, values={"cause": "power"}, actor=scene.engineer, now=NOW),
        lambda: services.add_order_photos(
            order=order, slot="after", photos=[make.accepted()], actor=scene.engineer, now=NOW
        ),
        lambda: services.remove_order_photo(photo=photo, actor=scene.engineer),
    ):
        with pytest.raises(IllegalTransition):
            write()
    assert WorkOrder.objects.filter(pk=order.pk).values().get() == before
    assert order.photos.count() == 1


@pytest.mark.parametrize("who", ["other engineer", "manager", "owner", "technical support"])
def test_only_the_assigned_engineer_records(who: str, order: WorkOrder, scene: Scene) -> None:
    actor = scene.people[who]
    photo = make.make_order_photo(work_order=order)
    for write in (
        lambda: services.record_work(order=order, values={"cause": "power"}, actor=actor, now=NOW),
        lambda: services.add_order_photos(order=order, slot="after", photos=[make.accepted()], actor=actor, now=NOW),
        lambda: services.remove_order_photo(photo=photo, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_same_photo_sent_twice_is_kept_once_in_its_slot(order: WorkOrder, scene: Scene) -> None:
    """Traps, “Phone”: sent again after reconnecting."""
    for slot in ("before", "before", "after"):
        kept = services.add_order_photos(
            order=order, slot=slot, photos=[make.accepted()], actor=scene.engineer, now=NOW
        )
        assert len(kept) == 1
    assert sorted(order.photos.values_list("slot", flat=True)) == ["after", "before"]


# --- conversation ---


def test_owner_sees_neither_staff_notes_nor_their_photos_nor_their_events(scene: Scene) -> None:
    """D-04, audience: not the note, not its picture, not that there was one; nobody of theirs is told."""
    ticket = open_ticket(scene)
    Notification.objects.all().delete()
    note = services.write_message(
        ticket=ticket, body="备件紧张", for_staff=True, photos=[make.accepted()], actor=scene.manager, now=NOW
    )
    services.write_message(ticket=ticket, body="已安排", for_staff=False, actor=scene.manager, now=NOW)
    assert note.audience == Audience.STAFF
    assert [message.body for message in Message.objects.visible_to(scene.owner)] == ["已安排"]
    assert Message.objects.visible_to(scene.engineer).count() == 2
    assert not TicketPhoto.objects.visible_to(scene.owner).exists()
    assert TicketPhoto.objects.visible_to(scene.engineer).exists()
    told = Event.objects.visible_to(scene.owner).filter(name="tickets.ticket.message")
    assert [event.data["note"] for event in told] == ["已安排"]
    assert Notification.objects.filter(user=scene.owner).count() == 1


def test_owner_cannot_write_a_staff_note(scene: Scene) -> None:
    message = services.write_message(ticket=open_ticket(scene), body="急", for_staff=True, actor=scene.owner, now=NOW)
    assert message.audience == Audience.OWNER


# --- photos that wait ---


def test_waiting_photos_become_the_requests_own_once(scene: Scene) -> None:
    first, second = make.accepted(), make.accepted(make.jpeg(50, 50))
    for _attempt in range(2):
        waiting_photos.keep_pending_photos(photos=[first, second], key="k", actor=scene.owner, now=NOW)
    waiting = list(waiting_photos.pending_photos(key="k", actor=scene.owner))
    assert len(waiting) == 2
    ticket = open_ticket(scene, waiting=waiting, photos=[first])
    assert {photo.sha256 for photo in ticket.photos.all()} == {first.sha256, second.sha256}
    assert ticket.photos.count() == 2 and not PendingPhoto.objects.exists()
    assert all(photo.file.storage.exists(photo.file.name) for photo in ticket.photos.all())


def test_waiting_photos_are_their_senders_alone_and_go_after_a_while(scene: Scene) -> None:
    waiting_photos.keep_pending_photos(photos=[make.accepted()], key="k", actor=scene.owner, now=NOW)
    photo = PendingPhoto.objects.get()
    assert not waiting_photos.pending_photos(key="k", actor=scene.manager).exists()
    assert not PendingPhoto.objects.visible_to(scene.manager).exists()
    assert not waiting_photos.pending_photos(key="", actor=scene.owner).exists()
    assert waiting_photos.clear_pending(now=NOW + waiting_photos.PENDING_FOR) == 0
    assert waiting_photos.clear_pending(now=NOW + waiting_photos.PENDING_FOR + timedelta(seconds=1)) == 1
    assert not photo.file.storage.exists(photo.file.name)


# --- queues and progress ---


def test_to_dispatch_are_open_requests_with_nobody_under_way(scene: Scene) -> None:
    fresh = open_ticket(scene)
    sent = open_ticket(scene)
    send(sent, scene)
    declined = make.make_ticket(project=scene.project, status="in_progress")
    make.make_work_order(ticket=declined, engineer=scene.engineer, status="declined")
    make.make_ticket(project=scene.project, status="closed")
    assert set(Ticket.objects.to_dispatch()) == {fresh, declined}


def test_progress_tells_what_happened_and_what_comes(scene: Scene) -> None:
    ticket = open_ticket(scene)
    order = send(ticket, scene, now=NOW + timedelta(minutes=5))
    ticket.refresh_from_db()
    steps = progress.happened(ticket, [order], scene.owner)
    assert [str(step.title) for step in steps] == ["已报修", "已派工"]
    assert [str(step) for step in progress.to_come(ticket, [order])] == [str(step) for step in progress.FIELD_WAY[1:]]
    lifecycle.cancel(ticket, actor=scene.manager, now=NOW, reason="重复")
    ticket.refresh_from_db()
    assert progress.to_come(ticket, [order]) == []
