"""The standard list: inert cells, honest pages, nothing but declared columns sorts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import django_tables2 as tables
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from apps.core.forms import FragmentFilter, ScopedFilterSet
from apps.core.models import Event
from apps.core.pages import ListPage
from apps.core.pages.list import LAST_PAGE, CappedPaginator, Tab, inert
from apps.projects.models import Project
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db


class ProjectTable(tables.Table):
    """Two columns, one of which sorts."""

    number = tables.Column(orderable=True)
    name = tables.Column()

    class Meta:
        model = Project
        fields = ("number", "name")
        orderable = False


class ProjectFilter(ScopedFilterSet):
    """By text and owner."""

    q = FragmentFilter(field_name="search_text")

    class Meta:
        model = Project
        fields = ["owner"]


class Projects(ListPage):
    """A list as an app would declare it."""

    model = Project
    filterset_class = ProjectFilter
    table_class = ProjectTable
    tabs = (
        Tab("all", "All", lambda rows: rows),
        Tab("closed", "Closed", lambda rows: rows.filter(status="closed")),
    )

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        response = HttpResponse(**options)
        response.table = context["table"]  # type: ignore[attr-defined]
        return response


def get(user: Any, **query: Any) -> Any:
    request = RequestFactory().get("/", query)
    request.user, request.htmx = user, False  # type: ignore[attr-defined]
    return Projects.as_view()(request)


def names(response: Any) -> list[str]:
    return [row.record.name for row in response.table.page.object_list]


@pytest.fixture
def manager(db: None) -> Any:
    return make.make_staff("manager")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_cell_that_looks_like_a_formula_is_exported_as_text(manager: Any, sign: str, kind: str) -> None:
    evil = f'{sign}HYPERLINK("http://evil","x")'
    make.make_project(name=evil)
    response = get(manager, export=kind)
    if kind == "csv":
        line = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))[1]
        assert line[1] == f"'{evil}"
    else:
        cell = load_workbook(io.BytesIO(response.content)).active["B2"]
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


@pytest.mark.parametrize(
    ("value", "cell"), [("普通", "普通"), ("", ""), ("a=b", "a=b"), (" =1", "' =1"), ("＝1", "'＝1"), ("\n=1", "'\n=1")]
)
def test_only_what_a_spreadsheet_would_run_is_marked(value: str, cell: str) -> None:
    assert inert(value) == cell


def test_export_holds_visible_and_filtered_rows_alone_and_is_logged(world: World) -> None:
    """D-04: every export is logged."""
    person = world.people["owner_admin"]
    text = get(person, export="csv").content.decode("utf-8-sig")
    assert world.project.name in text
    assert world.other_project.name not in text
    assert world.second_project.name in text
    narrowed = get(person, export="csv", q="公园").content.decode("utf-8-sig")
    assert (world.second_project.name in narrowed, world.project.name in narrowed) == (True, False)
    event = Event.objects.filter(name="core.exported").first()
    assert event is not None
    assert (event.actor, event.data["rows"], event.data["list"]) == (person, 1, "projects.project")


def test_export_stops_at_its_limit_and_says_so(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.pages.list.EXPORT_LIMIT", 3)
    for number in range(5):
        if number == 3:
            assert "只含前" not in get(manager, export="csv").content.decode("utf-8-sig")
        make.make_project(name=f"工程{number}")
    lines = get(manager, export="csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[-1][:2] for line in lines[1:4]] == ["工程"] * 3
    assert len(lines) == 5
    assert "3" in lines[4]
    assert Event.objects.filter(name="core.exported").first().data["rows"] == 3  # type: ignore[union-attr]


class EventTable(tables.Table):
    """Columns of every kind that a spreadsheet knows."""

    at = tables.DateTimeColumn(format="m-d H:i")
    subject_id = tables.Column()
    is_told = tables.BooleanColumn(accessor="data__is_told")

    class Meta:
        model = Event
        fields = ("at", "subject_id", "is_told")


class EventFilter(ScopedFilterSet):
    """No filter at all."""

    class Meta:
        model = Event
        fields: list[str] = []


class Events(ListPage):
    """A list with moments, a day, a number and a yes."""

    model = Event
    filterset_class = EventFilter
    table_class = EventTable


def exported(user: Any, kind: str) -> Any:
    request = RequestFactory().get("/", {"export": kind})
    request.user, request.htmx = user, False  # type: ignore[attr-defined]
    return Events.as_view()(request)


@pytest.fixture
def event(manager: Any) -> Event:
    """On a morning in Shanghai: in London it is still the evening before."""
    moment = datetime(2026, 11, 22, 23, 50, 50, 75156, tzinfo=UTC)
    return make.make_event(subject=make.make_project(), at=moment, data={"is_told": True})


def test_exported_moments_are_by_our_own_clock_with_year_and_without_seconds(manager: Any, event: Event) -> None:
    """A page shows them short; who reads a file does not know of which year it was."""
    line = list(csv.reader(io.StringIO(exported(manager, "csv").content.decode("utf-8-sig"))))[1]
    assert line == ["2026-11-23 07:50", str(event.subject_id), "是"]


def test_spreadsheet_holds_moments_and_numbers_not_words(manager: Any, event: Event) -> None:
    """What can be sorted and added up."""
    sheet = load_workbook(io.BytesIO(exported(manager, "xlsx").content)).active
    assert (f"{sheet['A2'].value}", sheet["A2"].number_format) == ("2026-11-23 07:50:00", "yyyy-mm-dd hh:mm")
    assert (sheet["B2"].value, sheet["B2"].data_type) == (event.subject_id, "n")


def test_unknown_export_is_a_page(manager: Any) -> None:
    assert get(manager, export="pdf").status_code == 200


@pytest.mark.parametrize("sort", ["name", "-name", "status", "owner__people__user__password", "pk;drop", "-", "?", "1"])
def test_undeclared_column_does_not_sort(manager: Any, sort: str) -> None:
    for number in ("GC-2026-000001", "GC-2026-000003", "GC-2026-000002"):
        make.make_project(number=number, name=f"x{9 - int(number[-1])}")
    response = get(manager, sort=sort)
    assert [row.record.number[-1] for row in response.table.page.object_list] == ["3", "2", "1"]


def test_declared_column_sorts_both_ways(manager: Any) -> None:
    for number in ("GC-2026-000001", "GC-2026-000003", "GC-2026-000002"):
        make.make_project(number=number)
    assert [row.record.number[-1] for row in get(manager, sort="number").table.page.object_list] == ["1", "2", "3"]
    assert [row.record.number[-1] for row in get(manager, sort="-number").table.page.object_list] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        *[("1", 1), ("2", 2), ("3", 3), ("4", 3), ("101", 3), ("99999999999999999999", 3), ("-1", 3), ("0", 3)],
        *[("x", 1), ("²", 1), ("1; DROP", 1), ("", 1), ("1.5", 1)],
    ],
)
def test_page_number_may_be_anything(manager: Any, number: str, shown: int, settings: Any) -> None:
    settings.PAGE_SIZE = 2
    for _ in range(6):
        make.make_project()
    assert get(manager, page=number).table.page.number == shown


def test_pages_end_at_a_hundred(manager: Any, settings: Any) -> None:
    """Beyond, the list asks to filter; deep pages are as cheap as the first."""
    settings.PAGE_SIZE = 1
    owner = make.make_owner()
    Project.objects.bulk_create(
        Project(number=f"GC-2025-{n:06d}", name=f"工程{n}", owner=owner, created_at=make.NOW) for n in range(105)
    )
    response = get(manager, page="101")
    assert response.table.page.number == LAST_PAGE
    assert response.table.paginator.num_pages == LAST_PAGE


def test_exact_count_stops(manager: Any, settings: Any) -> None:
    settings.COUNT_LIMIT = 3
    for _ in range(6):
        make.make_project()
    paginator = CappedPaginator(Project.objects.all(), 2)
    assert (paginator.count, paginator.is_capped) == (4, True)


def test_nothing_is_counted_beyond_the_limit(manager: Any) -> None:
    """An exact count reads the whole table, however few rows are shown."""
    make.make_project()
    with CaptureQueriesContext(connection) as queries:
        get(manager)
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert len(counts) == 1
    assert "LIMIT" in counts[0]


def test_every_row_is_on_exactly_one_page(manager: Any, settings: Any) -> None:
    """A tie-break makes pages stable."""
    settings.PAGE_SIZE = 2
    for _ in range(5):
        make.make_project()
    seen = [name for page in (1, 2, 3) for name in names(get(manager, page=page))]
    assert len(seen) == len(set(seen)) == 5


def test_tab_narrows_and_an_unknown_tab_is_the_first(manager: Any) -> None:
    make.make_project(name="开着")
    make.make_project(name="关了", status="closed")
    assert names(get(manager, tab="closed")) == ["关了"]
    assert set(names(get(manager, tab="nonsense"))) == {"开着", "关了"}


def test_filter_by_a_foreign_row_shows_nothing_and_offers_nothing(world: World) -> None:
    person = world.people["owner_admin"]
    response = get(person, owner=world.other.pk)
    assert world.other_project.name not in names(response)
    assert list(response.table.data.data) in ([], list(Project.objects.visible_to(person).order_by("-number", "-pk")))


def test_list_costs_the_same_for_two_and_seventeen_rows(manager: Any) -> None:
    counts = []
    assert manager.roles  # read once a request
    for wanted in (2, 17):
        while Project.objects.count() < wanted:
            make.make_project()
        with CaptureQueriesContext(connection) as queries:
            names(get(manager))
        counts.append(len(queries))
    assert counts[0] == counts[1]
