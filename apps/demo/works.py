"""The six projects: prepared, equipped, accepted, served, and one of them closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.core.recurrence import add_months
from apps.core.uploads import accept_file
from apps.documents import lifecycle as document_states
from apps.documents import services as documents
from apps.projects import lifecycle
from apps.projects import services as projects
from apps.projects.models import Equipment, EquipmentModel, Site
from apps.service_levels.models import ServicePolicy
from apps.service_levels.services import set_project_policy
from apps.warranties import lifecycle as cards
from apps.warranties.models import WarrantyCard
from apps.warranties.services import accept_project

from . import people, pictures
from .content import read
from .diary import moment, working
from .paper import render
from .world import World

PREPARATION = timedelta(days=240)


def acceptance_days(today: date) -> dict[str, date]:
    """Return when each project was accepted, so that today shows every kind of cover.

    Lighting ends within 30 days, decoration is over, planting's card is overdue, furniture is not accepted yet.
    """
    return {
        "lighting": add_months(today + timedelta(days=18), -24),
        "mep": add_months(today, -11),
        "data_room": add_months(today - timedelta(days=1), -8),
        "decoration": add_months(today, -14),
        "planting": today - timedelta(days=40),
    }


def plan_works(world: World) -> None:
    """Write the projects into the diary."""
    world.accepted_on = acceptance_days(timezone.localdate(world.now))
    for words in read("projects")["project"]:
        key = words["key"]
        accepted = world.accepted_on.get(key)
        created = working(moment(accepted, 10) - PREPARATION if accepted else world.now - timedelta(days=75))
        world.diary.at(created, create, world, words)
        equipped = working(moment(accepted, 9) - timedelta(days=20) if accepted else world.now - timedelta(days=30))
        world.diary.at(equipped, equip, world, words)
        if accepted:
            world.diary.at(moment(accepted, 15, 20), accept, world, words)
            if key != "planting":
                world.diary.at(working(moment(accepted, 9, 40) + timedelta(days=3)), start, world, words)
                issued = working(moment(accepted, 14, 5) + timedelta(days=12))
                world.diary.at(issued, issue_card, world, key)
    world.diary.at(working(world.now - timedelta(days=9)), close, world, "decoration")


def add_models(world: World, now: datetime) -> None:
    """Add what the makers sell."""
    world.models = {
        line["key"]: projects.create_equipment_model(
            maker=line["maker"],
            name=line["name"],
            size_class=line.get("size", EquipmentModel.SizeClass.SMALL),
            normal_life_years=line["life"],
            actor=world.people["support"],
            now=now,
        )
        for line in read("projects")["model"]
    }


def create(world: World, words: dict[str, Any], now: datetime) -> None:
    """Create a project with its people and the policy by which it is served."""
    project = projects.create_project(
        name=words["name"],
        owner=world.owners[words["owner"]],
        trade=words["trade"],
        contract_number=words["contract"],
        contract_amount=Decimal(words["amount"]),
        address=words["address"],
        department=words["department"],
        actor=world.people["admin"],
        now=now,
    )
    projects.set_project_people(
        project,
        manager=world.people[words["manager"]],
        engineers=[world.people[name] for name in words["engineers"]],
        others=[world.people[name] for name in words.get("others", [])],
        actor=world.people["manager"],
        now=now + timedelta(minutes=6),
    )
    set_project_policy(
        project=project,
        policy=ServicePolicy.objects.get(key=words["policy"]),
        actor=world.people["manager"],
        now=now + timedelta(minutes=9),
    )
    world.projects[words["key"]] = project
    people.add_limited(world, words["key"], now + timedelta(hours=1))
    world.say(f"{project.number} {project.name}")


def equip(world: World, words: dict[str, Any], now: datetime) -> None:
    """Enter a project's sites and equipment, every piece with its model, place and settings."""
    project, manager = world.projects[words["key"]], world.people[words["manager"]]
    sites: dict[tuple[str, str], Site] = {}
    pieces: dict[str, Equipment] = {}
    for line in words["equipment"]:
        for nth in range(line.get("count", 1)):
            n = 1 + nth * line.get("step", 1)
            site, area, place = line["places"][nth % len(line["places"])].split("|")
            name = line["name"].format(n=n)
            pieces[name] = projects.create_equipment(
                project,
                name=name,
                model=world.models[line["model"]] if "model" in line else None,
                serial_number=line.get("serial", "").format(n=n),
                parent=pieces[line["parent"].format(n=n)] if "parent" in line else None,
                site=_site(world, words["key"], sites, (site, area), now),
                place=place.format(n=n),
                installed_on=timezone.localdate(now) - timedelta(days=world.minutes(5, 40)),
                commissioning_settings=line.get("settings", ""),
                actor=manager,
                now=now,
            )
    world.equipment[words["key"]] = list(pieces.values())


