"""Make static/fonts from Noto CJK: the fonts that every printed document is set in.

Run by hand, and only when the repertoire or the source changes; the results are committed:

    sudo apt-get install fonts-noto-cjk        # 1:20220127+repack1-1, the checksums below
    .venv/bin/python tools/make_fonts.py

The same source and the same fontTools write the same bytes. The licence (SIL OFL 1.1, beside the results)
lets us subset; as the files differ from the original, they go by names of our own.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
UPSTREAM = "Noto CJK, https://github.com/notofonts/noto-cjk"


@dataclass(frozen=True)
class Face:
    """One font to make: where it comes from and what it is called afterwards."""

    collection: str
    sha256: str
    member: str
    family: str
    style: str

    @property
    def file_name(self) -> str:
        return f"{self.family.replace(' ', '')}-{self.style}.otf"


FACES = (
    Face(
        collection="NotoSansCJK-Regular.ttc",
        sha256="b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        member="Noto Sans CJK SC",
        family="Portal Sans",
        style="Regular",
    ),
    Face(
        collection="NotoSansCJK-Bold.ttc",
        sha256="faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
        member="Noto Sans CJK SC",
        family="Portal Sans",
        style="Bold",
    ),
    # A seal's letters are Song by regulation (国发〔1999〕25号); they are drawn as outlines from this face.
    Face(
        collection="NotoSerifCJK-Bold.ttc",
        sha256="a5d4b046c127da3d7c72f98b46c41489cd29bf52abfdf18aba920903e920d4ac",
        member="Noto Serif CJK SC",
        family="Portal Song",
        style="Bold",
    ),
)

# What GB2312 lacks and our documents use: units, limits, money, the characters of people's and firms' names
# that entered use after 1980 (every one of them would otherwise set a lone letter in the fallback font).
SYMBOLS = (
    "–—‘’“”†•…‰′″※€™ℓ℃℉Ω℧№℡Å"
    "²³¹⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉¼½¾"
    "←↑→↓↔↕⇒≈≠≤≥≦≧±×÷∑√∞∠∥⊥∴∵∫∅⌀φµμ"
    "■□▲△▼▽◆◇○◎●★☆⚠✓✔"
    "㎎㎏㎜㎝㎞㎡㎥㏄㏎¥￥£¢"
)
NAMES = (
    "堃喆镕昇淼鑫垚犇骉焱森晶磊珺玥玹琤琰璟瑄珅玮琨瑀翀翯旻昱昉晞晟炜烨煜燊赟芃苡苪筠箐姝姮妤婠媛嫄怡"
    "恺愔憬甯奕弈彧伃侑倧俣偲暄曦曌朸栐栩桉梽梓楠榕樾檑洺浠浥浬淏湉湜湲溁滢漪潇澍濛瀞瀛烜焜熠燚"
)


def repertoire() -> set[int]:
    """Return the code points kept: ASCII, Latin-1, all of GB2312, full-width forms, our symbols and names."""
    points = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | set(range(0xFF01, 0xFF5F))
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            points.update(map(ord, bytes((lead, trail)).decode("gb2312", errors="ignore")))
    points.update(map(ord, SYMBOLS + NAMES))
    return points


def member_of(face: Face) -> TTFont:
    """Return the face's font out of its collection, after checking that it is the version we know."""
    path = SOURCE / face.collection
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != face.sha256:
        sys.exit(f"{path} is another version ({found}): look at the result, then change the checksum here.")
    for font in TTCollection(str(path)).fonts:
        if font["name"].getDebugName(1) == face.member or font["name"].getDebugName(16) == face.member:
            return font
    sys.exit(f"{path} has no member {face.member}")


def rename(font: TTFont, face: Face) -> None:
    """Give the font our name everywhere a reader may look, and keep copyright and licence."""
    name = font["name"]
    kept = {record.nameID: record.toUnicode() for record in name.names if record.nameID in {0, 13, 14}}
    postscript = f"{face.family.replace(' ', '')}-{face.style}"
    name.names = []
    texts = {
        **kept,
        1: face.family,
        2: face.style,
        3: postscript,
        4: f"{face.family} {face.style}",
        5: f"Version 1.000; subset of {UPSTREAM}",
        6: postscript,
    }
    for name_id, text in sorted(texts.items()):
        name.setName(text, name_id, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FamilyName, top.FullName = face.family, texts[4]


def make(face: Face) -> None:
    """Write one face into static/fonts."""
    font = member_of(face)
    options = subset.Options()
    # `locl` goes: a page's `lang` must never swap a Chinese form for a Japanese one. `kern` serves Latin.
    options.layout_features = ["ccmp", "kern", "mark", "mkmk"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.ignore_missing_unicodes = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=repertoire())
    subsetter.subset(font)
    rename(font, face)
    font.recalcTimestamp = False
    font.flavor = None
    path = TARGET / face.file_name
    font.save(path)
    print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for wanted in FACES:
        make(wanted)
