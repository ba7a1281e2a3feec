"""Drawn stand-ins for what a real year leaves behind: photos with a time stamp, signatures by hand, the logo."""

from __future__ import annotations

import base64
import io
import random
import zlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from apps.core.uploads import AcceptedFile, accept_photo
from apps.documents.signing import Drawing, read_drawing

from .scenes import HEIGHT, WIDTH, Scene, background, lamp, scene_of

EXIF_TIME = 0x9003
EXIF_PART = 0x8769
INK = (20, 35, 75, 255)
#: Photos are kept small: a year of them is made in seconds.
SIZE = (640, 480)


@lru_cache(maxsize=4)
def _font(size: int, *, bold: bool = False) -> Any:
    name = "PortalSans-Bold.otf" if bold else "PortalSans-Regular.otf"
    return ImageFont.truetype(Path(settings.BASE_DIR) / "static" / "fonts" / name, size)


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    return Image.effect_noise(SIZE, 26).convert("RGB")


@lru_cache(maxsize=128)
def _picture(scene: Scene, good: bool, turn: int) -> Image.Image:
    """Return the picture of a kind of thing without its stamp; each is drawn once."""
    top, bottom = background(scene is lamp)
    ground = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    picture = Image.composite(Image.new("RGB", ground.size, bottom), Image.new("RGB", ground.size, top), ground)
    scene(ImageDraw.Draw(picture), good, turn)
    picture = picture.crop((10, 8, WIDTH - 10, HEIGHT - 8)).resize(SIZE, Image.Resampling.BILINEAR)
    picture = picture.rotate((-1.2, 0.6, 1.5)[turn], Image.Resampling.BILINEAR, fillcolor=bottom)
    picture = picture.filter(ImageFilter.GaussianBlur(0.6))
    return Image.blend(picture, _grain(), 0.08)


def photo(name: str, where: str, at: datetime, *, good: bool, turn: int = 0) -> AcceptedFile:
    """Return a photo of a piece of equipment, stamped with time and place as engineers' cameras do."""
    picture = _picture(scene_of(name), good, turn % 3).copy()
    draw = ImageDraw.Draw(picture, "RGBA")
    local = timezone.localtime(at)
    width, height = SIZE
    draw.rectangle((0, height - 58, width, height), fill=(0, 0, 0, 120))
    draw.text((14, height - 54), f"{local:%Y-%m-%d %H:%M}", font=_font(22, bold=True), fill="white")
    draw.text((14, height - 27), f"{name} · {where}"[:38], font=_font(17), fill="#e6e6e6")
    exif = Image.Exif()
    exif.get_ifd(EXIF_PART)[EXIF_TIME] = f"{local:%Y:%m:%d %H:%M:%S}"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, exif=exif)
    return accept_photo(SimpleUploadedFile(f"IMG_{local:%Y%m%d_%H%M%S}.jpg", out.getvalue(), "image/jpeg"))


def logo() -> AcceptedFile:
    """Return the company's logo: a lamp over a river bend."""
    size = 480
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((20, 20, 460, 460), 96, fill="#0b5cad")
    draw.arc((70, 180, 410, 560), 200, 340, fill="#bfe0ff", width=30)
    draw.arc((70, 260, 410, 640), 205, 335, fill="white", width=24)
    draw.line([(240, 250), (240, 110)], fill="white", width=22)
    draw.ellipse((190, 70, 290, 170), fill="#ffd66b")
    out = io.BytesIO()
    picture.resize((240, 240), Image.Resampling.LANCZOS).save(out, "PNG")
    return accept_photo(SimpleUploadedFile("logo.png", out.getvalue(), "image/png"))


def page(heading: str, lines: list[str]) -> bytes:
    """Return a scanned page, such as the evidence of an acceptance."""
    picture = Image.new("RGB", (620, 877), "#fbfaf6")
    draw = ImageDraw.Draw(picture)
    draw.text((310, 90), heading, font=_font(34, bold=True), fill="#22262a", anchor="mm")
    for n, line in enumerate(lines):
        draw.text((70, 170 + 52 * n), line, font=_font(20), fill="#22262a")
    for n, name in enumerate(("建设单位", "施工单位")):
        draw.text((90 + 260 * n, 640), name, font=_font(20), fill="#22262a")
        drawn = Image.open(io.BytesIO(signature(name[::-1][:3]).png)).resize((150, 62))
        picture.paste(drawn, (80 + 260 * n, 670), drawn)
        draw.ellipse((130 + 260 * n, 690, 260 + 260 * n, 820), outline="#c3392f", width=4)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=78)
    return out.getvalue()


# Strokes of running hand in a square of 100: across, down, the two slants, dots, hooks and turns.
STROKES = [
    [(12, 30), (45, 25), (88, 22)],
    [(20, 52), (50, 47), (80, 45)],
    [(50, 8), (52, 50), (49, 92)],
    [(62, 14), (48, 48), (14, 90)],
    [(40, 40), (60, 66), (94, 88)],
    [(30, 10), (38, 18), (42, 26)],
    [(18, 36), (72, 30), (70, 62), (66, 90), (52, 80)],
    [(24, 20), (22, 60), (34, 84), (84, 76), (88, 60)],
    [(12, 74), (40, 60), (70, 78), (96, 66)],
    [(34, 54), (24, 76), (44, 82), (66, 58), (74, 84)],
]


@lru_cache(maxsize=64)
def signature(name: str) -> Drawing:
    """Return a person's signature: always the same hand for the same name, never quite a printed character."""
    rng = random.Random(zlib.crc32(name.encode()))  # noqa: S311  a drawing, no secret
    strokes: list[list[tuple[float, float]]] = []
    left = 10.0
    for _character in name:
        size = rng.uniform(0.85, 1.15)
        chosen = rng.sample(STROKES, rng.randint(4, 6))
        for stroke in chosen:
            strokes.append(
                [
                    (left + (x + (100 - y) * 0.16) * size + rng.uniform(-5, 5), 14 + y * size + rng.uniform(-6, 6))
                    for x, y in stroke
                ]
            )
        left += 96 * size
    strokes.append([(left - 30, 116), (left + 24, 104), (left + 70, 92)])
    return _written(strokes, (int(left) + 90, 150), rng)


def _written(strokes: list[list[tuple[float, float]]], size: tuple[int, int], rng: random.Random) -> Drawing:
    """Draw strokes as a pen does: thin where it is fast, thick where it turns."""
    scale = 2
    picture = Image.new("RGBA", (size[0] * scale, size[1] * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    kept, clock = [], 0
    for stroke in strokes:
        points = _smooth(stroke)
        for n, (x, y) in enumerate(points):
            width = (2.6 - 1.5 * n / len(points) + rng.uniform(-0.2, 0.2)) * scale
            draw.ellipse((x * scale - width, y * scale - width, x * scale + width, y * scale + width), fill=INK)
        kept.append(
            {
                "points": [
                    {"x": round(x, 1), "y": round(y, 1), "time": clock + 8 * n} for n, (x, y) in enumerate(points[::4])
                ]
            }
        )
        clock += 180
    out = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(out, "PNG")
    return read_drawing(f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}", kept)


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a curve through the points (Catmull and Rom's), dense enough to draw dot by dot."""
    ends = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(40):
            t = step / 40
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b[k]
                        + (c[k] - a[k]) * t
                        + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t**2
                        + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3
                    )
                    for k in (0, 1)
                )
            )
    return curve  # type: ignore[return-value]
