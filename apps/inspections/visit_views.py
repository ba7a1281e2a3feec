"""The page of one visit, and the work on it: the record, photos, findings."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core.forms import as_key
from apps.core.pages import DetailPage, FormPage
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.signing import noting_sample
from apps.documents.signing_views import take_own_signature
from apps.service_levels.models import Target
from apps.service_levels.standing import watching
from apps.training import licences

from . import access, licensing, lifecycle, recording
from .forms import FindingForm, FollowUpForm, PhotosForm, RecordForm
from .models import Finding, Visit, VisitCheck
from .rules import Gap, gaps

RELATED = ("project__owner", "plan", "assigned_to", "approved_by")


class VisitDetail(DetailPage):
    """A visit: for the engineer under way its record to fill in, for everybody else what it found."""

    model = Visit
    section = "visits"
    related = RELATED
    template_name = "inspections/visit_detail.html"
    deferred = ("side", "history")
    form: Any = None

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return noting_sample(rows.noting_manager(self.request.user), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visit, user = self.object, cast(User, self.request.user)
        checks, photos = _checks_with_photos(visit, user)
        document = documents.document_of(lifecycle.REPORT, visit)
        context = super().get_context_data(**kwargs)
        may_record = access.may_record(visit, user)
        if may_record:
            self.form = self.form or RecordForm(user=user, instance=visit, checks=checks)
        missing = gaps(checks, visit.running_state) if may_record else []
        engineer = access.is_assigned_engineer(visit, user)
        return context | {
            "checks": checks,
            "photos": photos,
            "findings": visit.findings.visible_to(user).select_related(
                "responsible", "ticket", "equipment", "dated_by"
            ),
            "clock": watching(Target.Metric.VISIT, [visit], user).get(visit.pk),
            "document": document,
            "may_record": may_record,
            "may_follow_up": access.may_follow_up_on(visit, user),
            "may_take_signature": engineer and _waits(document),
            "may_sign": not user.is_staff_side and _waits(document),
            "form": self.form,
            "asks_signature": may_record and not visit.has_sample,
            "gaps": missing,
            "show_gaps": "missing" in self.request.GET,
            "gaps_words": _gaps_in_words(missing),
            "judged_words": _judged_in_words(checks),
            "step": next((edge for edge in context["steps"] if edge.style == "primary"), None),
            # The record's own button finishes, so that what was typed is saved with it.
            "steps": [edge for edge in context["steps"] if edge.name not in {"start", "finish"}],
            "is_engineer": engineer,
            "today": timezone.localdate(),
            "lacks": licences.in_words(licensing.lacks_of([visit]).get(visit.pk, [])) if user.is_staff_side else "",
        }


def from_script(request: HttpRequest) -> bool:
    """Say whether a script of ours sent the form in the background."""
    return request.headers.get("X-Requested-With") == "fetch"


def _gaps_in_words(missing: list[Gap]) -> str:
    count = len(missing)
    return ngettext("%(n)s thing missing", "%(n)s things missing", count) % {"n": count} if count else ""


def _judged_in_words(checks: list[Any]) -> str:
    judged = sum(bool(check.verdict) for check in checks)
    return _("%(judged)s of %(all)s judged") % {"judged": judged, "all": len(checks)}


def _waits(document: Document | None) -> bool:
    return document is not None and document.status == Document.Status.DRAFT and not document.unsigned


def _checks_with_photos(visit: Visit, user: Any) -> tuple[list[Any], list[Any]]:
    """Return the points, each with its photos, and the photos that belong to no point."""
    checks: list[Any] = list(visit.checks.visible_to(user))
    photos = list(visit.photos.visible_to(user))
    for check in checks:
        check.pictures = [photo for photo in photos if photo.check_point_id == check.pk]
    return checks, [photo for photo in photos if photo.check_point_id is None]


class RecordVisit(FormPage):
    """Save the record: at every pause in typing, by its button, and before it is finished.

    There is no submission key: saving the same values again changes nothing.
    """

    model = Visit
    related = RELATED
    form_class = RecordForm
    takes_device_time = True

    def permitted_on(self, row: Visit, user: Any) -> bool:
        return access.is_assigned_engineer(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        checks = list(self.object.checks.visible_to(self.request.user))
        return super().get_form_kwargs() | {"checks": checks}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.object.get_absolute_url())

    def perform(self, form: Any) -> Visit:
        user, wanted = self.request.user, self.request.POST
        visit = recording.record_visit(
            visit=self.object,
            facts=form.facts,
            entries=form.entries,
            rest_in_order="all_ok" in wanted,
            actor=user,
            now=self.now,
        )
        self.checks = list(visit.checks.all())
        self.missing = gaps(self.checks, visit.running_state)
        if "finish" in wanted:
            take_own_signature(self.request, now=self.now)
        if "finish" in wanted and not self.missing:
            visit = lifecycle.finish(visit, actor=user, now=self.now)
        return visit

    def get_success_url(self, row: Visit) -> str:
        url = row.get_absolute_url()
        if "finish" in self.request.POST and self.missing:
            self.refusal = "、".join(gap.text for gap in self.missing)
            return f"{url}?missing#missing"
        return f"{url}#checks" if "all_ok" in self.request.POST else url

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        if response.status_code != HttpResponseRedirect.status_code:
            return response
        if from_script(request):
            return JsonResponse(
                {"judged": _judged_in_words(self.checks), "gaps": _gaps_in_words(self.missing)},
                json_dumps_params={"ensure_ascii": False},
            )
        if "save" in request.POST:
            messages.success(request, _("Saved."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the visit's own page with what was typed; tell a script the reason alone."""
        if from_script(self.request):
            return _reason(form)
        visit = get_object_or_404(self.get_queryset(), pk=self.object.pk)
        if not access.may_record(visit, self.request.user):
            for error in form.non_field_errors():
                messages.warning(self.request, error)
            return HttpResponseRedirect(visit.get_absolute_url())
        page = VisitDetail(form=form)
        page.setup(self.request, pk=visit.pk)
        page.object = page.get_object()
        return page.render_to_response(page.get_context_data(), status=422)


