"""Pages of licences, of what work needs them, and of retrainings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import as_key
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, Tab

from .. import access, licences
from ..classes import classes_for, courses_for
from ..filters import LicenceFilter, RetrainingFilter
from ..licence_forms import LicenceForm, NeedForm
from ..models import Licence, LicenceNeed, Retraining
from ..tables import LicenceTable, RetrainingTable

SHOWN = 6


def _ending(days: int) -> Any:
    def narrow(rows: Any) -> Any:
        today = timezone.localdate()
        return rows.ending(today, today + timedelta(days=days))

    return narrow


class LicenceList(ListPage):
    model = Licence
    title = _("Licences of our people")
    section = "training"
    related = ("user",)
    template_name = "training/licence_list.html"
    filterset_class = LicenceFilter
    table_class = LicenceTable
    tabs = (
        Tab("all", _("All"), lambda rows: rows),
        Tab("30", _("End in 30 days"), _ending(30)),
        Tab("60", _("In 60 days"), _ending(60)),
        Tab("90", _("In 90 days"), _ending(90)),
        Tab("over", _("Expired"), lambda rows: rows.over(timezone.localdate())),
    )
    create_url = "training:licence_create"
    create_label = _("New licence")
    empty_text = _("None. Licences of our people are kept here, with their end and a scan.")

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def may_create(self, user: Any) -> bool:
        return access.may_keep_licences(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_set_needs": access.may_set_needs(self.request.user)}


class LicenceCreate(FormPage):
    """Keep a licence; a renewed one is kept beside the old. ``?person=`` and ``?kind=`` choose beforehand."""

    model = Licence
    title = _("New licence")
    section = "training"
    form_class = LicenceForm
    template_name = "training/licence_form.html"

    def permitted(self, user: Any) -> bool:
        return access.may_keep_licences(user)

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", ""), "user": as_key(self.request.GET.get("person"))}

    def perform(self, form: Any) -> Licence:
        return licences.save_licence(licence=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)

    def get_success_url(self, row: Licence) -> str:
        return reverse("training:licence_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = self.object.files.visible_to(self.request.user) if self.object else []
        return super().get_context_data(**kwargs) | {"files": files, "back_url": reverse("training:licence_list")}


class LicenceEdit(LicenceCreate):
    title = _("Licence")
    related = ("user",)

    def get_initial(self) -> dict[str, Any]:
        return {}


class Needs(FormPage):
    """Which licence the work of each trade, or with an equipment model, needs; dispatch asks for it."""

    model = LicenceNeed
    title = _("Needed licences")
    section = "training"
    form_class = NeedForm
    template_name = "training/needs.html"
    submit_label = _("Ask for it")

    def permitted(self, user: Any) -> bool:
        return access.may_set_needs(user)

    def perform(self, form: Any) -> LicenceNeed:
        return licences.set_need(**form.cleaned_data, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needs = LicenceNeed._default_manager.visible_to(self.request.user).select_related("equipment_model")
        return super().get_context_data(**kwargs) | {"needs": needs}


class NeedRemove(ActionPage):
    model = LicenceNeed

    def permitted(self, user: Any) -> bool:
        return access.may_set_needs(user)

    def perform(self, row: LicenceNeed) -> str:
        licences.remove_need(need=row, actor=self.request.user, now=timezone.now())
        return reverse("training:licence_needs")


class RetrainingList(ListPage):
    """Whose licence ends, and whether the training that brings it anew is planned."""

    model = Retraining
    title = _("Retrainings")
    section = "training"
    related = ("licence__user", "session__course")
    template_name = "training/list.html"
    filterset_class = RetrainingFilter
    table_class = RetrainingTable
    tabs = (
        Tab("to_plan", _("To be planned"), lambda rows: rows.to_plan()),
        Tab("waiting", _("Not renewed yet"), lambda rows: rows.waiting()),
        Tab("all", _("All"), lambda rows: rows),
    )
    empty_text = _("Nobody's licence ends within two months.")

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side


class RetrainingDetail(DetailPage):
    """One retraining: the licence that ends, and the trainings that bring it anew."""

    model = Retraining
    section = "training"
    related = ("licence__user", "session__course")
    template_name = "training/retraining_detail.html"
    timeline_size = 12

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        licence = self.object.licence
        return super().get_context_data(**kwargs) | {
            "licence": licence,
            "today": timezone.localdate(),
            "courses": courses_for(licence),
            "classes": classes_for(licence, now=timezone.now())[:SHOWN],
            "may_plan": access.may_plan(self.request.user),
        }
