"""The bell, one's own choices, and the administrator's pages, through the browser's eyes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.core.models import Event, OutboxItem
from apps.notifications.models import Choice, DefaultRule, Notification, QuietHours, Sender
from apps.notifications.topics import all_topics
from tests import factories as make

from .servers import Provider

pytestmark = pytest.mark.django_db
Clients = Callable[..., Any]
OPERATIONS = ("defaults", "senders", "robot_create", "sms_create", "outbox")
SECRET, KEY = "SECgeheim123", "url-schluessel"


@pytest.fixture
def administrator() -> User:
    return make.make_staff(Role.ADMINISTRATOR, email="admin@example.com", phone="13900001111")


def robot_data(**fields: Any) -> dict[str, Any]:
    return {
        "name": "抢修群",
        "kind": "dingtalk",
        "new_url": f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
        "new_secret": SECRET,
        "look": "markdown",
        "members": "staff",
        "topics": ["requests", "dispatch"],
        "is_on": "on",
    } | fields


def test_bell_counts_what_is_new_and_shown(client_of: Clients, tell: Any, dispatcher: User) -> None:
    tell(dispatcher)
    event = tell(dispatcher)
    Notification.objects.filter(event=event).update(is_shown=False)
    page = client_of(dispatcher).get(reverse("notifications:bell")).content.decode()
    assert '<span class="count-n" aria-hidden="true">1</span>' in page
    assert "<html" not in page


def test_list_is_grouped_by_day_and_says_what_about_which_row(
    client_of: Clients, tell: Callable[..., Event], dispatcher: User, now: Any
) -> None:
    tell(dispatcher)
    tell(dispatcher, at=now - timedelta(days=1), name="tickets.ticket.message", data={"note": "请回电"})
    client = client_of(dispatcher)
    page = client.get(reverse("notifications:list")).content.decode()
    assert page.index("2026-11-16") < page.index("2026-11-15")
    assert "路灯不亮" in page
    assert "请回电" in page
    narrowed = client.get(reverse("notifications:list"), {"topic": "messages"}).content.decode()
    assert "请回电" in narrowed
    assert "已报修" not in narrowed


def test_one_is_marked_as_read_without_going_there(client_of: Clients, tell: Any, dispatcher: User) -> None:
    tell(dispatcher)
    row = Notification.objects.get()
    client_of(dispatcher).post(reverse("notifications:read", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_at is not None


@pytest.mark.parametrize("count", [2, 20])
def test_list_costs_the_same_whatever_it_tells_of(
    client_of: Clients, tell: Any, dispatcher: User, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        tell(dispatcher, subject=make.make_work_order(), name="tickets.workorder.issued")
    client = client_of(dispatcher)
    with django_assert_max_num_queries(9):
        client.get(reverse("notifications:list"))


def test_choices_are_kept_and_taken_back(client_of: Clients, dispatcher: User) -> None:
    client, url = client_of(dispatcher), reverse("notifications:choices")
    times = {"starts_at": "20:00", "ends_at": "08:30"}
    client.post(url, {"requests-email": "off", "messages-portal": "off"} | times)
    kept = set(Choice.objects.values_list("user", "topic", "channel", "mode"))
    assert kept == {(dispatcher.pk, "requests", "email", "off"), (dispatcher.pk, "messages", "portal", "off")}
    quiet = QuietHours.objects.get(user=dispatcher)
    assert (quiet.is_on, quiet.starts_at.hour, quiet.ends_at.minute) == (False, 20, 30)
    client.post(url, {"requests-email": "at_once", "quiet": "on"} | times)
    assert set(Choice.objects.values_list("topic", "channel", "mode")) == {("requests", "email", "at_once")}
    assert client.post(url, {"requests-email": "never"} | times).status_code == 422


def test_sms_is_offered_only_where_there_is_a_provider(client_of: Clients, dispatcher: User) -> None:
    client, url = client_of(dispatcher), reverse("notifications:choices")
    assert "requests-sms" not in client.get(url).content.decode()
    make.make_sender(kind="sms")
    assert "requests-sms" in client.get(url).content.decode()


def test_administrator_sets_the_defaults_of_a_role(client_of: Clients, administrator: User) -> None:
    topics = all_topics({Role.QUALITY})
    data = {
        f"{topic.name}-{channel}": topic.default(Role.QUALITY, channel).value
        for topic in topics
        for channel in ("portal", "email", "sms")
    }
    client, url = client_of(administrator), reverse("notifications:defaults")
    client.post(url, data | {"group": "quality", "requests-email": "off"})
    assert [str(rule) for rule in DefaultRule.objects.all()] == ["quality requests email: off"]
    client.post(url, data | {"group": "quality"})
    assert not DefaultRule.objects.exists()
    assert Event.objects.filter(name="notifications.defaultrule.set").count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_sees_senders_defaults_or_the_outbox(client_of: Clients, role: str) -> None:
    client, sender = client_of(make.make_staff(role)), make.make_sender()
    for name in OPERATIONS:
        assert client.get(reverse(f"notifications:{name}")).status_code == 403
    assert client.get(sender.get_absolute_url()).status_code == 403
    assert client.post(reverse("notifications:sender_test", args=[sender.pk])).status_code == 403


def test_owner_sees_no_senders(client_of: Clients) -> None:
    client, sender = client_of(make.make_owner_admin()), make.make_sender()
    for name in OPERATIONS:
        assert client.get(reverse(f"notifications:{name}")).status_code == 403
    assert client.get(sender.get_absolute_url()).status_code in {403, 404}


def test_secrets_are_written_and_never_shown(client_of: Clients, administrator: User) -> None:
    client = client_of(administrator)
    answer = client.post(reverse("notifications:robot_create"), robot_data())
    sender = Sender.objects.get()
    assert answer.status_code == 302
    assert (sender.secret, sender.url.endswith(KEY)) == (SECRET, True)
    for url in (sender.get_absolute_url(), reverse("notifications:senders"), reverse("core:home")):
        page = client.get(url).content.decode()
        assert SECRET not in page
        assert KEY not in page
    changed = client.post(sender.get_absolute_url(), robot_data(new_url="", new_secret="", name="新名", is_on=""))
    assert changed.status_code == 302
    sender.refresh_from_db()
    assert (sender.name, sender.secret, sender.url.endswith(KEY), sender.is_on) == ("新名", SECRET, True, False)
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert SECRET not in told
    assert KEY not in told


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://user:pw@host/", "nonsense"])
def test_address_that_is_none_is_refused(client_of: Clients, administrator: User, url: str) -> None:
    answer = client_of(administrator).post(reverse("notifications:robot_create"), robot_data(new_url=url))
    assert answer.status_code == 422
    assert not Sender.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"body": '{"to": "{phone}"'},
        {"body": '{"to": "{phone}"}'},
        {"body_format": "form", "body": "no equals sign {phone} {text}"},
        {"headers": "no colon"},
        {"headers": "Host: elsewhere.example"},
    ],
)
def test_sms_provider_that_could_not_work_is_refused(
    client_of: Clients, administrator: User, fields: dict[str, str]
) -> None:
    good = {
        "name": "短信",
        "new_url": "https://sms.example/send",
        "method": "POST",
        "body_format": "json",
        "body": '{"to": "{phone}", "say": "{text}"}',
    }
    client, url = client_of(administrator), reverse("notifications:sms_create")
    assert client.post(url, good | fields).status_code == 422
    assert client.post(url, good).status_code == 302


def test_test_button_shows_the_providers_answer(client_of: Clients, administrator: User, provider: Provider) -> None:
    client, sender = client_of(administrator), make.make_sender(url=provider.url)
    url = reverse("notifications:sender_test", args=[sender.pk])
    assert "errmsg" in client.post(url, follow=True).content.decode()
    provider.answers = [(200, '{"errcode": 93000, "errmsg": "invalid webhook url"}')]
    page = client.post(url, follow=True).content.decode()
    assert "invalid webhook url" in page
    assert len(provider.requests) == 2
    assert not OutboxItem.objects.exists()


def test_test_sms_goes_to_the_administrator(client_of: Clients, administrator: User, provider: Provider) -> None:
    sender = make.make_sender(kind="sms", url=provider.url, body='{"to": "{phone}", "say": "{text}"}')
    client_of(administrator).post(reverse("notifications:sender_test", args=[sender.pk]))
    assert provider.bodies[0]["to"] == "13900001111"


def test_test_mail_goes_to_the_administrator(client_of: Clients, administrator: User) -> None:
    client_of(administrator).post(reverse("notifications:mail_test"))
    assert [message.to for message in mail.outbox] == [["admin@example.com"]]


def test_dead_letters_are_seen_and_sent_again(client_of: Clients, administrator: User, dispatcher: User) -> None:
    dead = make.make_outbox_item(
        kind="notify.email",
        status="dead",
        attempts=8,
        last_error="PermanentFailure: mailbox unknown",
        payload={"user": dispatcher.pk, "event": 1},
    )
    done = make.make_outbox_item(status="done")
    client = client_of(administrator)
    page = client.get(reverse("notifications:outbox")).content.decode()
    assert "mailbox unknown" in page
    assert dispatcher.name in page
    client.post(reverse("notifications:send_again"), {"selected": [dead.pk, done.pk]})
    dead.refresh_from_db()
    done.refresh_from_db()
    assert (dead.status, dead.attempts, done.status) == ("waiting", 0, "done")
    assert Event.objects.filter(name="notifications.outgoing.sent_again").count() == 1
