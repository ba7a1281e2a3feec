"""Pages of a project's training plan and record."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.pages import ActionPage, DetailPage, FormPage
from apps.documents.services import document_of
from apps.projects.models import Project

from .. import access, planning
from ..documents import PLAN, RECORD, issue_paper
from ..forms import PlanForm
from ..models import TrainingPlan
from ..rules import DAY_HOURS


class PlanCreate(FormPage):
    """Write down what a project's owner needs to learn."""

    model = Project
    title = _("New training plan")
    section = "training"
    form_class = PlanForm
    related = ("owner",)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: Project, user: Any) -> bool:
        return access.may_plan_on(row, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": None}

    def perform(self, form: Any) -> TrainingPlan:
        return planning.save_plan(project=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class PlanDetail(DetailPage):
    """The need, what the policy owes beside what is planned and held, and every session."""

    model = TrainingPlan
    section = "training"
    related = ("project__owner",)
    template_name = "training/plan_detail.html"
    timeline_size = 8

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, user = self.object, self.request.user
        rows = plan.project.training_sessions.visible_to(user).select_related("course", "trainer")
        return super().get_context_data(**kwargs) | {
            "plan": plan,
            "sessions": rows.order_by("starts_at", "pk"),
            "owed": planning.owed_to(plan.project),
            "day_hours": DAY_HOURS,
            "doubts": planning.charge_doubts(plan.project) if user.is_staff_side else [],
            "may_edit": access.may_edit_plan(plan, user),
            "document": document_of(PLAN, plan),
        }


class PlanEdit(FormPage):
    model = TrainingPlan
    title = _("Change the training plan")
    section = "training"
    form_class = PlanForm
    related = ("project",)

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def permitted_on(self, row: TrainingPlan, user: Any) -> bool:
        return access.may_edit_plan(row, user)

    def perform(self, form: Any) -> TrainingPlan:
        return planning.save_plan(
            project=self.object.project, plan=self.object, **form.cleaned_data, actor=self.request.user, now=self.now
        )


class IssuePlan(ActionPage):
    """Issue the plan as a paper; a newer version takes the place of an older one."""

    model = TrainingPlan
    related = ("project__owner",)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return access.may_edit_plan(row, user)

    def perform(self, row: TrainingPlan) -> str:
        return issue_paper(PLAN, row, actor=self.request.user, now=timezone.now()).get_absolute_url()


class IssueRecord(ActionPage):
    """Issue the record of who was trained on what and when."""

    model = Project
    related = ("owner",)

    def permitted_on(self, row: Any, user: Any) -> bool:
        return user.is_staff_side and access.may_plan_on(row, user)

    def perform(self, row: Project) -> str:
        return issue_paper(RECORD, row, actor=self.request.user, now=timezone.now()).get_absolute_url()
