"""Look into an uploaded file before it is kept: type by content, limits, photos turned, scaled and stripped."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, cast

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from .errors import DomainError

PHOTO_FORMATS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
#: What may be kept besides photos: extension by content type.
OTHER_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
#: The part that makes an archive a workbook or a text.
OFFICE_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}


@dataclass(frozen=True)
class AcceptedFile:
    """A file that passed: what is stored, and what was learnt from it."""

    content: bytes
    content_type: str
    extension: str
    original_name: str
    sha256: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None


def accept_photo(upload: Any) -> AcceptedFile:
    """Return a photo ready to keep: turned upright, at most ``PHOTO_MAX_EDGE`` pixels a side, without position.

    Raises ``DomainError`` when it is too large, or no photo whatever its name says.
    """
    content = _read(upload)
    try:
        with Image.open(io.BytesIO(content), formats=list(PHOTO_FORMATS)) as image:
            if image.width * image.height > settings.UPLOAD_MAX_PIXELS:
                raise DomainError(
                    _("“%(name)s” has too many pixels. Take the photo at a lower resolution.")
                    % {"name": display_name(upload.name)}
                )
            transparent = image.mode in {"RGBA", "LA", "P"} and image.format != "JPEG"
            upright, taken_at = _as_noted(image)
            upright.thumbnail((settings.PHOTO_MAX_EDGE, settings.PHOTO_MAX_EDGE))
            plain = upright.convert("RGBA" if transparent else "RGB")
            # Comments and XMP may hold the position too; only the colours are taken over.
            plain.info = {key: value for key, value in plain.info.items() if key == "icc_profile"}
            out = io.BytesIO()
            if transparent:
                plain.save(out, "PNG", optimize=True)
            else:
                plain.save(out, "JPEG", quality=85, optimize=True)
    except DomainError:
        raise
    except Exception as error:
        # The library raises whatever the damage happens to cause.
        raise DomainError(
            _("“%(name)s” is not a photo that can be read. Use JPEG, PNG or WebP.")
            % {"name": display_name(upload.name)}
        ) from error
    content_type, extension = PHOTO_FORMATS["PNG" if transparent else "JPEG"]
    return AcceptedFile(
        content=out.getvalue(),
        content_type=content_type,
        extension=extension,
        original_name=display_name(upload.name),
        sha256=hashlib.sha256(out.getvalue()).hexdigest(),
        width=upright.width,
        height=upright.height,
        taken_at=taken_at,
    )


def accept_file(upload: Any) -> AcceptedFile:
    """Return a document or a photo ready to keep, its type decided by its content.

    Raises ``DomainError`` for what is too large or of a kind that is not kept (HTML, SVG, programs…).
    """
    content = _read(upload)
    if content[:8].startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        upload.seek(0)
        return accept_photo(upload)
    content_type = _document_type(content)
    if content_type is None:
        raise DomainError(
            _("“%(name)s” is of a kind that is not kept. Use PDF, Word, Excel or a photo.")
            % {"name": display_name(upload.name)}
        )
    return AcceptedFile(
        content=content,
        content_type=content_type,
        extension=OTHER_TYPES[content_type],
        original_name=display_name(upload.name),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _document_type(content: bytes) -> str | None:
    """Return the content type of a PDF, a workbook or a text; None for anything else, other archives included."""
    kind = "pdf" if content.startswith(b"%PDF-") else ""
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = set(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError):
            parts = set()
        # A macro is a program; such files bear other names in Office, and are not kept.
        if "[Content_Types].xml" in parts and not any(part.endswith("vbaProject.bin") for part in parts):
            kind = next((kind for part, kind in OFFICE_PARTS.items() if part in parts), "")
    return next((content_type for content_type, extension in OTHER_TYPES.items() if extension == kind), None)


def display_name(name: str) -> str:
    """Return a file name fit to show: no folders, no invisible or direction characters, at most 120 characters."""
    plain = PurePath(name.replace("\\", "/")).name
    visible = "".join(char for char in plain if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    return visible.strip()[-120:] or "file"


def _read(upload: Any) -> bytes:
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller file.")
            % {"name": display_name(upload.name), "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
        )
    if not upload.size:
        raise DomainError(_("“%(name)s” is empty. Choose the file again.") % {"name": display_name(upload.name)})
    upload.seek(0)
    return cast(bytes, upload.read())


def _as_noted(image: Image.Image) -> tuple[Image.Image, datetime | None]:
    """Return a photo turned as its camera notes, and when it was taken.

    With notes that are damaged it stays as it is: the picture is what the person on site needs to keep.
    """
    try:
        return ImageOps.exif_transpose(image), _taken_at(image)
    except Exception:  # noqa: BLE001  the library raises whatever the damage happens to cause
        return image, None


def _taken_at(image: Image.Image) -> datetime | None:
    """Return when the camera says the photo was taken, read as local time."""
    exif = image.getexif()
    text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return timezone.make_aware(datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S"))  # noqa: DTZ007
    except ValueError:
        return None
