"""Every write of this app but its transitions and its imports: owners and their people, projects, equipment."""

from .equipment import change_equipment, change_equipment_model, create_equipment, create_equipment_model
from .owners import (
    add_owner_person,
    change_owner,
    change_owner_person,
    create_owner,
    invite_owner_person,
    switch_owner_person,
)
from .projects import (
    add_site,
    change_project,
    change_site,
    correct_acceptance,
    create_project,
    declare_sent,
    ensure_serves,
    record_acceptance,
    set_project_people,
)

__all__ = [
    "add_owner_person",
    "add_site",
    "change_equipment",
    "change_equipment_model",
    "change_owner",
    "change_owner_person",
    "change_project",
    "change_site",
    "correct_acceptance",
    "create_equipment",
    "create_equipment_model",
    "create_owner",
    "create_project",
    "declare_sent",
    "ensure_serves",
    "invite_owner_person",
    "record_acceptance",
    "set_project_people",
    "switch_owner_person",
]
