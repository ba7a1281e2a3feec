"""What was done without a connection and is sent later: acts once, says honestly when, and is refused with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.lifecycle import machines
from apps.core.models import Event
from apps.core.pages import FormPage
from apps.core.pages.kept import LONGEST
from apps.core.timeline import of
from apps.tickets.models import WorkOrder, WorkOrderPhoto
from tests import factories as make
from tests.factories.base import PNG

pytestmark = pytest.mark.django_db
S = WorkOrder.Status


@pytest.fixture
def engineer() -> Any:
    return make.make_staff("engineer")


@pytest.fixture
def order(engineer: Any) -> WorkOrder:
    make.make_company()
    ticket = make.make_ticket()
    make.make_project_person(project=ticket.project, user=engineer)
    return make.make_work_order(ticket=ticket, engineer=engineer, status=S.ACCEPTED)


@pytest.fixture
def phone(engineer: Any) -> Client:
    client = Client()
    client.force_login(engineer)
    return client


def step_of(order: WorkOrder, name: str) -> str:
    return reverse("core:step", args=["tickets.workorder", order.pk, name])


def send(phone: Client, url: str, *, key: str = "k1", done_at: str = "", **fields: Any) -> Any:
    """Send as the script does that keeps forms."""
    done_at = done_at or timezone.now().isoformat()
    return phone.post(url, {"submission_key": key, **fields}, headers={"X-Done-At": done_at})


def events(order: WorkOrder) -> list[Event]:
    return list(Event.objects.about(order))


def test_step_sent_twice_with_its_key_acts_once_and_is_answered_alike(phone: Client, order: WorkOrder) -> None:
    """The answer was lost on the way: the device sends again."""
    first, second = (send(phone, step_of(order, "depart")) for _ in range(2))
    assert first.status_code == second.status_code == 204
    assert first["X-Location"] == second["X-Location"] == order.get_absolute_url()
    assert [event.name for event in events(order)] == ["tickets.workorder.depart"]


def test_page_that_sent_a_form_and_the_device_that_sends_it_again_act_once(phone: Client, order: WorkOrder) -> None:
    """Double click, second tab: whoever comes first acts, the key is the same."""
    assert phone.post(step_of(order, "depart"), {"submission_key": "k1"}).status_code == 302
    assert send(phone, step_of(order, "depart")).status_code == 204
    assert len(events(order)) == 1


def test_steps_photos_and_end_arrive_in_their_order(phone: Client, order: WorkOrder) -> None:
    """R-11: a job done in a basement is finished when the connection is back."""
    url = reverse("tickets:order_photo", args=[order.pk])

    def photo(slot: str, key: str) -> Any:
        return send(phone, url, key=key, slot=slot, photos=SimpleUploadedFile("a.png", PNG, "image/png"))

    answers = [
        send(phone, step_of(order, "depart"), key="a"),
        send(phone, step_of(order, "arrive"), key="b"),
        photo("before", "c"),
        send(phone, step_of(order, "start"), key="d"),
        photo("after", "e"),
        photo("after", "e"),
        send(
            phone,
            reverse("tickets:order_finish", args=[order.pk]),
            key="f",
            cause="ageing",
            work_done="更换端子",
            result="restored",
        ),
    ]
    assert [answer.status_code for answer in answers] == [204] * 7
    order.refresh_from_db()
    assert order.status == S.FINISHED
    assert WorkOrderPhoto.objects.filter(work_order=order).count() == 2


def test_end_of_the_work_that_lacks_something_is_refused_with_what_is_missing(phone: Client, order: WorkOrder) -> None:
    """What was typed is kept on the server all the same; the key is not used up."""
    order = make.make_work_order(ticket=order.ticket, engineer=order.engineer, status=S.WORKING)
    url = reverse("tickets:order_finish", args=[order.pk])
    answer = send(phone, url, work_done="更换端子")
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert len(answer.text) > 10
    order.refresh_from_db()
    assert (order.status, order.work_done) == (S.WORKING, "更换端子")


def test_step_that_came_too_late_is_refused_with_how_it_stands(phone: Client, order: WorkOrder) -> None:
    """Somebody else cancelled the order meanwhile."""
    WorkOrder.objects.filter(pk=order.pk).update(status=S.CANCELLED)
    answer = send(phone, step_of(order, "depart"))
    assert answer.status_code == 422
    assert str(order.Status.CANCELLED.label) in answer.text
    assert not events(order)


def test_order_given_to_another_is_refused(phone: Client, order: WorkOrder) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(engineer=make.make_staff("engineer"))
    assert send(phone, step_of(order, "depart")).status_code in {403, 404}
    assert not events(order)


def test_step_happened_when_it_was_taken_and_says_when_it_reached_us(
    phone: Client, order: WorkOrder, engineer: Any
) -> None:
    """A promise is completed by what happened, which an engineer without signal reports later (model, Meanings)."""
    done = timezone.now() - timedelta(hours=3)
    send(phone, step_of(order, "depart"), done_at=done.isoformat())
    [event] = events(order)
    order.refresh_from_db()
    assert event.at == order.departed_at == done
    [line] = of(order, engineer, limit=5)
    assert line.at == done
    assert line.received_at and line.received_at - done > timedelta(hours=2, minutes=59)


def test_promise_kept_without_a_connection_is_kept_though_the_sweep_has_missed_it_meanwhile(
    phone: Client, order: WorkOrder
) -> None:
    """The arrival was in time and told after the due time: the clock is met, and nobody is blamed."""
    now = timezone.now()
    clock = make.make_clock(
        subject=order.ticket,
        started_at=now - timedelta(hours=5),
        due_at=now - timedelta(hours=1),
        state="missed",
        missed_at=now - timedelta(hours=1),
    )
    send(phone, step_of(order, "depart"), key="a", done_at=(now - timedelta(hours=3)).isoformat())
    send(phone, step_of(order, "arrive"), key="b", done_at=(now - timedelta(hours=2)).isoformat())
    clock.refresh_from_db()
    assert (clock.state, clock.stopped_at, clock.missed_at) == ("met", now - timedelta(hours=2), None)


def test_nothing_happens_before_the_last_that_is_known_of_the_job(phone: Client, order: WorkOrder) -> None:
    """A clock set back by hand gains at most the time since the step before."""
    now = timezone.now()
    send(phone, step_of(order, "depart"), key="a", done_at=(now - timedelta(hours=1)).isoformat())
    send(phone, step_of(order, "arrive"), key="b", done_at=(now - timedelta(hours=9)).isoformat())
    order.refresh_from_db()
    assert order.arrived_at == order.departed_at == now - timedelta(hours=1)


def test_only_the_steps_of_a_job_take_the_time_of_a_device(phone: Client, order: WorkOrder) -> None:
    """Everything else happens when it reaches us: accepting, an exam handed in, a link that has run out."""
    WorkOrder.objects.filter(pk=order.pk).update(status=S.ISSUED, accepted_at=None)
    done = timezone.now() - timedelta(hours=3)
    send(phone, step_of(order, "accept"), done_at=done.isoformat())
    [event] = events(order)
    assert event.at > done + timedelta(hours=2)
    assert "received_at" not in event.data
    told_later = {edge.event_name for edges in machines().values() for edge in edges.values() if edge.takes_device_time}
    assert told_later == {
        "inspections.visit.start",
        "tickets.workorder.arrive",
        "tickets.workorder.depart",
        "tickets.workorder.start",
    }
    assert {page.__name__ for page in _all_pages() if page.takes_device_time} == {
        "AddPhotos",
        "OrderFinish",
        "OrderPhotos",
        "OrderRecord",
        "RecordPage",
        "RecordVisit",
        "SignOnSite",
    }


def _all_pages(base: Any = FormPage) -> set[Any]:
    return {page for one in base.__subclasses__() for page in {one, *_all_pages(one)}}


@pytest.mark.parametrize(
    "done_at",
    [
        timedelta(days=2),
        -LONGEST - timedelta(days=1),
        timedelta(0),
        "yesterday",
        "9999-99-99",
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59-14:00",
    ],
    ids=["to come", "long ago", "this moment", "no time", "no date", "first year", "last year"],
)
def test_clock_of_a_device_that_cannot_be_right_is_not_taken(
    phone: Client, order: WorkOrder, done_at: str | timedelta
) -> None:
    told = done_at if isinstance(done_at, str) else (timezone.now() + done_at).isoformat()
    assert send(phone, step_of(order, "depart"), done_at=told).status_code == 204
    [event] = events(order)
    assert "received_at" not in event.data
    assert timezone.now() - event.at < timedelta(minutes=1)


def test_whoever_is_signed_out_is_led_to_sign_in_and_nothing_acts(order: WorkOrder) -> None:
    """The device keeps it and says: sign in again."""
    answer = send(Client(), step_of(order, "depart"))
    assert answer.status_code == 302
    assert not events(order)


def test_another_person_on_the_same_phone_does_not_act_for_the_first(order: WorkOrder) -> None:
    other = Client()
    other.force_login(make.make_staff("engineer"))
    assert send(other, step_of(order, "depart")).status_code in {403, 404}
    assert not events(order)


def test_page_of_a_job_carries_the_next_steps_along(phone: Client, order: WorkOrder) -> None:
    """Without a connection no page comes: arrive, start, photos, record and finish stand on it, hidden."""
    text = phone.get(order.get_absolute_url()).text
    for name in ("depart", "arrive", "start"):
        assert f'action="{step_of(order, name)}"' in text
    assert f'data-after="{step_of(order, "arrive")}" hidden' in text
    assert reverse("tickets:order_finish", args=[order.pk]) in text
