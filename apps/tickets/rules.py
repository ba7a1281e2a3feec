"""What a work order still lacks before it can be finished: a pure function of its values (R-11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """The values of a work order that completeness depends on."""

    is_field: bool
    cause: str
    work_done: str
    result: str
    photo_slots: Iterable[str]


def missing(work: Work) -> list[str]:
    """Return the names of what is missing, in the order of the page: photos before, cause, work, result, photos after.

    A remote order needs no photos.
    """
    slots = set(work.photo_slots)
    wanted = [
        ("photo_before", not work.is_field or "before" in slots),
        ("cause", bool(work.cause)),
        ("work_done", bool(work.work_done.strip())),
        ("result", bool(work.result)),
        ("photo_after", not work.is_field or "after" in slots),
    ]
    return [name for name, is_there in wanted if not is_there]


#: The level a request gets by its kind until somebody triages it: an emergency is critical, a fault partial (R-03).
LEVEL_BY_KIND = {"emergency": 1, "fault": 3}


def initial_level(kind: str) -> int:
    """Return the level of a request whose reporter was not asked for one."""
    return LEVEL_BY_KIND.get(kind, 4)


@dataclass(frozen=True)
class Standing:
    """How an engineer stands to a project on a day (R-07)."""

    is_manager: bool = False
    is_designated: bool = False
    serves: bool = False
    knows_equipment: bool = False
    load: int = 0
    is_free: bool = True


def rank(standing: Standing) -> tuple[int, bool, int]:
    """Return the sort key of a candidate (R-07).

    The project's manager comes first, then a designated engineer, then who serves the project, then the others;
    among equals who knows the equipment, then who has least to do.
    """
    place = 0 if standing.is_manager else 1 if standing.is_designated else 2 if standing.serves else 3
    return place, not standing.knows_equipment, standing.load
