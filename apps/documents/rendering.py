"""Rendering: frozen data to HTML, HTML to PDF. The only module that knows WeasyPrint, fonts or drawing.

Pure functions: no models, no clock, no network. The same input gives the same HTML and the same bytes, so a
content hash can be checked at any time. The PDF engine sees our own templates with every value escaped, and
can load nothing but `data:` URIs and the fonts of `static/fonts`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import pypdf
import segno
from django.conf import settings
from django.template.loader import get_template
from fontTools.misc.transform import Identity, Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

SEAL_PURPOSE = "售后服务专用章"
PHOTO_EDGE = 500
FONT_FILES = ("PortalSans-Regular.otf", "PortalSans-Bold.otf")
SEAL_FONT = "PortalSong-Bold.otf"
# A name may hold a character outside our subset; the fallback is installed by bin/setup.
SYSTEM_SEAL_FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
SYSTEM_SEAL_FONT_MEMBER = "Noto Serif CJK SC"
SIGNATURES_PER_ROW = 3

_IMAGE_URI = re.compile(r"data:image/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_WHITE = (255, 255, 255)
_rendering = Lock()


def _static(folder: str) -> Path:
    return Path(settings.BASE_DIR) / "static" / folder


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


# --- HTML -------------------------------------------------------------------------------------------------


class _Numerals:
    """Hands out 一, 二, 三 … one for each section printed, so that a section left out leaves no gap.

    The template engine calls it wherever `{{ section }}` stands.
    """

    DIGITS = "〇一二三四五六七八九"

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> str:
        self._count += 1
        tens, ones = divmod(self._count, 10)
        if not tens:
            return self.DIGITS[ones]
        return (self.DIGITS[tens] if tens > 1 else "") + "十" + (self.DIGITS[ones] if ones else "")


def render_html(
    template: str,
    data: Mapping[str, Any],
    *,
    signatures: Sequence[Mapping[str, Any]] = (),
    mark: str = "",
    images: Mapping[str, str] | None = None,
) -> str:
    """Return the document as one self-contained HTML page, for the screen and for `render_pdf`.

    `data` is what `paper_data` defines for the template and is not changed. `images` brings a data URI for
    each storage name in it. Without `signatures` the page is what a signer is shown and what is hashed; with
    them the signature section is added and nothing else changes. `mark` is printed across every page: 作废,
    草稿, 未签字. Raises `ValueError` for an image that is not a base64 image data URI.
    """
    pictures = dict(images or {})
    for name, uri in pictures.items():
        _check_image(name, uri)
    letterhead = data.get("letterhead", {})
    blocks = [_with_sources(block, pictures) for block in signatures]
    for block in blocks:
        block["image_src"] = _picture(block.get("image", ""), pictures)
    issue = data.get("issue", {})
    verify_url = issue.get("verify_url", "")
    context = {
        "data": _with_sources(data, pictures),
        "signature_rows": [
            blocks[start : start + SIGNATURES_PER_ROW] for start in range(0, len(blocks), SIGNATURES_PER_ROW)
        ],
        "mark": mark,
        "stylesheet": _stylesheet(),
        "logo": _picture(letterhead.get("logo", ""), pictures),
        "qr": qr_data_uri(verify_url) if verify_url else "",
        "verify_address": (verify_url.partition("://")[2] or verify_url).rstrip("/"),
        "is_token_apart": bool(issue.get("token")) and issue["token"] not in verify_url,
        "seal": _seal_of(letterhead) if _needs_seal(data, blocks) else "",
        "blank_rows": range(data.get("blank_repair_rows", 0)),
        "section": _Numerals(),
        "annex": _Numerals(),
    }
    return str(get_template(template).render(context))


def check_code(content: str | bytes) -> str:
    """Return the code printed in the footer: the first 12 hex digits of the SHA-256, as xxxx-xxxx-xxxx."""
    raw = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(raw).hexdigest()
    return "-".join((digest[:4], digest[4:8], digest[8:12]))


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    """Return the stylesheet to inline: a signed page must not change its look when the file does."""
    return (_static("css") / "paper.css").read_text(encoding="utf-8")


def _check_image(name: str, uri: str) -> None:
    if not _IMAGE_URI.fullmatch(uri):
        raise ValueError(f"The image {name!r} is not a base64 data URI of a PNG, JPEG, WebP or SVG image.")


def _picture(name: str, pictures: Mapping[str, str]) -> str:
    """Return the data URI for a storage name; a data URI stands for itself; "" when there is no picture."""
    if name.startswith("data:"):
        _check_image(name[:40], name)
        return name
    return pictures.get(name, "")


def _with_sources(value: Any, pictures: Mapping[str, str]) -> Any:
    """Return a copy in which each photo has its `src` and each code to print its `qr_src`."""
    if isinstance(value, Mapping):
        copy = {key: _with_sources(item, pictures) for key, item in value.items()}
        if "file" in copy:
            copy["src"] = pictures.get(copy["file"], "")
        if "qr_text" in copy:
            copy["qr_src"] = qr_data_uri(copy["qr_text"])
        return copy
    if isinstance(value, (list, tuple)):
        return [_with_sources(item, pictures) for item in value]
    return value


def _needs_seal(data: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether our seal is printed: on an issued card, and where a signature asks for it."""
    is_issued_by_us = "issuer" in data and bool(data.get("issue", {}).get("issued_at"))
    return is_issued_by_us or any(block.get("seal") for block in blocks)


