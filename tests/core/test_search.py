"""Search finds fragments of two characters or more, Chinese included, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from apps.accounts.models import Role
from apps.core import registry
from apps.core.search import bigrams, matching, normalize
from apps.documents.models import Document
from apps.projects.models import Equipment, Project
from apps.tickets.models import WorkOrder
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


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


def _page(client: Client, text: str) -> str:
    return client.get(reverse("core:search"), {"q": text}).content.decode()


def test_work_order_is_found_by_its_number_before_it_has_a_sheet(world: World, client_of: ClientOf) -> None:
    order = world.row(WorkOrder)
    Document.objects.filter(number=order.number).delete()
    for name, sees in {"manager": True, "engineer": True, "owner_admin": True, "other_owner": False}.items():
        found = order.get_absolute_url() in _page(client_of(world.people[name]), order.number.lower())
        assert found is sees, name


@pytest.mark.parametrize("source", [source for source in registry.searches() if source.list_name], ids=lambda s: s.name)
def test_all_that_is_found_is_a_list_searched_for_the_same(source: registry.SearchSource, client_of: ClientOf) -> None:
    manager = make.make_staff(Role.MANAGER)
    shown = client_of(manager).get(source.list_url(manager, "路灯")).context
    assert shown["filterset"].form.cleaned_data["q"] == "路灯"
    assert shown["tab"] is None or shown["tab"].name == "all"


def test_more_than_is_shown_leads_to_all_of_it(client_of: ClientOf) -> None:
    """Closed ones as well; who has no such list is asked for a longer fragment."""
    owner = make.make_owner()
    closed = [make.make_project(owner=owner, name=f"滨湖路灯{n}", status=Project.Status.CLOSED) for n in range(9)]
    client = client_of(make.make_staff(Role.MANAGER))
    link = f"{reverse('projects:list')}?{urlencode({'tab': 'all', 'q': '滨湖路灯'})}"
    assert escape(link) in _page(client, "滨湖路灯")
    listed = client.get(link).content.decode()
    assert all(project.get_absolute_url() in listed for project in closed)
    for _n in range(9):
        make.make_work_order(ticket=make.make_ticket(project=closed[0]))
    page = _page(client_of(make.make_owner_admin(owner=owner), "en"), "WX-2026")
    assert "type a longer fragment" in page and f"{reverse('tickets:order_list')}?" not in page
