"""Pages of improvements and of the figures they come from: courses and trainers."""

from __future__ import annotations

import re
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.pages import DetailPage, FormPage, ListPage, Page, Tab

from .. import access, figures, improvements
from ..filters import ImprovementFilter
from ..forms import ImprovementForm
from ..models import Course, Improvement, Session
from ..tables import ImprovementTable

SHOWN = 8
SESSION_KEY = re.compile(r"[0-9]{1,15}")


class ImprovementList(ListPage):
    model = Improvement
    title = _("Improvements")
    section = "training"
    related = ("course", "session", "responsible")
    template_name = "training/list.html"
    filterset_class = ImprovementFilter
    table_class = ImprovementTable
    empty_text = _("None here. They are set when a training is closed, or on the page of a course.")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        user = self.request.user
        return (
            Tab("open", _("Not closed"), lambda rows: rows.not_closed()),
            Tab("mine", _("Mine"), lambda rows: rows.waiting_for(user)),
            Tab("to_check", _("To check"), lambda rows: rows.to_check()),
            Tab("all", _("All"), lambda rows: rows),
        )

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side


class ImprovementDetail(DetailPage):
    model = Improvement
    section = "training"
    related = ("course__responsible", "session", "responsible", "dated_by", "checked_by")
    template_name = "training/improvement_detail.html"
    timeline_size = 20

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side


class ImprovementCreate(FormPage):
    """Set an improvement of a course; ``?session=`` names the training after which it was found."""

    model = Course
    title = _("New improvement")
    section = "training"
    form_class = ImprovementForm
    submit_label = _("Set it")

    def permitted(self, user: Any) -> bool:
        return access.may_make_improvements(user)

    def get_initial(self) -> dict[str, Any]:
        return {"responsible": self.object.responsible_id}

    def _session(self) -> Session | None:
        asked = SESSION_KEY.fullmatch(self.request.GET.get("session", ""))
        rows = Session._default_manager.visible_to(self.request.user).filter(course=self.object)
        found: Session | None = rows.filter(pk=asked[0]).first() if asked else None
        return found

    def perform(self, form: Any) -> Improvement:
        return improvements.set_improvement(
            course=self.object,
            session=self._session(),
            **form.cleaned_data,
            actor=self.request.user,
            now=self.now,
        )


class TrainerList(Page):
    """What came of everybody's trainings, side by side."""

    template_name = "training/trainer_list.html"
    title = _("Trainers")
    section = "training"

    def permitted(self, user: Any) -> bool:
        return access.sees_figures(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lines": figures.by_trainer(self.request.user)}


class TrainerDetail(DetailPage):
    """A trainer's figures, by course, and what is being done better."""

    model = User
    section = "training"
    template_name = "training/trainer_detail.html"
    timeline_size = 0

    def permitted(self, user: Any) -> bool:
        return access.sees_figures(user)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.staff()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, trainer = self.request.user, self.object
        whole, parts = figures.of_trainer(trainer, user)
        sessions = Session._default_manager.visible_to(user).filter(trainer=trainer)
        waiting = Improvement._default_manager.visible_to(user).not_closed().filter(responsible=trainer)
        return super().get_context_data(**kwargs) | {
            "user": user,
            "trainer": trainer,
            "whole": whole,
            "parts": parts,
            "sessions": sessions.select_related("course", "project")[:SHOWN],
            "improvements": waiting.select_related("responsible")[:SHOWN],
        }
