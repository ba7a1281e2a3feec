"""What can be said about a row or a file, kept as a code so that everybody reads it in their own language."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import EquipmentModel, Project
from .columns import BY_FIELD

#: About the whole file: it cannot be read, so nothing can be shown of it.
UNREADABLE: dict[str, Promise] = {
    "empty": gettext_lazy("The file is empty. Choose a file with a header and at least one row."),
    "header_only": gettext_lazy("The file has a header but no rows. Fill in at least one row and upload it again."),
    "not_a_table": gettext_lazy("This is neither an Excel workbook nor a text table. Save it as XLSX or CSV."),
    "old_excel": gettext_lazy("This is the old Excel format. Open it and save it as XLSX, then upload it again."),
    "damaged": gettext_lazy("The workbook is damaged and cannot be read. Open it in Excel and save it again."),
    "too_large": gettext_lazy("The file is larger than %(limit)s MB. Split it and import the parts."),
    "unpacks_too_large": gettext_lazy(
        "The workbook unpacks to more than %(limit)s MB. Delete pictures and formatting, or split it."
    ),
    "too_many_rows": gettext_lazy("The file has more than %(limit)s rows. Split it and import the parts."),
    "too_many_columns": gettext_lazy("The file has more than %(limit)s columns. Delete those that are not needed."),
    "unexpected": gettext_lazy(
        "Reading or writing failed for a reason the portal did not expect. Nothing was imported. "
        "Try again; if it fails again, tell your administrator the time."
    ),
}

#: They stop the import: nothing is written until the file or its columns are corrected.
ERRORS: dict[str, Promise] = {
    "no_equipment_column": gettext_lazy(
        "No column with the equipment's name or asset code was recognised. Choose it under “Columns”."
    ),
    "no_project_column": gettext_lazy(
        "No column with the project was recognised. Choose owner and project, or the project or contract number."
    ),
    "too_many_cells": gettext_lazy(
        "The row has more cells than the header has columns. Check the separators and quotation marks."
    ),
    "cell_error": gettext_lazy("The formula shows “%(value)s”. Correct it, or clear the cell."),
    "too_long": gettext_lazy("“%(value)s” is longer than %(limit)s characters. Shorten it."),
    "invalid_date": gettext_lazy("“%(value)s” is not a date. Write it like 2026-11-21 or 2026年11月21日."),
    "unknown_choice": gettext_lazy("“%(value)s” is not known here. Use one of: %(known)s."),
    "owner_missing": gettext_lazy("The owner is missing. Fill it in, or give the number of an existing project."),
    "project_missing": gettext_lazy("The project is missing. Fill in its name, its number or its contract number."),
    "project_unknown": gettext_lazy(
        "There is no project with the number “%(value)s”. Correct it, or clear it: new projects get their number here."
    ),
    "project_ambiguous": gettext_lazy(
        "Several projects have the contract number “%(value)s”. Give the project number instead."
    ),
    "owner_differs": gettext_lazy("The project belongs to “%(other)s”. Correct the owner or the project."),
    "contract_differs": gettext_lazy(
        "The project has the contract number “%(other)s”. Correct the contract number or the project."
    ),
    "project_name_taken": gettext_lazy(
        "The owner already has another project called “%(value)s”. Correct the name or the number."
    ),
    "name_missing": gettext_lazy("The equipment has no name. Fill it in."),
    "code_not_given": gettext_lazy(
        "Asset codes beginning with SB- are given by the portal, and “%(value)s” was not given yet. "
        "Clear the cell if the equipment is new."
    ),
    "elsewhere": gettext_lazy(
        "This equipment (%(value)s) belongs to the project “%(other)s”. Correct the project or the equipment."
    ),
    "serial_ambiguous": gettext_lazy(
        "Several pieces of equipment of this model have the serial number “%(value)s”. Give the asset code."
    ),
    "repeated_differently": gettext_lazy(
        "Row %(other)s is about the same equipment and says something else. Make them agree, or delete one."
    ),
    "size_differs": gettext_lazy("Row %(other)s gives the same model another size class. Make them agree."),
    "parent_unknown": gettext_lazy("The project has no equipment “%(value)s”. Give its asset code or exact name."),
    "parent_ambiguous": gettext_lazy("Several pieces are called “%(value)s” in this project. Give the asset code."),
    "parent_elsewhere": gettext_lazy("“%(value)s” belongs to another project. Correct the asset code."),
    "parent_circular": gettext_lazy("By way of “%(value)s” the equipment would be a part of itself. Correct it."),
}

#: They are told, and do not stop the import.
NOTES: dict[str, Promise] = {
    "no_equipment": gettext_lazy("The row names no equipment and was left out."),
    "repeated": gettext_lazy("The same as row %(other)s; left out."),
    "ordinal": gettext_lazy("Alike with row %(other)s; to tell them apart this one is called “%(value)s”."),
    "serial_shared": gettext_lazy("“%(other)s” of the same model has this serial number too. Check which is right."),
    "project_says_otherwise": gettext_lazy("Row %(other)s says otherwise about the project; row %(other)s counts."),
    "model_missing": gettext_lazy("Left out, because the row names no model."),
    "repeated_column": gettext_lazy("The column “%(value)s” is there twice; the first counts unless you choose."),
    "other_sheets": gettext_lazy("The workbook has several sheets; only “%(value)s” was read."),
}


@dataclass(frozen=True)
class Problem:
    """One line of the report: the row and column of the file (0: the whole file), what is wrong, with which value."""

    code: str
    row: int = 0
    field: str = ""
    value: str = ""
    other: str = ""
    limit: int = 0

    @property
    def is_error(self) -> bool:
        return self.code not in NOTES

    @property
    def column(self) -> str:
        """The column's name in the reader's language."""
        return str(BY_FIELD[self.field].label) if self.field in BY_FIELD else ""

    @property
    def text(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        text = ERRORS.get(self.code) or NOTES.get(self.code) or UNREADABLE[self.code]
        known = ""
        if self.code == "unknown_choice":
            choices = EquipmentModel.SizeClass if self.field == "size_class" else Project.Trade
            known = _(", ").join(str(label) for label in choices.labels)
        return str(text) % {"value": shortened(self.value), "other": self.other, "limit": self.limit, "known": known}

    @property
    def line(self) -> str:
        """Row, column and text as one line."""
        where = [_("row %(row)s") % {"row": self.row}] if self.row else []
        where += [self.column] if self.column else []
        return f"{' · '.join(where)}: {self.text}" if where else self.text

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


class Unreadable(Exception):
    """The file cannot be read as a table; ``problem`` says why."""

    def __init__(self, code: str, *, limit: int = 0) -> None:
        super().__init__(code)
        self.problem = Problem(code, limit=limit)


def shortened(text: str, length: int = 40) -> str:
    """Return a cell's text short enough to be quoted."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"
