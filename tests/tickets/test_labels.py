"""Reporting from the label on a piece of equipment, without an account (R-01, model "anyone by QR label")."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.projects.models import Equipment
from apps.tickets import labels, waiting_photos
from apps.tickets.models import Message, PendingPhoto, Ticket
from tests import factories as make

REPORT = {
    "kind": "fault",
    "title": "配电箱冒烟",
    "description": "有焦糊味",
    "contact_name": "路人",
    "contact_phone": "13700000000",
}


@pytest.fixture(autouse=True)
def forget_addresses() -> None:
    cache.clear()


@pytest.fixture
def page(world: Any) -> str:
    return reverse("tickets:label", args=[world.row(Equipment).label_token])


def test_label_shows_equipment_and_nothing_private(world: Any, client_of: Any, page: str) -> None:
    """Anyone can photograph a label: no owner, no project, no people, no other reporter's words or number to call."""
    html = client_of(None).get(page).content.decode()
    ticket = world.row(Ticket)
    assert world.row(Equipment).name in html
    private = [world.owner.name, world.project.name, world.engineer.name, ticket.title, ticket.contact_phone]
    assert [word for word in private if word in html] == []


def test_report_gets_a_number_and_a_tracking_page_at_once(world: Any, client_of: Any, page: str) -> None:
    """R-01: a number at once, accepted round the clock; the tracking page names nobody."""
    answer = client_of(None).post(page, REPORT)
    ticket = Ticket.objects.latest("pk")
    assert answer.headers["Location"] == reverse("tickets:track", args=[ticket.tracking_token])
    assert (ticket.channel, ticket.opened_by, ticket.project) == ("qr_code", None, world.project)
    html = client_of(None).get(answer.headers["Location"]).content.decode()
    assert ticket.number in html
    assert "路人" not in html
    assert "13700000000" not in html
    assert ticket.cover_decisions.count() == 1


def test_report_sent_twice_is_one_request(client_of: Any, page: str) -> None:
    browser = client_of(None)
    before = Ticket.objects.count()
    answers = [browser.post(page, REPORT | {"submission_key": "one-key"}).headers["Location"] for _try in range(2)]
    assert Ticket.objects.count() == before + 1
    assert answers[0] == answers[1]


def test_same_fault_adds_a_word_to_the_open_request(world: Any, client_of: Any, page: str) -> None:
    """Experience: "join" instead of a second request for one fault."""
    ticket = world.row(Ticket)
    before = Ticket.objects.count()
    client_of(None).post(page, REPORT | {"same": str(ticket.pk)})
    assert Ticket.objects.count() == before
    assert "13700000000" in Message.objects.latest("pk").body


def test_photos_of_a_refused_report_come_with_the_request_and_are_not_asked_for_again(
    client_of: Any, page: str
) -> None:
    """Experience, "Words": nobody else's form finds them, and one that was ticked stays out."""
    browser, key = client_of(None), {"submission_key": "a-key"}
    for name in ("smoke.png", "dark.png"):
        photo = SimpleUploadedFile(name, make.jpeg(40, 30 if name == "dark.png" else 20), "image/png")
        refused = browser.post(page, REPORT | key | {"title": "", "photos": [photo]})
    html = refused.content.decode()
    assert "smoke.png" in html and "dark.png" in html
    assert "smoke.png" not in browser.post(page, REPORT | {"title": "", "submission_key": "b"}).content.decode()
    dark = PendingPhoto.objects.get(original_name="dark.png")
    browser.post(page, REPORT | key | {"leave_out": [str(dark.pk)]})
    assert [photo.original_name for photo in Ticket.objects.latest("pk").photos.all()] == ["smoke.png"]


def test_photos_of_nobody_known_are_kept_up_to_a_limit(
    client_of: Any, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who cannot be asked fills no disk."""
    monkeypatch.setattr(waiting_photos, "MAX_OF_NOBODY", 1)
    for key in ("one", "two"):
        photo = SimpleUploadedFile("a.jpg", make.jpeg(40, 30), "image/jpeg")
        client_of(None).post(page, REPORT | {"title": "", "submission_key": key, "photos": [photo]})
    assert [photo.key for photo in PendingPhoto.objects.filter(uploaded_by=None)] == ["one"]


def test_photos_come_with_a_word_added_to_an_open_request(world: Any, client_of: Any, page: str) -> None:
    ticket = world.row(Ticket)
    photo = SimpleUploadedFile("smoke.jpg", make.jpeg(40, 30), "image/jpeg")
    client_of(None).post(page, REPORT | {"same": str(ticket.pk), "photos": [photo]})
    assert [photo.original_name for photo in Message.objects.latest("pk").photos.all()] == ["smoke.jpg"]


def test_foreign_request_cannot_be_joined(world: Any, client_of: Any, page: str) -> None:
    """An id of another project in a public form is no way into its conversation."""
    foreign = world.foreign[Ticket]
    before = foreign.messages.count()
    client_of(None).post(page, REPORT | {"same": str(foreign.pk)})
    assert foreign.messages.count() == before


def test_many_reports_from_one_label_are_slowed_down_and_keep_what_was_typed(client_of: Any, page: str) -> None:
    answers = [client_of(None).post(page, REPORT) for _try in range(labels.REPORTS_A_LABEL + 1)]
    assert [answer.status_code for answer in answers] == [302] * labels.REPORTS_A_LABEL + [422]
    assert "配电箱冒烟" in answers[-1].content.decode()


def test_guessed_label_and_guessed_tracking_link_are_not_found(client_of: Any, world: Any) -> None:
    browser = client_of(None)
    assert browser.get(reverse("tickets:label", args=["guess"])).status_code == 404
    assert browser.get(reverse("tickets:track", args=["guess"])).status_code == 404


@pytest.mark.parametrize("same", ["²", "9" * 40, "-1", "x"])
def test_same_fault_as_none_is_a_new_request(client_of: Any, page: str, same: str) -> None:
    before = Ticket.objects.count()
    assert client_of(None).post(page, REPORT | {"same": same}).status_code == 302
    assert Ticket.objects.count() == before + 1
