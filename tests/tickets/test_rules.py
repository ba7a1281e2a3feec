"""Pure rules: what a job lacks, who is asked first, the level of a request nobody graded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.documents import duration
from apps.tickets.models import Ticket
from apps.tickets.rules import Standing, Work, initial_level, missing, rank

COMPLETE = Work(True, "ageing", "更换风扇", "restored", ["before", "after"])


@pytest.mark.parametrize(
    ("work", "lacks"),
    [
        (COMPLETE, []),
        (Work(True, "", "", "", []), ["photo_before", "cause", "work_done", "result", "photo_after"]),
        (Work(True, "ageing", "  \n", "restored", ["after"]), ["photo_before", "work_done"]),
        (Work(False, "ageing", "远程复位", "restored", []), []),
        (Work(False, "", "远程复位", "", []), ["cause", "result"]),
    ],
)
def test_missing_names_everything_in_the_order_of_the_page(work: Work, lacks: list[str]) -> None:
    """R-11: a remote order needs no photos."""
    assert missing(work) == lacks


@given(
    is_field=st.booleans(),
    cause=st.sampled_from(["", "ageing"]),
    work_done=st.text(max_size=5),
    result=st.sampled_from(["", "restored"]),
    slots=st.lists(st.sampled_from(["before", "after", "unsigned"])),
)
def test_more_never_makes_more_missing(
    is_field: bool, cause: str, work_done: str, result: str, slots: list[str]
) -> None:
    lacks = missing(Work(is_field, cause, work_done, result, slots))
    fuller = missing(Work(is_field, cause or "other", work_done + "修", result, [*slots, "before"]))
    assert set(fuller) <= set(lacks)
    assert "photo_before" not in fuller and "work_done" not in fuller and "cause" not in fuller


def test_manager_is_asked_before_designated_before_serving_before_others() -> None:
    """R-07: load and knowledge decide among equals only."""
    manager = Standing(is_manager=True, serves=True, load=9)
    designated = Standing(is_designated=True, serves=True, load=5)
    serving = Standing(serves=True, load=3)
    knowing = Standing(serves=True, knows_equipment=True, load=4)
    other = Standing()
    assert sorted([other, serving, knowing, designated, manager], key=rank) == [
        manager,
        designated,
        knowing,
        serving,
        other,
    ]


@given(st.builds(Standing, serves=st.booleans(), load=st.integers(0, 20)), st.integers(1, 5))
def test_more_to_do_never_comes_first(standing: Standing, more: int) -> None:
    busier = Standing(serves=standing.serves, load=standing.load + more)
    assert rank(standing) < rank(busier)


@pytest.mark.parametrize("kind", Ticket.Kind)
def test_every_kind_has_a_level(kind: str) -> None:
    """R-03: an emergency is critical before anybody has looked."""
    assert initial_level(kind) in Ticket.Level.values
    assert (initial_level(kind) == Ticket.Level.CRITICAL) == (kind == Ticket.Kind.EMERGENCY)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(minutes=12, seconds=59), "12 分"),
        (timedelta(hours=1, minutes=12), "1 小时 12 分"),
        (timedelta(days=2), "2 天"),
        (timedelta(seconds=-5), "不到 1 分"),
    ],
)
def test_durations_read_as_words(length: timedelta, words: str) -> None:
    assert duration(length) == words
