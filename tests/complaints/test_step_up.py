"""One step up (ISO 10002): somebody who had no part in the first decision decides again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.complaints import lifecycle
from apps.complaints.models import Complaint
from apps.notifications.models import Notification
from tests import factories as make

from .conftest import NOW, Scene

pytestmark = pytest.mark.django_db
S = Complaint.Status
DAY = timedelta(days=1)


@pytest.mark.parametrize("part", ["investigates", "is complained of", "has left"])
def test_where_no_manager_is_left_the_administrator_decides_one_step_up(
    scene: Scene, part: str, client_of: Any
) -> None:
    """The file opens to them for that, and for nothing before; no complaint stays where it is for want of a manager."""
    other, administrator = scene.second_manager, scene.administrator
    complaint = lifecycle.investigate(
        scene.complain(),
        actor=scene.quality,
        now=NOW,
        investigator=scene.investigator,
        plan="核对排程与通知记录",
        expected_on=make.TODAY + timedelta(days=3),
    )
    if part == "investigates":
        complaint.investigator = other
        complaint.save()
    elif part == "is complained of":
        complaint.accused.add(other)
    decided = lifecycle.decide(complaint, actor=scene.manager, now=NOW + DAY, cause="method", decision="口头致歉")
    told = lifecycle.tell(decided, actor=scene.quality, now=NOW + DAY, how="电话告知")
    page = complaint.get_absolute_url()
    browser = client_of(administrator)
    if part == "has left":
        up = lifecycle.reject(told, actor=scene.owner, now=NOW + 2 * DAY, reason="没有改正措施")
        assert not lifecycle.decide_above.is_open_to(up, administrator), "a manager is there"
        assert browser.get(page).status_code == 404
        other.is_active = False
        other.save()
    else:
        assert browser.get(page).status_code == 404
        up = lifecycle.reject(told, actor=scene.owner, now=NOW + 2 * DAY, reason="没有改正措施")
        assert Notification.objects.filter(user=administrator, event__name="complaints.complaint.reject").exists()
    assert not lifecycle.decide_above.is_open_to(up, scene.manager)
    assert browser.get(page).status_code == 200
    step = reverse("core:step", args=["complaints.complaint", up.pk, "decide_above"])
    assert browser.post(step, {"decision": "书面致歉", "submission_key": "k"}, follow=True).status_code == 200
    up.refresh_from_db()
    assert (up.status, up.decided_by) == (S.DECIDED, administrator)
