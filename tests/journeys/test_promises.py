"""The promises in the browser: what an owner sees after reporting, an overdue dispatch, a pause over the National Day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

from . import people as hands
from .conftest import DESK, PHONE, Portal

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

#: A project of an owner, served by the preset for mechanical and electrical works, and the people of the story.
PEOPLE = """
import json
from django.utils import timezone
from apps.calendars.services import load_calendars
from apps.service_levels.models import ServicePolicy
from apps.service_levels.services import load_presets, set_project_policy
from tests import factories as make

now = timezone.now()
load_calendars(now=now)
load_presets(now=now)
owner = make.make_owner(name="江州市承诺管理处")
project = make.make_project(owner=owner, name="承诺大厦机电安装工程", number="GC-2026-900001")
names = {
    "boss": make.make_staff("manager", username="p-boss", name="郑岚"),
    "service": make.make_staff("customer_service", username="p-service", name="何静"),
    "leader": make.make_staff("engineer", username="p-leader", name="孙倩"),
    "owner": make.make_owner_admin(owner, username="p-owner", name="林平"),
}
make.make_project_person(project=project, user=names["leader"], role="manager")
policy = ServicePolicy.objects.get(key="mep_installation")
set_project_policy(project=project, policy=policy, actor=names["boss"], now=now)
print(json.dumps({"project": project.pk}))
"""

#: Lets time pass for a request: everything about its clocks happened so many minutes earlier.
LET_PASS = """
from datetime import timedelta
from django.db.models import F
from apps.service_levels.models import Clock
from apps.tickets.models import Ticket
gone = timedelta(minutes={minutes})
ticket = Ticket.objects.get(pk={ticket})
# A fault of the first level: whatever the hour at which this runs, nobody waits for an opening.
Ticket.objects.filter(pk=ticket.pk).update(level=1, reported_at=F("reported_at") - gone)
Clock.objects.about(ticket).update(level=1,
    started_at=F("started_at") - gone, due_at=F("due_at") - gone, next_check_at=F("next_check_at") - gone)
"""

#: A request from before the National Day in service hours, held from the last evening to the first morning after.
OVER_THE_HOLIDAY = """
import json
from datetime import datetime
from apps.accounts.models import User
from apps.calendars.models import ServiceHours
from apps.projects.models import Project
from apps.service_levels.models import Clock, Target
from apps.tickets import promise_services, services
from tests import factories as make

def at(text):
    return datetime.fromisoformat(text + "+08:00")

person = User.objects.get(username="p-service")
project = Project.objects.get(pk={project})
version = project.service_policy.policy.current
office = ServiceHours.objects.get(is_default=True)
Target.objects.create(version=version, position=99, metric="solution", amount=240, hours=office,
    start_events=["tickets.ticket.opened"], stop_events=["tickets.ticket.solution_given"], kinds=["maintenance"])
ticket = services.open_ticket(project=project, equipment=None, kind="maintenance", level=3, title="配电柜例行检修",
    description="", channel="hotline", contact_name="林平", contact_phone="13900002208", began_at=None, photos=(),
    actor=person, now=at("2026-09-30T15:30"))
promise_services.pause_promises(ticket=ticket, reason="no_access", note="节日期间机房封闭", actor=person,
    now=at("2026-09-30T16:30"))
promise_services.resume_promises(ticket=ticket, actor=person, now=at("2026-10-08T09:00"))
print(json.dumps({{"clock": Clock.objects.about(ticket).get(metric="solution").pk}}))
"""

OpenBrowser = Callable[..., Page]


def tell(portal: Portal, code: str, **values: Any) -> Any:
    """Run code in the portal's shell; return what its last line prints, as JSON."""
    lines = portal.manage("shell", "-v", "0", "-c", code.format(**values) if values else code).strip().splitlines()
    return json.loads(lines[-1]) if lines else None


@pytest.fixture(scope="module")
def project(portal: Portal) -> int:
    return int(tell(portal, PEOPLE)["project"])


def test_owner_sees_what_is_promised_and_an_overdue_dispatch_escalates(
    portal: Portal, open_browser: OpenBrowser, project: int
) -> None:
    """R-04, R-15: promised times after reporting; then 75 %, 100 %, 150 %, 200 % reach one person after the other."""
    owner = open_browser(PHONE)
    hands.sign_in(owner, "p-owner", PASSWORD)
    owner.goto(f"/tickets/new/?project={project}")
    hands.fill(owner, title="二层动力柜跳闸", contact_name="林平", contact_phone="13900002208")
    hands.send(owner, "提交报修")
    owner.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = int(owner.url.rstrip("/").rpartition("/")[2])
    promises = owner.locator("main")
    expect(promises).to_contain_text("到场")
    expect(promises).to_contain_text("2 小时")
    expect(promises).not_to_contain_text("内部")
    hands.fits_the_phone(owner)

    # The house duty: somebody is arranged within two hours. Nobody does.
    service, leader, boss = (open_browser(DESK) for _one in range(3))
    hands.sign_in(service, "p-service", PASSWORD)
    hands.sign_in(leader, "p-leader", PASSWORD)
    hands.sign_in(boss, "p-boss", PASSWORD)
    for minutes, page, word in (
        (130, service, "二层动力柜跳闸"),
        (60, leader, "二层动力柜跳闸"),
        (70, boss, "二层动力柜跳闸"),
    ):
        tell(portal, LET_PASS, ticket=ticket, minutes=minutes)
        portal.manage("escalate_promises")
        hands.eventually(lambda page=page, word=word: _is_told(page, word), f"{word} is told")
    boss.goto("/service-levels/")
    row = boss.locator("tr", has_text="二层动力柜跳闸").first
    expect(row).to_contain_text("超")


def _is_told(page: Page, word: str) -> bool:
    page.goto("/notifications/")
    return word in page.inner_text("main")


def test_pause_over_the_national_day_explains_itself(portal: Portal, open_browser: OpenBrowser, project: int) -> None:
    """Four working hours from 15:30: one before the pause, three after the holiday, due at noon on 8 October."""
    clock = tell(portal, OVER_THE_HOLIDAY, project=project)["clock"]
    owner = open_browser(DESK)
    hands.sign_in(owner, "p-owner", PASSWORD)
    owner.goto(f"/service-levels/clocks/{clock}/")
    words = owner.inner_text("main")
    for wanted in ("无法进场", "节日期间机房封闭", "2026-10-08 12:00", "何静"):
        assert wanted in words, words
