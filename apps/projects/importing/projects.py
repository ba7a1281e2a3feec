"""Which project, of which owner, a row is about: by number, else by contract number, else by owner and name."""

from __future__ import annotations

from typing import Any

from apps.core.search import normalize

from ..models import Project
from .columns import BY_FIELD
from .drafts import Book, Draft
from .problems import Problem
from .values import Row

#: Row's field → project's field.
PROJECT_VALUES = {
    "contract_number": "contract_number",
    "project_address": "address",
    "trade": "trade",
    "department": "department",
}
#: A register of faults names no projects: the systems of each unit are one.
REGISTER_PROJECT = "{owner}信息系统"


def is_of_register(row: Row) -> bool:
    """Whether the row tells of a fault: then the same name again is the same equipment, and not one more."""
    return "affected" in row.values and "name" not in row.values


def project_name(row: Row) -> str:
    """Return the name of the row's project; in a register of faults it follows from the owner."""
    name, owner = row.text("project"), row.text("owner")
    return name or (REGISTER_PROJECT.format(owner=owner) if is_of_register(row) and owner else "")


class ProjectFinder:
    """Finds or drafts the project of each row, with its owner."""

    def __init__(self, book: Book, problems: list[Problem]) -> None:
        self.book, self.problems = book, problems
        self.of_row: dict[int, Draft] = {}
        self.failed: set[int] = set()

    def find(self, row: Row) -> None:
        """Note the project of a row; a row that names none may still name equipment by its asset code."""
        if not (row.says_any(("project_number", "contract_number")) or project_name(row)):
            if "asset_code" in row.values:
                return
            if "owner" not in row.values:
                self._fail(Problem("owner_missing", row.number, "owner"))
                return
        project = self._existing(row) or self._new(row)
        if isinstance(project, Problem):
            self._fail(project)
        elif problem := self._contradiction(project, row) or self._rename(project, row):
            self._fail(problem)
        else:
            self.of_row[row.number] = project
            project.touch(row.number)
            for source, name in PROJECT_VALUES.items():
                if source in row.values:
                    self._say(project, name, row.values[source], row.number, source)

    def _fail(self, problem: Problem) -> None:
        self.failed.add(problem.row)
        self.problems.append(problem)

    def _existing(self, row: Row) -> Draft | Problem | None:
        if number := row.text("project_number"):
            found = self.book.projects_by_number.get(number)
            return found or Problem("project_unknown", row.number, "project_number", number)
        contract = row.text("contract_number")
        candidates = self.book.projects_by_contract.get(contract, []) if contract else []
        if len(candidates) > 1:
            return Problem("project_ambiguous", row.number, "contract_number", contract)
        if candidates:
            return candidates[0]
        owner = self.book.owners.get(normalize(row.text("owner")))
        return self.book.projects_by_name.get((owner, normalize(project_name(row)))) if owner else None

    def _new(self, row: Row) -> Draft | Problem:
        name, owner_name = project_name(row), row.text("owner")
        if not owner_name:
            return Problem("owner_missing", row.number, "owner")
        if not name:
            return Problem("project_missing", row.number, "project")
        limit = BY_FIELD["project"].max_length
        if len(name) > limit:
            return Problem("too_long", row.number, "project", name, limit=limit)
        owner = self.book.owners.get(normalize(owner_name))
        if owner is None:
            owner = self.book.add(Draft("owner", {"name": owner_name}))
        values = {"name": name, "owner": owner, "contract_number": row.text("contract_number")}
        if is_of_register(row) and "project" not in row.values:
            values["trade"] = Project.Trade.INFORMATION_SYSTEM.value
        return self.book.add(Draft("project", values))

    def _contradiction(self, project: Draft, row: Row) -> Problem | None:
        owner, contract = project.values["owner"], project.values.get("contract_number")
        if "owner" in row.values and normalize(row.text("owner")) != normalize(owner.name):
            return Problem("owner_differs", row.number, "owner", row.text("owner"), other=owner.name)
        if contract and row.text("contract_number") not in {"", contract}:
            return Problem("contract_differs", row.number, "contract_number", other=contract)
        return None

    def _rename(self, project: Draft, row: Row) -> Problem | None:
        """Take over another name for a project that was found by its number or contract."""
        name = project_name(row)
        if not name:
            return None
        first_row, first = project.said.setdefault("name", (row.number, name))
        if normalize(first) != normalize(name):
            self.problems.append(Problem("project_says_otherwise", row.number, "project", other=str(first_row)))
        elif normalize(name) != normalize(project.name):
            owner = project.values["owner"]
            if self.book.projects_by_name.setdefault((owner, normalize(name)), project) is not project:
                return Problem("project_name_taken", row.number, "project", name)
            # A row further down with the old name means another project: so it will the next time.
            old = (owner, normalize(project.name))
            if self.book.projects_by_name.get(old) is project:
                del self.book.projects_by_name[old]
            project.values["name"] = name
        return None

    def _say(self, project: Draft, name: str, value: Any, number: int, source: str) -> None:
        """Set a value of the project; the first row that says it counts, another one is told."""
        first_row, first = project.said.setdefault(name, (number, value))
        if first != value:
            self.problems.append(Problem("project_says_otherwise", number, source, other=str(first_row)))
            return
        if name == "contract_number" and project.values.get(name) != value:
            self.book.projects_by_contract[value].append(project)
        project.values[name] = value
