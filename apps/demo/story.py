"""Tell the whole story: one transaction, so that a load that is interrupted leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.calendars.services import load_calendars
from apps.core.errors import DomainError
from apps.core.recurrence import add_months
from apps.documents.models import Document
from apps.inspections.models import Visit
from apps.notifications.services import read_all
from apps.projects.models import Owner
from apps.service_levels import escalation
from apps.service_levels.services import load_presets
from apps.surveys.services import load_questionnaires
from apps.tickets.models import Ticket

from . import complaints, paper, people, requests, surveys, today, training, visits, works
from .content import read
from .diary import Diary, moment, working
from .world import World

#: Rendered before the portal says that it is up: with two cards that were made again, a dozen.
AT_ONCE = {"warranty_card": 2, "repair_sheet": 3, "revisit_report": 3, "complaint_analysis": 1, "management_review": 1}
FOUNDED = timedelta(days=1100)
#: What was told before that is read by now.
UNREAD = timedelta(days=2)
WATCHED_AT = (9, 17)
REFUSED = (
    "This database already holds people or owners that are not the demo's. Nothing was changed. "
    "The demo is loaded into an empty database: use another one (DATA_DIR or DATABASE_URL)."
)


def is_loaded() -> bool:
    """Say whether the demo is here: all of it, since it is loaded in one transaction."""
    names = {line["name"] for line in read("people")["owner"]}
    return Owner.objects.filter(name__in=names).count() == len(names)


def load(*, now: datetime, say: Callable[[str], None]) -> bool:
    """Load the demo as it stands at ``now``; return False when it is there. Raises ``DomainError`` for other data."""
    with translation.override("zh-hans"):
        with transaction.atomic():
            load_calendars(now=now)
            if is_loaded():
                return False
            if User.objects.exists() or Owner.objects.exists():
                raise DomainError(REFUSED)
            _tell(World(now=now, diary=Diary(now), say=say))
        say("rendering a dozen documents")
        render_some()
    return True


def _tell(world: World) -> None:
    """Write the diary and play it: everything happens in the order of time, so numbers run as in life."""
    founded = working(world.now - FOUNDED)
    people.join_staff(world, founded)
    people.add_owners(world, founded + timedelta(hours=2))
    works.add_models(world, founded + timedelta(hours=3))
    visits.add_checklists(world, founded + timedelta(hours=4))
    load_presets(now=founded + timedelta(hours=5), actor=world.people["admin"])
    load_questionnaires(now=founded + timedelta(hours=5), actor=world.people["admin"])
    training.keep_licences(world, founded + timedelta(hours=6))
    works.plan_works(world)
    requests.plan_requests(world, today.TOLD_TODAY)
    visits.plan_visits(world)
    today.plan_today(world)
    world.diary.at(working(world.now - timedelta(days=6)), people.invite_who_has_not_come, world)
    world.diary.at(world.now - UNREAD, _everybody_reads, world)
    _count_months(world)
    _watch_promises(world)
    surveys.plan_answers(world)
    complaints.plan_complaints(world)
    training.plan_training(world)
    world.diary.play()
    people.give_password()


def _watch_promises(world: World) -> None:
    """Have the promises looked at twice a day through the year, and every quarter of an hour in the last two days."""
    day = timezone.localdate(world.now) - timedelta(days=370)
    while day <= timezone.localdate(world.now):
        for hour in WATCHED_AT:
            world.diary.at(moment(day, hour), _look_at_promises)
        day += timedelta(days=1)
    last = world.now - UNREAD
    while last <= world.now:
        world.diary.at(last, _look_at_promises)
        last += timedelta(minutes=15)


def _look_at_promises(*, now: datetime) -> None:
    escalation.sweep(now=now)


def _count_months(world: World) -> None:
    """Have the diary say how far it is, at the end of each month of the year and at the last."""
    day = add_months(timezone.localdate(world.now).replace(day=1), -11)
    while day <= timezone.localdate(world.now):
        world.diary.at(moment(day, 0), _say_how_far, world)
        day = add_months(day, 1)
    world.diary.at(world.now, _say_how_far, world)


def _say_how_far(world: World, now: datetime) -> None:
    counts = f"{Ticket.objects.count()} requests, {Visit.objects.count()} visits, {Document.objects.count()} documents"
    world.say(f"{timezone.localtime(now):%Y-%m-%d}: {counts}")


def _everybody_reads(world: World, now: datetime) -> None:
    for person in world.people.values():
        read_all(user=person, now=now)


def render_some() -> None:
    """Render a dozen of the documents that are being issued, the newest of each type."""
    for kind, wanted in AT_ONCE.items():
        issuing = Document.objects.filter(type=kind, status=Document.Status.ISSUING).order_by("-issued_at", "-pk")
        for document in issuing[:wanted]:
            paper.render(document)
