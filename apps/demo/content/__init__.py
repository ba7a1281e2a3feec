"""The words of the demo, as TOML beside this file: people, projects, repairs, requests, surveys, visits."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache
def read(name: str) -> dict[str, Any]:
    """Return one file of content."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def film(name: str) -> bytes:
    """Return a film of the content."""
    return (Path(__file__).parent / f"{name}.webm").read_bytes()


@lru_cache
def repairs() -> dict[str, dict[str, Any]]:
    """Return every repair story by its title, each with its trade."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("repairs_lighting", "repairs_mep", "repairs_indoor"):
        words = read(name)
        for story in words["repair"]:
            found[story["title"]] = {"trade": words.get("trade"), "level": 3, "kind": "fault", "mode": "field"} | story
    return found
