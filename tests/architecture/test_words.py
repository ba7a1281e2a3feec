"""Every string that people read exists in both languages."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from .sources import ROOT, app_files, parsed, short, templates

PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|\{\w*\}")


@cache
def entries(text: str) -> dict[tuple[str, str], tuple[str, bool, bool]]:
    """Return {(context, msgid): (all translations joined, complete, fuzzy)} of a catalogue."""
    found: dict[tuple[str, str], tuple[str, bool, bool]] = {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        values: dict[str, str] = {}
        key = ""
        for line in lines:
            if match := re.match(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(\".*\")", line):
                key = match[1]
                values[key] = ast.literal_eval(match[2])
            elif line.startswith('"') and key:
                values[key] += ast.literal_eval(line)
        if values.get("msgid"):
            translations = [value for name, value in values.items() if name.startswith("msgstr")]
            found[values.get("msgctxt", ""), values["msgid"]] = ("\n".join(translations), all(translations), fuzzy)
    return found


def committed() -> dict[tuple[str, str], tuple[str, bool, bool]]:
    return entries(PO.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, bool, bool]]:
    """What ``makemessages`` finds in the sources now, extracted beside the tree."""
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed")
    copy = tmp_path_factory.mktemp("words")
    for name in ("apps", "config", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "migrations"))
    (copy / "locale" / "zh_Hans" / "LC_MESSAGES").mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-obsolete", "--no-location"],
        cwd=copy,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(copy), "DJANGO_SETTINGS_MODULE": ""},
    )
    return entries((copy / "locale/zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8"))


def test_every_string_of_the_sources_is_in_the_catalogue(extracted: dict[tuple[str, str], object]) -> None:
    assert len(extracted) > 100
    missing = sorted(msgid for _, msgid in set(extracted) - set(committed()))
    assert not missing, f"{len(missing)} strings without Chinese: {missing[:40]}"


def test_catalogue_has_nothing_untranslated_or_unsure() -> None:
    wrong = sorted(msgid for (_, msgid), (_, complete, fuzzy) in committed().items() if not complete or fuzzy)
    assert not wrong, f"{len(wrong)} strings untranslated or fuzzy: {wrong[:40]}"


def test_translations_keep_their_placeholders() -> None:
    wrong = [
        msgid
        for (_, msgid), (translation, complete, _) in committed().items()
        if complete
        if not set(PLACEHOLDER.findall(msgid)) >= set(PLACEHOLDER.findall(translation))
        or not set(PLACEHOLDER.findall(translation)) >= {p for p in PLACEHOLDER.findall(msgid) if "count" not in p}
    ]
    assert not wrong


def test_translations_are_chinese() -> None:
    """What reads the same in both languages is on a short list."""
    same = {"SHA-256", "PDF", "QR", "CSV", "XLSX", "Excel", "%(count)s", "V", "OK"}
    wrong = [
        msgid
        for (_, msgid), (translation, complete, _) in committed().items()
        if complete and re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", msgid)) and not re.search(r"[\u3400-\u9fff]", translation)
        and msgid not in same and msgid != translation
    ]  # fmt: skip
    assert not wrong


def test_compiled_catalogue_is_the_one_in_the_tree(tmp_path: Path) -> None:
    """Only where it is kept compiled; ``bin/setup`` makes it elsewhere."""
    compiled = PO.with_suffix(".mo")
    if not compiled.exists() or shutil.which("msgfmt") is None:
        pytest.skip("not compiled here")
    fresh = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", str(fresh), str(PO)], check=True, capture_output=True)
    assert fresh.read_bytes() == compiled.read_bytes(), "Run compilemessages."


#: Templates that name a language in itself, or a sign that a spreadsheet holds.
IN_THEIR_OWN_LANGUAGE = {"language.html", "import_create.html"}


def test_chinese_stands_in_the_catalogue_alone() -> None:
    """Source strings are English; Chinese in a template would be shown to English readers too. Papers are Chinese."""
    han = re.compile(r"[\u3400-\u9fff]")
    paper = ROOT / "templates" / "documents"
    stray = [
        short(path)
        for path in templates()
        if not (paper in path.parents and '{% extends "base.html"' not in path.read_text(encoding="utf-8"))
        and han.search(
            re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        )
        and path.name not in IN_THEIR_OWN_LANGUAGE
    ]
    assert not stray


#: Keywords whose value people read.
SHOWN = {"verbose_name", "verbose_name_plural", "label", "help_text", "title", "success_message", "submit_label"}


def test_words_of_the_code_are_marked_for_translation() -> None:
    """``verbose_name``, labels and titles given as bare strings would stay English."""
    bare = [
        f"{short(path)}:{node.value.lineno} {node.value.value!r}"
        for path in app_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.keyword) and node.arg in SHOWN
        if isinstance(node.value, ast.Constant) and re.search("[a-z]{3}", str(node.value.value))
        if path.name != "apps.py" or node.arg != "label"
    ]
    assert not bare


def test_nothing_promises_what_is_not_there() -> None:
    empty = re.compile(r"coming soon|not implemented|todo|lorem ipsum|敬请期待|暂未开放", re.I)
    found = [f"{msgid} / {text}" for (_, msgid), (text, _, _) in committed().items() if empty.search(f"{msgid} {text}")]
    assert not found
