"""Work of this app outside the process: reading and writing imports."""

from __future__ import annotations

from typing import Any

from apps.core.outbox import handles

from .importing import services


@handles("projects.import_read")
def read_import(payload: dict[str, Any]) -> None:
    services.read_run(payload["run"])


@handles("projects.import_apply")
def apply_import(payload: dict[str, Any]) -> None:
    services.apply_run(payload["run"])
