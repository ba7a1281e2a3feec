"""Pages about equipment and its models."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.forms import as_key
from apps.core.pages import DetailPage, FormPage, ListPage

from .. import services
from ..access import may_import, may_keep_equipment, may_keep_models
from ..filters import EquipmentFilter, EquipmentModelFilter
from ..forms import EquipmentForm, EquipmentModelForm
from ..models import Equipment, EquipmentModel, Project
from ..tables import EquipmentModelTable, EquipmentTable

SHOWN_PARTS = 20


class EquipmentList(ListPage):
    """The equipment of the projects in a person's scope."""

    model = Equipment
    section = "equipment"
    template_name = "projects/equipment_list.html"
    title = _("Equipment")
    related = ("project", "model", "site__parent")
    filterset_class = EquipmentFilter
    table_class = EquipmentTable
    create_label = _("New equipment")
    empty_text = _("No equipment yet. Import the equipment list of a project, or add pieces on the project's page.")
    bulk_actions = (("documents:labels", _("Print labels"), "printer"),)

    @property
    def create_url(self) -> str:
        """A new piece belongs to the project the list is narrowed to."""
        project = as_key(self.request.GET.get("project"))
        return f"{reverse('projects:equipment_create')}?project={project}" if project is not None else ""

    def may_create(self, user: Any) -> bool:
        form = self.filterset.form
        project = form.cleaned_data.get("project") if form.is_valid() else None
        return project is not None and may_keep_equipment(project, user) and not user.is_auditor_only

    def may_use_bulk(self, user: Any) -> bool:
        return user.is_staff_side and not user.is_auditor_only

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_import": may_import(self.request.user)}


class EquipmentDetail(DetailPage):
    """One piece of equipment with its whole history (D-02)."""

    model = Equipment
    section = "equipment"
    deferred = ("history",)
    template_name = "projects/equipment.html"
    related = ("project__owner", "model", "site__parent", "parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        parts = self.object.parts.visible_to(self.request.user).order_by("asset_code")
        return context | {
            "parts": list(parts[:SHOWN_PARTS]),
            "may_change": may_keep_equipment(self.object.project, self.request.user),
        }


class EquipmentCreate(FormPage):
    """Add a piece of equipment to the project named in the address."""

    template_name = "projects/form.html"
    model = Equipment
    section = "equipment"
    title = _("New equipment")
    submit_label = _("Add equipment")
    form_class = EquipmentForm
    project: Project

    def get_object(self) -> None:
        wanted = as_key(self.request.GET.get("project"))
        self.project = get_object_or_404(Project._default_manager.visible_to(self.request.user), pk=wanted)

    def permitted(self, user: Any) -> bool:
        return may_keep_equipment(self.project, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"project": self.project}

    def perform(self, form: Any) -> Equipment:
        return services.create_equipment(self.project, **form.values, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.project.get_absolute_url()}


class EquipmentEdit(FormPage):
    """Change a piece of equipment."""

    template_name = "projects/form.html"
    model = Equipment
    section = "equipment"
    title = _("Change equipment")
    form_class = EquipmentForm
    related = ("project", "parent")

    def permitted_on(self, row: Any, user: Any) -> bool:
        return may_keep_equipment(row.project, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"project": self.object.project}

    def perform(self, form: Any) -> Equipment:
        return services.change_equipment(self.object, **form.values, actor=self.request.user, now=self.now)


class EquipmentModelList(ListPage):
    """What makers sell, as far as we serve it."""

    model = EquipmentModel
    section = "equipment"
    title = _("Equipment models")
    filterset_class = EquipmentModelFilter
    table_class = EquipmentModelTable
    create_url = reverse_lazy("projects:model_create")
    create_label = _("New model")
    empty_text = _("No model yet. Models say how large a piece is and how long it normally lives.")

    def permitted(self, user: Any) -> bool:
        return user.is_staff_side

    def may_create(self, user: Any) -> bool:
        return may_keep_models(user)


class EquipmentModelCreate(FormPage):
    """Add an equipment model."""

    template_name = "projects/form.html"
    model = EquipmentModel
    section = "equipment"
    title = _("New model")
    form_class = EquipmentModelForm
    back_url = reverse_lazy("projects:model_list")

    def permitted(self, user: Any) -> bool:
        return may_keep_models(user)

    def perform(self, form: Any) -> EquipmentModel:
        return services.create_equipment_model(**form.cleaned_data, actor=self.request.user, now=self.now)


class EquipmentModelEdit(EquipmentModelCreate):
    """Change what is known of an equipment model."""

    title = _("Change model")

    def perform(self, form: Any) -> EquipmentModel:
        return services.change_equipment_model(self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