def _reason(form: Any) -> HttpResponse:
    """The first error of a form, for a script to show."""
    errors = [str(error) for messages_of in form.errors.values() for error in messages_of]
    return HttpResponse(errors[0], status=422, content_type="text/plain; charset=utf-8")


class AddPhotos(FormPage):
    """Keep photos of a visit or of one of its points; a script gets the frames back, a browser the page."""

    model = Visit
    related = ("project",)
    title = gettext_lazy("Add photos")
    form_class = PhotosForm
    submit_label = gettext_lazy("Add photos")
    takes_device_time = True

    def permitted_on(self, row: Visit, user: Any) -> bool:
        return access.is_assigned_engineer(row, user)

    @cached_property
    def check(self) -> VisitCheck | None:
        return _point_named(self.object, self.request)

    def perform(self, form: Any) -> Visit:
        return recording.add_photos(
            visit=self.object,
            photos=form.cleaned_data["photos"],
            check_point=self.check,
            actor=self.request.user,
            now=self.now,
        )

    def get_success_url(self, row: Visit) -> str:
        return row.get_absolute_url() + (f"#check-{self.check.pk}" if self.check else "#photos")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        if response.status_code != HttpResponseRedirect.status_code or not from_script(request):
            return response
        pictures = self.object.photos.visible_to(request.user).filter(check_point=self.check)
        return render(
            request, "inspections/photo_box.html", {"visit": self.object, "check": self.check, "pictures": pictures}
        )

    def form_invalid(self, form: Any) -> HttpResponse:
        return _reason(form) if from_script(self.request) else super().form_invalid(form)


def _point_named(visit: Visit, request: HttpRequest) -> VisitCheck | None:
    """Return the point that ``?check=`` names, if it is one of this visit."""
    wanted = as_key(request.GET.get("check"))
    if wanted is None:
        return None
    return get_object_or_404(visit.checks.visible_to(request.user), pk=wanted)


class FindingPage(FormPage):
    """What a finding page has in common: the visit that it belongs to."""

    title = gettext_lazy("Finding")
    section = "visits"
    template_name = "inspections/finding_form.html"

    def get_success_url(self, row: Finding) -> str:
        return row.visit.get_absolute_url() + "#findings"


class AddFinding(FindingPage):
    """Record something the visit brought up; ``?check=`` names the abnormal point it comes from."""

    model = Visit
    related = ("project",)
    form_class = FindingForm
    title = gettext_lazy("New finding")
    submit_label = gettext_lazy("Record the finding")

    def permitted_on(self, row: Visit, user: Any) -> bool:
        return access.is_assigned_engineer(row, user)

    @cached_property
    def check(self) -> VisitCheck | None:
        return _point_named(self.object, self.request)

    def get_initial(self) -> dict[str, Any]:
        if self.check is None:
            return {"category": Finding.Category.USE}
        text = f"{self.check.text}：{self.check.note}" if self.check.note else self.check.text
        return {"category": Finding.Category.QUALITY, "text": text, "responsible": self.request.user.pk}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"visit": self.object, "instance": None}

    def perform(self, form: Any) -> Finding:
        return recording.add_finding(
            visit=self.object, **form.cleaned_data, check_point=self.check, actor=self.request.user, now=self.now
        )


class EditFinding(FindingPage):
    """Correct a finding while its visit is under way; afterwards record the answer and its effect."""

    model = Finding
    related = ("visit__project", "visit__assigned_to", "responsible", "equipment")

    def permitted_on(self, row: Finding, user: Any) -> bool:
        return access.may_edit_finding(row, user)

    @property
    def corrects(self) -> bool:
        return access.may_record(self.object.visit, self.request.user)

    @property
    def form_class(self) -> Any:
        return FindingForm if self.corrects else FollowUpForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | {"visit": self.object.visit} if self.corrects else kwargs

    def perform(self, form: Any) -> Finding:
        write = recording.change_finding if self.corrects else recording.follow_up_finding
        return write(finding=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
