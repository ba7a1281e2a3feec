"""Complainants without an account hear from us at the address they left (C-02, C-04), by real servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.complaints import lifecycle, services, word
from apps.complaints.models import Complaint
from apps.core import outbox
from apps.core.models import OutboxItem
from tests import factories as make
from tests.notifications.conftest import clock, inbox, provider
from tests.notifications.servers import Inbox, Provider

from .conftest import NOW, Scene

__all__ = ["clock", "inbox", "provider"]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


def taken_in(scene: Scene, **contact: str) -> Complaint:
    who = {"contact_name": "周主任", **contact}
    return scene.complain(channel="hotline", complainant=None, actor=scene.customer_service, **who)


def texts(inbox: Inbox) -> list[str]:
    mails = [message_from_bytes(one.content, policy=policy.default) for one in inbox.mails]
    return [f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in mails]


def test_acceptance_is_told_by_mail_with_number_day_and_the_page(
    scene: Scene, clock: Any, inbox: Inbox, client_of: Any
) -> None:
    """C-02: apology, procedure, expected day and number reach who has no account."""
    complaint = taken_in(scene, contact_email="zhou@example.com")
    outbox.deliver_due(now=NOW)
    [text] = texts(inbox)
    page = reverse("complaints:follow", args=[complaint.code])
    for words in (complaint.number, str(complaint.expected_on), page):
        assert words in text
    assert client_of().get(page).status_code == 200


def test_each_step_is_told_once(scene: Scene, clock: Any, inbox: Inbox) -> None:
    """C-04, ISO 10002: plan, progress, decision; the words of the progress note are in the mail."""
    complaint = taken_in(scene, contact_email="zhou@example.com")
    complaint = lifecycle.investigate(
        complaint,
        actor=scene.quality,
        now=NOW + HOUR,
        investigator=scene.investigator,
        plan="核对记录",
        expected_on=make.TODAY + timedelta(days=3),
        progress_by=NOW + 5 * HOUR,
    )
    note = complaint.progress.get()
    services.tell_progress(progress=note, text="排程已核对", actor=scene.investigator, now=NOW + 2 * HOUR)
    complaint = lifecycle.decide(
        complaint, actor=scene.investigator, now=NOW + 3 * HOUR, cause="method", decision="补做"
    )
    lifecycle.tell(complaint, actor=scene.investigator, now=NOW + 4 * HOUR, how="电话")
    assert OutboxItem.objects.filter(kind=word.WORD).count() == 4
    outbox.deliver_due(now=NOW + 4 * HOUR)
    assert outbox.deliver_due(now=NOW + 4 * HOUR) == 0
    assert len(inbox.mails) == 4
    assert "排程已核对" in "".join(texts(inbox))


def test_telephone_alone_gets_an_sms(scene: Scene, clock: Any, provider: Provider) -> None:
    make.make_sender(kind="sms", url=provider.url, body='{"mobile": "{phone}", "content": "{text}"}')
    complaint = taken_in(scene, contact_phone="13800001111")
    outbox.deliver_due(now=NOW)
    [said] = provider.bodies
    assert said["mobile"] == "13800001111"
    assert complaint.number in said["content"]
    assert complaint.code in said["content"]


@pytest.mark.parametrize("contact", [{}, {"contact_phone": "13800001111"}])
def test_nothing_is_sent_where_there_is_no_way(scene: Scene, contact: dict[str, str]) -> None:
    taken_in(scene, **contact)
    assert not OutboxItem.objects.filter(kind=word.WORD).exists()


def test_anonymous_and_those_with_an_account_get_no_such_message(scene: Scene) -> None:
    scene.complain()
    scene.complain(is_anonymous=True, complainant=None, actor=None, contact_email="zhou@example.com")
    assert not OutboxItem.objects.filter(kind=word.WORD).exists()


def test_withdrawn_meanwhile_is_not_told_any_more(scene: Scene, clock: Any, inbox: Inbox, now: datetime) -> None:
    complaint = taken_in(scene, contact_email="zhou@example.com")
    lifecycle.withdraw(complaint, actor=scene.customer_service, now=NOW, reason="误会")
    outbox.deliver_due(now=NOW)
    assert inbox.mails == []


def last_told(scene: Scene) -> Complaint:
    """Return a complaint decided one step up, and told."""
    complaint = taken_in(scene, contact_email="zhou@example.com")
    outbox.deliver_due(now=NOW)
    told = {"status": Complaint.Status.TOLD, "instance": 2, "decision": "补做一次保养", "told_at": NOW}
    Complaint.objects.filter(pk=complaint.pk).update(**told)
    return Complaint.objects.get(pk=complaint.pk)


def test_end_without_agreement_is_told_with_the_last_decision_and_where_else_to_turn(
    scene: Scene, clock: Any, inbox: Inbox, client_of: Any
) -> None:
    """ISO 10002: the case is closed by then, and nothing said before it goes out any more."""
    complaint = last_told(scene)
    inbox.mails.clear()
    word.send(complaint, "decided", now=NOW)
    words = "可拨打 12345 政务服务热线，或向市住建局投诉"
    lifecycle.end_unaccepted(complaint, actor=scene.quality, now=NOW + HOUR, reason=words)
    outbox.deliver_due(now=NOW + HOUR)
    [text] = texts(inbox)
    page = reverse("complaints:follow", args=[complaint.code])
    for said in (complaint.number, "补做一次保养", words, page):
        assert said in text
    assert words in client_of().get(page).text


def test_end_is_not_told_of_a_case_that_was_taken_up_again(scene: Scene, clock: Any, inbox: Inbox) -> None:
    complaint = last_told(scene)
    inbox.mails.clear()
    complaint = lifecycle.end_unaccepted(complaint, actor=scene.quality, now=NOW + HOUR, reason="可拨打 12345")
    lifecycle.not_satisfied(complaint, actor=scene.quality, now=NOW + HOUR, reason="又来了")
    outbox.deliver_due(now=NOW + HOUR)
    assert inbox.mails == []


def test_second_message_of_a_kind_bears_a_name_of_its_own(scene: Scene, clock: Any, inbox: Inbox) -> None:
    """C-04: two progress notes of one round are two messages, so that no mail server takes them for one."""
    complaint = taken_in(scene, contact_email="zhou@example.com")
    for n in (1, 2):
        note = make.make_progress_note(complaint=complaint)
        services.tell_progress(progress=note, text=f"进展{n}", actor=scene.quality, now=NOW + n * HOUR)
    outbox.deliver_due(now=NOW + 3 * HOUR)
    names = [message_from_bytes(one.content, policy=policy.default)["Message-ID"] for one in inbox.mails]
    assert len(names) == len(set(names)) == 3
