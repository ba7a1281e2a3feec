"""Collect the icons that templates and Python name into one sprite, static/img/icons.svg.

The drawings are the outline icons of Tabler (MIT). Pass the folder ``icons/outline`` of the unpacked npm package, or
nothing to fetch the pinned one. An icon the portal names and Tabler does not have stops the tool.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "static" / "img" / "icons.svg"
TABLER = "@tabler/icons@3.51.0"
TONES = "ok|warn|bad|info|idle"
NAME = r"([a-z][a-z0-9-]*)"
IN_TEMPLATES = [
    re.compile(rf"""{{%-?\s*icon\s+["']{NAME}["']"""),
    re.compile(rf"""icon=["']{NAME}["']"""),
    re.compile(rf"""\bicon\|default:["']{NAME}["']"""),
]
IN_PYTHON = [
    re.compile(rf"""\bicon(?:: str)?\s*=\s*["']{NAME}["']"""),
    re.compile(rf"""\(\s*["'](?:{TONES})["'],\s*["']{NAME}["']"""),
    re.compile(rf"""Badge\((?:[^()]|\([^()]*\))*?["'](?:{TONES})["'],\s*["']{NAME}["']"""),
]
# Places whose icon is an argument by position: MenuEntry and SearchSource (third or fourth text), bulk actions.
BY_POSITION = [
    re.compile(rf"""MenuEntry\(\s*["'][^"']*["'],\s*\w+\([^()]*\),\s*["'][^"']*["'],\s*["']{NAME}["']"""),
    re.compile(rf"""SearchSource\(\s*["'][^"']*["'],\s*\w+\([^()]*\),\s*["']{NAME}["']"""),
    re.compile(rf"""\(\s*["'][a-z_]+:[a-z_]+["'],\s*\w+\([^()]*\),\s*["']{NAME}["']\s*\)"""),
]


def used() -> dict[str, str]:
    """Return every icon name the portal uses and one file that names it."""
    found: dict[str, str] = {}
    places = [(path, IN_TEMPLATES) for path in (ROOT / "templates").rglob("*.html")]
    places += [(path, [*IN_PYTHON, *BY_POSITION, *IN_TEMPLATES[:1]]) for path in (ROOT / "apps").rglob("*.py")]
    for path, patterns in sorted(places):
        text = path.read_text()
        for pattern in patterns:
            for name in pattern.findall(text):
                found.setdefault(name, str(path.relative_to(ROOT)))
    return found


def kept() -> set[str]:
    """Return the icon names of the sprite."""
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))


def sprite(drawings: Path, names: dict[str, str]) -> str:
    """Return the sprite of ``names``; exits naming every one that has no drawing."""
    if unknown := [f"{name} ({place})" for name, place in names.items() if not (drawings / f"{name}.svg").exists()]:
        sys.exit("no such icon: " + ", ".join(unknown))
    symbols = []
    for name in sorted(names):
        svg = (drawings / f"{name}.svg").read_text()
        inside = re.sub(r"\s*\n\s*", "", re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1))
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
            f' stroke-linecap="round" stroke-linejoin="round">{inside}</symbol>'
        )
    head = "<!-- Made by tools/make_icons.py from Tabler Icons, MIT licence, (c) Paweł Kuna -->"
    return f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        if len(sys.argv) > 1:
            drawings = Path(sys.argv[1])
        else:
            subprocess.run(["npm", "pack", "--silent", TABLER], cwd=scratch, check=True, capture_output=True)
            with tarfile.open(next(Path(scratch).glob("*.tgz"))) as package:
                package.extractall(scratch, filter="data")
            drawings = Path(scratch) / "package" / "icons" / "outline"
        names = used()
        SPRITE.write_text(sprite(drawings, names))
    print(f"{len(names)} icons")


if __name__ == "__main__":
    main()
