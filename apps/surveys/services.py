"""Ask, take the answer, keep the questionnaires. Apps above call ``request_answer`` when something is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.rules import plain_phone
from apps.calendars.due_days import Count, counted
from apps.calendars.loading import Calendars
from apps.core.errors import DomainError
from apps.core.events import declare_event, record
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile
from apps.projects.models import Project

from . import access, sending
from .models import (
    Answer,
    AnswerLine,
    AnswerScan,
    LowAnswer,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    SurveyRequest,
)
from .presets import PRESETS, QuestionLine
from .rules import LINK_LIFE, SPANS, WORKING_DAYS_TO_CALL, index_of, is_low, may_ask_again

ASKED = declare_event("surveys.surveyrequest.asked", gettext_lazy("Asked for an evaluation"), icon="message")
NOT_ASKED = declare_event(
    "surveys.surveyrequest.not_asked", gettext_lazy("Not asked for an evaluation"), icon="message-check"
)
ANSWERED = declare_event(
    "surveys.surveyrequest.answered", gettext_lazy("Evaluation received"), icon="clipboard-check", tone="ok"
)
#: A promise may run on it; the task is made in any case.
LOW = declare_event("surveys.answer.low", gettext_lazy("Low evaluation"), icon="alert-triangle", tone="bad")
SAVED = declare_event("surveys.questionnaire.saved", gettext_lazy("Questionnaire saved"), icon="list-check")

#: A low answer is called about before this time of its last day.
CLOSING = time(17, 30)


def request_answer(
    *,
    occasion: str,
    subject: models.Model,
    project: Project,
    actor: Any,
    now: datetime,
    person: Any = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    about_people: Iterable[Any] = (),
    year_from: date | None = None,
) -> SurveyRequest | None:
    """Ask a person of the owner about ``subject`` by the questionnaire of the occasion.

    ``person`` is one of the owner's people; without one, name, telephone and e-mail say who it is, and one of the
    owner's people is recognised by them. Who has no account gets the link by e-mail or SMS. Returns None, and writes
    why, when the person was asked in the last 30 days; returns None when nobody is named or the occasion has no
    questionnaire in use. ``year_from`` is the first day of the year that a yearly survey is about.
    """
    version = (
        QuestionnaireVersion.objects.filter(questionnaire__occasion=occasion, questionnaire__is_active=True)
        .select_related("questionnaire")
        .order_by("-number")
        .first()
    )
    phone, email = plain_phone(phone), email.strip()
    person = person or access.known_person(project, phone=phone, email=email)
    if version is None or (person is None and not name):
        return None
    with transaction.atomic():
        # Two ends of work at once: the second waits here, and then sees that the person was just asked.
        _wait_for_others(phone, email)
        lasting: Any = person or project
        lasting._meta.model._base_manager.select_for_update(no_key=True).get(pk=lasting.pk)
        last = last_asked(project=project, person=person, name=name, phone=phone, email=email)
        if not may_ask_again(last, now):
            note = _("%(name)s was asked on %(day)s; once in 30 days is enough.") % {
                "name": person.name if person else name,
                "day": timezone.localdate(last),
            }
            record(subject, NOT_ASKED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
            return None
        request = SurveyRequest.objects.create(
            version=version,
            occasion=occasion,
            project=project,
            subject=subject,
            about=str(subject)[:160],
            person=person,
            name=person.name if person else name,
            phone=phone or (person.phone or "" if person else ""),
            email=email or (person.email or "" if person else ""),
            asked_by=actor,
            asked_at=now,
            expires_at=now + LINK_LIFE,
            year_from=year_from,
        )
        request.about_people.set(about_people)
        if person is None:
            sending.send_link(request, now=now)
        record(request, ASKED, actor=actor, now=now, data={"note": request.name}, tells=[person] if person else [])
    return request


def _wait_for_others(*addresses: str) -> None:
    """Let two requests to one telephone or address wait for each other, in whatever projects they arise.

    SQLite lets one writer in at a time in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for address in sorted(filter(None, addresses)):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"survey:{address.lower()}"])


