"""A year as twelve months of marked days: what its page shows. Plain values, no database."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from .rules import SATURDAY


@dataclass(frozen=True)
class Mark:
    """What is special about a date: whose word it is, whether it is worked, and its name."""

    layer: str
    is_working: bool
    name: str

    @property
    def look(self) -> str:
        """The class of its cell."""
        return f"d-{self.layer} {'d-work' if self.is_working else 'd-off'}"


@dataclass(frozen=True)
class Cell:
    """One day in the grid; days of the neighbouring months are empty."""

    on: date | None = None
    mark: Mark | None = None

    @property
    def is_weekend(self) -> bool:
        return self.on is not None and self.on.weekday() >= SATURDAY


@dataclass(frozen=True)
class Stretch:
    """Days in a row that are called the same."""

    first: date
    last: date
    mark: Mark


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)


def months_of(year: int, marks: Mapping[date, Mark]) -> list[Month]:
    """Return the twelve months of a year, weeks beginning on Monday."""
    weeks = calendar.Calendar()
    return [
        Month(
            date(year, number, 1),
            [
                [Cell(day, marks.get(day)) if day.month == number else Cell() for day in week]
                for week in weeks.monthdatescalendar(year, number)
            ],
            stretches_of([day for day in sorted(marks) if (day.year, day.month) == (year, number)], marks),
        )
        for number in range(1, 13)
    ]


def stretches_of(days: Sequence[date], marks: Mapping[date, Mark]) -> list[Stretch]:
    """Return days in order as stretches of the same mark."""
    found: list[Stretch] = []
    for day in days:
        if found and found[-1].mark == marks[day] and found[-1].last == day - timedelta(days=1):
            found[-1] = Stretch(found[-1].first, day, marks[day])
        else:
            found.append(Stretch(day, day, marks[day]))
    return found


def workdays_of(year: int, national: Iterable[tuple[date, bool]]) -> int:
    """Return how many workdays a year has by its weekdays and the national days."""
    said = dict(national)
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return sum(said.get(day, day.weekday() < SATURDAY) for day in days if day.year == year)
