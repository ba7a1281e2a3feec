"""What owners say when they are asked: most answer within days, a few are not content, and somebody calls them."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.surveys import lifecycle, services
from apps.surveys.models import Answer, LowAnswer, Occasion, Question, SurveyRequest

from .content import read
from .diary import working
from .job import CONTACTS
from .world import World

#: Every so many-th who is asked says nothing.
SILENT = 4
#: What the others give, one after the other; each may differ by a point from question to question.
GRADES = [5, 4, 5, 5, 4, 5, 2, 5, 4, 5, 5]
BAD = 2
EVERY = timedelta(days=3)
CALL_AFTER = timedelta(hours=20)
#: Who was asked since then has not answered yet, but for one who is not content.
RECENT = timedelta(days=14)
TODAY = timedelta(hours=2)
YEARLY = timedelta(days=2)


def plan_answers(world: World) -> None:
    """Look every few days who was asked; the yearly survey goes out these days, and somebody is not content."""
    when = world.now - timedelta(days=360)
    while when <= world.now - EVERY:
        world.diary.at(working(when), answer_some, world)
        when += EVERY
    world.diary.at(working(world.now - YEARLY), ask_everybody, world)
    world.diary.at(world.now - TODAY, complain, world)


def ask_everybody(world: World, now: datetime) -> None:
    """The yearly survey: everybody who reports faults, once, unless they were asked this month."""
    for project, contacts in CONTACTS.items():
        for name in dict.fromkeys(contacts):
            services.request_answer(
                occasion=Occasion.YEARLY,
                subject=world.projects[project],
                project=world.projects[project],
                person=world.people[name],
                actor=world.people["quality"],
                now=now,
            )


def answer_some(world: World, now: datetime) -> None:
    """Answer what was asked, but for those who never answer and the newest."""
    for request in SurveyRequest.objects.open(now).filter(asked_at__lt=world.now - RECENT).order_by("pk"):
        if request.pk % SILENT:
            answer(world, request, GRADES[world.turn("grade") % len(GRADES)], now=now)


def complain(world: World, now: datetime) -> None:
    """The one who was asked last among those who may still answer is not content; nobody has called yet."""
    request = SurveyRequest.objects.open(now).first()
    if request is not None:
        answer(world, request, BAD, now=now)


def answer(world: World, request: SurveyRequest, grade: int, *, now: datetime) -> None:
    """Give one answer, in the portal or by the link; a low one is called about the next day."""
    way = Answer.Way.PORTAL if request.person_id and request.pk % 3 else Answer.Way.LINK
    words = read("surveys")["bad" if grade <= BAD else "good"]
    values: dict[int, int | str | None] = {
        question.pk: world.one_of(words, f"survey {grade <= BAD}")
        if question.kind == Question.Kind.TEXT
        else _value(question, grade, shift=(request.pk + question.position) % 3 == 0)
        for question in request.version.questions.all()
    }
    actor = request.person if way == Answer.Way.PORTAL else None
    given = services.give_answer(survey=request, way=way, values=values, actor=actor, now=now)
    if given.is_low:
        world.diary.at(working(now + CALL_AFTER), call, world, given.low_answer)


def _value(question: Question, grade: int, *, shift: bool) -> int | str | None:
    if question.kind == Question.Kind.SCALE:
        return max(1, min(5, grade - 1 if shift else grade))
    if question.kind == Question.Kind.NPS:
        return grade * 2 - shift
    return question.choices[grade % len(question.choices)] if question.choices else None


def call(world: World, low: LowAnswer, now: datetime) -> None:
    words = world.one_of(read("surveys")["calls"], "survey call")
    lifecycle.finish(low, actor=world.people["quality"], now=now, outcome=words)
