"""Search finds fragments of two characters or more, Chinese included, the same on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from apps.core.search import bigrams, matching, normalize
from apps.projects.models import Equipment, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    project = make.make_project(name="江州滨江大道", number="GC-2026-000007", contract_number="HT-Ａ１２", address="")
    for code, name in {
        "SB-000001": "路灯控制箱 P-2",
        "SB-000002": "配电柜 100%负载",
        "SB-000003": "水泵_备用",
        "SB-000004": "ＬＥＤ 显示屏",
        "SB-000005": "㛃𠮷阀门",
        "SB-000006": "Café terminal",
    }.items():
        make.make_equipment(project=project, asset_code=code, name=name, place="", serial_number="")


def found(text: str) -> set[str]:
    return {row.asset_code[-1] for row in matching(Equipment.objects.all(), text)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("路灯", "1"),
        ("灯控", "1"),
        ("控制箱", "1"),
        ("控制 路灯", "1"),
        ("SB-000003", "3"),
        ("sb-000003", "3"),
        ("000004", "4"),
        ("p-2", "1"),
        ("Ｐ－２", "1"),
        ("led", "4"),
        ("ＬＥＤ", "4"),
        ("led显示", ""),
        ("𠮷阀", "5"),
        ("㛃𠮷", "5"),
        ("CAFÉ", "6"),
        ("灯箱", ""),
        ("路灯 阀门", ""),
        # What means something to LIKE or to an array is only a sign here.
        ("100%", "2"),
        ("0%负", "2"),
        ("%%", ""),
        ("__", ""),
        ("泵_", "3"),
        ("灯_", ""),
        ("\\\\", ""),
        ("{}", ""),
        ("''", ""),
        ('"}', ""),
        # Too short finds nothing; a short word beside a long one is left out.
        ("灯", ""),
        ("%", ""),
        ("", ""),
        ("   ", ""),
        ("路 灯", ""),
        ("路灯 灯", "1"),
    ],
)
def test_fragment_is_found_literally(text: str, codes: str) -> None:
    assert found(text) == set(codes)


def test_fragment_reaches_over_several_columns_but_not_across_them() -> None:
    project = Project.objects.get(number="GC-2026-000007")
    for text in ("江州滨江", "2026-000007", "HT-A12"):
        assert list(matching(Project.objects.all(), text)) == [project], text
    assert not matching(Project.objects.all(), "大道HT").exists()


def test_search_text_follows_the_row() -> None:
    row = Equipment.objects.get(asset_code="SB-000001")
    row.name = "景观灯"
    row.save()
    assert found("景观") == {"1"}
    assert found("控制箱") == set()


def test_search_text_follows_a_save_of_single_columns() -> None:
    """``save(update_fields=…)`` of a searched column must not leave the old text behind."""
    row = Equipment.objects.get(asset_code="SB-000001")
    row.name = "景观灯"
    row.save(update_fields=["name", "search_text"])
    assert found("景观") == {"1"}


def test_width_and_case_fold_and_white_space_joins() -> None:
    assert normalize("  Ｐ-２\n\tＬｅｄ ") == "p-2 led"
    assert bigrams("abab") == ["ab", "ba"]
    assert bigrams("a") == []


@pytest.mark.postgres
def test_search_uses_the_bigram_index(settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = matching(Equipment.objects.all(), "路灯").order_by().query.sql_with_params()
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "equipment_fragments" in plan
