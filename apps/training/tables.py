"""The lists of training."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Attempt, Certificate, Course, Improvement, Licence, Question, Retraining, Session


def _cell(name: str) -> dict[str, Any]:
    return {"td": {"class": name}}


class CourseTable(tables.Table):
    name = tables.Column(linkify=True, verbose_name=gettext_lazy("Course"), orderable=True, attrs=_cell("title"))
    summary = tables.Column(verbose_name=gettext_lazy("For whom and what for"), orderable=False, attrs=_cell("quiet"))
    responsible = tables.Column(
        verbose_name=gettext_lazy("Trainer in charge"), orderable=False, default="—", attrs=_cell("quiet")
    )
    material_count = tables.Column(verbose_name=gettext_lazy("Materials"), orderable=False, attrs=_cell("r"))
    question_count = tables.Column(verbose_name=gettext_lazy("Questions"), orderable=False, attrs=_cell("r"))
    session_count = tables.Column(verbose_name=gettext_lazy("Trainings"), orderable=False, attrs=_cell("r"))

    class Meta:
        model = Course
        fields = ("name", "summary", "responsible", "material_count", "question_count", "session_count")


class SessionTable(tables.Table):
    starts_at = tables.DateTimeColumn(verbose_name=gettext_lazy("When"), format="Y-m-d H:i", orderable=True)
    course = tables.Column(
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=gettext_lazy("Course"),
        orderable=False,
        attrs=_cell("title"),
    )
    number = tables.Column(verbose_name=gettext_lazy("Number"), orderable=False, attrs=_cell("quiet"))
    project = tables.Column(
        verbose_name=gettext_lazy("Project"), orderable=False, default=gettext_lazy("open to all"), attrs=_cell("quiet")
    )
    trainer = tables.Column(verbose_name=gettext_lazy("Trainer"), orderable=False, default="—", attrs=_cell("quiet"))
    registered = tables.Column(verbose_name=gettext_lazy("Registered"), orderable=False, attrs=_cell("r"))
    present = tables.Column(verbose_name=gettext_lazy("Were there"), orderable=False, attrs=_cell("r"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Session
        fields = ("starts_at", "course", "number", "project", "trainer", "registered", "present", "status")

    def render_registered(self, record: Any) -> str:
        return f"{record.registered} / {record.seats}" if record.seats else str(record.registered)

    def value_status(self, record: Session) -> str:
        return str(record.get_status_display())


class QuestionTable(tables.Table):
    text = tables.Column(
        linkify=True, verbose_name=gettext_lazy("Exam question"), orderable=False, attrs=_cell("title")
    )
    course = tables.Column(verbose_name=gettext_lazy("Course"), orderable=False, attrs=_cell("quiet"))
    part = tables.Column(verbose_name=gettext_lazy("Part"), orderable=False)
    kind = tables.Column(verbose_name=gettext_lazy("Kind"), orderable=False)
    points = tables.Column(verbose_name=gettext_lazy("Marks"), orderable=False, attrs=_cell("r"))
    marked = tables.Column(verbose_name=gettext_lazy("Times asked"), orderable=False, attrs=_cell("r"))
    mean_share = tables.Column(verbose_name=gettext_lazy("Share right"), orderable=False, default="—", attrs=_cell("r"))
    divides = tables.Column(
        verbose_name=gettext_lazy("Divides"), orderable=False, empty_values=(), accessor="pk", attrs=_cell("r")
    )
    is_active = tables.TemplateColumn(
        template_name="training/question_state.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Question
        fields = ("text", "course", "part", "kind", "points", "marked", "mean_share", "divides", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: How well each question divides good papers from bad ones; known where one course was chosen.
        self.analysis: dict[int, float | None] = {}

    def render_divides(self, record: Question) -> str:
        value = self.analysis.get(record.pk)
        return "—" if value is None else f"{value:+.2f}"

    def render_mean_share(self, value: Any) -> str:
        return f"{round(value * 100)} %"

    def value_is_active(self, record: Question) -> str:
        return _("In the bank") if record.is_active else _("Out of use")


class AttemptTable(tables.Table):
    started_at = tables.DateTimeColumn(verbose_name=gettext_lazy("Begun"), format="Y-m-d H:i", orderable=True)
    user = tables.Column(
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=gettext_lazy("Person"),
        orderable=False,
        attrs=_cell("title"),
    )
    course = tables.Column(verbose_name=gettext_lazy("Course"), orderable=False, attrs=_cell("quiet"))
    nth = tables.Column(verbose_name=gettext_lazy("Attempt"), orderable=False, attrs=_cell("r"))
    percent = tables.Column(verbose_name=gettext_lazy("Result"), orderable=False, default="—", attrs=_cell("r"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Attempt
        fields = ("started_at", "user", "course", "nth", "percent", "status")

    def render_percent(self, value: Any) -> str:
        return f"{value} %"

    def value_percent(self, value: Any) -> Any:
        return value

    def value_status(self, record: Attempt) -> str:
        return str(record.get_status_display())


class CertificateTable(tables.Table):
    issued_on = tables.DateColumn(verbose_name=gettext_lazy("Issued on"), format="Y-m-d", orderable=True)
    number = tables.Column(linkify=True, verbose_name=gettext_lazy("Number"), orderable=False, attrs=_cell("title"))
    name = tables.Column(verbose_name=gettext_lazy("Name"), orderable=False)
    owner = tables.Column(
        verbose_name=gettext_lazy("Organisation"), orderable=False, default=gettext_lazy("ours"), attrs=_cell("quiet")
    )
    course = tables.Column(verbose_name=gettext_lazy("Course"), orderable=False, attrs=_cell("quiet"))
    expires_on = tables.DateColumn(
        verbose_name=gettext_lazy("Valid until"), format="Y-m-d", orderable=False, default=gettext_lazy("no end")
    )
    status = tables.TemplateColumn(
        template_name="training/certificate_state.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Certificate
        fields = ("issued_on", "number", "name", "owner", "course", "expires_on", "status")

    def value_status(self, record: Certificate) -> str:
        if record.state == "warn":
            return _("Expired")
        return str(record.get_status_display())


class LicenceTable(tables.Table):
    expires_on = tables.DateColumn(
        verbose_name=gettext_lazy("Valid until"), format="Y-m-d", orderable=True, default=gettext_lazy("no end")
    )
    user = tables.Column(verbose_name=gettext_lazy("Person"), orderable=False, attrs=_cell("title"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"), orderable=False)
    number = tables.Column(linkify=True, verbose_name=gettext_lazy("Number"), orderable=False, attrs=_cell("quiet"))
    issued_by = tables.Column(
        verbose_name=gettext_lazy("Issuing body"), orderable=False, default="—", attrs=_cell("quiet")
    )
    issued_on = tables.DateColumn(verbose_name=gettext_lazy("Issued on"), format="Y-m-d", orderable=False)

    class Meta:
        model = Licence
        fields = ("expires_on", "user", "kind", "number", "issued_by", "issued_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()

    def render_expires_on(self, value: date) -> Any:
        if value < self.today:
            return format_html('<b class="c-bad">{}</b>', f"{value:%Y-%m-%d}")
        return f"{value:%Y-%m-%d}"

    def value_expires_on(self, value: date) -> date:
        return value


class RetrainingTable(tables.Table):
    expires_on = tables.DateColumn(
        accessor="licence__expires_on", verbose_name=gettext_lazy("Valid until"), format="Y-m-d", orderable=False
    )
    person = tables.Column(
        accessor="licence__user",
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=gettext_lazy("Person"),
        orderable=False,
        attrs=_cell("title"),
    )
    kind = tables.Column(accessor="licence__get_kind_display", verbose_name=gettext_lazy("Licence"), orderable=False)
    session = tables.Column(verbose_name=gettext_lazy("Training"), orderable=False, default="—", attrs=_cell("quiet"))
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Retraining
        fields = ("expires_on", "person", "kind", "session", "status")

    def render_session(self, value: Session) -> str:
        return f"{timezone.localtime(value.starts_at):%Y-%m-%d} {value.number}"

    def value_status(self, record: Retraining) -> str:
        return str(record.get_status_display())


class ImprovementTable(tables.Table):
    due_on = tables.TemplateColumn(
        "{% load due_days %}{% due_day record.due_day %}", verbose_name=gettext_lazy("To be done by"), orderable=True
    )
    text = tables.Column(
        linkify=True, verbose_name=gettext_lazy("What to do better"), orderable=False, attrs=_cell("title")
    )
    course = tables.Column(verbose_name=gettext_lazy("Course"), orderable=False, attrs=_cell("quiet"))
    responsible = tables.Column(verbose_name=gettext_lazy("Who"), orderable=False)
    status = tables.TemplateColumn(
        template_name="components/status_cell.html", verbose_name=gettext_lazy("Status"), orderable=False
    )

    class Meta:
        model = Improvement
        fields = ("due_on", "text", "course", "responsible", "status")

    def value_due_on(self, record: Improvement) -> date:
        return record.due_on

    def value_status(self, record: Improvement) -> str:
        return str(record.get_status_display())
