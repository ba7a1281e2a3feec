"""How an import's kept report reads, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import EquipmentModel, ImportRun, Project
from .columns import BY_FIELD
from .drafts import KINDS
from .problems import Problem

KIND_NAMES: dict[str, Promise] = {
    "owner": gettext_lazy("Owners"),
    "project": gettext_lazy("Projects"),
    "model": gettext_lazy("Equipment models"),
    "site": gettext_lazy("Sites and areas"),
    "equipment": gettext_lazy("Equipment"),
}
#: Our fields that are called differently from the file's columns.
FIELD_COLUMNS = {"address": "project_address", "name": "", "number": "project_number"}


@dataclass(frozen=True)
class Count:
    """How many of a kind would be, or were, created, changed and left."""

    name: str
    created: int
    changed: int
    left: int


@dataclass(frozen=True)
class Change:
    """One row that would change, and its values before and after."""

    kind: str
    name: str
    row: int
    values: list[tuple[str, str, str]]


def counts(found: Mapping[str, Mapping[str, int]]) -> list[Count]:
    """Return the counts of the kinds that the file is about."""
    return [
        Count(str(KIND_NAMES[kind]), **found[kind])
        for kind in KINDS
        if kind in found and (kind == "equipment" or any(found[kind].values()))
    ]


def count_lines(found: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Return the counts as lines of text."""
    for count in counts(found):
        yield _("%(name)s: %(created)s created, %(changed)s changed, %(left)s left as they are") % vars(count)


def problems(report: Mapping[str, Any]) -> list[Problem]:
    return [Problem.from_json(line) for line in report.get("problems", [])]


def changes(report: Mapping[str, Any]) -> list[Change]:
    """Return the rows that change, with the fields' names and values in words."""
    return [
        Change(
            str(KIND_NAMES[line["kind"]]),
            line["name"],
            line["row"],
            [(_field(name), _value(name, old), _value(name, new)) for name, (old, new) in line["changes"].items()],
        )
        for line in report.get("changed", [])
    ]


def columns(run: ImportRun) -> list[tuple[str, str]]:
    """Return the names of the recognised columns with what they were taken for."""
    return [
        (name, str(BY_FIELD[field].label))
        for position, name in enumerate(run.header)
        if (field := run.columns.get(str(position)))
    ]


def _field(name: str) -> str:
    column = BY_FIELD.get(FIELD_COLUMNS.get(name, name))
    return str(column.label) if column else _("Designation")


def _value(name: str, value: str) -> str:
    choices: dict[str, Any] = {}
    if name == "trade":
        choices = dict(Project.Trade.choices)
    elif name == "size_class":
        choices = dict(EquipmentModel.SizeClass.choices)
    return str(choices.get(value, value)) or "—"
