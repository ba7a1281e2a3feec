"""Quiet hours, digests and topics as pure functions and declarations."""

from __future__ import annotations

import ast
from datetime import datetime, time
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Role
from apps.core.events import declared_events
from apps.core.lifecycle import machines
from apps.notifications.models import MODES, Channel
from apps.notifications.rules import effective, last_digest, most_eager, quiet_until
from apps.notifications.strangers import masked
from apps.notifications.topics import GROUPS, OTHER, OWNER, all_topics, topic_of
from tests.architecture.sources import APPS, app_files, parsed
from tests.factories import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "starts", "ends", "until"),
    [
        ("2026-11-16 21:59", "22:00", "07:00", None),
        ("2026-11-16 22:00", "22:00", "07:00", "2026-11-17 07:00"),
        ("2026-12-31 23:59", "22:00", "07:00", "2027-01-01 07:00"),
        ("2026-11-17 00:00", "22:00", "07:00", "2026-11-17 07:00"),
        ("2026-11-17 06:59", "22:00", "07:00", "2026-11-17 07:00"),
        ("2026-11-17 07:00", "22:00", "07:00", None),
        ("2026-11-17 12:30", "12:00", "14:00", "2026-11-17 14:00"),
        ("2026-11-17 14:00", "12:00", "14:00", None),
        ("2026-11-17 03:00", "00:00", "06:00", "2026-11-17 06:00"),
        ("2026-11-17 22:00", "22:00", "22:00", None),
    ],
)
def test_quiet_hours_end(moment: str, starts: str, ends: str, until: str | None) -> None:
    found = quiet_until(at(moment), time.fromisoformat(starts), time.fromisoformat(ends))
    assert found == (at(until) if until else None)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-16 08:00", "2026-11-16 08:00"),
        ("2026-11-16 07:59", "2026-11-15 08:00"),
        ("2026-11-16 23:00", "2026-11-16 08:00"),
    ],
)
def test_digest_is_due_at_eight(moment: str, due: str) -> None:
    assert last_digest(at(moment)) == at(due)


def test_several_roles_are_told_by_the_most_eager() -> None:
    assert most_eager(["off", "at_once", "digest"]) == "at_once"
    assert most_eager(["off", "digest"]) == "digest"
    assert most_eager([]) == "off"


def test_urgent_waits_for_no_digest_but_what_is_off_stays_off() -> None:
    assert [effective(mode, urgent=True) for mode in ("at_once", "digest", "off")] == ["at_once", "at_once", "off"]
    assert effective("digest", urgent=False) == "digest"


def test_longest_name_decides_the_topic() -> None:
    assert topic_of("tickets.ticket.message").name == "messages"
    assert topic_of("tickets.workorder.issued").name == "dispatch"
    assert topic_of("tickets.ticket.acknowledge").name == "progress"
    assert topic_of("nobody.knows.this") is OTHER


def test_owners_choose_among_what_can_reach_them() -> None:
    """Promises about to be missed, visits, findings, samples and the rest are told to our own people alone."""
    inside = {"promises", "visits", "findings", "quality", "other"}
    offered = {topic.name for topic in all_topics({OWNER})}
    assert not offered & inside
    assert {"requests", "progress", "messages", "confirming", "complaints", "satisfaction", "training"} <= offered
    assert "engineer_requests" not in {topic.name for topic in all_topics({Role.ENGINEER})}


def test_every_default_is_a_mode_of_its_channel() -> None:
    for topic in all_topics():
        for group in GROUPS:
            for channel in Channel:
                assert topic.default(group, channel) in MODES[channel]


def test_defaults_are_sensible() -> None:
    dispatch = topic_of("tickets.workorder.issued")
    assert dispatch.default(Role.ENGINEER, "sms") == "at_once"
    assert dispatch.default(OWNER, "sms") == "off"
    assert topic_of("tickets.ticket.opened").default(Role.CUSTOMER_SERVICE, "email") == "at_once"
    assert topic_of("tickets.ticket.opened").default(Role.FINANCE, "email") == "digest"


#: Events that tell people and belong to no topic of their own, knowingly: (none yet).
KNOWINGLY_OTHER: set[str] = set()


def telling_events() -> set[str]:
    """Return every event that tells somebody: steps with ``tells``, and calls of ``record`` with it."""
    found = {edge.event_name for edges in machines().values() for edge in edges.values() if edge.tells}
    for path in app_files():
        if "core" in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "record"):
                continue
            if not any(keyword.arg == "tells" for keyword in node.keywords) or len(node.args) < 2:
                continue
            module = import_module(".".join(("apps", *path.relative_to(APPS).with_suffix("").parts)))
            name = node.args[1]
            value = getattr(module, name.id, None) if isinstance(name, ast.Name) else getattr(name, "value", None)
            if isinstance(value, str) and value in declared_events():
                found.add(value)
    return found


def test_every_event_that_tells_people_has_a_topic() -> None:
    events = telling_events()
    assert len(events) > 20
    stray = {name for name in events if topic_of(name) is OTHER} - KNOWINGLY_OTHER
    assert not stray, f"Declare a topic for them in the app's panels.py: {sorted(stray)}"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("13800001234", "****234"),
        ("+86 138 0000 1234", "****234"),
        ("0516-83821234", "****1234"),
        ("8382123", "****23"),
        ("12345", "****5"),
        ("95", "****"),
        ("", "****"),
        ("zhou.min@example.com", "zh***@example.com"),
        ("tao@example.com", "t***@example.com"),
        ("li@example.com", "***@example.com"),
    ],
)
def test_address_in_a_timeline_cannot_be_used(address: str, shown: str) -> None:
    assert masked(address) == shown


@given(st.text("0123456789", max_size=20))
def test_at_most_a_third_of_a_number_is_shown(number: str) -> None:
    assert sum(sign.isdigit() for sign in masked(number)) * 3 <= len(number)
