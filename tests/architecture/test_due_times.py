"""Every due time on every page opens why it is due then (R-04): templates and tables are searched for bare dates."""

from __future__ import annotations

import ast
import re

import pytest

from .sources import ROOT, app_files, parsed, short, templates

#: Fields that say by when something is due. What ends by itself (cover, certificates, links) is no promise.
DUE = r"\.(?:due_on|due_at|expected_on|promised_by|window_ends_on|check_on)\b"
#: A tag that prints such a field, its date on the way: comparisons print nothing.
PRINTED = re.compile(
    r"\{\{[^}]*" + DUE + r"[^}]*\}\}|\{%\s*blocktrans[^%]*" + DUE + r"[^%]*%\}|\{%\s*firstof[^%]*" + DUE
)
#: Where a due time is itself the explanation, or leads to it; and where rows that leave the portal are tried again.
EXPLAINED = {
    "service_levels/_due_open.html",
    "service_levels/_explained.html",
    "service_levels/board_month.html",
    "service_levels/clock.html",
}
KNOWN_COLUMNS = {"apps/notifications/tables.py:due_at", "apps/service_levels/board_tables.py:due_at"}


def test_every_due_time_on_a_page_opens_its_explanation() -> None:
    """R-04: a due day is shown by ``{% due %}``, ``{% due_day %}`` or ``{% due_open %}``, never as a bare date."""
    bare = [
        f"{name}: {found.group()}"
        for path in templates()
        for name in [path.relative_to(ROOT / "templates").as_posix()]
        if name not in EXPLAINED and not name.startswith("documents/")
        for found in PRINTED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not bare, "\n".join(bare)


def test_every_due_column_of_a_list_opens_its_explanation() -> None:
    """R-04: columns of due days are drawn by a template that uses the component."""
    name = re.compile(DUE.replace(r"\.", "", 1) + r"$")
    bare = []
    for path in app_files():
        if not path.stem.endswith("tables"):
            continue
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and name.match(node.targets[0].id)
            ):
                where = f"{short(path)}:{node.targets[0].id}"
                if where not in KNOWN_COLUMNS and "TemplateColumn" not in ast.unparse(node.value):
                    bare.append(where)
    assert not bare, bare


@pytest.mark.parametrize(
    "bad",
    [
        '{{ card.due_on|date:"Y-m-d" }}',
        '{% blocktrans with day=low.due_at|date:"m-d" %}by {{ day }}{% endblocktrans %}',
        '{% firstof one.told_at|date:"m-d" one.promised_by|date:"m-d" %}',
    ],
)
def test_the_rule_about_due_times_has_bite(bad: str) -> None:
    assert PRINTED.search(bad)
    assert not PRINTED.search("{% if card.due_on < today %}late{% endif %}{% due_day card.due_day %}")
