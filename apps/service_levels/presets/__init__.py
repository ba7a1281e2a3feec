"""The 22 policy presets of the rulebook as data, each with the house duties it does not promise itself."""

from __future__ import annotations

from . import house
from .goods import GOODS
from .shape import Preset, with_duties
from .systems import SYSTEMS
from .works import WORKS

PRESETS: dict[str, Preset] = {
    one.key: with_duties(one, house.TARGETS, house.TERMS) for one in (*WORKS, *SYSTEMS, *GOODS)
}

__all__ = ["PRESETS", "Preset"]
