"""Licences that end are renewed in time: noted two months ahead, a training chosen, settled by the new licence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role
from apps.core.errors import DomainError
from apps.core.models import Event
from apps.notifications.models import Notification
from apps.training import certificates, licences, lifecycle, planning, retraining, retraining_lifecycle
from apps.training.models import Retraining, Session
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = timezone.localdate(NOW)


def _class(scene: Scene, kind: str = "electrician", **fields: Any) -> Session:
    course = make.make_course(audience="staff", licence_kind=kind, validity_months=36, responsible=scene.trainer)
    values = {"is_public": True, "status": "open", "trainer": scene.trainer, "starts_at": NOW + timedelta(days=10)}
    return make.make_session(course=course, **values | fields)


def test_holder_is_registered_for_the_class_that_comes_in_time(scene: Scene) -> None:
    """T-06: run twice nothing is added; the holder and the trainer are told."""
    session = _class(scene)
    licence = make.make_licence(expires_on=TODAY + timedelta(days=40))
    make.make_licence(expires_on=TODAY + timedelta(days=70))
    make.make_licence(expires_on=TODAY - timedelta(days=500), issued_on=TODAY - timedelta(days=2000))
    assert [retraining.note_ends(now=NOW) for _run in range(2)] == [1, 0]
    row = Retraining.objects.get()
    assert (row.licence, row.status, row.session) == (licence, "planned", session)
    assert session.participants.get().user == licence.user
    assert Notification.objects.filter(user=licence.user, event__name="training.retraining.assign").exists()
    assert Notification.objects.filter(user=scene.trainer, event__name="training.retraining.noted").exists()


def test_without_a_class_in_time_the_trainer_plans_one(scene: Scene, client_of: Any) -> None:
    """Full, too late, of another licence, or closed to registration: none of them is taken by itself."""
    late = _class(scene, starts_at=NOW + timedelta(days=50))
    _class(scene, seats=0)
    _class(scene, kind="welding")
    _class(scene, status="planned")
    licence = make.make_licence(expires_on=TODAY + timedelta(days=40))
    assert retraining.note_ends(now=NOW) == 1
    row = Retraining.objects.get()
    assert row.status == "open"
    home = client_of(scene.trainer).get("/")
    assert row.get_absolute_url() in home.text
    with pytest.raises(PermissionDenied):
        retraining_lifecycle.plan(row, actor=licence.user, now=NOW, session=late)
    wrong = make.make_session(course=scene.course, starts_at=NOW + timedelta(days=1))
    with pytest.raises(DomainError):
        retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=wrong)
    row = retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=late)
    assert (row.status, row.session) == ("planned", late)
    assert late.participants.filter(user=licence.user).exists()
    row = retraining_lifecycle.drop(row, actor=scene.trainer, now=NOW, reason="调离维修岗")
    assert row.status == "dropped"


def test_renewed_licence_settles_the_retraining(scene: Scene) -> None:
    """By hand, or by the certificate of the training that brings it."""
    session = _class(scene)
    first, second = (make.make_licence(expires_on=TODAY + timedelta(days=40)) for _n in range(2))
    assert retraining.note_ends(now=NOW) == 2
    values = {"kind": "electrician", "issued_by": "", "issued_on": TODAY, "actor": scene.manager, "now": NOW}
    licences.save_licence(user=first.user, number="T-2", expires_on=TODAY + timedelta(days=2000), **values)
    assert Retraining.objects.get(licence=first).status == "renewed"
    assert Retraining.objects.get(licence=second).status == "planned"
    session.participants.filter(user=second.user).update(attended_at=NOW)
    certificates.certify_presence(session=session, actor=scene.trainer, now=NOW)
    assert Retraining.objects.get(licence=second).status == "renewed"
    assert retraining.note_ends(now=NOW) == 0


def test_person_sees_their_own_licences_and_the_manager_those_that_end(scene: Scene, client_of: Any) -> None:
    """R-19: before it happens, on the person's own page and on the manager's."""
    soon = timezone.localdate() + timedelta(days=25)
    licence = make.make_licence(expires_on=soon)
    row = make.make_retraining(licence=licence)
    own = client_of(licence.user)
    assert licence.number in own.get(reverse("training:home")).text
    assert row.get_absolute_url() in own.get("/?part=side").text
    managers = client_of(make.make_staff(Role.MANAGER))
    assert licence.user.name in managers.get("/?part=side").text
    for tab in ("30", "60"):
        assert licence.number in managers.get(reverse("training:licence_list") + f"?tab={tab}").text
    page = managers.get(row.get_absolute_url())
    assert reverse("training:licence_create") in page.text
    assert client_of(scene.admin).get(row.get_absolute_url()).status_code in {403, 404}


def test_one_bad_row_keeps_no_reminder_from_the_others(scene: Scene, monkeypatch: Any) -> None:
    """Certificates, licences, sessions: each is taken up by itself, the bad one again at the next run."""
    soon = TODAY + timedelta(days=20)
    bad, good = (make.make_certificate(course=scene.course, user=scene.member, expires_on=soon) for _n in range(2))
    worse, better = (make.make_licence(expires_on=soon) for _n in range(2))
    first, second = (
        make.make_session(course=scene.course, project=scene.project, starts_at=NOW + timedelta(hours=5))
        for _n in range(2)
    )
    broken = {row.pk for row in (bad,)}, {worse.pk}, {first.pk}
    for module, keys in zip((certificates, licences, planning), broken, strict=True):
        real = module.record

        def record(subject: Any, *args: Any, _real: Any = real, _keys: Any = keys, **more: Any) -> Any:
            if subject.pk in _keys:
                raise ValueError("broken")
            return _real(subject, *args, **more)

        monkeypatch.setattr(module, "record", record)
    assert certificates.remind_of_ends(now=NOW) == 1
    assert licences.remind_of_ends(now=NOW) == 1
    assert planning.remind_sessions(now=NOW) == 1
    for row, is_reminded in (
        (bad, False),
        (good, True),
        (worse, False),
        (better, True),
        (first, False),
        (second, True),
    ):
        row.refresh_from_db()
        assert (row.reminded_at is not None) is is_reminded


def test_place_that_is_lost_is_planned_anew(scene: Scene) -> None:
    """T-06: a class called off, a place given back, or somebody absent leave the retraining to be planned again."""
    for lose in ("cancel", "withdraw", "absent"):
        session = _class(scene, kind="welding", starts_at=NOW + timedelta(days=9))
        licence = make.make_licence(kind="welding", expires_on=TODAY + timedelta(days=40))
        retraining.note_ends(now=NOW)
        row = Retraining.objects.get(licence=licence)
        assert (row.status, row.session) == ("planned", session)
        if lose == "cancel":
            lifecycle.cancel(session, actor=scene.manager, now=NOW, reason="讲师生病")
        elif lose == "withdraw":
            lifecycle.withdraw(session.participants.get(), actor=scene.manager, now=NOW)
        else:
            make.make_participant(session=session, attended_at=NOW)
            Session.objects.filter(pk=session.pk).update(status="held")
            lifecycle.close(session, actor=scene.manager, now=NOW + timedelta(days=10))
        row.refresh_from_db()
        assert (row.status, row.session) == ("open", None), lose
        told = Notification.objects.filter(user=scene.trainer, event__name="training.retraining.release")
        assert [one.event.subject for one in told.order_by("-pk")[:1]] == [row]
        retraining_lifecycle.drop(row, actor=scene.manager, now=NOW, reason="转岗")
        Session.objects.filter(pk=session.pk).update(status="closed")


def _planned(scene: Scene) -> tuple[Retraining, Session]:
    """Return a retraining with a place in a class that has no other."""
    session = _class(scene, seats=1)
    make.make_licence(expires_on=TODAY + timedelta(days=40))
    retraining.note_ends(now=NOW)
    return Retraining.objects.get(), session


def test_choosing_another_class_gives_the_place_in_the_first_to_the_next_who_waits(scene: Scene) -> None:
    """T-06: the retraining stays planned all the while, and no trainer is told that it lacks a place."""
    row, first = _planned(scene)
    following = make.make_participant(session=first, user=make.make_staff(), status="waiting")
    second = _class(scene)
    row = retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=second)
    assert (row.status, row.session) == ("planned", second)
    assert first.participants.get(user=row.licence.user).status == "withdrawn"
    assert second.participants.get(user=row.licence.user).status == "registered"
    following.refresh_from_db()
    assert following.status == "registered"
    assert not Event.objects.about(row).filter(name="training.retraining.release").exists()
    row = retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=second)
    assert second.participants.get(user=row.licence.user).status == "registered", "chosen again, it stays"


def test_sure_place_is_not_given_up_for_a_waiting_list(scene: Scene) -> None:
    row, first = _planned(scene)
    with pytest.raises(DomainError, match=first.number):
        retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=_class(scene, seats=0))
    row.refresh_from_db()
    assert row.session == first
    assert first.participants.get(user=row.licence.user).status == "registered"


def test_class_that_was_held_meanwhile_keeps_its_list(scene: Scene) -> None:
    row, first = _planned(scene)
    Session.objects.filter(pk=first.pk).update(status="held")
    retraining_lifecycle.plan(row, actor=scene.trainer, now=NOW, session=_class(scene))
    assert first.participants.get(user=row.licence.user).status == "registered"


def test_licence_whose_end_was_put_off_needs_no_retraining(scene: Scene) -> None:
    licence = make.make_licence(expires_on=TODAY + timedelta(days=40))
    retraining.note_ends(now=NOW)
    values = {"user": licence.user, "kind": licence.kind, "number": licence.number, "issued_by": "应急管理局"}
    values |= {"issued_on": licence.issued_on, "actor": scene.manager, "now": NOW, "licence": licence}
    licences.save_licence(**values, expires_on=TODAY + timedelta(days=50))
    assert Retraining.objects.get().status == "open"
    licences.save_licence(**values, expires_on=TODAY + timedelta(days=900))
    assert Retraining.objects.get().status == "renewed"
