"""Courses with their syllabus, what is learnt from, the question bank, and how far each person is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import StoredFile
from apps.core.scoping import Audience, ScopedModel
from apps.core.search import FragmentField, FragmentIndex

from ..queries import CourseQuerySet, ProgressQuerySet


class Part(models.TextChoices):
    """The parts of a syllabus (T-07)."""

    PRINCIPLE = "principle", _("Principle and structure")
    INSTALLATION = "installation", _("Installing")
    OPERATION = "operation", _("Operation")
    UPKEEP = "upkeep", _("Upkeep")
    TROUBLESHOOTING = "troubleshooting", _("Troubleshooting")


class Course(ScopedModel):
    """What is taught, how it is examined, and how long its certificate holds (T-01, T-05)."""

    scope = "reference"
    audience_path = "audience"

    name = models.CharField(_("name"), max_length=80, unique=True)
    summary = models.CharField(_("for whom and what for"), max_length=300, blank=True)
    audience = models.CharField(
        _("who learns it"),
        max_length=12,
        choices=[(Audience.OWNER, _("Owner's people and ours")), (Audience.STAFF, _("Our people only"))],
        default=Audience.OWNER,
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trainer in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    prerequisites = models.ManyToManyField(
        "self", verbose_name=_("needs first"), symmetrical=False, blank=True, related_name="leads_to"
    )
    gives_certificate = models.BooleanField(_("ends in a certificate"), default=True)
    validity_months = models.PositiveSmallIntegerField(
        _("certificate valid for months"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    #: A staff licence of this kind comes with the certificate (T-06).
    licence_kind = models.CharField(_("gives the licence"), max_length=20, blank=True)
    is_seasonal = models.BooleanField(_("has spring and autumn classes"), default=False)
    is_online = models.BooleanField(_("can be learnt online"), default=False)
    is_active = models.BooleanField(_("is taught"), default=True)
    exam_questions = models.PositiveSmallIntegerField(_("questions in an exam"), default=0)
    exam_minutes = models.PositiveSmallIntegerField(
        _("minutes for an exam"), default=30, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in percent"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), default=3, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(_("made at"))
    search_text = FragmentField(sources=("name", "summary"))

    objects: ClassVar[Any] = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["name"]
        indexes = [FragmentIndex(fields=["search_text"], name="course_fragments")]
        constraints = [
            models.CheckConstraint(name="pass_mark_is_a_percentage", condition=Q(pass_percent__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:course_detail", args=[self.pk])

    @property
    def has_exam(self) -> bool:
        return self.exam_questions > 0


class CoursePart(ScopedModel):
    """One part of a course's syllabus: what it teaches, for how long, and its weight in the exam (T-07)."""

    scope = "reference"
    audience_path = "course__audience"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(_("part"), max_length=16, choices=Part)
    content = models.CharField(_("content"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    weight = models.PositiveSmallIntegerField(_("weight in the exam"), default=0)

    class Meta:
        ordering = ["course", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "part"], name="part_once_per_course")]

    def __str__(self) -> str:
        return str(self.get_part_display())


class Material(ScopedModel):
    """Something a course is learnt from, in its order (T-03)."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        PICTURE = "picture", _("Picture")
        VIDEO = "video", _("Video")
        LINK = "link", _("Link")

    scope = "reference"
    audience_path = "course__audience"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("address"), max_length=300, blank=True)
    #: Of a video: what counts as seen is measured against it.
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["course", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "position"], name="material_position_unique"),
            models.CheckConstraint(name="link_has_an_address", condition=~Q(kind="link") | ~Q(url="")),
            models.CheckConstraint(name="video_has_a_length", condition=~Q(kind="video") | Q(seconds__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:material", args=[self.pk])


class MaterialFile(StoredFile):
    """The file of a material."""

    scope = "reference"
    audience_path = "material__course__audience"

    material = models.OneToOneField(Material, on_delete=models.CASCADE, related_name="stored")


class Question(ScopedModel):
    """One question of a course's bank. Its answer is for those who keep the bank, never for a browser in an exam."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One of several")
        MULTIPLE = "multiple", _("Several of several")
        TRUE_FALSE = "true_false", _("Right or wrong")
        NUMBER = "number", _("A number")
        TEXT = "text", _("Short text")
        PRACTICAL = "practical", _("Practical")

    scope = "staff"
    audience = Audience.STAFF

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="questions")
    part = models.CharField(_("part"), max_length=16, choices=Part)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("exam question"), max_length=500)
    #: The choices; of a practical task what is looked at, point by point.
    options = models.JSONField(_("choices"), default=list, blank=True)
    #: {"chosen": [0, 2]}, {"is_true": true}, {"value": "220", "tolerance": "5"} or {"words": "…"}.
    answer = models.JSONField(_("right answer"), default=dict, blank=True)
    points = models.PositiveSmallIntegerField(_("marks"), default=1, validators=[MinValueValidator(1)])
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("exam question")
        verbose_name_plural = _("questions")
        ordering = ["course", "pk"]
        indexes = [
            models.Index(fields=["course", "part"], name="question_by_part"),
            models.Index(fields=["kind", "course"], name="question_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "text"], condition=Q(is_active=True), name="question_once_per_course"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("training:question_edit", args=[self.pk])


class Progress(ScopedModel):
    """How far a person is with a material: of a video the seconds really seen, as the server counts them (T-03)."""

    scope = "own"
    own_path = "user"
    audience = Audience.OWNER

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="progress")
    #: Merged intervals [[from, to], …] in seconds.
    seen = models.JSONField(default=list)
    seconds_seen = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ProgressQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "material"], name="one_progress_per_material")]

    def __str__(self) -> str:
        return f"{self.material} {self.seconds_seen}"


class Post(ScopedModel):
    """A question a learner asks about a course, and the trainer's answer (T-03)."""

    scope = "reference"
    audience_path = "course__audience"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="posts")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    text = models.CharField(_("question"), max_length=500)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["course", "-asked_at"], name="post_by_course")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.course.get_absolute_url() + "#questions"
