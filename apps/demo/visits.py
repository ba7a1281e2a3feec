"""The year's visits: made by the plans, moved off weekends, done with readings and findings, signed, approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.core.recurrence import add_months
from apps.inspections import lifecycle, recording, services
from apps.inspections.models import Visit, VisitPlan
from apps.inspections.recording import CheckEntry
from apps.inspections.services import ItemLine

from . import paper, pictures
from .content import read
from .diary import SATURDAY, moment, working
from .job import CONTACTS, Job
from .requests import Script, carry_out
from .world import World

REVISIT, PATROL = VisitPlan.Kind.REVISIT, VisitPlan.Kind.PATROL
SUPERVISORS = {"lighting": "sun", "mep": "he", "data_room": "he", "decoration": "sun", "planting": "sun"}
#: What a visit photographs: two things of the project.
SIGHTS = {
    "lighting": ["照明配电箱", "路灯 M"],
    "mep": ["生活水泵", "低压配电柜"],
    "data_room": ["精密空调", "服务器机柜"],
    "decoration": ["LED 平板灯组", "自动感应门"],
    "planting": ["香樟行道树", "草坪地被"],
}


@dataclass(frozen=True)
class Plan:
    """A standing plan, and the visit of it that stands otherwise than done today: on which day, and how."""

    project: str
    kind: str
    months: int
    by: str = ""
    anchor: date | None = None
    fate_on: date | None = None
    fate: str = ""


def plans(world: World) -> list[Plan]:
    """Return the plans; anchors are chosen so that today finds a visit in every state."""
    today = timezone.localdate(world.now)
    yesterday = today - timedelta(days=1)
    return [
        Plan("lighting", PATROL, 1, "wang", None, add_months(today + timedelta(days=18), -1), "reported"),
        Plan("lighting", REVISIT, 3),
        Plan("mep", PATROL, 1, "li", None, today, "under_way"),
        Plan("mep", REVISIT, 3, "zhou"),
        Plan("data_room", PATROL, 1, "chen", None, yesterday, "done"),
        Plan("data_room", REVISIT, 3, "chen", add_months(today, -6), today, "waits"),
        Plan("decoration", REVISIT, 3, "wang"),
        Plan("planting", PATROL, 1, "zhou"),
        Plan("planting", REVISIT, 1, "wang", None, add_months(today - timedelta(days=40), 1), "waits"),
    ]


def plan_visits(world: World) -> None:
    """Write the plans into the diary, and the scheduler that makes visits of them every week."""
    first = timezone.localdate(world.now) - timedelta(days=365)
    known: dict[int, Plan] = {}
    for plan in plans(world):
        accepted = world.accepted_on[plan.project]
        made = max(accepted + timedelta(days=4), first)
        world.diary.at(working(moment(made, 10, 30)), make_plan, world, plan, known)
        if plan.project == "decoration":
            world.diary.at(working(world.now - timedelta(days=10)), end_plan, world, known, plan)
    day = first
    while day <= timezone.localdate(world.now):
        world.diary.at(moment(day, 2, 7), make_visits, world, known)
        day += timedelta(days=7)
    world.diary.at(world.now - timedelta(hours=3), make_visits, world, known)


def add_checklists(world: World, now: datetime) -> None:
    """Add the lists that patrols go by."""
    for line in read("visits")["checklist"]:
        items = [
            ItemLine(text=text, unit=limits[0], lower=Decimal(str(limits[1])), upper=Decimal(str(limits[2])))
            if limits
            else ItemLine(text=text)
            for text, *limits in line["items"]
        ]
        actor = world.people["admin"]
        world.checklists[line["key"]] = services.save_checklist(name=line["name"], items=items, actor=actor, now=now)


def make_plan(world: World, plan: Plan, known: dict[int, Plan], now: datetime) -> None:
    """Make one plan; patrols go by their trade's checklist."""
    row = services.create_plan(
        project=world.projects[plan.project],
        kind=plan.kind,
        months=plan.months,
        anchor=plan.anchor,
        checklist=world.checklists.get(plan.project) if plan.kind == PATROL else None,
        assigned_to=world.people[plan.by] if plan.by else None,
        actor=world.people[SUPERVISORS[plan.project]],
        now=now,
    )
    known[row.pk] = plan


def end_plan(world: World, known: dict[int, Plan], plan: Plan, now: datetime) -> None:
    """End a plan, because the project's service ends."""
    row = VisitPlan.objects.get(pk=next(pk for pk, other in known.items() if other is plan))
    services.end_plan(plan=row, actor=world.people[SUPERVISORS[plan.project]], now=now)


