"""The warranty ruler of the project page: from acceptance to the end of cover, with today on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WIDTH = 1000


@dataclass(frozen=True)
class Ruler:
    """Positions along the ruler, in thousandths of its width."""

    starts_on: date
    ends_on: date
    today: date
    elapsed: int
    months: list[int]

    @classmethod
    def of(cls, starts_on: date, ends_on: date, today: date) -> Ruler:
        """Measure where today stands between start and end, and where the years and quarters begin."""
        span = max(1, (ends_on - starts_on).days)
        elapsed = min(max(0, (today - starts_on).days), span)
        marks = []
        year, month = starts_on.year, starts_on.month
        while True:
            month += 1
            if month == 13:  # noqa: PLR2004
                year, month = year + 1, 1
            day = date(year, month, 1)
            if day >= ends_on:
                break
            marks.append(round((day - starts_on).days * WIDTH / span))
        step = max(1, len(marks) // 24)
        return cls(starts_on, ends_on, today, round(elapsed * WIDTH / span), marks[::step])

    @property
    def rest(self) -> int:
        return WIDTH - self.elapsed

    @property
    def is_over(self) -> bool:
        return self.today > self.ends_on
