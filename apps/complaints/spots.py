"""Hot spots by rule: what was complained of three times or more in 90 days, and what stands behind it (C-07, K-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from apps.tickets.models import Ticket

from .models import Complaint
from .rules import HOT_DAYS, hot_spots

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Spot:
    """One hot spot: in words, as a filter of the register, and the complaints that make it."""

    words: str
    query: dict[str, str]
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.complaints)

    @property
    def tickets(self) -> list[Ticket]:
        """The requests behind it, each once."""
        found = {one.subject_id: one.subject for one in self.complaints if isinstance(one.subject, Ticket)}
        return list(found.values())


def _by_project(row: Complaint) -> Key | None:
    return ("project", row.project_id, str(row.project), row.kind) if row.project_id else None


def _by_product(row: Complaint) -> Key | None:
    model = row.equipment.model if row.equipment else None
    return ("model", model.pk, str(model), row.kind) if model else None


def _by_department(row: Complaint) -> Key | None:
    return ("department", row.department, row.department, row.cause) if row.department and row.cause else None


#: What is alike: of one project and kind, of one product and kind, of one department and cause.
RULES: tuple[Callable[[Complaint], Key | None], ...] = (_by_project, _by_product, _by_department)


def hot_at(rows: Any, end: date) -> list[Spot]:
    """Return the hot spots among complaints (a queryset of those of the 90 days before ``end``)."""
    found = list(rows.select_related("project", "equipment__model").prefetch_related("subject").order_by("opened_at"))
    return [spot for rule in RULES for spot in _by(rule, found, end)]


def _by(rule: Callable[[Complaint], Key | None], rows: Iterable[Complaint], end: date) -> list[Spot]:
    groups: dict[Key, list[Complaint]] = defaultdict(list)
    for row in rows:
        if (key := rule(row)) is not None:
            groups[key].append(row)
    hot = [key for key, _count in hot_spots(key for key, group in groups.items() for _row in group)]
    return [_spot(key, groups[key], end) for key in hot]  # type: ignore[index,arg-type]


def _spot(key: Key, rows: list[Complaint], end: date) -> Spot:
    side, value, words, alike = key
    name, label = ("cause", Complaint.Cause(alike).label) if side == "department" else ("kind", _kind(alike))
    query = {
        "tab": "all",
        "since": f"{end - timedelta(days=HOT_DAYS)}",
        "until": f"{end - timedelta(days=1)}",
        side: f"{value}",
        name: alike,
    }
    return Spot(f"{words} · {label}", query, rows)


def _kind(value: str) -> str:
    return str(Complaint.Kind(value).label)