def last_asked(*, project: Project, person: Any, name: str, phone: str, email: str) -> datetime | None:
    """Return when a person was last asked: known by account, telephone or e-mail, else by name in the project."""
    same = Q(person=person) if person else Q()
    phone, email = phone or (person and person.phone) or "", email or (person and person.email) or ""
    same |= Q(phone=phone) if phone else Q()
    same |= Q(email__iexact=email) if email else Q()
    same = same or Q(project=project, name=name)
    found: datetime | None = SurveyRequest.objects.filter(same).aggregate(last=models.Max("asked_at"))["last"]
    return found


def ask_by_hand(
    *,
    questionnaire: Questionnaire,
    project: Project,
    person: Any,
    name: str,
    phone: str,
    email: str,
    actor: Any,
    now: datetime,
) -> SurveyRequest:
    """Ask somebody about a project as a whole. Raises ``DomainError`` where ``request_answer`` returns None."""
    if not access.may_ask(actor):
        raise PermissionDenied
    if person is None and not name.strip():
        raise DomainError(_("Choose one of the owner's people, or write a name."), field="name")
    request = request_answer(
        occasion=questionnaire.occasion,
        subject=project,
        project=project,
        person=person,
        name=name.strip(),
        phone=phone,
        email=email,
        actor=actor,
        now=now,
    )
    if request is None:
        raise DomainError(_("This person was asked in the last 30 days. Ask somebody else, or later."))
    return request


def give_answer(
    *,
    survey: SurveyRequest,
    way: str,
    values: Mapping[int, int | str | None],
    actor: Any,
    now: datetime,
    scans: Iterable[AcceptedFile] = (),
) -> Answer:
    """Keep the one answer to a request: ``values`` by question, numbers for scales, texts for the others.

    ``actor`` is who is signed in: the person who was asked, whose phone was handed over, or who types what stands on
    paper, which may be later than the link is open. Raises ``PermissionDenied`` for staff about their own work (but on
    the phone they hand over), ``DomainError`` for a second answer, an expired link and a missing or impossible number.
    """
    with transaction.atomic():
        survey = lock(survey)
        _must_be_free(survey, way=way, actor=actor, now=now)
        questions = list(survey.version.questions.all())
        lines = [line for question in questions if (line := _line(question, values.get(question.pk))) is not None]
        given = [line.given for line in lines]
        index = index_of(given)
        version = survey.version
        low = is_low(given, index, below=version.low_index, scale_at_most=version.low_scale)
        answer = Answer.objects.create(
            request=survey,
            way=way,
            index=index,
            is_low=low,
            answered_at=now,
            entered_by=actor if way in {Answer.Way.PHONE, Answer.Way.PAPER} else None,
        )
        for line in lines:
            line.answer = answer
        AnswerLine.objects.bulk_create(lines)
        for accepted in scans:
            AnswerScan.keep(accepted, actor=actor, now=now, answer=answer)
        note = {"note": str(answer.get_way_display())}
        record(survey, ANSWERED, actor=actor, now=now, audience=Audience.STAFF, data=note)
        if low:
            _open_call(answer, now=now)
    return answer


def _must_be_free(survey: SurveyRequest, *, way: str, actor: Any, now: datetime) -> None:
    if way == Answer.Way.PAPER and not access.may_enter(survey, actor):
        raise PermissionDenied
    if way == Answer.Way.PHONE and not access.is_about(survey, actor):
        raise PermissionDenied
    if way in {Answer.Way.LINK, Answer.Way.PORTAL} and actor is not None and not access.may_answer(survey, actor):
        raise PermissionDenied
    if survey.is_answered:
        raise DomainError(_("This has been answered already. Thank you."))
    if way != Answer.Way.PAPER and not survey.is_open(now):
        raise DomainError(_("This link has expired."))


