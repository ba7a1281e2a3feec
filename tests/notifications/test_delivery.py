"""What leaves the portal, against real servers: delivered, down, slow, nonsense, killed, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from apps.accounts.models import Role, User
from apps.core import outbox
from apps.core.models import Event, OutboxItem
from apps.notifications import outgoing, sending
from apps.notifications.models import Choice, Sender
from apps.notifications.spreading import send_digests, spread
from apps.projects.models import ProjectPerson
from apps.tickets.models import Ticket
from tests import factories as make

from .servers import Answer, Inbox, Provider, drip, free_port, hang_up

pytestmark = pytest.mark.django_db
Tell = Callable[..., Event]
Status = OutboxItem.Status


def item() -> OutboxItem:
    return OutboxItem.objects.get()


def robot(provider: Provider, **fields: Any) -> Sender:
    return make.make_sender(**{"url": provider.url, "topics": ["requests"]} | fields)


def mail_of(envelope: Any) -> Any:
    return message_from_bytes(envelope.content, policy=policy.default)


def test_mail_says_what_happened_and_leads_there(
    tell: Tell, dispatcher: User, ticket: Ticket, inbox: Inbox, now: datetime
) -> None:
    tell(dispatcher, data={"note": "整段\n不亮"})
    spread(now=now)
    assert outbox.deliver_due(now=now) == 1
    [envelope] = inbox.mails
    mail = mail_of(envelope)
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    assert envelope.rcpt_tos == ["kefu@example.com"]
    assert mail["Subject"] == f"[{ticket.number}] 已报修"
    assert "/notifications/choices/" in mail["List-Unsubscribe"]
    for part in (text, page):
        assert "路灯不亮" in part
        assert "整段 不亮" in part
        assert ticket.get_absolute_url() in part
        assert "/notifications/choices/" in part


def test_typed_text_is_no_markup_in_mail(tell: Tell, dispatcher: User, inbox: Inbox, now: datetime) -> None:
    tell(dispatcher, data={"note": "<script>alert(1)</script>"})
    spread(now=now)
    outbox.deliver_due(now=now)
    mail = mail_of(inbox.mails[0])
    assert "<script>" not in mail.get_body(("html",)).get_content()
    assert "<script>" in mail.get_body(("plain",)).get_content()


def test_mail_server_down_then_up_loses_nothing_and_sends_once(
    tell: Tell, dispatcher: User, inbox: Inbox, now: datetime, settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    tell(dispatcher)
    spread(now=now)
    assert outbox.deliver_due(now=now) == 0
    assert (item().status, item().attempts) == (Status.WAITING, 1)
    settings.EMAIL_PORT = port
    later = item().due_at
    assert [outbox.deliver_due(now=later), outbox.deliver_due(now=later)] == [1, 0]
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(("answer", "status"), [("554 no", Status.DEAD), ("451 later", Status.WAITING)])
def test_mail_server_refuses_for_good_or_for_now(
    tell: Tell, dispatcher: User, inbox: Inbox, now: datetime, answer: str, status: str
) -> None:
    inbox.answers = [answer]
    tell(dispatcher)
    spread(now=now)
    outbox.deliver_due(now=now)
    assert item().status == status
    assert answer.partition(" ")[2] in item().last_error


def test_killed_after_sending_it_is_sent_again_under_the_same_name(
    tell: Tell, dispatcher: User, inbox: Inbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: nobody can know whether the other side had taken it. The name lets it drop the double."""

    class Killed(BaseException):
        pass

    def send_and_die(payload: dict[str, Any]) -> None:
        sending.send_mail(payload)
        raise Killed

    tell(dispatcher)
    spread(now=now)
    handlers = dict(outbox._handlers)
    monkeypatch.setattr(outbox, "_handlers", handlers | {sending.EMAIL: send_and_die})
    with pytest.raises(Killed):
        outbox.deliver_due(now=now)
    assert item().status == Status.CLAIMED
    monkeypatch.setattr(outbox, "_handlers", handlers)
    assert outbox.deliver_due(now=now + timedelta(minutes=5)) == 0, "the claim still holds"
    assert outbox.deliver_due(now=now + timedelta(minutes=11)) == 1
    names = [mail_of(envelope)["Message-ID"] for envelope in inbox.mails]
    assert len(names) == 2
    assert len(set(names)) == 1


def test_retry_in_quiet_hours_waits_without_losing_an_attempt(
    tell: Tell, dispatcher: User, inbox: Inbox, now: datetime, clock: Any
) -> None:
    tell(dispatcher)
    spread(now=now)
    night = now.replace(hour=23)
    clock(night)
    assert outbox.deliver_due(now=night) == 0
    assert (item().status, item().attempts) == (Status.WAITING, 0)
    assert item().due_at == (night + timedelta(days=1)).replace(hour=7)
    morning = item().due_at
    clock(morning)
    assert outbox.deliver_due(now=morning) == 1
    assert len(inbox.mails) == 1


