"""The warranty ruler of the project page: from acceptance to the end of cover, with what happened and today on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: So many ticks a ruler has at most, and so many of them bear their month.
TICKS, NAMED = 24, 4
#: Closer to an end than so many hundredths, words are set flush with it.
EDGE = 6


@dataclass(frozen=True)
class Ruler:
    """A span of days; places on it are hundredths of its width, as SVG takes them."""

    starts_on: date
    ends_on: date
    today: date

    def _hundredths(self, day: date) -> float:
        span = max(1, (self.ends_on - self.starts_on).days)
        return min(100.0, max(0.0, (day - self.starts_on).days * 100 / span))

    def at(self, day: date) -> str:
        """Return where a day stands; one outside the span stands at its end."""
        return f"{self._hundredths(day):.1f}%"

    @property
    def elapsed(self) -> str:
        return self.at(self.today)

    @property
    def side(self) -> str:
        """Whether the word for today is centred on its mark, or begins or ends there."""
        where = self._hundredths(self.today)
        return "start" if where < EDGE else "end" if where > 100 - EDGE else "middle"

    @property
    def is_over(self) -> bool:
        return self.today > self.ends_on

    @property
    def ticks(self) -> list[str]:
        """Where months begin; of a long span some of them."""
        return [self.at(day) for day in _thinned(self._months(), TICKS)]

    @property
    def named(self) -> list[tuple[str, date]]:
        """The half-years, or years, that are named under the ruler."""
        halves = [day for day in self._months() if day.month in {1, 7}]
        inside = [day for day in halves if EDGE <= self._hundredths(day) <= 100 - EDGE]
        return [(self.at(day), day) for day in _thinned(inside, NAMED)]

    def _months(self) -> list[date]:
        first = self.starts_on.year * 12 + self.starts_on.month
        days = (date(month // 12, month % 12 + 1, 1) for month in range(first, self.ends_on.year * 12 + 12))
        return [day for day in days if day < self.ends_on]


def _thinned(days: list[date], most: int) -> list[date]:
    return days[:: -(-len(days) // most) or 1]
