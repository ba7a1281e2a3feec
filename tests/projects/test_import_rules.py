"""What a row is about and what it would change: the plan without the database (model, "Equipment on import")."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.projects.importing.drafts import KINDS, Book, Draft, existing
from apps.projects.importing.rules import Plan, missing_columns, plan
from apps.projects.importing.values import Row


def book() -> Book:
    """One owner with a project of four pieces, and one with another."""
    made = Book()
    owner = made.add(existing("owner", 1, name="江州市政"))
    other_owner = made.add(existing("owner", 2, name="江州中学"))
    project = made.add(
        existing("project", 1, number="GC-2026-000001", name="滨江照明", contract_number="HT-1", owner=owner)
    )
    other = made.add(
        existing("project", 2, number="GC-2026-000002", name="机房", contract_number="", owner=other_owner)
    )
    lamp, pump = (made.add(existing("model", pk, maker="明衢", name=name)) for pk, name in ((1, "LD-1"), (2, "P-2")))
    site = made.add(existing("site", 1, project=project, parent=None, name="东路"))

    def piece(pk: int, **values: Any) -> Draft:
        known = {"project": project, "asset_code": f"SB-{pk:06d}", "serial_number": "", "model": None, "site": None}
        return made.add(existing("equipment", pk, **known | {"place": "", "installed_on": None} | values))

    piece(1, name="路灯", place="K1", model=lamp, serial_number="S1")
    piece(2, name="路灯", place="K2", model=lamp)
    piece(3, name="水泵", site=site, model=pump, serial_number="S1")
    piece(4, name="控制箱", place="K1", serial_number="C4")
    piece(5, name="机柜", project=other)
    return made


IN_PROJECT = {"owner": "江州市政", "project": "滨江照明"}


def planned(*rows: dict[str, Any], into: Book | None = None) -> Plan:
    return plan([Row(number, values) for number, values in enumerate(rows, start=2)], into or book())


def found(made: Plan, row: int = 2) -> int | str | None:
    """Return which piece a row was taken for: its key, "new", or None."""
    piece = next((draft for draft in made.book.written("equipment") if draft.row == row), None)
    return None if piece is None else ("new" if piece.is_new else piece.pk)


@pytest.mark.parametrize(
    ("row", "piece"),
    [
        # The asset code decides alone, whatever else the row says.
        ({"asset_code": "SB-000001"}, 1),
        ({"asset_code": "SB-000001", "name": "别名", "place": "K9"}, 1),
        ({"asset_code": "SB-000002", "serial_number": "S1", "model": "LD-1", "maker": "明衢"}, 2),
        ({"asset_code": "ZC-1", "name": "路灯", "place": "K2"}, "new"),
        # Without a code the serial number within the model decides.
        ({"model": "LD-1", "maker": "明衢", "serial_number": "S1", "name": "高杆灯", "place": "K7"}, 1),
        ({"model": "P-2", "maker": "明衢", "serial_number": "S1", "name": "水泵"}, 3),
        ({"model": "P-2", "serial_number": "S1", "name": "水泵"}, 3),
        ({"model": "P-3", "maker": "明衢", "serial_number": "S1", "name": "水泵"}, "new"),
        # Without either, project, place and name.
        ({"name": "路灯", "place": "K2"}, 2),
        ({"name": "路灯", "place": "Ｋ2 "}, 2),
        ({"name": "路灯", "place": "K3"}, "new"),
        ({"name": "水泵", "site": "东路"}, 3),
        ({"name": "水泵"}, "new"),
        ({"name": "水泵", "site": "东路", "area": "一段"}, "new"),
        # A number that only one side has makes no difference; two different ones do.
        ({"name": "路灯", "place": "K2", "serial_number": "S9"}, 2),
        ({"name": "控制箱", "place": "K1"}, 4),
        ({"name": "控制箱", "place": "K1", "serial_number": "C4"}, 4),
        ({"name": "控制箱", "place": "K1", "serial_number": "C5"}, "new"),
        ({"name": "路灯", "place": "K1", "serial_number": "S1", "model": "别型"}, "new"),
    ],
)
def test_identity_of_equipment(row: dict[str, Any], piece: int | str) -> None:
    made = planned(IN_PROJECT | row)
    assert not made.errors
    assert found(made) == piece


@pytest.mark.parametrize(
    ("row", "project"),
    [
        ({"project_number": "GC-2026-000001"}, 1),
        ({"project_number": "GC-2026-000001", "project": "新名"}, 1),
        ({"contract_number": "HT-1"}, 1),
        ({"owner": "江州市政", "project": "滨江照明"}, 1),
        ({"owner": "江州市政", "project": "滨江 照明"}, None),
        ({"owner": "江州中学", "project": "机房", "contract_number": "HT-2"}, 2),
        ({"owner": "江州中学", "project": "滨江照明"}, None),
        ({"owner": "新业主", "project": "滨江照明", "contract_number": "HT-9"}, None),
    ],
)
def test_identity_of_projects(row: dict[str, Any], project: int | None) -> None:
    made = planned({"name": "新设备"} | row)
    assert not made.errors
    assert [draft.pk for draft in made.book.written("project")] == [project]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"name": "灯"}, "owner_missing"),
        ({"name": "灯", "owner": "江州市政"}, "project_missing"),
        ({"name": "灯", "project": "滨江照明"}, "owner_missing"),
        ({"name": "灯", "project_number": "GC-2026-000009"}, "project_unknown"),
        ({"name": "灯", "project_number": "GC-2026-000001", "owner": "江州中学"}, "owner_differs"),
        ({"name": "灯", "contract_number": "HT-2", **IN_PROJECT}, "contract_differs"),
        ({"asset_code": "SB-000005", **IN_PROJECT}, "elsewhere"),
        ({"asset_code": "SB-000005", "owner": "江州市政"}, "owner_differs"),
        ({"asset_code": "SB-000777", "name": "灯", **IN_PROJECT}, "code_not_given"),
        ({"asset_code": "ZC-1", "name": "灯"}, "owner_missing"),
        ({"asset_code": "ZC-1", **IN_PROJECT}, "name_missing"),
        ({"place": "K1", **IN_PROJECT}, "name_missing"),
        ({"name": "灯", "parent": "没有", **IN_PROJECT}, "parent_unknown"),
        ({"name": "灯", "parent": "路灯", **IN_PROJECT}, "parent_ambiguous"),
        ({"name": "灯", "parent": "SB-000005", **IN_PROJECT}, "parent_elsewhere"),
        ({"name": "灯", "parent": "灯", **IN_PROJECT}, "parent_circular"),
        ({"name": "灯", "model": "P-2", "maker": "明衢", "serial_number": "S1",
          "owner": "江州中学", "project": "机房"}, "elsewhere"),
    ],
)  # fmt: skip
def test_row_that_cannot_be_placed_is_an_error(row: dict[str, Any], code: str) -> None:
    assert [(problem.code, problem.row) for problem in planned(row).errors] == [(code, 2)]


def test_row_without_equipment_is_told_and_left() -> None:
    made = planned({"owner": "新业主"})
    assert [(problem.code, problem.is_error) for problem in made.problems] == [("no_equipment", False)]
    assert not made.does_anything


def test_rows_alike_get_an_ordinal_and_are_told() -> None:
    row = IN_PROJECT | {"name": "庭院灯", "place": "K5"}
    made = planned(row, row, row | {"name": "庭院灯 (2)"}, row)
    assert [draft.name for draft in made.created("equipment")] == [
        "庭院灯",
        "庭院灯 (2)",
        "庭院灯 (2) (2)",
        "庭院灯 (3)",
    ]
    assert [(problem.code, problem.row) for problem in made.problems] == [
        ("ordinal", 3),
        ("ordinal", 4),
        ("ordinal", 5),
    ]
    assert not made.errors


def test_rows_alike_but_for_their_serial_number_are_different_equipment() -> None:
    row = IN_PROJECT | {"name": "庭院灯", "place": "K5"}
    made = planned(row | {"serial_number": "A"}, row | {"serial_number": "B"}, row)
    assert len(made.created("equipment")) == 3
    assert not made.problems


def test_register_of_faults_names_equipment_once_and_its_project_by_the_unit() -> None:
    row = {"owner": "河南", "affected": "财务管控"}
    made = planned(row, row, row | {"affected": "外网网站"})
    assert [draft.name for draft in made.created("equipment")] == ["财务管控", "外网网站"]
    (project,) = made.created("project")
    assert project.name == "河南信息系统"
    assert project.values["trade"] == "information_system"
    assert not made.problems


@pytest.mark.parametrize("key", [{"asset_code": "ZC-1"}, {"model": "P-2", "maker": "明衢", "serial_number": "S9"}])
def test_equipment_named_twice_is_left_if_the_same_and_an_error_if_not(key: dict[str, str]) -> None:
    row = IN_PROJECT | key | {"name": "灯"}
    made = planned(row, row)
    assert [problem.code for problem in made.problems] == ["repeated"]
    assert len(made.created("equipment")) == 1
    assert [problem.code for problem in planned(row, row | {"place": "K8"}).errors] == ["repeated_differently"]


def test_row_takes_only_what_it_says() -> None:
    made = planned(IN_PROJECT | {"asset_code": "SB-000001", "place": "K8", "installed_on": date(2026, 1, 2)})
    (piece,) = made.changed("equipment")
    assert piece.changes == {"place": ("K1", "K8"), "installed_on": (None, date(2026, 1, 2))}
    assert made.counts()["equipment"] == {"created": 0, "changed": 1, "left": 0}
    assert made.counts()["project"] == {"created": 0, "changed": 0, "left": 1}


def test_place_as_our_own_list_shows_it_is_no_change() -> None:
    made = planned({"asset_code": "SB-000003", "place": "东路", "model": "明衢 P-2"})
    assert not made.does_anything


def test_first_row_counts_where_rows_differ_about_the_project() -> None:
    made = planned(
        IN_PROJECT | {"name": "甲", "project_address": "一路"}, IN_PROJECT | {"name": "乙", "project_address": "二路"}
    )
    (project,) = made.changed("project")
    assert project.values["address"] == "一路"
    assert [(problem.code, problem.row, problem.other) for problem in made.problems] == [
        ("project_says_otherwise", 3, "2")
    ]


def test_contract_does_not_rename_a_project_that_the_file_names_otherwise() -> None:
    owner = {"owner": "业主", "name": "灯"}
    made = planned(
        owner | {"project": "工程二"},
        owner | {"project": "工程二", "contract_number": "H1", "place": "K1"},
        owner | {"project": "工程", "contract_number": "H1", "place": "K2"},
        into=Book(),
    )
    assert [project.name for project in made.created("project")] == ["工程二"]
    assert [(problem.code, problem.row) for problem in made.problems] == [("project_says_otherwise", 4)]


def test_old_name_of_a_renamed_project_means_another_project() -> None:
    made = planned(
        {"project_number": "GC-2026-000001", "owner": "江州市政", "project": "滨江二期", "name": "甲"},
        IN_PROJECT | {"name": "乙"},
    )
    assert [(project.pk, project.name) for project in made.book.written("project")] == [
        (1, "滨江二期"),
        (None, "滨江照明"),
    ]


def test_parents_are_joined_in_whatever_order_the_file_names_them() -> None:
    made = planned(
        IN_PROJECT | {"name": "灯头", "parent": "灯杆"},
        IN_PROJECT | {"name": "灯杆", "parent": "ZC-9"},
        IN_PROJECT | {"name": "基础", "asset_code": "ZC-9"},
    )
    head, pole, base = made.created("equipment")
    assert (head.values["parent"], pole.values["parent"], base.values.get("parent")) == (pole, base, None)
    assert not made.problems


def test_circle_through_several_rows_is_an_error() -> None:
    made = planned(IN_PROJECT | {"name": "甲", "parent": "乙"}, IN_PROJECT | {"name": "乙", "parent": "甲"})
    assert {problem.code for problem in made.errors} == {"parent_circular"}


def test_maker_and_size_without_a_model_are_told() -> None:
    made = planned(IN_PROJECT | {"name": "灯", "maker": "明衢", "size_class": "large"})
    assert [(problem.code, problem.field) for problem in made.problems] == [
        ("model_missing", "maker"),
        ("model_missing", "size_class"),
    ]


def test_one_model_of_two_sizes_is_an_error() -> None:
    row = IN_PROJECT | {"model": "X"}
    made = planned(row | {"name": "甲", "size_class": "small"}, row | {"name": "乙", "size_class": "large"})
    assert [problem.code for problem in made.errors] == ["size_differs"]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"owner", "project", "name"}, []),
        ({"owner", "affected"}, []),
        ({"asset_code"}, []),
        ({"project_number", "name"}, []),
        ({"owner", "project"}, ["no_equipment_column"]),
        ({"name"}, ["no_project_column"]),
        ({"owner", "name"}, ["no_project_column"]),
        (set(), ["no_equipment_column", "no_project_column"]),
    ],
)
def test_columns_must_suffice_to_place_a_row(fields: set[str], codes: list[str]) -> None:
    assert [problem.code for problem in missing_columns(fields)] == codes


# Few words, so that rows collide in every way.
WORDS = st.sampled_from(["甲", "乙", "甲 (2)"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"owner": st.sampled_from(["业主", "业主二"]), "project": st.sampled_from(["工程", "工程二"]), "name": WORDS},
        optional={
            "asset_code": st.sampled_from(["A-1", "A-2"]),
            "model": st.sampled_from(["M", "N"]),
            "maker": st.sampled_from(["厂", "厂二"]),
            "serial_number": st.sampled_from(["1", "2"]),
            "site": st.sampled_from(["东", "西"]),
            "area": WORDS,
            "place": st.sampled_from(["K1", "K2"]),
            "parent": WORDS,
            "size_class": st.just("large"),
            "contract_number": st.sampled_from(["H1", "H2"]),
            "affected": WORDS,
        },
    ),
    max_size=8,
)


def written(made: Plan) -> Book:
    """Return the book as the database would hold it after the plan was written."""
    after = Book()
    kept: dict[Draft, Draft] = {}

    def kept_value(value: Any) -> Any:
        return kept.get(value) if isinstance(value, Draft) else value

    for kind in KINDS:
        for draft in made.book.drafts[kind]:
            if draft.row or not draft.is_new:
                pk = len(kept) + 1
                given = {
                    "equipment": {"asset_code": f"SB-{pk:06d}", "serial_number": ""},
                    "project": {"number": f"GC-{pk}"},
                }
                values = given.get(kind, {}) | {name: kept_value(value) for name, value in draft.values.items()}
                kept[draft] = after.add(existing(kind, pk, **values))
    # A part may come before what it is part of.
    for draft, copy in kept.items():
        if parent := draft.values.get("parent"):
            copy.values["parent"] = kept[parent]
            copy.before = {**copy.before, "parent": kept[parent]}
    return after


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS)
def test_second_import_of_any_file_changes_nothing(before: list[dict[str, str]], rows: list[dict[str, str]]) -> None:
    """Into an empty portal, or one that holds another file already."""
    first = planned(*before, into=Book())
    start = written(first) if not first.errors else Book()
    made = planned(*rows, into=start)
    if made.errors:
        return
    again = planned(*rows, into=written(made))
    assert not again.errors
    assert not again.does_anything, again.counts()
    assert sum(again.counts()["equipment"].values()) == sum(made.counts()["equipment"].values())
