"""The company, its people, and the owners with theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.documents import signing
from apps.documents.company import change_profile
from apps.projects import services as projects
from apps.projects.models import Owner, OwnerPerson

from . import pictures
from .content import read
from .world import World

#: One password for everybody: this is a demo, and says so.
PASSWORD = "Demo-2026!"  # noqa: S105


def join_staff(world: World, now: datetime) -> None:
    """Have the contractor's people join, the administrator first, and set up the company's letterhead."""
    words = read("people")
    admin: User | None = None
    for line in words["staff"]:
        person = accounts.create_person(
            name=line["name"],
            username=line["username"],
            phone=line["phone"],
            roles=line["roles"],
            licence_number=line.get("licence", ""),
            actor=admin,
            now=now,
        )
        world.people[line["username"]] = person
        world.positions[line["username"]] = line["zh"]
        admin = admin or person
        signing.keep_sample(user=person, drawing=pictures.signature(person.name), now=now)
    change_profile(values=words["company"], logo=pictures.logo(), actor=admin, now=now)


def add_owners(world: World, now: datetime) -> None:
    """Add the four owners and those of their people who see all their projects."""
    admin = world.people["admin"]
    for line in read("people")["owner"]:
        world.owners[line["key"]] = projects.create_owner(
            name=line["name"], address=line["address"], phone=line["phone"], actor=admin, now=now
        )
        for person in line["people"]:
            if "only" not in person:
                _add(world, world.owners[line["key"]], person, now)


def add_limited(world: World, project: str, now: datetime) -> None:
    """Add the owner's people who see this project alone."""
    for owner in read("people")["owner"]:
        for person in owner["people"]:
            if project in person.get("only", []):
                _add(world, world.owners[owner["key"]], person, now)


def _add(world: World, owner: Owner, line: dict[str, Any], now: datetime) -> None:
    only = [world.projects[key] for key in line.get("only", [])]
    person = projects.add_owner_person(
        owner,
        name=line["name"],
        username=line["username"],
        phone=line["phone"],
        kind=line.get("kind", OwnerPerson.Kind.MEMBER),
        position=line["position"],
        is_approver=line.get("approver", False),
        all_projects=not only,
        projects=only,
        actor=world.people["admin"],
        now=now,
    )
    world.people[line["username"]] = person.user
    world.positions[line["username"]] = line["position"]


def invite_who_has_not_come(world: World, now: datetime) -> None:
    """Send the invitation that the demo shows: its link is still open."""
    for line in _owner_lines():
        if line.get("invited"):
            person = OwnerPerson.objects.get(user=world.people[line["username"]])
            projects.invite_owner_person(person, actor=world.people["admin"], now=now)


def give_password() -> None:
    """Give everybody the shared password but those who are only invited.

    Hashed once: a password service would hash it for each of them, which is meant to be slow.
    """
    names = [line["username"] for line in [*read("people")["staff"], *_owner_lines()] if not line.get("invited")]
    User.objects.filter(username__in=names).update(password=make_password(PASSWORD))


def sign_ins() -> list[dict[str, str]]:
    """Return who can sign in: role, name, user name and what to see first, in both languages."""
    lines = [
        {"zh": line["zh"], "en": line["en"]} | {key: line[key] for key in ("name", "username", "see_zh", "see_en")}
        for line in read("people")["staff"]
    ]
    for owner in read("people")["owner"]:
        for line in owner["people"]:
            if not line.get("invited"):
                is_admin = line.get("kind") == OwnerPerson.Kind.ADMIN
                role = ("业主管理员", "Owner admin") if is_admin else ("业主成员", "Owner member")
                known = {key: line[key] for key in ("name", "username", "see_zh", "see_en")}
                lines.append({"zh": role[0], "en": role[1], "owner": owner["name"]} | known)
    return lines


def _owner_lines() -> list[dict[str, Any]]:
    return [line for owner in read("people")["owner"] for line in owner["people"]]
