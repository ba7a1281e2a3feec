"""Signing in and closing in one moment, on two real connections: who is in has the certificate, nobody is in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import DomainError
from apps.training import attendance, learning, lifecycle
from apps.training.models import Certificate, Participant, Progress, Session
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = make.NOW


def _at_once(*acts: Any) -> list[Any]:
    start = Barrier(len(acts))

    def one(act: Any) -> Any:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.parametrize("run", range(6))
def test_sign_in_and_close_do_not_cross(run: int) -> None:
    """T-01, T-05: either the sign-in comes first and brings its certificate, or the training is closed to it."""
    trainer = make.make_staff("trainer")
    session = make.make_session(status="held", trainer=trainer, starts_at=NOW - timedelta(hours=4))
    make.make_participant(session=session, attended_at=NOW, hours=3)
    late = make.make_participant(session=session)
    acts = [
        lambda: attendance.sign_in(participant=late, method="sheet", actor=trainer, now=NOW),
        lambda: lifecycle.close(session, actor=trainer, now=NOW),
    ]
    came = _at_once(*(acts if run % 2 else reversed(acts)))
    assert Session.objects.get(pk=session.pk).status == "closed"
    is_in = Participant.objects.get(pk=late.pk).attended_at is not None
    assert is_in is not any(isinstance(one, DomainError) for one in came)
    assert Certificate.objects.filter(session=session).count() == 1 + is_in


def test_two_players_of_one_person_share_one_clock() -> None:
    """T-03: reports of two films that arrive together never deadlock and count once."""
    member = make.make_owner_member()
    course = make.make_course()
    films = [make.make_material(course=course, kind="video", seconds=600) for _n in range(2)]
    for film in films:
        make.make_learning(user=member, material=film, reported_at=NOW)
    at = NOW + timedelta(seconds=20)
    report = {"intervals": [(0, 20)], "position": 20, "actor": member, "now": at}
    _at_once(*(lambda film=film: learning.report_seen(material=film, **report) for film in films * 2))
    assert sum(Progress.objects.values_list("seconds_seen", flat=True)) <= 22
