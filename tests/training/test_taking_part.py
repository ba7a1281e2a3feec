"""Taking part: what has to be shown before, the receipt of the materials, being there from afar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Event
from apps.training import planning
from apps.training.models import Participant, Session
from tests import factories as make

from .conftest import Scene

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_course_without_certificate_keeps_nobody_out(scene: Scene, client_of: Any) -> None:
    """Nobody could show one; it is not offered as what comes first, either."""
    before = make.make_course(gives_certificate=False)
    scene.course.prerequisites.add(before)
    assert planning.register(session=scene.session, user=scene.member, actor=scene.member, now=NOW)
    form = client_of(scene.trainer).get(reverse("training:course_edit", args=[scene.course.pk])).context["form"]
    assert before not in form.fields["prerequisites"].queryset
    assert make.make_course() in form.fields["prerequisites"].queryset.all()


def test_receipt_is_noted_by_the_trainer_for_who_has_no_account(scene: Scene, client_of: Any) -> None:
    """T-01: who has an account says so themselves, and nobody else for them."""
    guest = make.make_participant(session=scene.session, owner=scene.owner)
    member = make.make_participant(session=scene.session, user=scene.member)
    expected = [(scene.admin, guest, 403), (scene.trainer, member, 403), (scene.trainer, guest, 302)]
    expected += [(scene.member, member, 302)]
    for user, row, status in expected:
        answer = client_of(user).post(reverse("training:received", args=[row.pk]))
        assert answer.status_code == status
        assert (Participant.objects.get(pk=row.pk).received_at is not None) is (status == 302)
    assert Event.objects.about(scene.session).filter(name=planning.RECEIVED).count() == 2


def test_i_am_here_is_said_from_afar_and_only_while_it_lasts(scene: Scene, client_of: Any) -> None:
    """T-03: at an online training the person says it on its page; on site the trainer takes the attendance."""
    make.make_participant(session=scene.session, user=scene.member)
    page, browser = scene.session.get_absolute_url(), client_of(scene.member)
    begin = timezone.now() - timedelta(minutes=20)
    for way, starts_at, offered in (
        ("live", begin, True),
        ("online", begin, True),
        ("on_site", begin, False),
        ("live", begin - timedelta(days=2), False),
    ):
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
        Session.objects.filter(pk=scene.session.pk).update(way=way, **times)
        assert browser.get(page).context["may_sign_in"] is offered, (way, starts_at)
    Session.objects.filter(pk=scene.session.pk).update(starts_at=begin, ends_at=begin + timedelta(hours=1), way="live")
    url = reverse("training:attend", args=[scene.session.attendance_token])
    assert browser.post(url, {"account": "1"}).status_code in {200, 302}
    row = scene.session.participants.get(user=scene.member)
    assert row.attended_at is not None
    assert row.method == Participant.Method.OWN_PHONE
    assert browser.get(page).context["may_sign_in"] is False
