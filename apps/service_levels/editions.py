"""What one edition of a policy says, as plain values, and how two editions differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .rules import Unit


@dataclass(frozen=True)
class TargetLine:
    """One target, without the policy it belongs to. ``amount`` None: set per contract."""

    metric: str
    amount: int | None = None
    unit: str = Unit.MINUTES
    kinds: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    complexity: str = ""
    hours_id: int | None = None
    start_events: tuple[str, ...] = ()
    stop_events: tuple[str, ...] = ()
    is_pausable: bool = True
    pauses_for_parts: bool = False
    audience: str = "owner"
    ladder: tuple[tuple[int, str], ...] = ()
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class TermLine:
    """One term: a number or rule of a policy that is no clock."""

    name: str
    value: str
    unit: str = ""
    rule: str = ""
    audience: str = "owner"


Line = TargetLine | TermLine


@dataclass(frozen=True)
class Edition:
    """The targets and terms of a policy, in their order."""

    targets: tuple[TargetLine, ...] = ()
    terms: tuple[TermLine, ...] = ()

    def promises(self) -> Edition:
        """Return what the owner is promised; house duties are left out."""
        return Edition(
            tuple(line for line in self.targets if line.audience == "owner"),
            tuple(line for line in self.terms if line.audience == "owner"),
        )

    def duties(self) -> Edition:
        """Return what only staff see."""
        return Edition(
            tuple(line for line in self.targets if line.audience != "owner"),
            tuple(line for line in self.terms if line.audience != "owner"),
        )


@dataclass(frozen=True)
class Difference:
    """One line of two editions that is not the same: ``old`` None was added, ``new`` None was left out."""

    old: Any
    new: Any

    @property
    def kind(self) -> str:
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    @property
    def is_target(self) -> bool:
        return isinstance(self.old or self.new, TargetLine)

    @property
    def changed(self) -> set[str]:
        """The names of the fields that differ, where both are there."""
        if self.old is None or self.new is None:
            return set()
        return {
            field.name for field in fields(self.old) if getattr(self.old, field.name) != getattr(self.new, field.name)
        }


def compare(version: Edition, other: Edition) -> list[Difference]:
    """Return what is not the same in ``other``, in its order, what was left out last; the source does not count.

    A line is the same promise when it is about the same metric for the same requests; else one of the same metric.
    """
    targets = _differences(
        [replace(line, source="") for line in version.targets],
        [replace(line, source="") for line in other.targets],
        lambda line: (line.metric, frozenset(line.kinds), frozenset(line.levels), line.complexity),
        lambda line: line.metric,
    )
    terms = _differences(version.terms, other.terms, lambda line: (line.name, line.rule), lambda line: line.name)
    return [*targets, *terms]


def _differences(
    old: Sequence[Any], new: Sequence[Any], closely: Callable[[Any], Hashable], loosely: Callable[[Any], Hashable]
) -> Iterator[Difference]:
    pairs: dict[int, Any] = {}
    left = [line for line in old if line not in new]
    for same in (closely, loosely):
        for at, line in enumerate(new):
            if at in pairs or line in old:
                continue
            if (found := next((one for one in left if same(one) == same(line)), None)) is not None:
                pairs[at] = found
                left.remove(found)
    for at, line in enumerate(new):
        if line not in old:
            yield Difference(pairs.get(at), line)
    for line in left:
        yield Difference(line, None)
