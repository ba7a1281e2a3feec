"""Signing in and closing in one moment, on two real connections: who is in has the certificate, nobody is in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import DomainError, IllegalTransition
from apps.training import attendance, learning, lifecycle, retraining, retraining_lifecycle
from apps.training.models import Certificate, Participant, Progress, Retraining, Session
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
    make.make_company()
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


def _class_open(course: Any) -> Session:
    return make.make_session(course=course, is_public=True, status="open", starts_at=NOW + timedelta(days=10))


def _meet(monkeypatch: Any, count: int) -> None:
    """Let steps come as far as they do without waiting for each other, and only then write on."""
    here = Barrier(count)

    def waiting(act: Any) -> Any:
        def meet_and_act(*args: Any, **more: Any) -> Any:
            with suppress(BrokenBarrierError):
                here.wait(timeout=1)
            return act(*args, **more)

        return meet_and_act

    monkeypatch.setattr(retraining, "free", waiting(retraining.free))
    monkeypatch.setattr(retraining_lifecycle, "register_holder", waiting(retraining_lifecycle.register_holder))


def test_calling_off_a_class_and_choosing_another_do_not_wait_for_each_other(monkeypatch: Any) -> None:
    """T-06: both have the training first and the retraining after it; the holder ends in the class that is held."""
    manager = make.make_staff("manager")
    licence = make.make_licence()
    course = make.make_course(audience="staff", licence_kind=licence.kind)
    first, second = _class_open(course), _class_open(course)
    make.make_participant(session=first, user=licence.user)
    row = make.make_retraining(licence=licence, status="planned", session=first)
    _meet(monkeypatch, 2)
    came = _at_once(
        lambda: lifecycle.cancel(first, actor=manager, now=NOW, reason="讲师生病"),
        lambda: retraining_lifecycle.plan(row, actor=manager, now=NOW, session=second),
    )
    assert Session.objects.get(pk=first.pk).status == "cancelled"
    row.refresh_from_db()
    if any(isinstance(one, IllegalTransition) for one in came):
        assert (row.status, row.session) == ("open", None), "called off first: it is to be chosen again"
    else:
        assert (row.status, row.session) == ("planned", second)


def test_two_holders_change_places_at_once(monkeypatch: Any) -> None:
    """T-06: from the first class to the second, and the other way round."""
    manager = make.make_staff("manager")
    course = make.make_course(audience="staff", licence_kind="electrician")
    classes = _class_open(course), _class_open(course)
    rows = []
    for session in classes:
        licence = make.make_licence(kind="electrician")
        make.make_participant(session=session, user=licence.user)
        rows.append(make.make_retraining(licence=licence, status="planned", session=session))
    _meet(monkeypatch, 2)
    _at_once(
        *(
            lambda row=row, session=session: retraining_lifecycle.plan(row, actor=manager, now=NOW, session=session)
            for row, session in zip(rows, reversed(classes), strict=True)
        )
    )
    assert [Retraining.objects.get(pk=row.pk).session for row in rows] == list(reversed(classes))


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