def _site(world: World, key: str, sites: dict[tuple[str, str], Site], where: tuple[str, str], now: datetime) -> Site:
    """Return a place of the project, entered when it is first named."""
    site, area = where
    admin = world.people["admin"]
    if (site, "") not in sites:
        sites[site, ""] = projects.add_site(world.projects[key], name=site, actor=admin, now=now)
    if (site, area) not in sites:
        above = sites[site, ""]
        sites[site, area] = projects.add_site(world.projects[key], name=area, parent=above, actor=admin, now=now)
    return sites[site, area]


def accept(world: World, words: dict[str, Any], now: datetime) -> None:
    """Record the acceptance with its evidence, a page of the signed report."""
    project = world.projects[words["key"]]
    evidence = SimpleUploadedFile(f"{words['reference']}.jpg", _evidence(words, now), "image/jpeg")
    accept_project(
        project=project,
        basis=words["basis"],
        accepted_on=timezone.localdate(now),
        completed_on=None,
        months=words["months"],
        reference=words["reference"],
        scope_text=words["scope"],
        files=[accept_file(evidence)],
        actor=world.people[words["manager"]],
        now=now,
    )


def _evidence(words: dict[str, Any], now: datetime) -> bytes:
    lines = [
        words["name"],
        f"编号 {words['reference']}",
        f"{timezone.localdate(now):%Y 年 %m 月 %d 日}",
        "验收结论：合格",
    ]
    return pictures.page("竣工验收报告", lines)


def start(world: World, words: dict[str, Any], now: datetime) -> None:
    """Begin to serve the project."""
    lifecycle.start_service(world.projects[words["key"]], actor=world.people[words["manager"]], now=now)


def issue_card(world: World, key: str, now: datetime) -> None:
    """Issue the warranty card; two of them had to be made again, once for a wrong name, once for a new department."""
    admin, manager = world.people["admin"], world.people["manager"]
    card = cards.issue(WarrantyCard.objects.get(warranty__project=world.projects[key]), actor=admin, now=now)
    if key in {"decoration", "mep"}:
        document = documents.document_of("warranty_card", card)
        render(document)
        later = working(now + timedelta(days=1, hours=2))
        world.diary.at(later, _make_anew, world, card, document, manager if key == "decoration" else None)


def _make_anew(world: World, card: WarrantyCard, document: Any, voided_by: Any, now: datetime) -> None:
    if voided_by:
        document_states.void(document, actor=voided_by, now=now, reason="联系人职务填写有误，收回原卡重新签发")
    else:
        document_states.replace(document, actor=world.people["admin"], now=now)
    cards.reissue(card, actor=world.people["admin"], now=now + timedelta(minutes=4))


def close(world: World, key: str, now: datetime) -> None:
    """Close a project whose cover is over."""
    reason = read("phrases")["closed_project"]["reason"]
    lifecycle.close(world.projects[key], actor=world.people["manager"], now=now, reason=reason)
