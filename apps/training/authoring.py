"""Keep courses, their materials and their question banks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile

from .models import Course, CoursePart, Material, MaterialFile, Part, Post, Question
from .rules import as_number
from .videos import seconds_of

CREATED = declare_event("training.course.created", gettext_lazy("Course made"), icon="plus")
declare_event("training.course.changed", gettext_lazy("Course changed"), icon="pencil")
MATERIAL_ADDED = declare_event("training.course.material_added", gettext_lazy("Material added"), icon="paperclip")
MATERIAL_REMOVED = declare_event("training.course.material_removed", gettext_lazy("Material removed"), icon="trash")
QUESTION_KEPT = declare_event("training.course.question_kept", gettext_lazy("Question kept"), icon="pencil")
ASKED = declare_event("training.course.asked", gettext_lazy("Question about the course"), icon="message")
ANSWERED = declare_event("training.course.answered", gettext_lazy("Question answered"), icon="message-check")

FEWEST_CHOICES = 2
LONGEST_QUESTION = 500
LONGEST_ANSWER = 300
MOST_POINTS = 100


@dataclass(frozen=True)
class PartLine:
    """What one part of the syllabus teaches, for how long, and how much it weighs in the exam."""

    content: str = ""
    minutes: int = 0
    weight: int = 0


def save_course(
    *,
    values: Mapping[str, Any],
    prerequisites: Iterable[Course] = (),
    parts: Mapping[str, PartLine],
    actor: Any,
    now: datetime,
    course: Course | None = None,
) -> Course:
    """Make or change a course with its syllabus (T-07). An exam needs a part that weighs something."""
    if values.get("exam_questions") and not any(line.weight for line in parts.values()):
        raise DomainError(_("Give at least one part a weight: the exam is drawn by the weights."))
    with transaction.atomic():
        before = None
        if course is not None:
            course = lock(course)
            before = values_of(course)
        else:
            course = Course(created_at=now)
        for name, value in values.items():
            setattr(course, name, value)
        course.save()
        course.prerequisites.set([row for row in prerequisites if row.pk != course.pk])
        for part in Part.values:
            line = parts.get(part, PartLine())
            CoursePart.objects.update_or_create(
                course=course,
                part=part,
                defaults={"content": line.content, "minutes": line.minutes, "weight": line.weight},
            )
        if before is None:
            record(course, CREATED, actor=actor, now=now, audience=Audience.STAFF, data={"note": course.name})
        else:
            record_change(course, before, actor=actor, now=now)
    return course


def add_material(
    *,
    course: Course,
    kind: str,
    title: str,
    actor: Any,
    now: datetime,
    url: str = "",
    seconds: int | None = None,
    file: AcceptedFile | None = None,
) -> Material:
    """Add something to learn from, after what is there."""
    if kind == Material.Kind.LINK and not url:
        raise DomainError(_("A link needs its address."), field="url")
    if kind != Material.Kind.LINK and file is None:
        raise DomainError(_("Choose the file."), field="file")
    if kind == Material.Kind.VIDEO and file is not None:
        if not file.content_type.startswith("video/"):
            raise DomainError(_("This file is no video: choose MP4 or WebM."), field="file")
        seconds = seconds_of(file) or seconds
    if kind == Material.Kind.VIDEO and not seconds:
        raise DomainError(_("Say how long the video is: what was seen is measured against it."), field="seconds")
    with transaction.atomic():
        course = lock(course)
        last = course.materials.aggregate(last=Max("position"))["last"] or 0
        material = Material.objects.create(
            course=course,
            position=last + 1,
            kind=kind,
            title=title,
            url=url,
            seconds=seconds if kind == Material.Kind.VIDEO else None,
        )
        if file is not None and kind != Material.Kind.LINK:
            MaterialFile.keep(file, actor=actor, now=now, material=material)
        record(course, MATERIAL_ADDED, actor=actor, now=now, audience=Audience.STAFF, data={"note": title})
    return material


def remove_material(*, material: Material, actor: Any, now: datetime) -> Course:
    """Take a material out of its course; nobody must have learnt from it."""
    with transaction.atomic():
        course = lock(material.course)
        if material.progress.exists():
            raise DomainError(_("People have learnt from “%(title)s”; it stays.") % {"title": material.title})
        MaterialFile.objects.filter(material=material).delete()
        record(course, MATERIAL_REMOVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": material.title})
        material.delete()
    return course


@dataclass(frozen=True)
class QuestionLine:
    """A question as it is entered or read from a sheet."""

    part: str
    kind: str
    text: str
    options: list[str] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    points: int = 1


def check_question(line: QuestionLine) -> None:
    """Raise ``DomainError`` for a question that could not be answered, or not marked."""
    choices = {Question.Kind.SINGLE, Question.Kind.MULTIPLE}
    if not line.text.strip():
        raise DomainError(_("Write the question."), field="text")
    if len(line.text) > LONGEST_QUESTION:
        raise DomainError(
            _("The question has more than %(limit)s characters.") % {"limit": LONGEST_QUESTION}, field="text"
        )
    if not 1 <= line.points <= MOST_POINTS:
        raise DomainError(_("Marks are a whole number from 1 to %(most)s.") % {"most": MOST_POINTS}, field="points")
    if line.kind in choices and len(line.options) < FEWEST_CHOICES:
        raise DomainError(_("Give at least two choices, one a line."), field="options")
    if line.kind in choices and len(set(line.options)) != len(line.options):
        raise DomainError(_("Two choices are alike."), field="options")
    chosen = line.answer.get("chosen", [])
    if line.kind in choices and (not chosen or not all(0 <= place < len(line.options) for place in chosen)):
        raise DomainError(_("Name the right choices by their letters, such as A or ACD."), field="answer")
    if line.kind == Question.Kind.SINGLE and len(chosen) != 1:
        raise DomainError(_("Exactly one choice is right."), field="answer")
    if line.kind == Question.Kind.TRUE_FALSE and not isinstance(line.answer.get("is_true"), bool):
        raise DomainError(_("Say whether it is right or wrong."), field="answer")
    within = as_number(line.answer.get("tolerance") or "0")
    if line.kind == Question.Kind.NUMBER and (
        as_number(line.answer.get("value")) is None or within is None or within < 0
    ):
        raise DomainError(_("Write the number, and a tolerance after ± if there is one."), field="answer")
    if line.kind == Question.Kind.PRACTICAL and not line.options:
        raise DomainError(_("Write what is looked at, one point a line."), field="options")


def save_question(
    *, course: Course, line: QuestionLine, actor: Any, now: datetime, question: Question | None = None
) -> Question:
    """Keep a question. One that was asked is put out of use and a new one takes its place: papers stay as they were."""
    check_question(line)
    with transaction.atomic():
        course = lock(course)
        if question is not None and question.used.exists():
            asked = (question.kind, question.text, question.options)
            is_same = asked == (line.kind, line.text, line.options)
            if is_same and question.answer != line.answer:
                raise DomainError(
                    _("This question was asked already. Put it out of use and write it anew."), field="answer"
                )
            if not is_same or question.points != line.points:
                Question.objects.filter(pk=question.pk).update(is_active=False)
                question = None
        question = question or Question(course=course)
        _must_be_the_only_one(question, line.text)
        question.part, question.kind, question.text = line.part, line.kind, line.text
        question.options, question.answer, question.points = line.options, line.answer, line.points
        question.save()
        record(course, QUESTION_KEPT, actor=actor, now=now, audience=Audience.STAFF, data={"note": line.text[:80]})
    return question


def _must_be_the_only_one(question: Question, text: str) -> None:
    """Refuse a second question of the same words in use; those that were put out of use keep theirs."""
    same = Question.objects.filter(course=question.course, text=text, is_active=True)
    if question.is_active and same.exclude(pk=question.pk).exists():
        raise DomainError(_("The course has this question already."), field="text")


def switch_question(*, question: Question, actor: Any, now: datetime) -> Question:
    """Put a question out of use, or into use again."""
    with transaction.atomic():
        lock(question.course)
        question = lock(question)
        question.is_active = not question.is_active
        _must_be_the_only_one(question, question.text)
        question.save(update_fields=["is_active"])
        note = {"note": question.text[:80]}
        record(question.course, QUESTION_KEPT, actor=actor, now=now, audience=Audience.STAFF, data=note)
    return question


def ask(*, course: Course, text: str, actor: Any, now: datetime) -> Post:
    """Ask the trainer about a course (T-03)."""
    with transaction.atomic():
        post = Post.objects.create(course=course, asked_by=actor, asked_at=now, text=text)
        record(course, ASKED, actor=actor, now=now, data={"note": text[:80]}, tells=[course.responsible])
    return post


def answer(*, post: Post, answer: str, actor: Any, now: datetime) -> Post:
    """Answer a learner; everybody who learns the course reads it."""
    with transaction.atomic():
        post = lock(post)
        post.answer, post.answered_by, post.answered_at = answer, actor, now
        post.save(update_fields=["answer", "answered_by", "answered_at"])
        record(post.course, ANSWERED, actor=actor, now=now, data={"note": post.text[:80]}, tells=[post.asked_by])
    return post
