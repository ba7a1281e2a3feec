"""Questionnaires with their versions, requests to answer one, the answers, and the calls that low ones ask for."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.calendars.due_days import Count, DueDay
from apps.core.models import StoredFile
from apps.core.registry import Badge
from apps.core.scoping import Audience, ScopedModel

from .queries import LowAnswerQuerySet, NotAboutOneselfQuerySet, QuestionnaireQuerySet, RequestQuerySet
from .rules import NPS, SCALE, SPANS, WORKING_DAYS_TO_CALL, Given


def new_link_token() -> str:
    return secrets.token_urlsafe(24)


class Occasion(models.TextChoices):
    """After what somebody is asked."""

    REPAIR = "repair", _("After a repair")
    VISIT = "visit", _("After a visit")
    TRAINING = "training", _("After a training session")
    YEARLY = "yearly", _("Yearly survey")


class Questionnaire(ScopedModel):
    """What is asked on an occasion; an edit makes a new version, what was answered keeps its own."""

    scope = "staff"
    audience = Audience.STAFF

    name = models.CharField(_("name"), max_length=60, unique=True)
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["occasion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion"], condition=Q(is_active=True), name="one_questionnaire_in_use_per_occasion"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:questionnaire_detail", args=[self.pk])

    @property
    def current(self) -> QuestionnaireVersion | None:
        """The version by which people are asked now."""
        return next(iter(self.versions.all()), None)


class QuestionnaireVersion(ScopedModel):
    """A questionnaire as it stood from one edit to the next; never changed."""

    scope = "staff"
    audience = Audience.STAFF

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    introduction = models.CharField(_("introduction"), max_length=300, blank=True)
    low_index = models.PositiveSmallIntegerField(_("low below an index of"), default=60)
    low_scale = models.PositiveSmallIntegerField(_("low with any scale of at most"), default=2)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["questionnaire", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_unique"),
            models.CheckConstraint(name="low_index_is_percent", condition=Q(low_index__lte=100)),
            models.CheckConstraint(name="low_scale_leaves_the_best", condition=Q(low_scale__lte=4)),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"


class Question(ScopedModel):
    """One question of a version."""

    class Kind(models.TextChoices):
        SCALE = SCALE, _("Scale 1–5")
        NPS = NPS, _("Recommend 0–10")
        CHOICE = "choice", _("Choice")
        TEXT = "text", _("Text")

    scope = "staff"
    audience = Audience.STAFF

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("question"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="question_position_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def has_number(self) -> bool:
        return self.kind in SPANS

    @property
    def numbers(self) -> range:
        """The numbers to choose from; none for a choice or a text."""
        worst, best = SPANS.get(self.kind, (1, 0))
        return range(worst, best + 1)


class SurveyRequest(ScopedModel):
    """One person asked once about one thing: by a link, in the portal, on an engineer's phone, or on paper."""

    project_path = "project"
    audience = Audience.OWNER
    request_path = ""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="requests")
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion)
    project = models.ForeignKey(
        "projects.Project", verbose_name=_("project"), on_delete=models.PROTECT, related_name="survey_requests"
    )
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    #: What it is about in words, as it read when the person was asked.
    about = models.CharField(_("about"), max_length=160)
    #: Whose work it is about. They never see what was said.
    about_people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="survey_requests",
    )
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    #: Who holds the link may answer, once, until it expires.
    token = models.CharField(max_length=40, unique=True, default=new_link_token)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    #: The first day of the year that a yearly survey is about; the same year is asked about once.
    year_from = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(_("link valid until"))

    objects: ClassVar[Any] = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="survey_by_time"),
            models.Index(fields=["project", "-asked_at"], name="survey_by_project"),
            models.Index(fields=["occasion", "-asked_at"], name="survey_by_occasion"),
            models.Index(fields=["person", "-asked_at"], name="survey_by_person"),
            models.Index(fields=["phone", "-asked_at"], name="survey_by_phone", condition=~Q(phone="")),
            models.Index(Upper("email"), models.F("asked_at").desc(), name="survey_by_email", condition=~Q(email="")),
            models.Index(fields=["subject_type", "subject_id"], name="survey_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "year_from"], name="one_yearly_survey_per_project_and_year"),
            models.CheckConstraint(name="link_expires_after_asking", condition=Q(expires_at__gt=models.F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} · {self.about}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:detail", args=[self.pk])

    def get_link(self) -> str:
        return reverse("surveys:answer", args=[self.token])

    @property
    def is_of_project(self) -> bool:
        """Whether it asks about the project as a whole."""
        return self.about == self.project.name

    @property
    def matter(self) -> str:
        """What it is about, said beside the project's name."""
        return str(self.get_occasion_display()) if self.is_of_project else self.about

    @property
    def is_answered(self) -> bool:
        return hasattr(self, "answer")

    @property
    def badge(self) -> Badge:
        """Whether it was answered, or may still be."""
        if self.is_answered:
            return Badge(_("Filled in"), "ok", "circle-check")
        return (
            Badge(_("To be filled in"), "info", "clock")
            if self.is_open(timezone.now())
            else Badge(_("Expired"), "idle", "ban")
        )

    def is_open(self, now: datetime) -> bool:
        """Say whether the link still leads to the questions."""
        return not self.is_answered and now < self.expires_at


class Answer(ScopedModel):
    """What one person answered to one request."""

    class Way(models.TextChoices):
        LINK = "link", _("By the link")
        PORTAL = "portal", _("In the portal")
        PHONE = "phone", _("On the engineer's phone")
        PAPER = "paper", _("On paper")

    project_path = "request__project"
    audience = Audience.STAFF
    request_path = "request__"

    request = models.OneToOneField(SurveyRequest, on_delete=models.PROTECT, related_name="answer")
    way = models.CharField(_("way"), max_length=6, choices=Way)
    #: Weighted, 0 to 100; None when nothing that counts was answered.
    index = models.DecimalField(_("index"), max_digits=4, decimal_places=1, null=True, blank=True)
    is_low = models.BooleanField(_("low"), default=False)
    answered_at = models.DateTimeField(_("answered at"))
    #: Who of ours handed over the phone, or typed what stands on the paper.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = NotAboutOneselfQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="index_is_percent", condition=Q(index__isnull=True) | Q(index__range=(0, 100)))
        ]

    def __str__(self) -> str:
        return str(self.request)

    def get_absolute_url(self) -> str:
        return self.request.get_absolute_url()

    @property
    def badge(self) -> Badge:
        word = "—" if self.index is None else f"{self.index}"
        return Badge(word, "bad", "alert-triangle") if self.is_low else Badge(word, "ok", "circle-check")


class AnswerLine(ScopedModel):
    """The answer to one question."""

    project_path = "answer__request__project"
    audience = Audience.STAFF
    request_path = "answer__request__"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="lines")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)

    objects: ClassVar[Any] = NotAboutOneselfQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "question__position"]
        constraints = [models.UniqueConstraint(fields=["answer", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return self.text or str(self.number)

    @property
    def given(self) -> Given:
        return Given(self.question.kind, self.number, self.question.weight)


class AnswerScan(StoredFile):
    """The paper on which a survey was answered."""

    project_path = "answer__request__project"
    audience = Audience.STAFF
    request_path = "answer__request__"

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="scans")

    objects: ClassVar[Any] = NotAboutOneselfQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]


class LowAnswer(ScopedModel):
    """A low answer as a task (低评回访): somebody calls within one working day and notes what was done."""

    class Status(models.TextChoices):
        OPEN = "open", _("To call")
        DONE = "done", _("Called")

    STATUS_LOOK = {Status.OPEN: ("bad", "phone"), Status.DONE: ("ok", "phone-check")}

    project_path = "answer__request__project"
    audience = Audience.STAFF
    request_path = "answer__request__"

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="low_answer")
    status = models.CharField(_("status"), max_length=4, choices=Status, default=Status.OPEN)
    due_at = models.DateTimeField(_("due at"))
    outcome = models.TextField(_("what was done"), blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects: ClassVar[Any] = LowAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("low answer")
        verbose_name_plural = _("low answers")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="low_answer_by_due"),
            models.Index(fields=["due_at", "id"], name="low_answer_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="done_call_has_outcome", condition=~Q(status="done") | ~Q(outcome=""))
        ]

    def __str__(self) -> str:
        return str(self.answer)

    def get_absolute_url(self) -> str:
        return reverse("surveys:low_detail", args=[self.pk])

    def is_overdue(self, now: datetime) -> bool:
        return self.status == self.Status.OPEN and now > self.due_at

    @property
    def due_day(self) -> DueDay:
        """Why the call is due when it is (K-01)."""
        return DueDay(
            self.due_at,
            _("About a low evaluation we call before the office closes on the next working day."),
            start=self.answer.answered_at,
            started=_("Low evaluation"),
            amount=WORKING_DAYS_TO_CALL,
            unit=Count.WORKING_DAYS,
            done_at=self.done_at,
            is_open=self.status == self.Status.OPEN,
        )
