"""Look into what is uploaded to learn from: videos besides documents and pictures, and how long a video is."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.uploads import AcceptedFile, accept_file, display_name

HEAD = 16
#: A day: no training film is longer.
LONGEST = 86_400
#: Elements of WebM: what holds others, the scale of its times in nanoseconds, its length.
HOLDERS, SCALE, DURATION = {0x18538067, 0x1549A966}, 0x2AD7B1, 0x4489
MILLISECOND = 1_000_000


def accept_material(upload: Any) -> AcceptedFile:
    """Return a file ready to keep: MP4, WebM, or what is kept everywhere. Raises ``DomainError`` for anything else."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    kind = "mp4" if head[4:8] == b"ftyp" else "webm" if head.startswith(b"\x1aE\xdf\xa3") else ""
    if not kind:
        return accept_file(upload)
    if upload.size > settings.VIDEO_MAX_BYTES:
        raise DomainError(
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller file.")
            % {"name": display_name(upload.name), "limit": settings.VIDEO_MAX_BYTES // 1024 // 1024}
        )
    content = upload.read()
    return AcceptedFile(
        content=content,
        content_type=f"video/{kind}",
        extension=kind,
        original_name=display_name(upload.name),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def seconds_of(file: AcceptedFile) -> int | None:
    """Return how long a video is, as its file says; None for one that does not say."""
    read = {"video/mp4": _mp4_seconds, "video/webm": _webm_seconds}.get(file.content_type)
    if read is None:
        return None
    try:
        seconds = read(file.content)
    except (struct.error, ValueError, IndexError, OverflowError, ZeroDivisionError, RecursionError):
        return None
    return round(seconds) or 1 if seconds is not None and 0 < seconds <= LONGEST else None


def _mp4_seconds(content: bytes) -> float | None:
    """The movie header gives the units of a second and how many the film lasts."""
    movie = next((box for name, box in _boxes(content) if name == b"moov"), b"")
    header = next((box for name, box in _boxes(movie) if name == b"mvhd"), None)
    if header is None:
        return None
    units, duration = struct.unpack_from(">IQ", header, 20) if header[0] else struct.unpack_from(">II", header, 12)
    return float(duration / units)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(content):
        size, start = int.from_bytes(content[place : place + 4]), place + 8
        if size == 1:
            size, start = int.from_bytes(content[place + 8 : place + 16]), place + 16
        end = place + size if size else len(content)
        if end <= place:
            return
        yield content[place + 4 : place + 8], content[start:end]
        place = end


def _webm_seconds(content: bytes) -> float | None:
    scale, duration = MILLISECOND, None
    for name, value in _elements(content, 0, len(content)):
        if name == SCALE:
            scale = int.from_bytes(value)
        elif name == DURATION:
            duration = struct.unpack(">f" if len(value) == 4 else ">d", value)[0]  # noqa: PLR2004  bytes of a float
    return None if duration is None else duration * scale / 1e9


def _elements(content: bytes, place: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Walk through what describes the film, up to its pictures."""
    while place < end:
        name, place = _number(content, place, keeps_mark=True)
        size, place = _number(content, place)
        if name in HOLDERS:
            yield from _elements(content, place, min(end, place + size))
        elif size > len(content) - place:
            return
        elif name in {SCALE, DURATION}:
            yield name, content[place : place + size]
        place += size


def _number(content: bytes, place: int, *, keeps_mark: bool = False) -> tuple[int, int]:
    """Read a number whose first byte says its length; return it and the place behind it."""
    if place >= len(content) or not content[place]:
        raise ValueError("no number")
    length = 9 - content[place].bit_length()
    value = int.from_bytes(content[place : place + length])
    return (value if keeps_mark else value & ((1 << 7 * length) - 1)), place + length
