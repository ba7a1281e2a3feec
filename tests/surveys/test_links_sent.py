"""The link goes to who has no account, by real servers on this machine: mail first, else SMS, at most once a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from apps.core import outbox
from apps.core.models import Event, OutboxItem
from apps.notifications.models import Notification, Sender
from apps.surveys import sending, services
from apps.surveys.models import Answer, SurveyRequest
from tests import factories as make
from tests.notifications.conftest import clock, inbox, provider
from tests.notifications.servers import Inbox, Provider

__all__ = ["clock", "inbox", "provider"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Clock = Callable[[datetime], None]


@pytest.fixture
def project(db: None) -> Any:
    make.make_questionnaire()
    return make.make_project()


def ask(project: Any, now: datetime, **whom: str) -> SurveyRequest | None:
    return services.request_answer(
        occasion="repair", subject=project, project=project, actor=None, now=now, **{"name": "周主任"} | whom
    )


def sms(provider: Provider, **fields: Any) -> Sender:
    body = '{"mobile": "{phone}", "content": "{text}"}'
    return make.make_sender(**{"kind": "sms", "url": provider.url, "body": body} | fields)


def test_link_comes_by_mail_and_is_answered(
    project: Any, now: datetime, clock: Clock, inbox: Inbox, client_of: Any
) -> None:
    survey = ask(project, now, email="zhou@example.com", phone="13800001111")
    assert survey is not None
    assert outbox.deliver_due(now=now) == 1
    [envelope] = inbox.mails
    mail = message_from_bytes(envelope.content, policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    assert envelope.rcpt_tos == ["zhou@example.com"]
    assert survey.get_link() in text
    assert "/notifications/choices/" not in text + str(mail["List-Unsubscribe"])
    assert survey.get_link() in mail.get_body(("html",)).get_content()
    sent = Event.objects.get(name=sending.SENT)
    assert (sent.audience, "zhou@" in sent.data["note"]) == ("staff", False)
    assert client_of().get(survey.get_link()).status_code == 200


def test_link_comes_by_sms_where_there_is_no_mail(
    project: Any, now: datetime, clock: Clock, provider: Provider
) -> None:
    sms(provider)
    survey = ask(project, now, phone="138 0000 1111")
    assert survey is not None
    assert outbox.deliver_due(now=now) == 1
    [request] = provider.bodies
    assert request["mobile"] == "13800001111"
    assert survey.get_link() in request["content"]
    assert "13800001111" not in Event.objects.get(name=sending.SENT).data["note"]


def test_nothing_waits_for_a_provider_that_nobody_has_set_up(project: Any, now: datetime) -> None:
    survey = ask(project, now, phone="13800001111")
    assert survey is not None
    assert not OutboxItem.objects.exists()


def test_who_has_an_account_is_notified_and_gets_no_link_elsewhere(project: Any, now: datetime) -> None:
    person = make.make_owner_admin(project.owner, email="lin@example.com", phone="13900002222")
    survey = ask(project, now, phone="13900002222")
    assert survey is not None
    assert survey.person == person
    assert not OutboxItem.objects.filter(kind=sending.LINK).exists()
    assert Notification.objects.filter(user=person, event__name=services.ASKED).count() == 1


@pytest.mark.parametrize(
    "whom", [{"phone": "13800001111"}, {"email": "zhou@example.com"}, {"phone": "13800001111", "name": "老周"}]
)
def test_who_has_no_account_is_asked_once_in_30_days_in_whatever_project(
    project: Any, now: datetime, clock: Clock, inbox: Inbox, whom: dict[str, str]
) -> None:
    """ISO 10004: by telephone and by e-mail, also about the work of another project."""
    assert ask(project, now, email="Zhou@example.com", phone="+86 13800001111") is not None
    assert ask(make.make_project(), now + 29 * DAY, **whom) is None
    assert ask(make.make_project(), now + 30 * DAY, **whom) is not None


def test_link_answered_meanwhile_is_not_sent(project: Any, now: datetime, clock: Clock, inbox: Inbox) -> None:
    survey = ask(project, now, email="zhou@example.com")
    assert survey is not None
    Answer.objects.create(request=survey, way="paper", answered_at=now)
    assert outbox.deliver_due(now=now) == 1
    assert inbox.mails == []


def test_link_waits_for_the_morning(project: Any, now: datetime, clock: Clock, inbox: Inbox) -> None:
    night = now.replace(hour=23, minute=30)
    clock(night)
    ask(project, night, email="zhou@example.com")
    assert outbox.deliver_due(now=night) == 0
    item = OutboxItem.objects.get()
    assert (item.status, item.attempts) == ("waiting", 0)
    clock(item.due_at)
    assert outbox.deliver_due(now=item.due_at) == 1
    assert len(inbox.mails) == 1


def test_provider_down_then_up_sends_once(project: Any, now: datetime, clock: Clock, provider: Provider) -> None:
    sms(provider)
    provider.answers.append((503, "busy"))
    ask(project, now, phone="13800001111")
    assert outbox.deliver_due(now=now) == 0
    later = OutboxItem.objects.get().due_at
    assert [outbox.deliver_due(now=later), outbox.deliver_due(now=later)] == [1, 0]
    assert len(provider.requests) == 2


def test_white_space_around_an_address_is_no_other_address(project: Any, now: datetime) -> None:
    """ISO 10004: once in 30 days."""
    assert ask(project, now, email="zhou@example.com") is not None
    assert ask(project, now + DAY, email=" ZHOU@example.com ") is None


@pytest.mark.parametrize("phone", ["13800001111转1", "138\u200b00001111", "无"])
def test_what_cannot_be_dialled_gets_no_message(project: Any, now: datetime, provider: Provider, phone: str) -> None:
    sms(provider)
    survey = ask(project, now, phone=phone)
    assert survey is not None
    assert not OutboxItem.objects.exists()


def test_reporter_writes_no_message_of_their_own_into_ours(project: Any, now: datetime) -> None:
    """Traps, "Input": by a label anybody names anybody's telephone, and writes name and title as they like."""
    survey = ask(project, now, phone="13800001111", name="周主任\n您已中奖，请打开 http://evil.example/领取")
    assert survey is not None
    survey.about = "打开 http://evil.example\n" + "很长" * 60
    first, _last = sending.message_of(survey).lines
    assert "\n" not in first
    assert "evil.example/领取" not in first
    assert len(first) < 140
