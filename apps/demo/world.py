"""What the parts of the story share: the moment, the chance, the people, the projects, the diary."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.projects.models import Equipment, EquipmentModel, Owner, Project

from .diary import Diary

#: The same story every time: only the dates move with the day it is told.
SEED = 20260101


@dataclass
class World:
    """The demo while it is being made."""

    now: datetime
    diary: Diary
    say: Callable[[str], None]
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  a story, no secret
    people: dict[str, User] = field(default_factory=dict)
    positions: dict[str, str] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    models: dict[str, EquipmentModel] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    equipment: dict[str, list[Equipment]] = field(default_factory=dict)
    accepted_on: dict[str, Any] = field(default_factory=dict)
    checklists: dict[str, Any] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)

    def piece(self, project: str, name: str) -> Equipment:
        """Return a piece of equipment whose name begins so; among several, each in its turn."""
        alike = [piece for piece in self.equipment[project] if piece.name.startswith(name)]
        return alike[self.turn(f"{project}:{name}") % len(alike)]

    def turn(self, of: str) -> int:
        """Return 0, 1, 2 … for each asking."""
        number = self.turns.get(of, 0)
        self.turns[of] = number + 1
        return number

    def one_of(self, words: list[Any], of: str) -> Any:
        """Return the list's lines one after the other, so that none is heard twice in a row."""
        return words[self.turn(of) % len(words)]

    def minutes(self, shortest: int, longest: int) -> Any:
        return self.rng.randint(shortest, longest)
