"""What the storekeeper and finance find on their home pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role
from apps.service_levels.models import Pause
from tests import factories as make

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def home(client_of: ClientOf, role: Role) -> str:
    client = client_of(make.make_staff(role))
    return client.get("/").content.decode() + client.get("/?part=side").content.decode()


def paused(title: str, **fields: Any) -> Any:
    ticket = make.make_ticket(title=title)
    make.make_pause(subject=ticket, **fields)
    return ticket


def test_storekeeper_sees_which_requests_wait_for_parts_the_longest_first(client_of: ClientOf) -> None:
    now = timezone.now()
    paused("等轴承", reason=Pause.Reason.PARTS, began_at=now - timedelta(days=1))
    paused("等控制板", reason=Pause.Reason.PARTS, began_at=now - timedelta(days=5))
    paused("等业主", reason=Pause.Reason.WAITING_FOR_OWNER, began_at=now - timedelta(days=2))
    paused("已到货", reason=Pause.Reason.PARTS, began_at=now - timedelta(days=9), ended_at=now)
    page = home(client_of, Role.STOREKEEPER)
    assert 0 < page.index("等控制板") < page.index("等轴承")
    assert "等业主" not in page
    assert "已到货" not in page


def test_storekeeper_sees_the_jobs_ahead_with_their_equipment(client_of: ClientOf) -> None:
    equipment = make.make_equipment(name="1# 生活水泵", model=make.make_equipment_model())
    ahead = make.make_work_order(ticket=make.make_ticket(equipment=equipment, title="水泵异响"), status="accepted")
    begun = make.make_work_order(ticket=make.make_ticket(title="已在维修"), status="working")
    page = home(client_of, Role.STOREKEEPER)
    for words in ("水泵异响", "1# 生活水泵", str(equipment.model), ahead.engineer.name, ahead.get_absolute_url()):
        assert words in page, words
    assert begun.get_absolute_url() not in page


def test_finance_sees_what_is_chargeable_by_its_latest_decision(client_of: ClientOf) -> None:
    """W-19: a later decision is a new row, and the last one counts."""
    now = timezone.now()
    for title, decisions in (("保外报修", (True, False)), ("保内报修", (False, True)), ("尚未判定", ())):
        ticket = make.make_ticket(title=title)
        for nth, is_covered in enumerate(decisions):
            ground = "in_force" if is_covered else "expired"
            moment = now + timedelta(minutes=nth)
            make.make_cover_decision(ticket=ticket, is_covered=is_covered, ground=ground, decided_at=moment)
    page = home(client_of, Role.FINANCE)
    assert "保外报修" in page
    assert "保内报修" not in page
    assert "尚未判定" not in page


def test_finance_sees_which_warranties_end_next(client_of: ClientOf) -> None:
    today = timezone.localdate()

    def ending(name: str, day: date) -> None:
        make.make_warranty(project=make.make_project(name=name), starts_on=day - timedelta(days=700), ends_on=day)

    ending("下月到期工程", today + timedelta(days=30))
    ending("明天到期工程", today + timedelta(days=1))
    ending("明年到期工程", today + timedelta(days=200))
    ending("已到期工程", today - timedelta(days=1))
    page = home(client_of, Role.FINANCE)
    assert 0 < page.index("明天到期工程") < page.index("下月到期工程")
    assert "明年到期工程" not in page
    assert "已到期工程" not in page


def test_finance_sees_the_papers_issued_last(client_of: ClientOf) -> None:
    issued = make.make_document(status="issued")
    draft = make.make_document(status="draft")
    page = home(client_of, Role.FINANCE)
    assert issued.get_absolute_url() in page
    assert draft.get_absolute_url() not in page


@pytest.mark.parametrize("role", [Role.STOREKEEPER, Role.FINANCE, Role.AUDITOR])
def test_home_has_something_to_start_with_even_when_nothing_waits(client_of: ClientOf, role: Role) -> None:
    page = client_of(make.make_staff(role)).get("/").content.decode()
    assert page.count('class="pane') >= 1
    assert "目前没有等您处理的事项" not in page


def test_cards_of_the_office_are_for_those_roles_alone(client_of: ClientOf) -> None:
    paused("等控制板", reason=Pause.Reason.PARTS)
    page = home(client_of, Role.TRAINER)
    assert "panel-parts" not in page
    assert "panel-chargeable" not in page
    assert "panel-exports" not in page