def test_urgent_mail_leaves_at_night(tell: Tell, dispatcher: User, inbox: Inbox, now: datetime, clock: Any) -> None:
    night = now.replace(hour=23)
    clock(night)
    tell(dispatcher, at=night, data={"urgent": True})
    spread(now=night)
    assert outbox.deliver_due(now=night) == 1


def test_who_lost_the_project_meanwhile_is_not_written_to(
    tell: Tell, ticket: Ticket, inbox: Inbox, now: datetime
) -> None:
    engineer = make.make_engineer(ticket.project, email="gong@example.com")
    tell(engineer, name="tickets.workorder.issued")
    spread(now=now)
    ProjectPerson.objects.filter(user=engineer).delete()
    assert outbox.deliver_due(now=now) == 1
    assert not inbox.mails


def test_digest_is_one_mail(tell: Tell, inbox: Inbox, now: datetime, clock: Any) -> None:
    finance = make.make_staff(Role.FINANCE, email="caiwu@example.com")
    tell(finance), tell(finance, data={"note": "第二件"})
    spread(now=now)
    tomorrow = (now + timedelta(days=1)).replace(hour=8)
    clock(tomorrow)
    send_digests(now=tomorrow)
    assert outbox.deliver_due(now=tomorrow) == 1
    [envelope] = inbox.mails
    text = mail_of(envelope).get_body(("html",)).get_content()
    assert text.count("路灯不亮") == 2
    assert "第二件" in text


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("look", ["text", "markdown"])
def test_robot_is_told_once(tell: Tell, provider: Provider, now: datetime, kind: str, look: str) -> None:
    robot(provider, kind=kind, look=look)
    provider.answers = [(200, '{"code": 0, "msg": "success"}')] if kind == "feishu" else []
    tell(data={"note": "[点这里](http://boese.example)"})
    assert [outbox.deliver_due(now=now), outbox.deliver_due(now=now)] == [1, 0]
    [request] = provider.requests
    assert request["query"]["key"] == ["geheim"]
    assert "路灯不亮" in request["body"]
    assert "已报修" in request["body"]
    assert look == "text" or "](http://boese.example)" not in request["body"]


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ((200, '{"errcode": 93000, "errmsg": "invalid webhook url"}'), Status.DEAD, "invalid webhook"),
        ((200, '{"code": 19021, "msg": "sign match fail"}'), Status.DEAD, "sign match fail"),
        ((200, '{"StatusCode": 1, "StatusMessage": "no"}'), Status.DEAD, "no"),
        ((200, '{"errcode": 45009, "errmsg": "freq out of limit"}'), Status.WAITING, "freq"),
        ((200, "<html>Welcome to the hotel</html>"), Status.WAITING, "hotel"),
        ((200, "[]"), Status.WAITING, "[]"),
        ((200, ""), Status.WAITING, ""),
        ((302, "http://127.0.0.1:1/elsewhere"), Status.DEAD, "302"),
        ((404, "gone"), Status.DEAD, "404"),
        ((429, "slow down"), Status.WAITING, "429"),
        ((503, "maintenance"), Status.WAITING, "503"),
        (hang_up, Status.WAITING, ""),
        (drip, Status.WAITING, ""),
        ((200, "x" * 200_000), Status.WAITING, "x"),
    ],
)
def test_answer_decides_between_done_again_and_never(
    tell: Tell,
    provider: Provider,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    status: str,
    said: str,
) -> None:
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    robot(provider)
    provider.answers = [answer]
    tell()
    assert outbox.deliver_due(now=now) == 0
    if answer is drip:
        assert provider.was_left.wait(5), "a provider that sends a byte now and then holds no worker"
    assert item().status == status
    assert said in item().last_error
    assert "geheim" not in item().last_error
    if status == Status.WAITING:
        assert outbox.deliver_due(now=item().due_at) == 1
    assert len(provider.requests) == (2 if status == Status.WAITING else 1)


def test_provider_down_then_up_loses_nothing(tell: Tell, settings: Any, now: datetime) -> None:
    settings.NOTIFICATIONS_ALLOW_PRIVATE = True
    port = free_port()
    make.make_sender(url=f"http://127.0.0.1:{port}/send?key=geheim", topics=["requests"])
    tell()
    assert outbox.deliver_due(now=now) == 0
    assert item().status == Status.WAITING
    assert "geheim" not in item().last_error
    provider = Provider(port)
    try:
        assert outbox.deliver_due(now=item().due_at) == 1
        assert len(provider.requests) == 1
    finally:
        provider.close()


