"""What leaves the process: at least once, once per key, whoever dies and whatever fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from apps.core import outbox
from apps.core.models import OutboxItem
from apps.core.tasks import deliver
from tests.factories import NOW, make_outbox_item

pytestmark = pytest.mark.django_db
Status = OutboxItem.Status


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the handler of the tests was given; a payload that says "fail" fails."""
    seen: list[Any] = []

    def handle(payload: dict[str, Any]) -> None:
        seen.append(payload)
        if payload.get("fail"):
            raise OSError("no route to host")

    monkeypatch.setattr(outbox, "_handlers", {"tests.mail": handle})
    return seen


def waiting(**fields: Any) -> OutboxItem:
    return make_outbox_item(**{"kind": "tests.mail"} | fields)


def test_item_is_done_and_marked(done: list[Any]) -> None:
    item = outbox.enqueue("tests.mail", "mail:1", {"to": "周主任"}, now=NOW)
    assert outbox.deliver_item(item.pk, now=NOW)
    item.refresh_from_db()
    assert (done, item.status, item.claimed_until) == ([{"to": "周主任"}], Status.DONE, None)


def test_same_key_is_one_item(done: list[Any]) -> None:
    first = outbox.enqueue("tests.mail", "mail:1", {"n": 1}, now=NOW)
    second = outbox.enqueue("tests.mail", "mail:1", {"n": 2}, now=NOW + timedelta(days=1))
    assert first == second
    assert OutboxItem.objects.get().payload == {"n": 1}


def test_done_item_is_not_done_again(done: list[Any]) -> None:
    item = waiting()
    assert [outbox.deliver_item(item.pk, now=NOW) for _ in range(3)] == [True, False, False]
    assert len(done) == 1


def test_item_goes_with_the_change_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue("tests.mail", "mail:1", {}, now=NOW)
        _ = 1 / 0
    assert not OutboxItem.objects.exists()


def test_claimed_item_is_left_to_its_worker(done: list[Any]) -> None:
    item = waiting()
    assert outbox.claim(item.pk, now=NOW) is not None
    assert outbox.claim(item.pk, now=NOW) is None
    assert outbox.deliver_due(now=NOW + timedelta(minutes=9)) == 0
    assert done == []


def test_dead_workers_claim_is_taken_over(done: list[Any]) -> None:
    """Worker killed mid-task: the sweep takes over when the claim has run out."""
    item = waiting()
    outbox.claim(item.pk, now=NOW)
    assert outbox.deliver_due(now=NOW + outbox.CLAIM_TIME + timedelta(seconds=1)) == 1
    item.refresh_from_db()
    assert item.status == Status.DONE


def test_worker_that_comes_too_late_finds_nothing_to_do(done: list[Any]) -> None:
    """Redelivery after the visibility timeout."""
    item = waiting()
    outbox.deliver_due(now=NOW)
    assert outbox.deliver_item(item.pk, now=NOW + timedelta(hours=2)) is False
    assert len(done) == 1


def test_clock_that_jumps_neither_loses_an_item_nor_does_it_twice(done: list[Any]) -> None:
    """Traps, "Queue": the clock jumps. Set back, an item waits until its moment; done is done at any hour."""
    item = waiting()
    assert outbox.deliver_due(now=NOW - timedelta(hours=1)) == 0
    assert outbox.deliver_due(now=NOW) == 1
    for jump in (timedelta(days=400), timedelta(0), timedelta(days=-400)):
        assert not outbox.deliver_item(item.pk, now=NOW + jump)
        assert outbox.deliver_due(now=NOW + jump) == 0
    assert len(done) == 1


def test_failure_is_kept_and_tried_again_later_and_later(done: list[Any]) -> None:
    item = waiting(payload={"fail": True})
    moment, pauses = NOW, []
    for _ in range(3):
        assert not outbox.deliver_item(item.pk, now=moment)
        item.refresh_from_db()
        assert item.status == Status.WAITING
        assert not outbox.deliver_item(item.pk, now=moment), "not due yet"
        pauses.append(item.due_at - moment)
        moment = item.due_at
    assert len(done) == 3
    assert pauses == sorted(set(pauses))
    assert "no route to host" in item.last_error


def test_poison_message_ends_as_a_dead_letter_and_can_be_given_another_chance(done: list[Any]) -> None:
    item = waiting(payload={"fail": True})
    for day in range(1, outbox.MAX_ATTEMPTS + 5):
        outbox.deliver_due(now=NOW + timedelta(days=day))
    item.refresh_from_db()
    assert (item.status, item.attempts, len(done)) == (Status.DEAD, outbox.MAX_ATTEMPTS, outbox.MAX_ATTEMPTS)
    outbox.retry(item, now=NOW)
    item.refresh_from_db()
    assert (item.status, item.attempts, item.due_at) == (Status.WAITING, 0, NOW)


