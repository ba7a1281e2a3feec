"""Pages of visits, plans and checklists. The work on a visit has its own module."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.core.forms import as_key
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab
from apps.service_levels.models import Target
from apps.service_levels.standing import watching
from apps.training import licences

from . import access, licensing, services
from .filters import ChecklistFilter, PlanFilter, VisitFilter
from .forms import ChecklistForm, PlanForm
from .models import Checklist, Visit, VisitPlan
from .rules import AHEAD, due_occurrences
from .tables import ChecklistTable, PlanTable, VisitTable

SHOWN_DAYS = 6
SHOWN_VISITS = 12


class VisitList(ListPage):
    model = Visit
    title = gettext_lazy("Visits")
    section = "visits"
    related = ("project", "assigned_to")
    template_name = "inspections/visit_list.html"
    filterset_class = VisitFilter
    table_class = VisitTable
    empty_text = gettext_lazy("No visits here. Plans of the projects make them, 30 days ahead.")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        user, today = cast(User, self.request.user), timezone.localdate()
        first = (
            Tab("open", gettext_lazy("To do"), lambda rows: rows.open()),
            Tab("overdue", gettext_lazy("Overdue"), lambda rows: rows.overdue(today)),
        )
        staff = (
            Tab("mine", gettext_lazy("Mine"), lambda rows: rows.open().of_engineer(user)),
            Tab("to_approve", gettext_lazy("To approve"), lambda rows: rows.to_approve()),
            Tab("unlicensed", gettext_lazy("Without a licence"), licensing.unlicensed),
        )
        last = (Tab("all", gettext_lazy("All"), lambda rows: rows.order_by("-scheduled_on", "-pk")),)
        return first + staff + last if user.is_staff_side else first + last

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if table := context.get("table"):
            visits = [row.record for row in table.page.object_list]
            table.clocks = watching(Target.Metric.VISIT, visits, self.request.user)
        return context


class PlanList(ListPage):
    model = VisitPlan
    title = gettext_lazy("Visit plans")
    section = "visits"
    related = ("project", "checklist", "assigned_to")
    template_name = "inspections/plan_list.html"
    filterset_class = PlanFilter
    table_class = PlanTable
    tabs = (
        Tab("active", gettext_lazy("Active"), lambda rows: rows.active()),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    create_url = "inspections:plan_create"
    create_label = gettext_lazy("New plan")
    empty_text = gettext_lazy("No plans yet. A plan makes the revisits or patrols of a project at a steady period.")

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def may_create(self, user: Any) -> bool:
        return access.may_plan_somewhere(user)


class PlanDetail(DetailPage):
    model = VisitPlan
    section = "visits"
    template_name = "inspections/plan_detail.html"
    related = ("project", "checklist", "assigned_to")

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, today = self.object, timezone.localdate()
        visits = plan.visits.visible_to(self.request.user).select_related("assigned_to", "project")
        made = list(visits.order_by("-planned_on")[: SHOWN_VISITS + 1])
        lacks = licensing.lacks_of(made[:SHOWN_VISITS])
        coming = _coming(plan, {visit.planned_on for visit in made}, today)
        return super().get_context_data(**kwargs) | {
            "plan": plan,
            "visits": [(visit, licences.in_words(lacks.get(visit.pk, []))) for visit in made[:SHOWN_VISITS]],
            "more": len(made) > SHOWN_VISITS,
            "coming": coming,
            "lacks": licences.in_words(licensing.lacks_of_plan(plan, coming[0])) if coming else "",
            "made_until": today + AHEAD,
            "may_edit": access.may_plan(plan.project, self.request.user),
            "today": today,
        }


def _coming(plan: VisitPlan, made: set[Any], today: Any) -> list[Any]:
    """The next days on which the plan has a visit that is not made yet."""
    if not plan.is_active:
        return []
    first = max(plan.first_day, today)
    until = today + AHEAD * (plan.months * (SHOWN_DAYS + 1) + 1)
    due = due_occurrences(plan.anchor, plan.months, starts_on=first, ends_on=plan.ends_on, until=max(until, first))
    return [day for n, day in due if day not in made][:SHOWN_DAYS]


class PlanCreate(FormPage):
    """Make a plan; ``?project=`` chooses the project."""

    model = VisitPlan
    title = gettext_lazy("New visit plan")
    section = "visits"
    form_class = PlanForm
    submit_label = gettext_lazy("Make the plan")
    success_message = gettext_lazy("The plan is made. Its visits of the next 30 days follow within a minute.")

    def permitted(self, user: Any) -> bool:
        return access.may_plan_somewhere(user)

    def get_initial(self) -> dict[str, Any]:
        return {"project": as_key(self.request.GET.get("project"))}

    def perform(self, form: Any) -> VisitPlan:
        user, data = self.request.user, form.cleaned_data
        if not access.may_plan(data["project"], user):
            raise DomainError(
                _("Only its project manager, a manager or the administrator plans visits of it."), field="project"
            )
        return services.create_plan(**data, actor=user, now=self.now)


class PlanEdit(FormPage):
    model = VisitPlan
    related = ("project", "assigned_to")
    title = gettext_lazy("Change the plan")
    section = "visits"
    template_name = "inspections/plan_form.html"
    form_class = PlanForm

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def permitted_on(self, row: VisitPlan, user: Any) -> bool:
        return access.may_plan(row.project, user)

    def perform(self, form: Any) -> VisitPlan:
        return services.change_plan(plan=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class PlanAction(ActionPage):
    """End a plan, or have it go on."""

    model = VisitPlan
    related = ("project",)
    #: "end_plan" or "reactivate_plan" of the services.
    action = ""

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def permitted_on(self, row: VisitPlan, user: Any) -> bool:
        return access.may_plan(row.project, user)

    def perform(self, row: VisitPlan) -> str:
        change = {"end": services.end_plan, "reactivate": services.reactivate_plan}[self.action]
        change(plan=row, actor=self.request.user, now=timezone.now())
        if self.action == "end":
            messages.success(self.request, _("The plan makes no more visits. Those already made stay until skipped."))
        return row.get_absolute_url()


class ChecklistList(ListPage):
    model = Checklist
    title = gettext_lazy("Checklists")
    section = "visits"
    template_name = "inspections/checklist_list.html"
    filterset_class = ChecklistFilter
    table_class = ChecklistTable
    create_url = "inspections:checklist_create"
    create_label = gettext_lazy("New checklist")
    empty_text = gettext_lazy("No checklists yet. A checklist holds the points that are looked at on a visit.")

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def may_create(self, user: Any) -> bool:
        return access.may_edit_checklists(user)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.counted()


class ChecklistDetail(DetailPage):
    model = Checklist
    section = "visits"
    template_name = "inspections/checklist_detail.html"

    def permitted(self, user: Any) -> bool:
        return access.sees_plans(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        plans = self.object.plans.visible_to(user).active().select_related("project")
        return super().get_context_data(**kwargs) | {
            "items": self.object.items.all(),
            "plans": plans[:SHOWN_VISITS],
            "may_edit": access.may_edit_checklists(user),
        }


class ChecklistCreate(FormPage):
    model = Checklist
    title = gettext_lazy("New checklist")
    section = "visits"
    template_name = "inspections/checklist_form.html"
    form_class = ChecklistForm

    def permitted(self, user: Any) -> bool:
        return access.may_edit_checklists(user)

    def perform(self, form: Any) -> Checklist:
        user, data = self.request.user, form.cleaned_data
        return services.save_checklist(
            checklist=self.object, name=data["name"], items=data["items"], actor=user, now=self.now
        )


class ChecklistEdit(ChecklistCreate):
    title = gettext_lazy("Edit the checklist")
