"""Policies with their versions, targets and terms, and which project is served by which."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import Audience, ScopedModel

from ..queries import PolicyQuerySet, TargetQuerySet
from ..rules import Unit

UNITS = [
    (Unit.MINUTES.value, _("Minutes")),
    (Unit.DAYS.value, _("Calendar days")),
    (Unit.WORKING_DAYS.value, _("Working days")),
    (Unit.MONTHS.value, _("Months")),
    (Unit.WINDOW.value, _("Its own window")),
]


class ServicePolicy(ScopedModel):
    """What a contractor promises to the owners of a kind of works (服务承诺方案, rulebook section 9)."""

    scope = "staff"
    audience = Audience.STAFF

    key = models.SlugField(_("key"), max_length=60, unique=True)
    #: A preset's name is a source string; a name typed by an administrator is shown as it is.
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=120, blank=True)
    #: The preset it was copied from or is, to compare with.
    preset_key = models.SlugField(max_length=60, blank=True)
    current = models.OneToOneField(
        "PolicyVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="current_of"
    )

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("service policy")
        verbose_name_plural = _("service policies")
        ordering = ["key"]

    def __str__(self) -> str:
        return gettext(self.name)

    def get_absolute_url(self) -> str:
        return reverse("service_levels:policy_detail", args=[self.pk])


class PolicyVersion(ScopedModel):
    """One edition of a policy. It is never edited: an edit makes the next one, and running clocks keep theirs."""

    scope = "staff"
    audience = Audience.STAFF

    policy = models.ForeignKey(ServicePolicy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    #: Made by the loader and touched by nobody: it may be replaced when the presets of the portal change.
    is_preset = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", "-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_unique")]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.policy.get_absolute_url()}?version={self.number}"


class Target(ScopedModel):
    """One promise or house duty of a policy: from which event to which, in what time, for which requests (R-04)."""

    class Metric(models.TextChoices):
        """What is promised, in the order in which it falls due."""

        GUIDE = "guide", _("Guide by telephone")
        ACKNOWLEDGE = "acknowledge", _("Acknowledge")
        HAND_OVER = "hand_over", _("Hand over to technical support")
        ANSWER = "answer", pgettext_lazy("promise", "Answer")
        DIAGNOSE = "diagnose", _("Preliminary diagnosis")
        REMOTE_FIX = "remote_fix", _("Fix remotely")
        ARRANGE = "arrange", _("Arrange dispatch")
        RECEIVE = "receive", _("Arrange as the receiving department")
        CHECK = "check", _("Check the arrangement")
        ARRIVE = "arrive", pgettext_lazy("promise", "Arrive on site")
        LOCATE = "locate", _("Locate and plan")
        SOLUTION = "solution", _("Give a solution")
        RESTORE = "restore", _("Restore operation")
        REPAIR = "repair", pgettext_lazy("promise", "Repair")
        REPLACE = "replace", pgettext_lazy("promise", "Replace")
        ESCALATE = "escalate", _("Hand over to headquarters")
        EXPERT = "expert", _("Experts answer")
        PLAN = "plan", _("Start the emergency plan")
        VISIT_CUSTOMER = "visit_customer", _("Visit the customer")
        FOLLOW_UP = "follow_up", _("Follow up")
        CARD = "card", _("Issue the warranty card")
        VISIT = "visit", _("Make the visit")
        REPORT = "report", _("Deliver the report")
        COMPLAINT_RESPOND = "complaint_respond", _("Respond to a complaint")
        COMPLAINT_ANSWER = "complaint_answer", _("Answer a complaint")
        COMPLAINT_SETTLE = "complaint_settle", _("Settle a complaint")
        COMPLAINT_ASK = "complaint_ask", _("Ask the complainant")

    class Complexity(models.TextChoices):
        ANY = "", _("General and complex")
        GENERAL = "general", _("General")
        COMPLEX = "complex", _("Complex")

    scope = "staff"
    audience_path = "audience"

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(default=0)
    metric = models.CharField(_("what"), max_length=20, choices=Metric)
    #: Which requests it concerns; empty means all.
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    levels = models.JSONField(_("fault levels"), default=list, blank=True)
    complexity = models.CharField(_("complexity"), max_length=8, choices=Complexity, blank=True, default="")
    #: None: set per contract, so that there is no clock until somebody sets it.
    amount = models.PositiveIntegerField(_("time"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=UNITS, default=Unit.MINUTES.value)
    #: None: round the clock.
    hours = models.ForeignKey(
        "calendars.ServiceHours",
        verbose_name=_("service hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    start_events = models.JSONField(_("starts with"), default=list)
    stop_events = models.JSONField(_("ends with"), default=list)
    is_pausable = models.BooleanField(_("may be paused"), default=True)
    pauses_for_parts = models.BooleanField(_("waiting for parts pauses it"), default=False)
    audience = models.CharField(_("who sees it"), max_length=12, choices=Audience, default=Audience.OWNER)
    #: Steps of (percent of the time, who is told); empty means the default ladder.
    ladder = models.JSONField(_("escalation"), default=list, blank=True)
    note = models.CharField(_("in words"), max_length=200, blank=True)
    #: The row of the rulebook it comes from.
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects: ClassVar[Any] = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="target_audience_known", condition=Q(audience__in=Audience.values)),
        ]

    def __str__(self) -> str:
        return str(self.get_metric_display())


class PolicyTerm(ScopedModel):
    """A number or rule of a policy that is no clock: months of cover, a labour cap, a programme of visits."""

    scope = "staff"
    audience_path = "audience"

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="terms")
    position = models.PositiveSmallIntegerField(default=0)
    #: Presets name their terms by a source string, like the value and the unit.
    name = models.CharField(_("name"), max_length=80)
    value = models.CharField(_("value"), max_length=200)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    audience = models.CharField(_("who sees it"), max_length=12, choices=Audience, default=Audience.OWNER)

    class Meta:
        verbose_name = _("policy term")
        verbose_name_plural = _("policy terms")
        ordering = ["version", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "name", "rule"], name="policy_term_unique")]

    def __str__(self) -> str:
        return " ".join(part for part in (gettext(self.name), gettext(self.value), self.unit_words) if part)

    @property
    def unit_words(self) -> str:
        return gettext(self.unit) if self.unit else ""


class ProjectPolicy(ScopedModel):
    """The policy by which a project is served."""

    project_path = "project"
    audience = Audience.OWNER

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="service_policy")
    policy = models.ForeignKey(
        ServicePolicy, verbose_name=_("service policy"), on_delete=models.PROTECT, related_name="projects"
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("service policy of a project")
        verbose_name_plural = _("service policies of projects")
        ordering = ["project"]

    def __str__(self) -> str:
        return str(self.policy)

    def get_absolute_url(self) -> str:
        return reverse("service_levels:promises", args=[self.pk])
