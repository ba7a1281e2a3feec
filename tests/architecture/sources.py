"""The portal's own files, parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "apps"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_files(*folders: str) -> list[Path]:
    """Return our Python files under these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def app_files(*, migrations: bool = False) -> list[Path]:
    return [path for path in python_files("apps") if migrations == ("migrations" in path.parts)]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def layer_files(*layers: str) -> Iterator[Path]:
    """Yield the modules of these layers in every app: ``views.py``, ``visit_views.py``, ``views/imports.py``."""
    for path in app_files():
        parts = path.relative_to(APPS).with_suffix("").parts[1:]
        if any(part == layer or part.endswith(f"_{layer}") for part in parts for layer in layers):
            yield path


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))
