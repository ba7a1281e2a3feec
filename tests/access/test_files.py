"""Kept files are served through the row that owns them, to whom that row is visible, and never as a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from apps.complaints.models import CaseFile
from apps.core.models import StoredFile
from apps.core.scoping import Audience
from apps.documents.models import Document
from apps.surveys.models import AnswerScan
from apps.tickets.models import Ticket
from tests import factories as make

from .conftest import Sweep
from .watch import undone

FILES: list[Any] = [model for model in apps.get_models() if issubclass(model, StoredFile)]
every_kind = pytest.mark.parametrize("model", FILES, ids=lambda model: model.__name__)
SERVING = {"engineer", "trainer", "project_manager", "owner_admin", "owner_member"}
SEE_ALL = {
    "manager",
    "customer_service",
    "technical_support",
    "storekeeper",
    "finance",
    "quality",
    "administrator",
    "auditor",
}
#: Who opens a file that is not for everybody who serves the project: somebody who does, and all who do.
FILE_KEEPERS: dict[Any, set[str]] = {
    AnswerScan: {"engineer", "trainer", "project_manager", *SEE_ALL},
    CaseFile: {"quality", "manager", "customer_service", "owner_admin"},
}


def openers(sweep: Sweep, url: str) -> set[str]:
    """Return who gets the file; everybody else must get 404."""
    found = set()
    for name in sweep.world.people:
        response, watch = sweep.ask(name, "get", url)
        status = response.status_code
        assert status in {200, 404}, (name, url, status)
        assert not watch.written
        if status == 200:
            found.add(name)
    return found


@pytest.mark.django_db  # one such test a module makes the test database; see conftest.py
def test_there_are_files_of_every_kind() -> None:
    assert {"TicketPhoto", "WorkOrderPhoto", "VisitPhoto", "AcceptanceFile"} <= {model.__name__ for model in FILES}


@every_kind
def test_file_is_opened_by_those_who_see_its_row(model: Any, sweep: Sweep) -> None:
    opened = openers(sweep, sweep.world.rows[model].get_absolute_url())
    staff = {name for name, person in sweep.world.people.items() if person.is_staff_side}
    expected = {"staff": staff, "reference": set(sweep.world.people), "own": {"engineer"}, None: SERVING | SEE_ALL}
    assert opened == FILE_KEEPERS.get(model, expected[model.scope])


def test_photo_of_a_staff_note_is_hidden_from_the_owner(sweep: Sweep) -> None:
    with undone():
        photo = make.make_ticket_photo(ticket=sweep.world.rows[Ticket], audience=Audience.STAFF)
        assert openers(sweep, photo.get_absolute_url()) == (SERVING | SEE_ALL) - {"owner_admin", "owner_member"}


def test_issued_documents_bytes_are_for_those_who_see_the_document(sweep: Sweep) -> None:
    url = f"{sweep.world.rows[Document].get_absolute_url()}pdf/"
    assert openers(sweep, url) == SERVING | SEE_ALL


def test_restricted_documents_bytes_are_for_quality_and_manager(sweep: Sweep) -> None:
    with undone():
        document = make.make_document(subject=sweep.world.project, type="complaint_sheet", audience=Audience.RESTRICTED)
        assert openers(sweep, f"{document.get_absolute_url()}pdf/") == {"quality", "manager"}


@every_kind
def test_file_is_inert_in_a_browser(model: Any, sweep: Sweep) -> None:
    opener = "quality" if model in FILE_KEEPERS else "engineer"
    response = sweep.client(opener).get(sweep.world.rows[model].get_absolute_url())
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    shown = response["Content-Type"].startswith("image/")
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")


@every_kind
def test_nobody_signed_in_opens_no_file(model: Any, sweep: Sweep) -> None:
    assert Client().get(sweep.world.rows[model].get_absolute_url()).status_code == 302


@every_kind
def test_file_is_stored_under_a_name_of_our_own(model: Any, sweep: Sweep) -> None:
    row = sweep.world.rows[model]
    stem = row.original_name.rpartition(".")[0]
    assert stem not in row.file.name.rpartition("/")[2]
    assert (settings.MEDIA_ROOT / row.file.name).is_file()


@pytest.mark.parametrize(
    "label", ["accounts.user", "tickets.ticket", "documents.document", "no.such", "x", "core.storedfile"]
)
def test_row_that_is_no_file_is_not_found(label: str, sweep: Sweep) -> None:
    assert sweep.client("manager").get(f"/files/{label}/1/").status_code == 404


def test_stored_bytes_have_no_address_of_their_own(sweep: Sweep) -> None:
    """Nothing is served from the folder of kept files."""
    name = sweep.world.rows[FILES[0]].file.name
    for root in ("/", "/media/", "/static/", "/files/"):
        assert sweep.client("manager").get(f"{root}{name}").status_code == 404


def test_file_whose_bytes_are_gone_is_not_found(sweep: Sweep) -> None:
    with undone():
        row = sweep.world.rows[FILES[0]]
        row.file.name = "gone.jpg"
        row.save()
        assert sweep.client("manager").get(row.get_absolute_url()).status_code == 404