def _line(question: Question, value: int | str | None) -> AnswerLine | None:
    """Return the answer to one question; None where nothing was answered."""
    if value in {None, ""}:
        if question.is_required:
            raise DomainError(_("“%(question)s” is not answered yet.") % {"question": question.text})
        return None
    if question.kind in SPANS:
        number = int(value or 0)
        if number not in question.numbers:
            raise DomainError(_("“%(question)s”: choose one of the numbers.") % {"question": question.text})
        return AnswerLine(question=question, number=number)
    if question.kind == Question.Kind.CHOICE and value not in question.choices:
        raise DomainError(_("“%(question)s”: choose one of the answers.") % {"question": question.text})
    return AnswerLine(question=question, text=str(value).strip())


def _open_call(answer: Answer, *, now: datetime) -> None:
    """Make a low answer a task within one working day; a promise may follow the same event."""
    low = LowAnswer.objects.create(answer=answer, due_at=call_due(now))
    told = access.concerned_by_low(answer.request)
    record(
        low, LOW, actor=None, now=now, audience=Audience.RESTRICTED, data={"note": _index_in_words(answer)}, tells=told
    )


def _index_in_words(answer: Answer) -> str:
    return _("Satisfaction index %(index)s") % {"index": answer.index} if answer.index is not None else ""


def call_due(now: datetime) -> datetime:
    """Return by when a low answer is called about: the end of the next working day."""
    day = counted(timezone.localdate(now), WORKING_DAYS_TO_CALL, Count.WORKING_DAYS, Calendars.load(around=now))
    return timezone.make_aware(datetime.combine(day, CLOSING))


def save_questionnaire(
    *,
    name: str,
    occasion: str,
    is_active: bool,
    introduction: str,
    low_index: int,
    low_scale: int,
    questions: Sequence[QuestionLine],
    actor: Any,
    now: datetime,
    questionnaire: Questionnaire | None = None,
) -> Questionnaire:
    """Make a questionnaire, or a new version of it; who was asked by an older one answers that one."""
    if actor is not None and not access.may_edit_questionnaires(actor):
        raise PermissionDenied
    if not questions:
        raise DomainError(_("A questionnaire has at least one question. Write one in the first row."))
    with transaction.atomic():
        others = Questionnaire.objects.exclude(pk=questionnaire.pk) if questionnaire else Questionnaire.objects.all()
        if others.filter(name=name).exists():
            raise DomainError(_("There is a questionnaire of this name already."), field="name")
        if is_active and (other := others.active().filter(occasion=occasion).first()):
            raise DomainError(
                _("“%(other)s” is in use for this occasion. Take that one out of use first.") % {"other": other},
                field="is_active",
            )
        row = lock(questionnaire) if questionnaire is not None else Questionnaire()
        row.name, row.occasion, row.is_active = name, occasion, is_active
        row.save()
        number = (row.versions.aggregate(last=models.Max("number"))["last"] or 0) + 1
        version = QuestionnaireVersion.objects.create(
            questionnaire=row,
            number=number,
            introduction=introduction,
            low_index=low_index,
            low_scale=low_scale,
            made_by=actor,
            made_at=now,
        )
        Question.objects.bulk_create(
            Question(version=version, position=position, **vars(line))
            for position, line in enumerate(questions, start=1)
        )
        asked = ngettext("%(n)s question", "%(n)s questions", len(questions)) % {"n": len(questions)}
        note = " · ".join([_("Version %(n)s") % {"n": number}, asked])
        record(row, SAVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
    return row


def load_questionnaires(*, now: datetime, actor: Any = None) -> int:
    """Store the first questionnaires where their names and occasions are still free; return how many."""
    loaded = 0
    for preset in PRESETS:
        if Questionnaire.objects.filter(Q(name=preset.name) | Q(occasion=preset.occasion, is_active=True)).exists():
            continue
        save_questionnaire(
            name=preset.name,
            occasion=preset.occasion,
            is_active=True,
            introduction=preset.introduction,
            low_index=60,
            low_scale=2,
            questions=preset.questions,
            actor=actor,
            now=now,
        )
        loaded += 1
    return loaded
