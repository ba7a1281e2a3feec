"""Files are judged by what they hold, never by what they are called."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import ExifTags, Image

from apps.core.errors import DomainError
from apps.core.uploads import accept_file, accept_photo, display_name
from tests.factories import PDF, SHANGHAI, jpeg, png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
EXE = b"MZ\x90\x00\x03" + b"\x00" * 200
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 200


def upload(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def phone_photo(width: int = 60, height: int = 40, *, orientation: int = 6) -> bytes:
    """A photo as a phone takes it: lying on its side, red at its left, with the place and time it was taken."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Phone"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:16 09:30:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (30.0, 15.0, 30.5)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (120.0, 9.0, 12.5)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"at home", xmp=b"<x:xmpmeta>GPSLatitude 30.25</x:xmpmeta>")
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4000))
        + chunk(b"IEND", b"")
    )


def of_a_later_zip() -> bytes:
    """A text in an archive that says it needs a program of the future to unpack."""
    content = bytearray(zipped(**{"[Content_Types].xml": b"x", "word/document.xml": b"x"}))
    content[content.find(b"PK\x01\x02") + 6] = 99
    return bytes(content)


def of_broken_exif() -> bytes:
    """A photo in which the camera's make is said to be a fraction."""
    text, fraction = b"\x01\x0f\x00\x02", b"\x01\x0f\x00\x05"
    content = phone_photo()
    assert text in content
    return content.replace(text, fraction, 1)


@pytest.mark.parametrize("accept", [accept_photo, accept_file])
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "drawing.svg"),
        (SVG, "photo.jpg"),
        (HTML, "page.html"),
        (HTML, "photo.png"),
        (EXE, "setup.exe"),
        (EXE, "report.pdf"),
        (ELF, "photo.jpg"),
        (b"#!/bin/sh\nrm -rf /\n", "report.pdf"),
        (b"GIF89a" + b"\0" * 50, "anim.gif"),
        (zipped(**{"a.txt": b"x"}), "archive.zip"),
        (zipped(**{"a.txt": b"x"}), "report.xlsx"),
        (b"\xff\xd8\xff" + b"not a photo at all" * 20, "photo.jpg"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "sound.webp"),
        (b"", "empty.jpg"),
        (HTML + PDF, "late.pdf"),
        (of_a_later_zip(), "later.docx"),
    ],
)
def test_what_is_no_photo_or_document_is_refused(accept: Any, content: bytes, name: str) -> None:
    with pytest.raises(DomainError) as caught:
        accept(upload(content, name))
    assert name in str(caught.value)


@pytest.mark.parametrize("accept", [accept_photo, accept_file])
def test_polyglot_loses_what_was_behind_the_photo(accept: Any) -> None:
    """Photos are written anew, so a page or program hidden in one does not survive."""
    kept = accept(upload(jpeg() + HTML + zipped(**{"evil.js": b"alert(1)"}), "photo.html"))
    assert (kept.content_type, kept.extension) == ("image/jpeg", "jpg")
    assert b"<script" not in kept.content
    assert b"evil.js" not in kept.content


def test_photo_with_damaged_notes_is_kept_without_them() -> None:
    """Phones write odd ones; whoever stands on site cannot mend them."""
    kept = accept_photo(upload(of_broken_exif(), "odd.jpg"))
    assert (kept.content_type, kept.taken_at) == ("image/jpeg", None)
    with Image.open(io.BytesIO(kept.content)) as image:
        assert not image.getexif()


def test_photo_is_turned_upright() -> None:
    kept = accept_photo(upload(phone_photo(orientation=6)))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (kept.width, kept.height) == (40, 60)
        top, bottom = image.convert("RGB").getpixel((20, 8)), image.convert("RGB").getpixel((20, 52))
    red, blue = 0, 2
    assert top[red] > 200
    assert top[blue] < 60
    assert bottom[blue] > 200
    assert bottom[red] < 60


def test_photo_loses_its_position_and_keeps_its_time() -> None:
    kept = accept_photo(upload(phone_photo()))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert not image.getexif()
        assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert "comment" not in image.info
    for trace in (b"Phone", b"at home", b"GPSLatitude"):
        assert trace not in kept.content
    assert kept.taken_at == datetime(2026, 11, 16, 9, 30, tzinfo=SHANGHAI)


def test_large_photo_is_scaled() -> None:
    kept = accept_photo(upload(jpeg(5000, 2500)))
    assert (kept.width, kept.height) == (2048, 1024)


def test_transparent_picture_stays_transparent_and_lossless() -> None:
    kept = accept_photo(upload(png(), "logo.png"))
    assert (kept.content_type, kept.extension) == ("image/png", "png")
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.mode == "RGBA"


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (50_000, 1300), (2, 40_000_000)])
@pytest.mark.parametrize("accept", [accept_photo, accept_file])
def test_picture_of_50_000_pixels_is_refused_before_it_is_unpacked(accept: Any, width: int, height: int) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(DomainError):
            accept(upload(bomb(width, height), "photo.png"))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("accept", [accept_photo, accept_file])
def test_too_large_a_file_is_refused_unread(accept: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    class Unread:
        """A file that says how large it is and cannot be read."""

        name, size = "scan.pdf", 1024 * 1024 + 1

    large = Unread()
    with pytest.raises(DomainError, match="1 MB"):
        accept(large)


def test_pdf_and_spreadsheet_are_kept_as_they_are() -> None:
    kept = accept_file(upload(PDF, "验收报告.pdf", "application/pdf"))
    assert (kept.content, kept.content_type, kept.extension) == (PDF, "application/pdf", "pdf")
    assert accept_file(upload(xlsx(), "设备清单.xlsx")).extension == "xlsx"


def test_extension_that_lies_is_corrected() -> None:
    """A PDF called .jpg is a PDF; a photo called .pdf is a photo."""
    assert accept_file(upload(PDF, "photo.jpg")).extension == "pdf"
    assert accept_file(upload(jpeg(), "report.pdf")).extension == "jpg"


def test_a_pdf_is_no_photo() -> None:
    with pytest.raises(DomainError):
        accept_photo(upload(PDF, "photo.jpg"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("re\u200bport\u2060.pdf", "report.pdf"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("\u200b\u200e", "file"),
        ("", "file"),
        ("验收报告（终稿）.pdf", "验收报告（终稿）.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_file_name_shows_what_it_is(name: str, shown: str) -> None:
    assert display_name(name) == shown


@given(st.text(max_size=300))
def test_any_file_name_can_be_shown_and_stored(name: str) -> None:
    shown = display_name(name)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set("\u202e\u200b\u200e\n\r\0/")