def make_visits(world: World, known: dict[int, Plan], now: datetime) -> None:
    """Do what the scheduler does, and write into the diary how each new visit will go."""
    for visit in services.generate_visits(now=now):
        _Course(world, known[visit.plan_id], visit).plan(now)  # type: ignore[index]


class _Course:
    """How one visit goes."""

    def __init__(self, world: World, plan: Plan, visit: Visit) -> None:
        self.world, self.plan_words, self.visit = world, plan, visit
        self.day = visit.scheduled_on
        near = plan.fate_on is not None and abs((visit.planned_on - plan.fate_on).days) <= 4  # noqa: PLR2004
        self.fate = plan.fate if near else ""
        in_winter = plan.project == "lighting" and plan.kind == PATROL and visit.planned_on.month <= 2  # noqa: PLR2004
        if in_winter and not self.fate and not world.turn("left out at the Spring Festival"):
            self.fate = "skipped"
        self.contact = CONTACTS[plan.project][visit.pk % 2]
        self.engineer = plan.by or "zhou"
        self.words: dict[str, Any] = {}

    def at(self, when: datetime, act: Callable[..., Any], *args: Any) -> None:
        self.world.diary.at(max(when, self.not_before), act, *args)

    def plan(self, now: datetime) -> None:
        """Write the visit's course into the diary."""
        self.not_before = now
        if self.fate == "skipped":
            self.at(working(moment(self.day, 10) - timedelta(days=6)), self.skip)
            return
        on_weekend = self.day.weekday() >= SATURDAY and not self.fate
        if not self.plan_words.by or on_weekend:
            if on_weekend:
                self.day = timezone.localdate(working(moment(self.day, 9)))
            self.at(working(moment(self.visit.scheduled_on, 9, 25) - timedelta(days=6)), self.assign)
        if self.fate == "waits":
            return
        if self.fate == "under_way":
            begun = self.world.now - timedelta(minutes=48)
            self.world.diary.at(begun, self.start)
            self.world.diary.at(self.world.now - timedelta(minutes=9), self.record_half)
            return
        begins = moment(self.day, 9, 0) + timedelta(minutes=self.world.minutes(5, 290))
        self.at(begins, self.start)
        ends = begins + timedelta(minutes=self.world.minutes(55, 130))
        self.at(ends, self.record)
        self.at(ends + timedelta(minutes=6), self.finish)
        if self.fate == "done":
            return
        self.at(ends + timedelta(minutes=self.world.minutes(12, 25)), self.sign)
        if self.fate == "reported":
            return
        approval = working(ends + timedelta(hours=self.world.minutes(20, 50)))
        self.at(approval, self.approve)
        self.at(approval + timedelta(days=self.world.minutes(2, 6)), self.follow_up)

    def _people(self) -> tuple[Any, Any]:
        return self.world.people[self.engineer], self.world.people[self.contact]

    def _fresh(self) -> Visit:
        return Visit.objects.get(pk=self.visit.pk)

    def assign(self, *, now: datetime) -> None:
        self.visit = lifecycle.assign(
            self._fresh(),
            actor=self.world.people["service"],
            now=now,
            assigned_to=self.world.people[self.engineer],
            scheduled_on=max(self.day, timezone.localdate(now)),
        )

    def skip(self, *, now: datetime) -> None:
        reason = read("phrases")["skip"][0]
        lifecycle.skip(self._fresh(), actor=self.world.people["service"], now=now, reason=reason)

    def start(self, *, now: datetime) -> None:
        self.visit = lifecycle.start(self._fresh(), actor=self._people()[0], now=now)

    def record(self, *, now: datetime) -> None:
        """Write what was found: readings, abnormal points, photos, findings, the running state."""
        engineer, contact = self._people()
        told = self._told()
        facts = {
            "way": Visit.Way.TELEPHONE if self.plan_words.project == "decoration" else Visit.Way.ON_SITE,
            "contact_name": contact.name,
            "contact_phone": contact.phone,
            "running_state": told["running"],
            "experience": told.get("experience", ""),
            "suggestions": told.get("suggestions", ""),
            "conclusion": told["conclusion"],
        }
        recording.record_visit(
            visit=self.visit, facts=facts, entries=self._entries(told), rest_in_order=True, actor=engineer, now=now
        )
        if facts["way"] == Visit.Way.ON_SITE:
            recording.add_photos(visit=self.visit, photos=self._photos(now), actor=engineer, now=now)
        for finding in told.get("findings", []):
            self._find(finding, now)
        self.words = told

    def record_half(self, *, now: datetime) -> None:
        """Write the first points of a visit that is going on."""
        engineer, contact = self._people()
        entries = self._entries({})
        half = {key: entries[key] for key in sorted(entries)[: len(entries) // 2]}
        first = [check for check in self.visit.checks.all() if not check.asks_reading][:3]
        half |= {check.pk: CheckEntry(verdict="ok") for check in first}
        facts = {"contact_name": contact.name, "contact_phone": contact.phone}
        recording.record_visit(visit=self.visit, facts=facts, entries=half, actor=engineer, now=now)
        recording.add_photos(visit=self.visit, photos=self._photos(now)[:1], actor=engineer, now=now)

    def finish(self, *, now: datetime) -> None:
        """Finish; a quality defect opens its repair, which goes its own way from there."""
        self.visit = lifecycle.finish(self.visit, actor=self._people()[0], now=now)
        paper.show(lifecycle.REPORT, self.visit)
        for finding in self.visit.findings.exclude(ticket=None).select_related("ticket", "equipment"):
            story = next(line for line in read("visits")["defect"] if line["finding"] == finding.text)
            words = story | {"title": finding.text, "on": "", "level": 3}
            project = self.plan_words.project
            job = Job(self.world, project, words, finding.equipment, contact=self.contact, ticket=finding.ticket)
            script = Script(self.world, job, now, urgent=False)
            script.then(15, 50, job.acknowledge)
            carry_out(script, words, project)

    def sign(self, *, now: datetime) -> None:
        engineer, contact = self._people()
        report = paper.show(lifecycle.REPORT, self.visit)
        role = self.world.positions[self.contact]
        if self.plan_words.project == "decoration":
            paper.sign_with_account(report, user=contact, role=role, now=now)
        else:
            paper.sign_on_site(report, name=contact.name, role=role, phone=contact.phone, engineer=engineer, now=now)

    def approve(self, *, now: datetime) -> None:
        supervisor = self.world.people[SUPERVISORS[self.plan_words.project]]
        lifecycle.approve(self._fresh(), actor=supervisor, now=now)

    def follow_up(self, *, now: datetime) -> None:
        """Answer the findings, and say what came of it."""
        told = {finding[1]: finding for finding in self.words.get("findings", [])}
        for finding in self.visit.findings.all():
            answer, effect = told[finding.text][3:5]
            if answer:
                recording.follow_up_finding(
                    finding=finding, answer=answer, effect=effect, actor=self._people()[0], now=now
                )

    def _told(self) -> dict[str, Any]:
        kind = "patrol" if self.plan_words.kind == PATROL else "revisit"
        trade = self.world.projects[self.plan_words.project].trade
        lines = [line for line in read("visits")[kind] if line["trade"] == trade]
        chosen: dict[str, Any] = self.world.one_of(lines, f"{kind} {trade}")
        return chosen

    def _entries(self, told: dict[str, Any]) -> dict[int, CheckEntry]:
        """Return the readings, near what is usual, and what was abnormal."""
        usual = {
            text: limits
            for line in read("visits")["checklist"]
            for text, *limits in line["items"]
            if line["key"] == self.plan_words.project
        }
        entries = {}
        for check in self.visit.checks.all():
            bad = next((why for text, why in told.get("bad", {}).items() if check.text.startswith(text)), None)
            if bad:
                value = Decimal(str(bad[0])) if bad[0] != "" else None
                entries[check.pk] = CheckEntry(verdict="abnormal", value=value, note=bad[1])
            elif check.asks_reading:
                middle = usual[check.text][3] * (1 + self.world.rng.uniform(-0.012, 0.012))
                places = 2 if middle < 10 else 1  # noqa: PLR2004  as instruments show it
                reading = Decimal(str(round(middle, places)))
                entries[check.pk] = CheckEntry(value=reading if check.upper is None else min(reading, check.upper))
        return entries

    def _photos(self, now: datetime) -> list[Any]:
        photos = []
        for n, name in enumerate(SIGHTS[self.plan_words.project]):
            piece = self.world.piece(self.plan_words.project, name)
            at = now - timedelta(minutes=20 - 6 * n)
            photos.append(pictures.photo(piece.name, piece.where, at, good=True, turn=self.visit.pk + n))
        return photos

    def _find(self, finding: list[str], now: datetime) -> None:
        category, text, action = finding[:3]
        project = self.plan_words.project
        recording.add_finding(
            visit=self.visit,
            category=category,
            text=text,
            action=action,
            responsible=self.world.people[SUPERVISORS[project]],
            due_on=timezone.localdate(now) + timedelta(days=14),
            equipment=self.world.piece(project, finding[5]) if len(finding) > 5 else None,  # noqa: PLR2004
            actor=self._people()[0],
            now=now,
        )
