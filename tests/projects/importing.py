"""Spreadsheets for the import's tests, made in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import Workbook

from apps.projects.models import Equipment, EquipmentModel, Owner, Project, Site

REAL_FILE: Path = settings.BASE_DIR.parent / "shared" / "data" / "ict_faults_2016h1.csv"
HEADER = ("业主", "项目名称", "设备名称", "资产编号", "厂家", "型号", "序列号", "楼栋", "楼层", "位置", "安装日期")
FIELDS = (
    "owner", "project", "name", "asset_code", "maker", "model", "serial_number", "site", "area", "place", "installed_on",
)  # fmt: skip


def as_csv(lines: Iterable[Sequence[Any]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue().encode(encoding)


def as_xlsx(lines: Iterable[Sequence[Any]], *more: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook with a sheet of the lines, and further sheets."""
    book = Workbook()
    book.remove(book.active)
    for number, sheet_lines in enumerate((lines, *more), start=1):
        sheet = book.create_sheet(f"表{number}")
        for line in sheet_lines:
            sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(**values: str) -> list[str]:
    """Return one row under ``HEADER``; owner, project and name are filled in unless given."""
    known = {"owner": "江州市政", "project": "滨江照明", "name": "路灯"} | values
    assert known.keys() <= set(FIELDS)
    return [known.get(field, "") for field in FIELDS]


def file_of(*lines: Sequence[str]) -> bytes:
    return as_csv([HEADER, *lines])


def snapshot() -> list[Any]:
    """Return all that an import can write, to compare with afterwards."""
    return [
        sorted(model.objects.values_list(*[field.attname for field in model._meta.concrete_fields]), key=repr)
        for model in (Owner, Project, EquipmentModel, Site, Equipment)
    ]
