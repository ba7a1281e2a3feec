"""The pages as people use them: forms keep what was typed, the job is recorded and finished, lists stay cheap."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.documents import services as documents
from apps.tickets import services
from apps.tickets.models import PendingPhoto, Ticket, WorkOrder
from tests import factories as make
from tests.access.watch import watched

from .conftest import Scene

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
CREATE = reverse("tickets:create")
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


def photo(colour: str = "#41627c", name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.jpeg(colour=colour), "image/jpeg")


def report(scene: Scene, **changes: Any) -> dict[str, Any]:
    return {
        "submission_key": "key-1",
        "project": scene.project.pk,
        "equipment": scene.equipment.pk,
        "kind": "fault",
        "title": "水泵停机",
        "contact_name": "张伟",
        "contact_phone": "13900005217",
    } | changes


# --- reporting ---


def test_owner_reports_with_a_photo_and_gets_a_number(scene: Scene, client_of: ClientOf) -> None:
    response = client_of(scene.owner).post(CREATE, report(scene, photos=[photo()]))
    ticket = Ticket.objects.get()
    assert response.status_code == 302 and response["Location"] == ticket.get_absolute_url()
    assert (ticket.channel, ticket.level, ticket.opened_by) == ("portal", 3, scene.owner)
    assert ticket.photos.count() == 1


def test_form_comes_prefilled_from_account_project_and_equipment(scene: Scene, client_of: ClientOf) -> None:
    page = client_of(scene.owner).get(f"{CREATE}?equipment={scene.equipment.pk}")
    html = page.content.decode()
    assert f'<option value="{scene.equipment.pk}" selected' in html
    assert f'value="{scene.owner.phone}"' in html and f'value="{scene.owner.name}"' in html
    assert page.context["hints"]["cover"].tone == "ok"


def test_nothing_typed_is_lost_to_an_error_and_photos_need_not_be_chosen_again(
    scene: Scene, client_of: ClientOf
) -> None:
    """“Nothing typed is ever lost to a validation error”: text, choices and photos."""
    client = client_of(scene.owner)
    wrong = report(scene, title="", description="高区压力不足", kind="emergency", photos=[photo(), photo("#a33")])
    page = client.post(CREATE, wrong)
    html = page.content.decode()
    assert page.status_code == 422
    assert "高区压力不足" in html and 'value="emergency" checked' in html
    assert f'<option value="{scene.equipment.pk}" selected' in html
    waiting = list(PendingPhoto.objects.filter(uploaded_by=scene.owner, key="key-1"))
    assert len(waiting) == 2 and all(one.get_absolute_url() in html for one in waiting)

    client.post(CREATE, report(scene, leave_out=[waiting[0].pk]))
    ticket = Ticket.objects.get()
    assert [one.sha256 for one in ticket.photos.all()] == [waiting[1].sha256]


def test_same_report_sent_twice_is_one_request(scene: Scene, client_of: ClientOf) -> None:
    client = client_of(scene.owner)
    first, second = client.post(CREATE, report(scene)), client.post(CREATE, report(scene))
    assert Ticket.objects.count() == 1 and first["Location"] == second["Location"]


def test_without_a_script_the_second_step_narrows_the_equipment(scene: Scene, client_of: ClientOf) -> None:
    other = make.make_equipment(project=make.make_project(owner=scene.project.owner), name="另一台")
    page = client_of(scene.owner).post(
        CREATE, report(scene, project=other.project.pk, equipment="", narrow="1", title="异响", photos=[photo()])
    )
    html = page.content.decode()
    assert page.status_code == 200 and not Ticket.objects.exists()
    assert "另一台" in html and scene.equipment.name not in html
    assert 'value="异响"' in html and PendingPhoto.objects.count() == 1


@pytest.mark.parametrize("field", ["project", "equipment"])
def test_foreign_rows_are_no_choice(field: str, scene: Scene, client_of: ClientOf) -> None:
    foreign = make.make_equipment()
    value = foreign.pk if field == "equipment" else foreign.project_id
    page = client_of(scene.owner).post(CREATE, report(scene, **{field: value}))
    assert page.status_code == 422 and field in page.context["form"].errors
    assert not Ticket.objects.exists()


def test_parts_of_the_form_show_nothing_foreign(scene: Scene, client_of: ClientOf) -> None:
    """Traps, “Who sees what”: an autocomplete and a hint are lists too."""
    foreign = make.make_equipment(name="外人的泵")
    make.make_ticket(equipment=foreign, title="外人的事")
    for name in ("tickets:equipment_options", "tickets:open_hints"):
        query = {"project": foreign.project_id, "equipment": foreign.pk, "began_at": "x"}
        html = client_of(scene.owner).get(reverse(name), query).content.decode()
        assert "外人" not in html


def test_hints_show_cover_of_the_day_and_open_requests_of_the_equipment(scene: Scene, client_of: ClientOf) -> None:
    make.make_ticket(equipment=scene.equipment, title="昨天就报过")
    make.make_ticket(equipment=scene.equipment, title="早修好了", status="closed")
    query = {"project": scene.project.pk, "equipment": scene.equipment.pk, "began_at": "2001-01-01T08:00"}
    html = client_of(scene.owner).get(reverse("tickets:open_hints"), query).content.decode()
    assert "昨天就报过" in html and "早修好了" not in html and "保外" in html


def test_customer_service_registers_and_goes_on_to_dispatch(scene: Scene, client_of: ClientOf) -> None:
    data = report(scene, channel="hotline", level="2", then="dispatch")
    response = client_of(scene.customer_service).post(CREATE, data)
    ticket = Ticket.objects.get()
    assert response["Location"] == reverse("tickets:dispatch", args=[ticket.pk])
    assert (ticket.status, ticket.level, ticket.channel) == ("acknowledged", 2, "hotline")


# --- conversation, dispatch ---


def test_refused_message_keeps_its_photo(scene: Scene, client_of: ClientOf) -> None:
    ticket = make.make_ticket(project=scene.project)
    client, url = client_of(scene.owner), reverse("tickets:message", args=[ticket.pk])
    long = {"submission_key": "m-1", "body": "长" * 4001, "photos": [photo()]}
    assert client.post(url, long).status_code == 422
    assert client.post(url, {"submission_key": "m-1", "body": ""}).status_code == 302
    message = ticket.messages.get()
    assert message.body == "" and message.photos.count() == 1
    assert client.post(url, {"submission_key": "m-2", "body": ""}).status_code == 422


def test_owner_page_holds_no_staff_note(scene: Scene, client_of: ClientOf) -> None:
    ticket = make.make_ticket(project=scene.project)
    services.write_message(
        ticket=ticket, body="内部说明", for_staff=True, actor=scene.manager, now=make.NOW, photos=[make.accepted()]
    )
    page = client_of(scene.owner).get(ticket.get_absolute_url()).content.decode()
    assert "内部说明" not in page and "/files/" not in page
    assert "内部说明" in client_of(scene.manager).get(ticket.get_absolute_url()).content.decode()


def test_dispatch_page_offers_the_suggestion_and_sends(scene: Scene, client_of: ClientOf) -> None:
    ticket = make.make_ticket(equipment=scene.equipment)
    client, url = client_of(scene.customer_service), reverse("tickets:dispatch", args=[ticket.pk])
    page = client.get(url)
    assert page.context["best"].user.name == "陈国栋"
    begin = timezone.localtime() + timedelta(hours=2)
    data = {"engineer": scene.engineer.pk, "mode": "field", "briefing": "带风扇", "submission_key": "d"}
    data |= {"appointment_from": f"{begin:%Y-%m-%dT%H:%M}", "appointment_to": f"{begin:%Y-%m-%dT%H:%M}"}
    refused = client.post(url, data)
    assert refused.status_code == 422 and "带风扇" in refused.content.decode()
    data["appointment_to"] = f"{begin + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert client.post(url, data).status_code == 302
    assert ticket.work_orders.get().engineer == scene.engineer


# --- the job ---


@pytest.fixture
def order(scene: Scene) -> WorkOrder:
    ticket = make.make_ticket(equipment=scene.equipment, status="in_progress")
    return make.make_work_order(ticket=ticket, engineer=scene.engineer, status="working")


def _url(name: str, order: WorkOrder) -> str:
    return reverse(f"tickets:{name}", args=[order.pk])


def test_record_saves_itself_and_says_what_is_missing(order: WorkOrder, scene: Scene, client_of: ClientOf) -> None:
    client = client_of(scene.engineer)
    answer = client.post(_url("order_record", order), {"cause": "ageing", "work_done": "更换风扇"}, **FETCH)
    order.refresh_from_db()
    assert answer.status_code == 200 and answer.content.decode() == "还差 3 项"
    assert (order.cause, order.work_done) == ("ageing", "更换风扇")
    WorkOrder.objects.filter(pk=order.pk).update(status="finished", finished_at=make.NOW)
    late = client.post(_url("order_record", order), {"cause": "power"}, **FETCH)
    assert late.status_code == 422 and late["Content-Type"].startswith("text/plain")


def test_record_works_without_a_script(order: WorkOrder, scene: Scene, client_of: ClientOf) -> None:
    response = client_of(scene.engineer).post(_url("order_record", order), {"work_done": "更换风扇"})
    order.refresh_from_db()
    assert response["Location"] == order.get_absolute_url() and order.work_done == "更换风扇"


def test_photo_goes_up_at_once_and_can_be_taken_back(order: WorkOrder, scene: Scene, client_of: ClientOf) -> None:
    client, url = client_of(scene.engineer), _url("order_photo", order)
    for _sent in range(2):
        answer = client.post(url, {"slot": "before", "photos": [photo()]}, **FETCH)
        assert answer.status_code == 200 and 'id="photos-before"' in answer.content.decode()
    kept = order.photos.get()
    bad = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert client.post(url, {"slot": "after", "photos": [bad]}, **FETCH).status_code == 422
    plain = client.post(url, {"slot": "after", "photos": [photo("#262")]})
    assert plain["Location"].endswith("#photos-after")
    client.post(reverse("tickets:order_photo_remove", args=[kept.pk]))
    assert [one.slot for one in order.photos.all()] == ["after"]


def test_finish_lists_all_that_is_missing_each_leading_to_its_field(
    order: WorkOrder, scene: Scene, client_of: ClientOf
) -> None:
    client = client_of(scene.engineer)
    answer = client.post(_url("order_finish", order), {"work_done": "刚刚填的"}, follow=True)
    html = answer.content.decode()
    order.refresh_from_db()
    assert order.status == "working" and order.work_done == "刚刚填的"
    page = client.get(order.get_absolute_url()).content.decode()
    for place in ("photos-before", "field-cause", "field-result", "photos-after"):
        assert f'href="{order.get_absolute_url()}#{place}"' in html
        assert f'id="{place}"' in page
    assert "#field-work_done" not in html


def test_one_tap_finishes_a_complete_job_and_opens_signing(
    order: WorkOrder, scene: Scene, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    """At most 12 taps: the button sends what was typed last and goes straight on to the signature."""
    for slot in ("before", "after"):
        make.make_order_photo(work_order=order, slot=slot)
    client = client_of(scene.engineer)
    data = {"cause": "ageing", "work_done": "更换风扇", "result": "restored", "submission_key": "f"}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(_url("order_finish", order), data)
    sheet = documents.document_of("repair_sheet", order)
    assert sheet is not None and response["Location"] == reverse("documents:sign", args=[sheet.pk])
    assert sheet.data["work"]["process"] == "更换风扇"
    again = client.post(_url("order_finish", order), data)
    assert again["Location"] == response["Location"]
    assert reverse("documents:unsigned", args=[sheet.pk]) in client.get(order.get_absolute_url()).content.decode()
    assert (
        reverse("documents:sign", args=[sheet.pk])
        in client_of(scene.owner).get(order.ticket.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("name", ["order_record", "order_photo", "order_finish"])
@pytest.mark.parametrize(("who", "status"), [("owner", 403), ("other engineer", 403), ("stranger", 404)])
def test_others_cannot_work_the_order(
    name: str, who: str, status: int, order: WorkOrder, scene: Scene, client_of: ClientOf
) -> None:
    assert client_of(scene.people[who]).post(_url(name, order), {"cause": "power"}).status_code == status


def test_today_frames_the_job_in_hand(order: WorkOrder, scene: Scene, client_of: ClientOf) -> None:
    today = timezone.localtime()
    WorkOrder.objects.filter(pk=order.pk).update(appointment_from=today, appointment_to=today + timedelta(hours=1))
    earlier = make.make_work_order(
        ticket=make.make_ticket(project=scene.project, status="in_progress"),
        engineer=scene.engineer,
        appointment_from=today - timedelta(hours=3),
        appointment_to=today - timedelta(hours=2),
    )
    page = client_of(scene.engineer).get(reverse("tickets:today"))
    assert page.context["in_hand"].order == order
    assert [job.order for job in page.context["jobs"]] == [earlier]
    assert client_of(scene.other_engineer).get(reverse("tickets:today")).context["in_hand"] is None


# --- cost ---


@pytest.mark.parametrize("who", ["owner", "engineer", "customer service", "manager"])
def test_full_pages_stay_within_twelve_queries(who: str, scene: Scene, client_of: ClientOf) -> None:
    """Budget: a request with rounds, orders, photos, messages, in the state that offers most steps."""
    ticket = make.make_ticket(equipment=scene.equipment, status="awaiting_confirmation")
    make.make_cover_decision(ticket=ticket)
    orders = []
    for status in ("signed", "unsigned", "finished"):
        order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=status)
        make.make_order_photo(work_order=order)
        orders.append(order)
    for _n in range(5):
        message = make.make_message(ticket=ticket, author=scene.manager)
        make.make_ticket_photo(ticket=ticket, message=message)
        make.make_event(subject=ticket, actor=scene.manager)
    client = client_of(scene.people[who])
    pages = [ticket.get_absolute_url(), *[order.get_absolute_url() for order in orders], reverse("tickets:list")]
    if who == "customer service":
        new = make.make_ticket(equipment=scene.equipment)
        pages += [reverse("tickets:dispatch", args=[new.pk]), reverse("tickets:order_list"), CREATE]
    if who == "engineer":
        pages += [reverse("tickets:today"), reverse("tickets:order_finish", args=[orders[2].pk])]
    for url in pages:
        client.get(url)
        with watched() as watch:
            assert client.get(url).status_code == 200
        assert len(watch.queries) <= 12, (who, url, len(watch.queries), "\n".join(q[:140] for q in watch.queries))


# --- the page of a piece of equipment ---


@pytest.mark.parametrize(
    ("who", "may_report", "may_print"),
    [("engineer", True, True), ("administrator", False, True), ("owner", True, False), ("auditor", False, False)],
)
def test_equipment_page_offers_report_and_label_to_those_who_may(
    who: str, may_report: bool, may_print: bool, scene: Scene, client_of: ClientOf
) -> None:
    browser = client_of(getattr(scene, who))
    html = browser.get(scene.equipment.get_absolute_url()).content.decode()
    assert (f"{CREATE}?equipment={scene.equipment.pk}" in html) is may_report
    assert (f'action="{reverse("documents:labels")}"' in html) is may_print
    if may_print:
        answer = browser.post(reverse("documents:labels"), {"selected": scene.equipment.pk})
        assert answer.status_code == 302 and "/documents/print/" in answer["Location"]


# --- who signs ---


def test_signing_page_offers_the_contact_and_the_owners_people_first_the_contact(
    scene: Scene, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = make.make_ticket(
        project=scene.project, status=Ticket.Status.IN_PROGRESS, contact_name="值班员老李", contact_phone="13900007788"
    )
    order = make.make_work_order(ticket=ticket, engineer=scene.engineer, status=WorkOrder.Status.FINISHED)
    with django_capture_on_commit_callbacks(execute=True):
        sheet = documents.draft("repair_sheet", order, actor=scene.engineer, now=make.NOW)
    page = client_of(scene.engineer).get(reverse("documents:sign", args=[sheet.pk]))
    names = [one["name"] for one in page.context["signers"]]
    assert names == ["值班员老李", scene.owner.name]
    assert 'data-phone="13900007788"' in page.content.decode()
    own = client_of(scene.owner).get(reverse("documents:sign", args=[sheet.pk])).content.decode()
    assert f'value="{scene.owner.name}"' in own and "data-signer" not in own


# --- the page of a piece of equipment (D-02) ---


def test_equipment_leads_to_all_its_requests_and_their_repair_sheets(scene: Scene, client_of: ClientOf) -> None:
    """The page shows the latest; the list it leads to shows all of this piece and none of another."""
    closed = [make.make_ticket(equipment=scene.equipment, status=Ticket.Status.CLOSED) for _ in range(8)]
    other = make.make_ticket(project=scene.project, equipment=make.make_equipment(project=scene.project))
    order = make.make_work_order(ticket=closed[-1], engineer=scene.engineer, status=WorkOrder.Status.SIGNED)
    sheet = make.make_document(subject=order)
    client = client_of(scene.owner)
    page = client.get(scene.equipment.get_absolute_url()).content.decode()
    assert sheet.get_absolute_url() in page
    leads_to = f"{reverse('tickets:list')}?tab=all&equipment={scene.equipment.pk}"
    assert html.escape(leads_to) in page
    listed = client.get(leads_to).content.decode()
    assert all(ticket.get_absolute_url() in listed for ticket in closed)
    assert other.get_absolute_url() not in listed
    assert f'<option value="{scene.equipment.pk}" selected' in listed
    assert 'name="equipment"' not in client.get(f"{reverse('tickets:list')}?tab=all").content.decode()


def test_equipment_without_requests_says_so(scene: Scene, client_of: ClientOf) -> None:
    page = client_of(scene.owner, "en").get(scene.equipment.get_absolute_url()).content.decode()
    assert "No request so far." in page
