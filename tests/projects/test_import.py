"""Imports against the database: all or nothing, the second time, the real file, ten thousand rows, the command."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.core.models import Event
from apps.core.search import matching
from apps.projects import tasks  # noqa: F401  the outbox learns its handlers
from apps.projects.importing import services, store
from apps.projects.importing.reading import kind_of
from apps.projects.models import Equipment, EquipmentModel, ImportRun, Owner, Project, Site

from .. import factories as make
from .importing import FIELDS, HEADER, REAL_FILE, as_csv, as_xlsx, file_of, line, snapshot

pytestmark = pytest.mark.django_db
real_file = pytest.mark.skipif(not REAL_FILE.exists(), reason="the real file is not here")


@pytest.fixture
def administrator() -> Any:
    return make.make_staff("administrator")


def imported(content: bytes, now: datetime, *, dry_run: bool = False) -> Any:
    return services.import_file(content, name="台账.csv", now=now, dry_run=dry_run)


def uploaded(content: bytes, actor: Any, now: datetime, name: str = "台账.csv") -> ImportRun:
    return services.start_import(upload=SimpleUploadedFile(name, content), actor=actor, now=now)


def test_file_makes_owner_project_model_site_and_equipment(now: datetime) -> None:
    content = as_xlsx(
        [
            [*HEADER, "合同编号", "专业", "规模", "上级设备", "调试参数", "项目地址", "责任部门"],
            [*line(asset_code="ZC-1", maker="明衢", model="LD-1", site="东路", area="一段", place="K1", installed_on="2025年3月1日"),
             "HT-7", "路灯", "大型", "控制箱", "电流 2.5", "滨江大道 1 号", "照明部"],
            line(name="控制箱", serial_number="C-1"),
        ]
    )  # fmt: skip
    made = imported(content, now)
    assert not made.problems
    lamp, box = Equipment.objects.order_by("name").values_list("name", flat=True), None
    assert list(lamp) == ["控制箱", "路灯"]
    lamp, box = Equipment.objects.get(name="路灯"), Equipment.objects.get(name="控制箱")
    assert (lamp.asset_code, lamp.where, lamp.installed_on) == ("ZC-1", "东路 · 一段 · K1", date(2025, 3, 1))
    assert (lamp.parent, lamp.commissioning_settings, str(lamp.model)) == (box, "电流 2.5", "明衢 LD-1")
    assert lamp.model.size_class == EquipmentModel.SizeClass.LARGE
    assert box.asset_code == "SB-000001"
    project = lamp.project
    assert (project.owner.name, project.name, project.number) == ("江州市政", "滨江照明", "GC-2026-000001")
    assert (project.contract_number, project.trade) == ("HT-7", Project.Trade.STREET_LIGHTING)
    assert (project.address, project.department) == ("滨江大道 1 号", "照明部")
    assert project.status == Project.Status.PREPARING
    assert len({lamp.label_token, box.label_token}) == 2


def test_imported_rows_are_found_by_a_fragment_and_tell_their_history(now: datetime) -> None:
    imported(file_of(line(name="箱式变电站", place="甲路")), now)
    piece = matching(Equipment.objects.all(), "变电").get()
    assert matching(Project.objects.all(), "滨江").exists()
    assert matching(Owner.objects.all(), "市政").exists()
    event = Event.objects.about(piece).get()
    assert (event.name, event.project) == ("projects.equipment.created", piece.project)
    assert "台账.csv" in event.data["note"]

    imported(as_csv([["资产编号", "位置"], [piece.asset_code, "乙路"]]), now)
    assert matching(Equipment.objects.all(), "乙路").get() == piece
    assert not matching(Equipment.objects.all(), "甲路").exists()
    changed = Event.objects.about(piece).get(name="projects.equipment.changed")
    assert changed.data["changes"] == {"place": ["甲路", "乙路"]}
    assert changed.project == piece.project


def test_second_import_of_the_same_file_changes_nothing(now: datetime) -> None:
    content = file_of(
        line(),
        line(),
        line(name="水泵", maker="南方", model="CR-32", serial_number="7", site="泵房", area="地下"),
        line(name="水泵", model="CR-32", place="备用"),
        line(name="配电箱", asset_code="ZC-9", installed_on="20250301"),
    )
    imported(content, now)
    before, events = snapshot(), Event.objects.count()
    again = imported(content, now)
    assert not again.errors
    assert not again.does_anything
    assert snapshot() == before
    assert Event.objects.count() == events
    assert ImportRun.objects.count() == 1


def test_what_was_written_comes_back_unchanged(now: datetime) -> None:
    """Round trip: a file of what is in the portal changes nothing."""
    imported(file_of(*(line(name=f"灯{n}", maker="厂", model=f"M{n % 3}", serial_number=f"{n}", site="东", place=f"K{n}",
                            installed_on="2025-01-02") for n in range(1, 30))), now)  # fmt: skip
    rows = Equipment.objects.values_list(
        "project__owner__name", "project__name", "name", "asset_code", "model__maker", "model__name", "serial_number",
        "site__name", "place", "installed_on", "project__number",
    )  # fmt: skip
    header = [*HEADER[: FIELDS.index("area")], "位置", "安装日期", "项目编号"]
    for content in (as_csv([header, *rows], encoding="gb18030"), as_xlsx([header, *rows])):
        made = imported(content, now, dry_run=True)
        assert made.counts()["equipment"] == {"created": 0, "changed": 0, "left": 29}
        assert not made.problems


@pytest.mark.parametrize(
    "broken",
    [line(installed_on="2025-02-30"), line(name="灯" * 121), line(asset_code="SB-999999"), line(project="")],
    ids=["date", "too-long", "code", "project"],
)
def test_one_broken_row_and_nothing_at_all_is_written(broken: list[str], now: datetime) -> None:
    before = snapshot()
    made = imported(file_of(line(name="好的"), broken, line(name="也好")), now)
    assert [problem.row for problem in made.errors] == [3]
    assert snapshot() == before
    assert not ImportRun.objects.exists()
    assert not Event.objects.exists()


def test_failure_while_writing_leaves_nothing(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(store, "record_many", fail)
    with pytest.raises(DatabaseError):
        imported(file_of(line()), now)
    assert not Owner.objects.exists()
    assert not Equipment.objects.exists()


def test_dry_run_writes_nothing_and_counts_the_same(now: datetime) -> None:
    content = file_of(line(), line(name="水泵", site="泵房", model="CR-32"))
    dry = imported(content, now, dry_run=True)
    assert not Owner.objects.exists()
    assert not ImportRun.objects.exists()
    assert imported(content, now).counts() == dry.counts()
    assert Equipment.objects.count() == 2


@real_file
def test_real_file_gives_49_owners_231_pieces_and_5_rows_without_an_object(now: datetime) -> None:
    content = REAL_FILE.read_bytes()
    made = imported(content, now)
    assert not made.errors
    assert [(problem.code, problem.row) for problem in made.problems] == [
        ("no_equipment", row) for row in (76, 77, 238, 241, 422)
    ]
    assert (Owner.objects.count(), Project.objects.count(), Equipment.objects.count()) == (49, 49, 231)
    assert all(project.name == f"{project.owner.name}信息系统" for project in Project.objects.select_related("owner"))
    assert not Equipment.objects.filter(name__in=["", "0", "无"]).exists()
    before = snapshot()
    again = imported(content, now)
    assert not again.does_anything
    assert again.counts()["equipment"] == {"created": 0, "changed": 0, "left": 231}
    assert snapshot() == before


@real_file
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_real_file_with_a_broken_row_writes_nothing_and_names_the_line(encoding: str, now: datetime) -> None:
    text = REAL_FILE.read_text("utf-8-sig").replace("财务管控", "财" * 121, 1)
    made = imported(text.encode(encoding), now)
    (error,) = made.errors
    assert error.code == "too_long"
    assert f"第 {error.row} 行" in error.line
    assert not Owner.objects.exists()


def big_file(count: int) -> bytes:
    lines = (
        line(owner=f"业主{n % 5}", project=f"工程{n % 5}", name=f"风机盘管{n}", maker="厂", model=f"FP-{n % 40}",
             serial_number=f"S{n}", site=f"{n % 6} 号楼", area=f"{n % 9} 层", place=f"{n % 300} 室")
        for n in range(count)
    )  # fmt: skip
    return file_of(*lines)


def queries_of(content: bytes, now: datetime) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert not imported(content, now).errors
    return len(captured)


def test_ten_thousand_rows_take_few_statements(now: datetime) -> None:
    taken = queries_of(big_file(10_000), now)
    assert Equipment.objects.filter(asset_code="SB-010000").exists()
    # On SQLite a statement holds some sixty rows of this width, elsewhere a thousand.
    assert taken < (600 if connection.vendor == "sqlite" else 150)


def test_importing_what_is_there_reads_in_few_statements(now: datetime) -> None:
    imported(big_file(1000), now)
    assert queries_of(big_file(1000), now) < 40


def test_changing_many_rows_takes_few_statements(now: datetime) -> None:
    imported(big_file(400), now)
    codes = Equipment.objects.values_list("asset_code", flat=True)
    assert queries_of(as_csv([["资产编号", "位置"], *((code, "新位置") for code in codes)]), now) < 60
    assert Equipment.objects.filter(place="新位置").count() == 400
    assert Equipment.objects.get(asset_code="SB-000007").search_text.endswith("新位置")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xd0\xcf\x11\xe0" + b"\x00" * 99])
def test_upload_that_is_no_table_is_refused_at_once(content: bytes, administrator: Any, now: datetime) -> None:
    with pytest.raises(DomainError):
        uploaded(content, administrator, now, name="台账.xlsx")
    assert not ImportRun.objects.exists()


def test_kept_file_is_named_by_us_and_by_its_content(administrator: Any, now: datetime) -> None:
    run = uploaded(as_xlsx([HEADER, line()]), administrator, now, name="../../台账\u202ecsv.html")
    assert run.file.name.endswith(".xlsx")
    assert "html" not in run.file.name
    assert run.original_name == "台账csv.html"
    assert kind_of(run.file.read()) == "xlsx"


def command(path: Any, *options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_equipment", str(path), *options, stdout=out, stderr=err, no_color=True)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}"
    return out.getvalue(), err.getvalue()


def test_command_imports_and_prints_counts_and_lines(tmp_path: Any) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(file_of(line(), line()))
    out, err = command(path, "--dry-run")
    assert "设备：新建 2，变更 0，不变 0" in out
    assert "第 3 行" in out
    assert not err
    assert not Equipment.objects.exists()
    command(path)
    assert Equipment.objects.count() == 2
    assert ImportRun.objects.get().status == ImportRun.Status.APPLIED
    out, err = command(path)
    assert "设备：新建 0，变更 0，不变 2" in out
    path.write_bytes(file_of(line(), line(installed_on="2025-02-30")))
    out, err = command(path)
    assert "第 3 行 · 安装日期" in err
    assert Equipment.objects.count() == 2


def test_command_says_what_is_wrong_with_a_file(tmp_path: Any) -> None:
    assert "No such file" in command(tmp_path / "none.csv")[1]
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\x00" * 99)
    assert "XLSX" in command(path)[1]


def test_two_sites_of_one_name_are_told_apart_by_project_and_parent(now: datetime) -> None:
    imported(
        file_of(line(site="东", area="一"), line(site="西", area="一"), line(project="二期", site="东", area="一")), now
    )
    assert sorted(str(site) for site in Site.objects.all()) == ["东", "东", "东 · 一", "东 · 一", "西", "西 · 一"]


def test_row_with_a_wrong_cell_causes_no_further_errors_in_others(now: datetime) -> None:
    header = [*HEADER, "上级设备"]
    content = as_csv([header, line(name="主机", installed_on="2025-02-30"), [*line(name="风机"), "主机"]])
    assert [(problem.code, problem.row) for problem in imported(content, now).errors] == [("invalid_date", 2)]