def test_refusal_ends_at_once_and_patience_costs_no_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    later = NOW + timedelta(hours=9)

    def handle(payload: dict[str, Any]) -> None:
        raise outbox.GiveUp("no such number") if payload.get("refused") else outbox.NotNow(later)

    monkeypatch.setattr(outbox, "_handlers", {"tests.mail": handle})
    refused, patient = waiting(payload={"refused": True}), waiting()
    assert outbox.deliver_due(now=NOW) == 0
    refused.refresh_from_db()
    patient.refresh_from_db()
    assert (refused.status, refused.attempts) == (Status.DEAD, 1)
    assert "no such number" in refused.last_error
    assert (patient.status, patient.attempts, patient.due_at, patient.claimed_until) == (Status.WAITING, 0, later, None)


def test_many_items_are_written_at_once_and_each_key_once(done: list[Any], django_assert_num_queries: Any) -> None:
    items = [("tests.mail", f"mail:{n}", {"n": n}, NOW) for n in range(50)]
    with django_assert_num_queries(3), transaction.atomic():  # the savepoint and its end are two
        outbox.enqueue_many(items, now=NOW)
    outbox.enqueue_many([*items, ("tests.mail", "mail:50", {}, NOW + timedelta(hours=1))], now=NOW)
    assert OutboxItem.objects.count() == 51
    assert outbox.deliver_due(now=NOW) == 50


def test_slow_provider_does_not_keep_the_sweep(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", -1)
    waiting(), waiting()
    assert outbox.deliver_due(now=NOW) == 1


def test_one_bad_item_leaves_the_rest(done: list[Any]) -> None:
    bad, unknown = waiting(payload={"fail": True}), waiting(kind="tests.nobody_knows")
    good = [waiting() for _ in range(3)]
    assert outbox.deliver_due(now=NOW) == 3
    assert {item.pk for item in OutboxItem.objects.filter(status=Status.DONE)} == {item.pk for item in good}
    bad.refresh_from_db()
    unknown.refresh_from_db()
    assert (bad.attempts, unknown.attempts) == (1, 1)


def test_failed_query_of_one_item_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that breaks its own transaction must not break the next item's."""

    def handle(payload: dict[str, Any]) -> None:
        with transaction.atomic():
            OutboxItem.objects.create(kind="x", dedupe_key=payload["key"], due_at=NOW, created_at=NOW)

    monkeypatch.setattr(outbox, "_handlers", {"tests.mail": handle})
    first, second = waiting(), waiting()
    OutboxItem.objects.filter(pk=first.pk).update(payload={"key": second.dedupe_key})
    OutboxItem.objects.filter(pk=second.pk).update(payload={"key": "fresh"})
    assert outbox.deliver_due(now=NOW) == 1


def test_item_waits_for_its_time(done: list[Any]) -> None:
    waiting(due_at=NOW + timedelta(hours=1))
    assert outbox.deliver_due(now=NOW) == 0
    assert outbox.deliver_due(now=NOW + timedelta(hours=1)) == 1


def test_sweep_takes_no_more_than_its_limit(done: list[Any]) -> None:
    for _ in range(5):
        waiting()
    assert outbox.deliver_due(now=NOW, limit=2) == 2


def test_broker_that_is_down_costs_the_user_nothing(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any], done: list[Any]
) -> None:
    def unreachable(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("broker down")

    monkeypatch.setattr(deliver, "apply_async", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        item = outbox.enqueue("tests.mail", "mail:1", {}, now=NOW)
    item.refresh_from_db()
    assert item.status == Status.WAITING
    assert outbox.deliver_due(now=NOW) == 1


def test_broker_is_nudged_once_and_only_when_the_change_is_there(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    nudged: list[Any] = []
    monkeypatch.setattr(deliver, "apply_async", lambda args, **options: nudged.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        item = outbox.enqueue("tests.mail", "mail:1", {}, now=NOW)
        outbox.enqueue("tests.mail", "mail:1", {}, now=NOW)
        assert nudged == []
    assert nudged == [[item.pk]]


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(6) as pool:
        yield pool


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_six_workers_at_once_do_each_item_once(done: list[Any], hands: ThreadPoolExecutor) -> None:
    for n in range(12):
        waiting(payload={"n": n})
    start = Barrier(6)

    def sweep(_: int) -> int:
        try:
            start.wait()
            return outbox.deliver_due(now=NOW)
        finally:
            connections.close_all()

    assert sum(hands.map(sweep, range(6))) == 12
    assert sorted(payload["n"] for payload in done) == list(range(12))


def test_done_items_are_removed_after_ninety_days_and_dead_ones_stay() -> None:
    """Delivered rows do not pile up; what was given up waits for somebody to look at it."""
    long_ago, lately = NOW - timedelta(days=91), NOW - timedelta(days=89)
    old = [waiting(status=Status.DONE, created_at=long_ago, done_at=long_ago) for _ in range(5)]
    kept = [
        waiting(status=Status.DEAD, created_at=long_ago),
        waiting(status=Status.DONE, created_at=lately, done_at=lately),
        waiting(status=Status.DONE, created_at=long_ago, done_at=lately),
        waiting(status=Status.WAITING, created_at=long_ago),
    ]
    assert outbox.purge_done(now=NOW, limit=2) == len(old)
    assert set(OutboxItem.objects.values_list("pk", flat=True)) == {item.pk for item in kept}
    assert outbox.purge_done(now=NOW) == 0
