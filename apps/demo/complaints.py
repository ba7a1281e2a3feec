"""A handful of complaints in different states, follow-up calls, quality samples, analyses, last year's review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.complaints import (
    call_lifecycle,
    file_lifecycle,
    followups,
    lifecycle,
    review_lifecycle,
    reviews,
    sampling,
    services,
)
from apps.complaints.models import Complaint, FollowUp, Sample, Verdict
from apps.core.recurrence import add_months
from apps.tickets.models import Ticket

from .content import read
from .diary import moment, working
from .world import World

K = Complaint.Kind
CALLS_FROM = timedelta(days=370)
#: In the months before, somebody calls every other day.
CALLED_DAILY = timedelta(days=28)
CALLS_UNTIL = timedelta(days=1)
SAMPLED = timedelta(days=29)
#: So many months' analyses are issued.
ANALYSED = 3
#: The day of the month on which they are, past the national holidays.
ISSUED_ON = 9
#: Steps within so many hours are taken at once; later ones within working hours.
DAY = 24


def plan_complaints(world: World) -> None:
    """Write complaints, calls and samples of the last weeks into the diary."""
    words = read("complaints")
    for story in words["complaint"]:
        _plan(world, story, words)
    for line in words["proposal"]:
        _propose(world, line)
    _review(world, words["review"])
    day = timezone.localdate(world.now - CALLS_FROM)
    while day <= timezone.localdate(world.now):
        world.diary.at(moment(day, 7, 30), followups.plan_followups)
        world.diary.at(working(moment(day, 10, 10)), _call, world, words["said"])
        day += timedelta(days=1 if timezone.localdate(world.now) - day < CALLED_DAILY else 2)
    day = timezone.localdate(world.now - SAMPLED)
    while day <= timezone.localdate(world.now):
        if day.weekday() == 0:
            world.diary.at(moment(day, 6, 23), sampling.draw_samples)
            world.diary.at(working(moment(day, 15, 40)), _judge, world, words["failed"])
        day += timedelta(days=1)


def _propose(world: World, line: dict[str, Any]) -> None:
    """Make a proposal to a department, have it adopted and perhaps carried out."""
    quality = world.people["quality"]
    held: dict[str, Any] = {}

    def make(now: datetime) -> None:
        month = timezone.localdate(now).replace(day=1)
        held["row"] = reviews.make_proposal(
            month=month, department=line["department"], text=line["text"], actor=quality, now=now
        )

    def adopt(now: datetime) -> None:
        held["row"] = file_lifecycle.adopt(held["row"], actor=quality, now=now, outcome=line["adopted"])

    def finish(now: datetime) -> None:
        file_lifecycle.finish_proposal(held["row"], actor=quality, now=now, outcome=line["done"])

    begin = working(world.now - timedelta(days=line["days_ago"]))
    world.diary.at(begin, make)
    world.diary.at(begin + timedelta(days=3), adopt)
    if "done" in line:
        world.diary.at(begin + timedelta(days=14), finish)


def _review(world: World, words: dict[str, Any]) -> None:
    """Issue the analyses of the last months, each at the beginning of the next, and last year's review in January."""
    first = timezone.localdate(world.now).replace(day=1)
    for months_ago in range(ANALYSED - 1, -1, -1):
        day = add_months(first, -months_ago)
        text = words["monthly"][months_ago % len(words["monthly"])]
        world.diary.at(working(moment(day.replace(day=ISSUED_ON), 9, 29)), _analyse, world, text)
    world.diary.at(working(moment(first.replace(month=1, day=ISSUED_ON), 10, 29)), _look_back, world, words)


def _analyse(world: World, text: str, now: datetime) -> None:
    """Issue the last month's analysis, as quality does."""
    begins_on = add_months(timezone.localdate(now).replace(day=1), -1)
    quality = world.people["quality"]
    analysis = reviews.prepare_by_hand(kind="month", begins_on=begins_on, actor=quality, now=now)
    analysis = reviews.conclude(analysis=analysis, conclusion=text, actor=quality, now=now)
    review_lifecycle.issue(analysis, actor=quality, now=now)


def _look_back(world: World, words: dict[str, Any], now: datetime) -> None:
    """Issue last year's management review, with what it resolved and what has come of that."""
    manager, begins_on = world.people["manager"], add_months(timezone.localdate(now).replace(month=1, day=1), -12)
    review = reviews.prepare_by_hand(kind="year", begins_on=begins_on, actor=manager, now=now)
    review = reviews.conclude(analysis=review, conclusion=words["yearly"], actor=manager, now=now)
    for line in words["resolution"]:
        resolution = reviews.resolve(
            analysis=review,
            kind=line["kind"],
            text=line["text"],
            responsible=world.people[line["responsible"]],
            due_on=add_months(begins_on, 23),
            actor=manager,
            now=now,
        )
        if "outcome" in line:
            reviews.note_outcome(line=resolution, outcome=line["outcome"], actor=manager, now=now)
    review_lifecycle.issue(review, actor=manager, now=now)


