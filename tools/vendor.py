"""Fetch the pinned third-party files of the browser from npm into static/vendor, or check what is there.

``python tools/vendor.py`` fetches, ``--check`` compares the files with their recorded checksums and needs no network.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
PINS = VENDOR / "pins.json"
# A map that is not shipped would stop collectstatic.
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


def fetch(name: str, pin: dict, scratch: Path) -> tarfile.TarFile:
    """Return the package as npm packed it; its integrity is the pinned one."""
    spec = f"{name}@{pin['version']}"
    packed = subprocess.run(["npm", "pack", "--silent", spec], cwd=scratch, check=True, capture_output=True, text=True)
    archive = scratch / packed.stdout.split()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != pin["integrity"]:
        sys.exit(f"{spec}: integrity is {found}, pinned is {pin['integrity']}")
    return tarfile.open(archive)


def folder_of(name: str) -> Path:
    return VENDOR / name.removeprefix("@").replace("/", "-").removesuffix(".org")


def install(name: str, pin: dict) -> None:
    """Copy the pinned files of a package, without the reference to their maps."""
    with tempfile.TemporaryDirectory() as scratch, fetch(name, pin, Path(scratch)) as package:
        target = folder_of(name)
        target.mkdir(parents=True, exist_ok=True)
        for path in [*pin["files"], pin["licence"]]:
            content = package.extractfile(f"package/{path}").read()
            (target / Path(path).name).write_bytes(SOURCE_MAP.sub(b"\n", content))
        sums = {path: hashlib.sha256((target / Path(path).name).read_bytes()).hexdigest() for path in pin["files"]}
        if sums != pin["files"]:
            sys.exit(f"{name}: the files are {json.dumps(sums)}, pinned are {json.dumps(pin['files'])}")
        (target / "VERSION").write_text(f"{name} {pin['version']}\n")


def wrong(name: str, pin: dict) -> list[str]:
    """Return the kept files of a package that are missing or changed."""
    target = folder_of(name)
    files = {target / Path(path).name: checksum for path, checksum in pin["files"].items()}
    return [
        str(path.relative_to(ROOT))
        for path, checksum in files.items()
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != checksum
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    pins = json.loads(PINS.read_text())
    if parser.parse_args().check:
        if bad := [path for name, pin in pins.items() for path in wrong(name, pin)]:
            sys.exit("missing or changed: " + ", ".join(bad))
        return
    for name, pin in pins.items():
        install(name, pin)
        print(name, pin["version"])


if __name__ == "__main__":
    main()
