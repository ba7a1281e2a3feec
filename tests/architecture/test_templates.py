"""Templates and static files: nothing inline, nothing from outside, nothing that only mice can do."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from .sources import ROOT, short, templates

#: Printed papers are rendered by the PDF engine, offline, and never reach a browser as pages.
PAPERS = ROOT / "templates" / "documents"
INLINE = re.compile(
    r"""<[^>]*\s(style|on[a-z]+)\s*=|<style\b|javascript:|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")""",
    re.I,
)
OUTSIDE = re.compile(r"""(?:src|href|action|srcset|poster)\s*=\s*["']?\s*(?:https?:)?//""", re.I)
OUTSIDE_CSS = re.compile(r"""url\(\s*["']?\s*(?:https?:)?//|@import""", re.I)
OUTSIDE_JS = re.compile(
    r"""(?:fetch|import|importScripts|open|src\s*=|WebSocket|EventSource)\s*\(?\s*["'`](?:https?:|wss?:)?//""", re.I
)


def _is_paper(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return PAPERS in path.parents and '{% extends "base.html"' not in text


def found(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    hits = []
    for path in files:
        text = re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        if pattern is INLINE:
            text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
        hits += [f"{short(path)}: {match.group(0)[:60]}" for match in pattern.finditer(text)]
    return hits


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<a onclick='x'>",
        "<style>",
        "<script>alert(1)</script>",
        '<a href="javascript:x">',
        "<p\n style=x>",
    ],
)
def test_the_rule_about_inline_code_has_bite(bad: str) -> None:
    assert INLINE.search(bad)


def test_no_inline_styles_or_scripts() -> None:
    """The content policy forbids them, so they would silently do nothing."""
    assert not found(INLINE, [path for path in templates() if not _is_paper(path)])


def test_no_source_outside_the_server() -> None:
    assert not found(OUTSIDE, [path for path in templates() if not _is_map_link(path)])
    static = [path for path in (ROOT / "static").rglob("*") if "vendor" not in path.parts]
    assert not found(OUTSIDE_CSS, [path for path in static if path.suffix == ".css"])
    assert not found(OUTSIDE_JS, [path for path in static if path.suffix == ".js"])


def _is_map_link(path: Path) -> bool:
    """A link to a map that a person taps is no source; it has its own template."""
    return path.name == "map_links.html"


def test_policy_lets_nothing_in_from_outside() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for name, sources in directives.items():
        if isinstance(sources, list):
            assert not {s for s in sources if "unsafe" in s or "http" in s or "*" in s}, name
    assert directives["default-src"] == ["'none'"]


def test_vendored_files_are_those_that_were_pinned() -> None:
    """Third-party files bear the checksum they came with: changed by nobody's hand."""
    vendor = ROOT / "static" / "vendor"
    pinned = {
        Path(name).name: digest
        for package in json.loads((vendor / "pins.json").read_text()).values()
        for name, digest in package["files"].items()
    }
    kept = [path for path in vendor.rglob("*") if path.suffix in {".js", ".css", ".woff2", ".map"}]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in kept} == pinned


@pytest.mark.parametrize("path", templates(), ids=short)
def test_template_compiles(path: Path) -> None:
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_forms_that_post_carry_the_token() -> None:
    """A form by POST without the token is a button that always fails."""
    bare = []
    for path in templates():
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S | re.I):
            if "csrf_token" not in form:
                bare.append(short(path))
    assert not bare