def _seal_of(letterhead: Mapping[str, str]) -> str:
    return seal_data_uri(
        letterhead.get("seal_company") or letterhead["company"],
        letterhead.get("seal_purpose") or SEAL_PURPOSE,
    )


# --- PDF --------------------------------------------------------------------------------------------------


def render_pdf(html: str) -> bytes:
    """Return the PDF of a page made by `render_html`; byte-identical for the same page.

    Call it in a worker: it takes about half a second and imports WeasyPrint, which web processes never load.
    """
    from weasyprint import HTML  # noqa: PLC0415 (tens of megabytes that only workers need)

    fonts, fetcher = _engine()
    # The font configuration is not thread-safe, and one is shared because building it costs more than a page.
    with _rendering:
        document = HTML(string=html, base_url=(_static("css") / "paper.css").as_uri(), url_fetcher=fetcher)
        content: bytes = document.write_pdf(
            font_config=fonts, pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        )
    return content


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, URLFetcher]:
    """Return this process's font configuration and the fetcher that refuses everything but our own files."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    own_files = {path.as_uri(): path for path in (_static("fonts") / name for name in FONT_FILES)}

    class OwnFilesOnly(URLFetcher):
        """Serves `data:` and our fonts by exact address. All else, redirects included, is an error."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in own_files:
                return URLFetcherResponse(url, own_files[url].read_bytes(), {"Content-Type": "font/otf"})
            return super().fetch(url, headers)

    # It would warn on every page that it skips the phone's media query. What it refuses to load is an error.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return FontConfiguration(), OwnFilesOnly(allowed_protocols=("data",), allow_redirects=False)


def merge_pdfs(documents: Sequence[bytes]) -> bytes:
    """Return one PDF with the pages of all documents, in order, to be printed in one go.

    Raises `ValueError` when there is nothing to merge.
    """
    if not documents:
        raise ValueError("There is no document to merge.")
    writer = pypdf.PdfWriter()
    for document in documents:
        writer.append(io.BytesIO(document), import_outline=False)
    # The same fonts and seals come with every document; once is enough.
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    merged = io.BytesIO()
    writer.write(merged)
    return merged.getvalue()


