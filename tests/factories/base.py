"""The moment at which the suite plays, running numbers, and small files."""

from __future__ import annotations

import hashlib
import io
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from apps.core.uploads import AcceptedFile
from apps.projects.models import Project

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A Monday morning. Tests count from here, never from the clock on the wall.
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()
PASSWORD = "korrekt-pferd-7"

_numbers = count(1)


def serial() -> int:
    """Return a number not used before in this process."""
    return next(_numbers)


def jpeg(width: int = 40, height: int = 30, colour: str = "#41627c") -> bytes:
    """Return a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a small transparent picture, such as a signature."""
    out = io.BytesIO()
    Image.new("RGBA", (width, height), "#14234b80").save(out, "PNG")
    return out.getvalue()


JPEG = jpeg()
PNG = png()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def accepted(content: bytes = JPEG, name: str = "photo.jpg", content_type: str = "image/jpeg") -> AcceptedFile:
    """Return a file as the upload check returns it."""
    return AcceptedFile(
        content=content,
        content_type=content_type,
        extension=name.rpartition(".")[2],
        original_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def project_of(row: Any) -> Project | None:
    """Return the project that a row hangs under."""
    if not row.project_path:
        return None
    for part in row.project_path.split("__"):
        row = row if part == "pk" else getattr(row, part)
    return row


def day(text: str) -> date:
    """Return the day written as 2026-11-16."""
    return date.fromisoformat(text)
