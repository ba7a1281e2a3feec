"""The pages of an import: the administrator's alone, with progress, report and correction of the columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.projects.importing import lifecycle, services
from apps.projects.models import Equipment, ImportRun

from .. import factories as make
from .importing import HEADER, as_csv, file_of, line

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def administrator() -> Any:
    return make.make_staff("administrator")


@pytest.fixture
def admin(client_of: Any, administrator: Any) -> Any:
    return client_of(administrator)


def upload(admin: Any, content: bytes, name: str = "台账.csv") -> Any:
    return admin.post(
        reverse("projects:import_create"), {"file": SimpleUploadedFile(name, content), "submission_key": "k"}
    )


def read(content: bytes, actor: Any, now: datetime) -> ImportRun:
    run = services.start_import(upload=SimpleUploadedFile("台账.csv", content), actor=actor, now=now)
    services.read_run(run.pk)
    run.refresh_from_db()
    return run


def test_upload_leads_to_progress_then_report_then_result(admin: Any, administrator: Any, now: datetime) -> None:
    answer = upload(admin, file_of(line(), line(name="水泵")))
    run = ImportRun.objects.get()
    assert answer.url == run.get_absolute_url()
    page = admin.get(answer.url).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert 'http-equiv="refresh"' in page
    progress = admin.get(answer.url, headers=HTMX)
    assert "等待读取" in progress.content.decode()
    assert "<html" not in progress.content.decode()

    services.read_run(run.pk)
    assert admin.get(answer.url, headers=HTMX).headers["HX-Refresh"] == "true"
    page = admin.get(answer.url).content.decode()
    assert "水泵" in page
    assert "尚未写入任何数据" in page

    step = reverse("core:step", args=["projects.importrun", run.pk, "apply"])
    assert admin.post(step, {"submission_key": "s"}).url == answer.url
    services.apply_run(run.pk)
    page = admin.get(answer.url).content.decode()
    assert "导入完成" in page
    assert Equipment.objects.count() == 2
    assert Equipment.objects.first().project.get_absolute_url() in page
    assert step not in page


def test_upload_sent_twice_is_one_import(admin: Any) -> None:
    content = file_of(line())
    assert upload(admin, content).url == upload(admin, content).url
    assert ImportRun.objects.count() == 1


def test_file_that_is_no_table_is_refused_on_the_form(admin: Any) -> None:
    answer = upload(admin, b"\x89PNG\r\n\x1a\n\x00", name="台账.xlsx")
    assert answer.status_code == 422
    assert "请另存为 XLSX 或 CSV" in answer.content.decode()


def test_errors_are_listed_with_row_column_and_what_to_do(admin: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line(), line(name="<b>灯</b>", installed_on="2025-02-30")), administrator, now)
    page = admin.get(run.get_absolute_url()).content.decode()
    assert "有 1 处错误" in page
    assert "“2025-02-30”不是有效日期" in page
    assert "<b>灯</b>" not in page
    assert reverse("core:step", args=["projects.importrun", run.pk, "apply"]) not in page
    step = reverse("core:step", args=["projects.importrun", run.pk, "apply"])
    assert admin.post(step, {"submission_key": "s"}).status_code == 403


def test_report_reads_in_the_language_of_its_reader(client_of: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line(installed_on="2025-02-30")), administrator, now)
    page = client_of(administrator, language="en").get(run.get_absolute_url()).content.decode()
    assert "is not a date" in page


def test_columns_are_corrected_on_screen_and_the_file_read_again(admin: Any, administrator: Any, now: datetime) -> None:
    content = as_csv([["甲方名", "项目名称", "叫什么", "位置"], ["江州市政", "滨江照明", "路灯", "K1"]])
    run = read(content, administrator, now)
    assert [problem["code"] for problem in run.report["problems"]] == ["no_equipment_column", "no_project_column"]
    address = reverse("projects:import_columns", args=[run.pk])
    page = admin.get(address).content.decode()
    assert "江州市政" in page
    chosen = {"column_0": "owner", "column_1": "project", "column_2": "name", "column_3": "", "submission_key": "k"}
    assert admin.post(address, chosen).url == run.get_absolute_url()
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READING
    services.read_run(run.pk)
    run.refresh_from_db()
    assert run.columns == {"0": "owner", "1": "project", "2": "name", "3": ""}
    assert run.can_be_applied
    lifecycle.apply(run, actor=administrator, now=now)
    services.apply_run(run.pk)
    assert Equipment.objects.get().place == ""


def test_one_meaning_is_given_to_one_column_only(admin: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line()), administrator, now)
    address = reverse("projects:import_columns", args=[run.pk])
    answer = admin.post(address, {"column_0": "name", "column_2": "name", "submission_key": "k"})
    assert answer.status_code == 422
    assert "已选此项" in answer.content.decode()
    assert admin.post(address, {"column_0": "password", "submission_key": "k"}).status_code == 422
    run.refresh_from_db()
    assert run.status == ImportRun.Status.READY


def test_columns_of_an_import_that_moved_on_are_not_corrected(admin: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line()), administrator, now)
    lifecycle.apply(run, actor=administrator, now=now)
    address = reverse("projects:import_columns", args=[run.pk])
    fields = {f"column_{position}": "" for position in range(len(HEADER))}
    assert admin.post(address, fields | {"submission_key": "k"}).status_code == 422
    run.refresh_from_db()
    assert run.status == ImportRun.Status.APPLYING


def test_cancelling_is_a_post_and_leaves_the_page(admin: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line()), administrator, now)
    step = reverse("core:step", args=["projects.importrun", run.pk, "cancel"])
    assert admin.get(step).status_code == 405
    admin.post(step, {"submission_key": "k"})
    assert "已取消" in admin.get(run.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["manager", "customer_service", "engineer", "finance", "auditor"])
def test_others_do_not_open_imports(role: str, client_of: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(line()), administrator, now)
    other = client_of(make.make_staff(role))
    for name, args in (("list", []), ("create", []), ("detail", [run.pk]), ("columns", [run.pk])):
        address = reverse(f"projects:import_{name}", args=args)
        assert other.get(address).status_code == 403, name
        assert other.post(address).status_code in {403, 405}, name


def test_pages_take_few_queries_whatever_the_report(admin: Any, administrator: Any, now: datetime) -> None:
    run = read(file_of(*[line(installed_on=str(n)) for n in range(1, 700)]), administrator, now)
    assert run.report["errors"] == 699
    for address in (
        run.get_absolute_url(),
        reverse("projects:import_columns", args=[run.pk]),
        reverse("projects:import_list"),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(address).status_code == 200
        assert len(captured) <= 12, address


def test_list_shows_how_imports_stand(admin: Any, administrator: Any, now: datetime) -> None:
    read(file_of(line()), administrator, now)
    page = admin.get(reverse("projects:import_list")).content.decode()
    assert "台账.csv" in page
    assert "待导入" in page