# --- pictures ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def qr_data_uri(text: str) -> str:
    """Return the QR code of a text as an SVG data URI. Two modules of quiet zone; the page round it stays white."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", border=2, omitsize=True, xmldecl=False)
    return _data_uri("image/svg+xml", drawing.getvalue())


def photo_data_uri(content: bytes) -> str:
    """Return a photo, upright and at most 500 px on its long side, as a JPEG data URI without metadata.

    Raises `PIL.UnidentifiedImageError` for what is no image, `DecompressionBombError` for one too large.
    """
    with Image.open(io.BytesIO(content)) as original:
        # Lets the JPEG decoder skip what is thrown away below: a phone's photo opens four times as fast.
        original.draft("RGB", (PHOTO_EDGE * 2, PHOTO_EDGE * 2))
        upright = ImageOps.exif_transpose(original)
        upright.thumbnail((PHOTO_EDGE, PHOTO_EDGE), Image.Resampling.LANCZOS)
        layered = upright.convert("RGBA")
        flat = Image.new("RGB", layered.size, _WHITE)
        flat.paste(layered, mask=layered.getchannel("A"))
    jpeg = io.BytesIO()
    flat.save(jpeg, "JPEG", quality=82, optimize=True)
    return _data_uri("image/jpeg", jpeg.getvalue())


# --- the company's seal -----------------------------------------------------------------------------------

SEAL_RED = "#c8161d"
SEAL_CENTRE = 200.0  # of a drawing of 400, printed at 40 mm
ONE_RING = 26  # characters; a longer name takes two rings
SONG_CENTRE = 0.38  # of the em: where a Chinese character's middle lies above the baseline


@lru_cache(maxsize=64)
def seal_data_uri(company: str, purpose: str = SEAL_PURPOSE) -> str:
    """Return the company's round red seal, 40 mm, as an SVG data URI. All letters are outlines.

    Outlines need no font where the page is read, and stay out of its extracted text. Raises `LookupError` for
    a character that no installed font has: a seal with a gap in its name must not be printed.
    """
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
    if len(company) <= ONE_RING:
        height = 54.0 if len(company) <= 14 else 46.0  # noqa: PLR2004 (as many as fit at that size)
        spread = min(17.6 * len(company), 244)
        _write_ring(pen, company, radius=183 - height / 2, height=height, spread=spread)
        star, letter, foot = 46.0, 35.0, 106.0
    else:
        outer = math.ceil(len(company) * 0.58)
        _write_ring(pen, company[:outer], radius=166, height=33, spread=292)
        _write_ring(pen, company[outer:], radius=127, height=28, spread=min(11 * (len(company) - outer), 230))
        star, letter, foot = 34.0, 27.0, 92.0
    _write_line(pen, purpose, below=foot, size=min(letter, letter * 7 / len(purpose)))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">'
        f'<circle cx="200" cy="200" r="193" fill="none" stroke="{SEAL_RED}" stroke-width="8"/>'
        f'<path fill="{SEAL_RED}" d="{_star(star)}{pen.getCommands()}"/></svg>'
    )
    return _data_uri("image/svg+xml", svg.encode())


def _write_ring(pen: SVGPathPen, text: str, *, radius: float, height: float, spread: float) -> None:
    """Draw a text clockwise round the centre, symmetric to the top, feet inwards, over `spread` degrees."""
    step = spread / max(len(text), 1)
    width = min(math.radians(step) * radius * 0.96, height)
    for index, character in enumerate(text):
        angle = math.radians((index - (len(text) - 1) / 2) * step)
        place = Identity.translate(SEAL_CENTRE, SEAL_CENTRE).rotate(angle).translate(0, -radius)
        _write_character(pen, character, place, width=width, height=height)


def _write_line(pen: SVGPathPen, text: str, *, below: float, size: float) -> None:
    """Draw a text in a straight line below the centre."""
    for index, character in enumerate(text):
        offset = (index - (len(text) - 1) / 2) * size
        place = Identity.translate(SEAL_CENTRE + offset, SEAL_CENTRE + below)
        _write_character(pen, character, place, width=size, height=size)


def _write_character(pen: SVGPathPen, character: str, place: Transform, *, width: float, height: float) -> None:
    """Draw one character centred on a place, in a box of the given size."""
    font, glyph_name = _glyph(character)
    glyph = font.getGlyphSet()[glyph_name]
    em = font["head"].unitsPerEm
    placed = place.scale(width / em, -height / em).translate(-glyph.width / 2, -SONG_CENTRE * em)
    glyph.draw(TransformPen(pen, placed))


@lru_cache(maxsize=512)
def _glyph(character: str) -> tuple[TTFont, str]:
    """Return the font that has the character, ours before the system's, and the name of its glyph."""
    for font in (_seal_font(), _system_seal_font()):
        name = font.getBestCmap().get(ord(character)) if font else None
        if font and name:
            return font, name
    raise LookupError(f"No font here has the character {character!r} of the company's seal.")


def without_glyph(text: str) -> str:
    """Return the characters of a text that no installed font has: a seal cannot carry them."""
    return "".join(character for character in dict.fromkeys(text) if not _has_glyph(character))


def _has_glyph(character: str) -> bool:
    try:
        _glyph(character)
    except LookupError:
        return False
    return True


@lru_cache(maxsize=1)
def _seal_font() -> TTFont:
    return TTFont(_static("fonts") / SEAL_FONT, lazy=True)


@lru_cache(maxsize=1)
def _system_seal_font() -> TTFont | None:
    if not SYSTEM_SEAL_FONT.exists():
        return None
    for number in range(5):
        font = TTFont(SYSTEM_SEAL_FONT, fontNumber=number, lazy=True)
        if font["name"].getDebugName(1) == SYSTEM_SEAL_FONT_MEMBER:
            return font
    return None


def _star(radius: float) -> str:
    """Return the path of a five-pointed star about the centre."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for corner in range(10):
        reach, angle = (inner if corner % 2 else radius), math.radians(36 * corner)
        points.append(f"{SEAL_CENTRE + reach * math.sin(angle):.1f} {SEAL_CENTRE - reach * math.cos(angle):.1f}")
    return "M" + "L".join(points) + "Z"
