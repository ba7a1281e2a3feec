"""Writing equipment and equipment models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.scoping import Audience

from ..models import Equipment, EquipmentModel, Project

CREATED = declare_event("projects.equipment.created", gettext_lazy("Equipment added"), icon="plus", tone="info")
CHANGED = declare_event("projects.equipment.changed", gettext_lazy("Equipment particulars changed"), icon="edit")
MODEL_CREATED = declare_event("projects.equipmentmodel.created", gettext_lazy("Equipment model added"), icon="plus")
MODEL_CHANGED = declare_event("projects.equipmentmodel.changed", gettext_lazy("Equipment model changed"), icon="edit")

#: The values a person sets; the code, the label and the project are given once.
SETTABLE = frozenset(
    {"name", "model", "serial_number", "parent", "site", "place", "installed_on", "commissioning_settings"}
)


def create_equipment(project: Project, *, name: str, actor: Any, now: datetime, **values: Any) -> Equipment:
    """Add a piece of equipment to a project, with its asset code and its label."""
    with transaction.atomic():
        equipment = Equipment(project=project, asset_code=next_number("SB", now=now, yearly=False))
        _set(equipment, {"name": name, **values})
        equipment.save()
        record(equipment, CREATED, actor=actor, now=now, data={"note": equipment.asset_code})
    return equipment


def change_equipment(equipment: Equipment, *, actor: Any, now: datetime, **values: Any) -> Equipment:
    """Change a piece of equipment, the values given alone."""
    with transaction.atomic():
        # All equipment of a project changes in turn: two moves at once could close a circle.
        Project.objects.select_for_update().get(pk=equipment.project_id)
        equipment = lock(equipment)
        before = values_of(equipment)
        _set(equipment, values)
        equipment.save()
        record_change(equipment, before, actor=actor, now=now, audience=Audience.OWNER)
    return equipment


def create_equipment_model(
    *,
    name: str,
    actor: Any,
    now: datetime,
    maker: str = "",
    size_class: str = EquipmentModel.SizeClass.SMALL,
    normal_life_years: int | None = None,
) -> EquipmentModel:
    """Add what a maker sells."""
    with transaction.atomic():
        model = EquipmentModel()
        _describe(model, maker=maker, name=name, size_class=size_class, normal_life_years=normal_life_years)
        record(model, MODEL_CREATED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(model)})
    return model


def change_equipment_model(
    model: EquipmentModel,
    *,
    name: str,
    actor: Any,
    now: datetime,
    maker: str,
    size_class: str,
    normal_life_years: int | None,
) -> EquipmentModel:
    """Change what is known of an equipment model."""
    with transaction.atomic():
        model = lock(model)
        before = values_of(model)
        _describe(model, maker=maker, name=name, size_class=size_class, normal_life_years=normal_life_years)
        record_change(model, before, actor=actor, now=now)
    return model


def _set(equipment: Equipment, values: dict[str, Any]) -> None:
    if unknown := values.keys() - SETTABLE:
        raise TypeError(f"Not set this way: {sorted(unknown)}")
    for field, value in values.items():
        setattr(equipment, field, value.strip() if isinstance(value, str) else value)
    if equipment.site is not None and equipment.site.project_id != equipment.project_id:
        raise DomainError(_("That place belongs to another project. Choose one of this project."), field="site")
    above = equipment.parent
    if above is not None and above.project_id != equipment.project_id:
        raise DomainError(_("That equipment belongs to another project. Choose one of this project."), field="parent")
    while above is not None:
        if above.pk is not None and above.pk == equipment.pk:
            raise DomainError(_("It would become a part of itself. Choose another piece, or none."), field="parent")
        above = above.parent


def _describe(model: EquipmentModel, **values: Any) -> None:
    for field, value in values.items():
        setattr(model, field, value.strip() if isinstance(value, str) else value)
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError as error:
        raise DomainError(_("This maker's model is already in the list. Use that one."), field="name") from error