def _plan(world: World, story: dict[str, Any], words: dict[str, Any]) -> None:
    """Open a complaint so many hours ago, and take its steps some hours later each."""
    held: dict[str, Any] = {}
    begin = world.now - timedelta(hours=story["hours_ago"])
    begin = begin if story.get("at_once") else working(begin)
    world.diary.at(begin, _open, world, story, held)
    last = begin
    for step in sorted(story.get("steps", []), key=lambda one: one["after"]):
        when = begin + timedelta(hours=step["after"])
        last = max(working(when) if step["after"] > DAY else when, last + timedelta(minutes=5))
        world.diary.at(last, _take, world, step, held)


def _open(world: World, story: dict[str, Any], held: dict[str, Any], now: datetime) -> None:
    owner = world.people.get(story.get("owner", ""))
    actor = owner or (world.people["service"] if story["channel"] != "portal" else None)
    project = world.projects[story["project"]] if "project" in story else None
    subject = Ticket.objects.filter(project=project).closed().order_by("-closed_at").first() if project else None
    held["complaint"] = services.open_complaint(
        channel=story["channel"],
        kind=story["kind"],
        title=story["title"],
        description=story.get("description", ""),
        remedy=story.get("remedy", ""),
        project=project,
        subject=subject if story.get("about_request") else None,
        accused=[world.people[name] for name in story.get("accused", [])],
        is_anonymous=not owner and "contact" not in story,
        complainant=owner,
        contact_name=story.get("contact", ""),
        contact_phone=story.get("phone", ""),
        actor=actor,
        now=now,
    )


def _take(world: World, step: dict[str, Any], held: dict[str, Any], now: datetime) -> None:
    """Take one step of a story; what is a word for a person or a day becomes one."""
    complaint = Complaint.objects.get(pk=held["complaint"].pk)
    actor = world.people[step["by"]]
    today = timezone.localdate(now)
    data = {name: _value(world, name, value, now, today) for name, value in step.get("data", {}).items()}
    match step["step"]:
        case "contact":
            services.log_contact(complaint=complaint, actor=actor, now=now, **data)
        case "cause":
            services.find_cause(complaint=complaint, actor=actor, now=now, **data)
        case "progress":
            services.tell_progress(progress=complaint.progress.get(), actor=actor, now=now, **data)
        case "action":
            held["action"] = services.set_action(complaint=complaint, actor=actor, now=now, **data)
        case "action_done":
            file_lifecycle.finish_action(held["action"], actor=actor, now=now, **data)
        case "missed":
            services.escalate_missed_progress(now=now)
        case name:
            getattr(lifecycle, name)(complaint, actor=actor, now=now, **data)


def _value(world: World, name: str, value: Any, now: datetime, today: date) -> Any:
    if name in {"investigator", "responsible"}:
        return world.people[value]
    if name in {"expected_on", "due_on", "check_on"}:
        return today + timedelta(days=value)
    if name in {"progress_by", "promised_by"}:
        return now + timedelta(hours=value)
    return value


def _call(world: World, said: list[str], now: datetime) -> None:
    """Call those whose work was done the day before; every seventh is not reached."""
    for call in FollowUp.objects.to_call().filter(completed_at__lt=now - CALLS_UNTIL)[:4]:
        service = world.people["service"]
        if world.turn("call") % 7 == 3:  # noqa: PLR2004  every seventh
            followups.note_not_reached(call=call, note="", actor=service, now=now)
        else:
            call_lifecycle.note_satisfied(call, actor=service, now=now, said=world.one_of(said, "call said"))


def _judge(world: World, failed: list[str], now: datetime) -> None:
    """Judge the sample of the week before the last; the newest waits."""
    rows = Sample.objects.filter(verdicts__isnull=True, sampling__week__lt=timezone.localdate(now) - timedelta(days=8))
    for sample in rows.order_by("pk"):
        checkers = ["quality", "manager"] if sample.is_double else ["quality"]
        for name in checkers:
            fails = world.turn("verdict") % 6 == 4  # noqa: PLR2004  one in six
            sampling.judge(
                sample=sample,
                response_time=Verdict.Mark.PASS,
                response_quality=Verdict.Mark.FAIL if fails else Verdict.Mark.PASS,
                service_quality=Verdict.Mark.PASS,
                note=world.one_of(failed, "failed") if fails else "",
                actor=world.people[name],
                now=now,
            )
