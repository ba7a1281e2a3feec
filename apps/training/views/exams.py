"""Pages of exams: begin, answer, hand in, mark."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage, Tab

from .. import access, exams
from ..exam_forms import MarkForm
from ..filters import AttemptFilter
from ..models import Attempt, Course, Part, Question
from ..tables import AttemptTable


class Exam(DetailPage):
    """What the exam of a course asks, how one's attempts went, and its beginning."""

    model = Course
    section = "training"
    template_name = "training/exam.html"
    timeline_size = 0
    #: What belongs to the course is shown on its own page.
    deferred = ("side",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course, user = self.object, self.request.user
        attempts = list(course.attempts.visible_to(user).filter(user=user).select_related("certificate"))
        running = next((row for row in attempts if row.status == Attempt.Status.RUNNING), None)
        return super().get_context_data(**kwargs) | {
            "attempts": attempts,
            "running": running,
            "is_over": running is not None and running.is_over(timezone.now()),
            "certificate": next((row.certificate for row in attempts if hasattr(row, "certificate")), None),
            "hindrance": "" if running else exams.hindrance(course, user),
        }


class StartExam(ActionPage):
    model = Course

    def perform(self, row: Course) -> str:
        return exams.start_attempt(course=row, actor=self.request.user, now=timezone.now()).get_absolute_url()

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        try:
            return HttpResponseRedirect(self.perform(row))
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("training:exam", args=[row.pk]))


class AttemptList(ListPage):
    model = Attempt
    title = _("Exams")
    section = "training"
    related = ("user", "course")
    template_name = "training/list.html"
    filterset_class = AttemptFilter
    table_class = AttemptTable
    tabs = (
        Tab("all", _("All"), lambda rows: rows),
        Tab("to_mark", _("To mark"), lambda rows: rows.to_mark()),
        Tab("to_coach", _("To coach"), lambda rows: rows.to_coach()),
    )
    empty_text = _("No exam was written yet.")


class AttemptDetail(DetailPage):
    """A paper: while it runs to be answered, when its time is over to be handed in, afterwards its result.

    Answers are the person's own and the markers'.
    """

    model = Attempt
    section = "training"
    related = ("course", "user", "session", "certificate")
    timeline_size = 0

    def get_template_names(self) -> list[str]:
        if not self.is_writing:
            return ["training/result.html"]
        return ["training/attempt_over.html" if self.object.is_over(self.now) else "training/attempt.html"]

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def is_writing(self) -> bool:
        attempt: Any = self.object
        return attempt.user_id == self.request.user.pk and attempt.status == Attempt.Status.RUNNING

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        rows = list(attempt.questions.visible_to(user).select_related("question"))
        if self.is_writing:
            return context | {
                "lines": [_shown(row) for row in rows],
                "ends": int(attempt.ends_at.timestamp() * 1000),
                "server_now": int(self.now.timestamp() * 1000),
            }
        may_mark = access.may_mark(attempt, user)
        return context | {
            "by_part": _by_part(rows) if attempt.percent is not None else [],
            "remarks": [row for row in rows if row.remark] if may_mark or attempt.user_id == user.pk else [],
            "may_mark": may_mark and attempt.status == Attempt.Status.SUBMITTED,
        }


def _shown(row: Any) -> dict[str, Any]:
    """What a browser needs to ask the question, and nothing of its answer."""
    question = row.question
    chosen = {str(place) for place in row.response.get("chosen", [])}
    return {
        "pk": row.pk,
        "position": row.position,
        "kind": question.kind,
        "kind_label": question.get_kind_display(),
        "text": question.text,
        "points": question.points,
        "options": [(value, words, value in chosen) for value, words in row.shown],
        "sent": exams.as_sent(row.response),
    }


def _by_part(rows: list[Any]) -> list[tuple[Any, int]]:
    """How much of each part was right, in percent."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.question.part, []).append(row)
    lines = []
    for part in Part:
        if part in found:
            whole = sum(row.question.points for row in found[part])
            right = sum(row.question.points * (row.share or Decimal(0)) for row in found[part])
            lines.append((part.label, int(right * 100 / whole)))
    return lines


class AttemptSave(ScopedPage):
    """Answers as they are given, from a script or by the button; an answer left as it was shown is not written."""

    model = Attempt
    related = ("course",)
    http_method_names = ["post", "options"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if attempt.user_id != request.user.pk:
            raise PermissionDenied
        from_script = request.headers.get("X-Requested-With") == "fetch"
        rows = list(attempt.questions.visible_to(request.user).select_related("question"))
        responses = self._changed(rows)
        try:
            exams.save_answers(attempt=attempt, responses=responses, actor=request.user, now=timezone.now())
        except DomainError as error:
            if from_script:
                return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
            messages.warning(request, str(error))
        if "hand_in" in request.POST:
            attempt = exams.hand_in_own(attempt=attempt, actor=request.user, now=timezone.now())
        if not from_script:
            return HttpResponseRedirect(attempt.get_absolute_url())
        sent = {str(pk): exams.as_sent(response) for pk, response in responses.items()}
        return JsonResponse({"answers": sent})

    def _changed(self, rows: list[Any]) -> dict[int, dict[str, Any]]:
        """The answers that differ from those with which the page was shown: another device may have written since."""
        changed = {}
        for row in rows:
            was = self.request.POST.get(f"was_{row.pk}")
            if was is None or row.question.kind == Question.Kind.PRACTICAL:
                continue
            response = exams.read_response(row.question.kind, self.request.POST.getlist(f"q{row.pk}"))
            if exams.as_sent(response) != was:
                changed[row.pk] = response
        return changed


class MarkAttempt(FormPage):
    """Mark what a person has to mark, on the phone beside the practical task."""

    model = Attempt
    related = ("course", "user", "session")
    title = _("Mark the exam")
    section = "training"
    form_class = MarkForm
    template_name = "training/mark.html"
    submit_label = _("Marks are final")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_courses(user)

    def permitted_on(self, row: Attempt, user: Any) -> bool:
        return access.may_mark(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"answers": exams.to_mark_by_hand(self.object)}

    def perform(self, form: Any) -> Attempt:
        return exams.mark(attempt=self.object, marks=form.marks, actor=self.request.user, now=self.now)
