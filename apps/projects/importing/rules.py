"""What an import would create, change and leave: a function of the rows and of what is there, without the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .drafts import KINDS, Book, Draft
from .equipment import ABOUT_EQUIPMENT, EquipmentFinder
from .problems import Problem
from .projects import ProjectFinder, project_name
from .values import Row


@dataclass
class Plan:
    """The drafts as the file would have them, and what was found wrong with its rows."""

    book: Book
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    def created(self, kind: str) -> list[Draft]:
        return [draft for draft in self.book.written(kind) if draft.is_new]

    def changed(self, kind: str) -> list[Draft]:
        return [draft for draft in self.book.written(kind) if draft.changes]

    @property
    def does_anything(self) -> bool:
        return any(draft.is_new or draft.changes for kind in KINDS for draft in self.book.written(kind))

    def counts(self) -> dict[str, dict[str, int]]:
        """Return {kind: {created, changed, left}} of everything the file is about."""
        counts = {}
        for kind in KINDS:
            total = len(self.book.written(kind))
            created, changed = len(self.created(kind)), len(self.changed(kind))
            counts[kind] = {"created": created, "changed": changed, "left": total - created - changed}
        return counts


def missing_columns(fields: Iterable[str]) -> list[Problem]:
    """Return what the recognised columns lack, so that no row could be placed."""
    known = set(fields)
    problems = []
    if known.isdisjoint({"name", "affected", "asset_code"}):
        problems.append(Problem("no_equipment_column"))
    if known.isdisjoint({"project_number", "contract_number", "asset_code"}) and not (
        "owner" in known and known & {"project", "affected"}
    ):
        problems.append(Problem("no_project_column"))
    return problems


def plan(rows: Sequence[Row], book: Book) -> Plan:
    """Decide for every row what it is about and what it would change; the drafts of ``book`` take the new values.

    Equipment is the same when its asset code is; else its serial number within the model; else project, place and
    name (model, "Equipment on import"). What only one side says never makes two things different; what a row does
    not say changes nothing.
    """
    made = Plan(book)
    named = [row for row in rows if _names_equipment(row, made.problems)]
    projects = ProjectFinder(book, made.problems)
    # Rows with owner and name first: others may name the same project by its contract alone.
    for row in sorted(named, key=lambda row: not (row.text("owner") and project_name(row))):
        projects.find(row)
    placed = [row for row in named if row.number not in projects.failed]
    EquipmentFinder(book, made.problems, projects.of_row).find_all(placed)
    made.problems.sort(key=lambda problem: problem.row)
    return made


def _names_equipment(row: Row, problems: list[Problem]) -> bool:
    if row.says_any(("name", "affected", "asset_code")):
        return True
    if row.says_any(ABOUT_EQUIPMENT):
        problems.append(Problem("name_missing", row.number, "name"))
    else:
        problems.append(Problem("no_equipment", row.number))
    return False
