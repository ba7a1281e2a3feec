"""Projects, their equipment, acceptance and warranty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from apps.accounts.models import Role, User
from apps.projects.models import (
    Acceptance,
    AcceptanceFile,
    Equipment,
    EquipmentModel,
    ImportRun,
    Project,
    ProjectPerson,
    Site,
)
from apps.warranties.models import Warranty, WarrantyCard
from apps.warranties.rules import card_due, cover_end

from .base import NOW, PDF, TODAY, accepted, serial
from .people import make_owner, make_project_person, make_staff


def make_project(
    *, manager: User | None = None, engineers: tuple[User, ...] | list[User] = (), **fields: Any
) -> Project:
    """Return a project in service; ``manager`` and ``engineers`` are written into its people."""
    n = serial()
    values = {
        "number": f"GC-2026-9{n:05d}",
        "name": f"道路照明工程{n}",
        "contract_number": f"HT-{n}",
        "address": f"江州市滨江大道 {n} 号",
        "department": "售后服务部",
        "status": Project.Status.IN_SERVICE,
        "created_at": NOW - timedelta(days=400),
    }
    project = Project.objects.create(**values | {"owner": fields.pop("owner", None) or make_owner()} | fields)
    if manager:
        make_project_person(project=project, user=manager, role=ProjectPerson.Role.MANAGER)
    for engineer in engineers:
        make_project_person(project=project, user=engineer, role=ProjectPerson.Role.DESIGNATED_ENGINEER)
    return project


def make_site(*, project: Project | None = None, **fields: Any) -> Site:
    project = project or make_project()
    return Site.objects.create(project=project, **{"name": f"一号场地{serial()}"} | fields)


def make_equipment_model(**fields: Any) -> EquipmentModel:
    return EquipmentModel.objects.create(
        **{"maker": "明衢", "name": f"LD-{serial()}", "normal_life_years": 30} | fields
    )


def make_equipment(*, project: Project | None = None, **fields: Any) -> Equipment:
    n = serial()
    values = {
        "asset_code": f"SB-9{n:05d}",
        "name": f"路灯控制箱{n}",
        "serial_number": f"SN{n:06d}",
        "place": f"K{n}+200 东侧",
        "installed_on": TODAY - timedelta(days=390),
    }
    return Equipment.objects.create(project=project or make_project(), **values | fields)


def make_acceptance(*, project: Project | None = None, **fields: Any) -> Acceptance:
    return Acceptance.objects.create(
        **{
            "project": project or make_project(),
            "accepted_on": TODAY - timedelta(days=365),
            "recorded_by": fields.pop("recorded_by", None) or make_staff(Role.MANAGER),
            "recorded_at": NOW - timedelta(days=365),
        }
        | fields
    )


def make_acceptance_file(*, acceptance: Acceptance | None = None, **fields: Any) -> AcceptanceFile:
    file = accepted(PDF, "验收报告.pdf", "application/pdf")
    return AcceptanceFile.keep(file, actor=None, now=NOW, acceptance=acceptance or make_acceptance(), **fields)


def make_import_run(**fields: Any) -> ImportRun:
    run = ImportRun(
        **{
            "original_name": "设备清单.csv",
            "status": ImportRun.Status.READY,
            "header": ["项目", "设备名称"],
            "started_by": fields.pop("started_by", None) or make_staff(Role.ADMINISTRATOR),
            "started_at": NOW,
        }
        | fields
    )
    if not run.file:
        run.file.save("list.csv", ContentFile("项目,设备名称\n甲项目,路灯\n".encode()), save=False)
    run.save()
    return run


def make_warranty(*, project: Project | None = None, **fields: Any) -> Warranty:
    start = fields.pop("starts_on", TODAY - timedelta(days=365))
    months = fields.pop("months", 24)
    return Warranty.objects.create(
        **{
            "project": project or make_project(),
            "basis": Acceptance.Basis.REPORT_SIGNED,
            "starts_on": start,
            "months": months,
            "ends_on": cover_end(start, months),
            "scope_text": "本工程全部设备",
        }
        | fields
    )


def make_card(*, warranty: Warranty | None = None, **fields: Any) -> WarrantyCard:
    """Return the duty to issue a warranty's card."""
    warranty = warranty or make_warranty()
    days = {"completed_on": warranty.starts_on, "due_on": card_due(warranty.starts_on)}
    return WarrantyCard.objects.create(warranty=warranty, **days | fields)
