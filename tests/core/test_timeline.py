"""How a line of a history reads, nothing said twice, and how far back a history can be read."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import Role
from apps.core.timeline import without
from tests import factories as make


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


def _earlier(page: str) -> str:
    found = re.search(r'href="([^"]*&amp;before=\d+)"', page)
    return html.unescape(found[1]) if found else ""


@pytest.mark.django_db
@pytest.mark.parametrize("by_script", [True, False])
@pytest.mark.parametrize("of", ["project", "equipment", "visitplan"])
def test_earlier_leads_to_the_oldest_event_and_shows_each_once(
    of: str, by_script: bool, client_of: Callable[..., Client]
) -> None:
    """By the script the answer is the next lines alone, to stand at the foot; without it a page (D-02).

    Of several at one moment none is lost. A project's history comes after its page, a plan's with it.
    """
    row = {"project": make.make_project, "equipment": make.make_equipment, "visitplan": make.make_plan}[of]()
    moments = [make.NOW - timedelta(hours=n // 5) for n in range(65)]
    for n, at in enumerate(moments):
        make.make_event(subject=row, at=at, data={"note": f"第{n}条"})
    client = client_of(make.make_staff(Role.MANAGER))
    url: str = row.get_absolute_url() + ("" if of == "visitplan" else "?part=history")
    seen, asked = [], 0
    while url:
        alone = by_script and asked > 0
        page = client.get(url, headers={"HX-Request": "true"} if alone else {}).content.decode()
        assert ("<html" in page, "<ol" in page) == (not alone, not alone)
        seen += [int(n) for n in re.findall(r"第(\d+)条", page)]
        url, asked = _earlier(page), asked + 1
    assert sorted(seen) == list(range(65))
    assert [moments[n] for n in seen] == moments
    assert asked > 2


@pytest.mark.django_db
def test_earlier_than_what_is_not_seen_is_not_found(client_of: Callable[..., Client]) -> None:
    project, other = make.make_project(), make.make_event()
    member = make.make_owner_member(owner=project.owner)
    assert client_of(member).get(f"{project.get_absolute_url()}?part=history&before={other.pk}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["repairs", "visits"])
def test_repairs_and_visits_are_read_alone_to_the_oldest(of: str, client_of: Callable[..., Client]) -> None:
    project = make.make_project()
    rows = {"repairs": make.make_ticket(project=project), "visits": make.make_visit(project=project)}
    for n in range(30):
        for name, row in rows.items():
            make.make_event(subject=row, at=make.NOW - timedelta(minutes=n), data={"note": f"{name}第{n}条"})
    client = client_of(make.make_staff(Role.MANAGER))
    url, read = f"{project.get_absolute_url()}?part=history&of={of}", ""
    while url:
        page = client.get(url).content.decode()
        read, url = read + page, _earlier(page)
    assert re.findall(r"(\w+)第(\d+)条", read) == [(of, str(n)) for n in range(30)]
