"""How a line of a history reads: nothing is said twice."""

from __future__ import annotations

import pytest

from apps.core.timeline import without


@pytest.mark.parametrize(
    ("note", "said", "reads"),
    [
        ("徐静 · 已报名", ["徐静"], "已报名"),
        ("韩雪 2026-10-22", ["韩雪"], "2026-10-22"),
        ("XJ-2026-000029 2026-11-13", ["XJ-2026-000029 巡检", "XJ-2026-000029"], "2026-11-13"),
        ("喷灌不按时启动", ["FW-2026-000089 喷灌不按时启动", "喷灌不按时启动"], ""),
        ("派工 · 11-20 17:05 到期", ["何静", ""], "派工 · 11-20 17:05 到期"),
        ("何静静 · 已报名", ["何静"], "何静静 · 已报名"),
        ("", ["何静"], ""),
    ],
)
def test_note_leaves_out_what_the_line_says_anyway(note: str, said: list[str], reads: str) -> None:
    assert without(note, said) == reads