def test_dead_item_is_sent_after_it_was_given_another_chance(tell: Tell, provider: Provider, now: datetime) -> None:
    robot(provider)
    provider.answers = [(403, "no")]
    tell()
    outbox.deliver_due(now=now)
    assert item().status == Status.DEAD
    outbox.retry(item(), now=now)
    assert outbox.deliver_due(now=now) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "0.0.0.0"]
)
def test_private_network_is_out_of_reach(tell: Tell, now: datetime, host: str) -> None:
    make.make_sender(url=f"http://{host}:9/send", topics=["requests"])
    tell()
    outbox.deliver_due(now=now)
    assert item().status == Status.DEAD


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "http://", "http://a@b@c/", "gopher://x", "http://exa mple.com"]
)
def test_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(outgoing.PermanentFailure):
        outgoing.request(url, method="POST", body=None, headers={})


def sms(provider: Provider, **fields: Any) -> Sender:
    return make.make_sender(
        kind="sms", **{"url": provider.url, "body": '{"to": "{phone}", "say": ["{text}"]}'} | fields
    )


def engineer_of(ticket: Ticket) -> User:
    return make.make_engineer(ticket.project, phone="13800138000")


NASTY = '路灯"},{phone}{secret}\n\\'


def test_sms_as_json_puts_text_into_values_alone(tell: Tell, ticket: Ticket, provider: Provider, now: datetime) -> None:
    sms(provider, headers="Authorization: Bearer {secret}", secret="s3cr3t")
    tell(engineer_of(ticket), name="tickets.workorder.issued", data={"note": NASTY})
    spread(now=now)
    assert outbox.deliver_due(now=now) == 1
    [body] = provider.bodies
    assert body["to"] == "13800138000"
    assert '路灯"},{phone}{secret} \\' in body["say"][0]
    assert "s3cr3t" not in body["say"][0]
    assert provider.requests[0]["headers"]["Authorization"] == "Bearer s3cr3t"


def test_sms_as_form_and_as_query(tell: Tell, ticket: Ticket, provider: Provider, now: datetime) -> None:
    sender = sms(provider, body_format="form", body="mobile={phone}\ncontent=【售后】{text}")
    person = engineer_of(ticket)
    tell(person, name="tickets.workorder.issued", data={"note": "a&mobile=1"})
    spread(now=now)
    assert outbox.deliver_due(now=now) == 1
    assert "mobile=13800138000&content=" in provider.requests[0]["body"]
    assert "a%26mobile%3D1" in provider.requests[0]["body"]
    Sender.objects.filter(pk=sender.pk).update(method="GET", url=f"{provider.url}&to={{phone}}&say={{text}}")
    tell(person, name="tickets.workorder.issued", data={"note": "a&to=1"})
    spread(now=now)
    assert outbox.deliver_due(now=now) == 1
    assert provider.requests[1]["query"]["to"] == ["13800138000"]
    assert "a&to=1" in provider.requests[1]["query"]["say"][0]


@pytest.mark.parametrize(
    ("answer", "success", "status"),
    [
        ('{"code": "OK"}', "", Status.DONE),
        ('{"code": 0}', "", Status.DONE),
        ("accepted", "", Status.DONE),
        ('{"code": "isv.MOBILE_NUMBER_ILLEGAL"}', "", Status.DEAD),
        ('{"Response": {"SendStatusSet": [{"Code": "Ok"}]}}', '"Code": "Ok"', Status.DONE),
        ('{"Response": {"Error": {}}}', '"Code": "Ok"', Status.WAITING),
    ],
)
def test_sms_provider_says_whether_it_took_it(
    tell: Tell, ticket: Ticket, provider: Provider, now: datetime, answer: str, success: str, status: str
) -> None:
    sms(provider, success_text=success)
    provider.answers = [(200, answer)]
    tell(engineer_of(ticket), name="tickets.workorder.issued")
    spread(now=now)
    outbox.deliver_due(now=now)
    assert item().status == status


def test_sms_and_mail_fail_apart(tell: Tell, ticket: Ticket, provider: Provider, inbox: Inbox, now: datetime) -> None:
    """One channel down keeps nothing from the other."""
    sms(provider)
    provider.answers = [(503, "down")]
    person = engineer_of(ticket)
    User.objects.filter(pk=person.pk).update(email="gong@example.com")
    Choice.objects.create(user=person, topic="dispatch", channel="email", mode="at_once")
    tell(User.objects.get(pk=person.pk), name="tickets.workorder.issued")
    spread(now=now)
    assert outbox.deliver_due(now=now) == 1
    assert len(inbox.mails) == 1
    assert OutboxItem.objects.get(status=Status.WAITING).kind == sending.SMS
