"""The table of who signs in with what, for a terminal, in both languages."""

from __future__ import annotations

import unicodedata

from .people import PASSWORD, sign_ins


def table() -> str:
    """Return role, sign-in name and what to see first, in Chinese and English; the password stands above."""
    people = sign_ins()
    heads = ("账号 Sign-in", "角色 Role", "先看什么 See first")
    rows = [(line["username"], f"{line['zh']} {line['name']}", line["see_zh"]) for line in people]
    first, second = (max(_width(row[column]) for row in [heads, *rows]) for column in (0, 1))
    lines = [f"  密码都是 / Password for everybody:  {PASSWORD}", ""]
    lines += [f"  {_pad(heads[0], first)}  {_pad(heads[1], second)}  {heads[2]}", "  " + "-" * (first + second + 40)]
    owner = ""
    for (name, person, see), line in zip(rows, people, strict=True):
        if line.get("owner", "") != owner:
            owner = line["owner"]
            lines += ["", f"  {owner}"]
        lines.append(f"  {_pad(name, first)}  {_pad(person, second)}  {see}")
        lines.append(f"  {' ' * first}  {_pad(line['en'], second)}  {line['see_en']}")
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return how many columns a terminal takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
