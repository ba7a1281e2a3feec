"""In whose name papers are issued: not before somebody has said so, and with a seal that can be drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.core.errors import DomainError
from apps.documents import printing, services
from apps.documents.models import CompanyProfile, Document, PrintRun
from tests import factories as make

pytestmark = pytest.mark.django_db

HOME = "/"
COMPANY = {"name": "江州明衢照明工程有限公司", "short_name": "明衢照明", "seal_text": "售后服务专用章"}


@pytest.fixture
def administrator() -> Any:
    return make.make_staff("administrator")


def test_nothing_is_drafted_in_the_name_of_nobody(sheet_type: Any, now: Any) -> None:
    """D-05: what is issued is frozen, so it waits until the company's name is entered. A preview is only shown."""
    project, manager = make.make_project(), make.make_staff("manager")
    with pytest.raises(DomainError):
        services.draft("tests.sheet", project, actor=manager, now=now)
    with pytest.raises(DomainError):
        services.issue_now("tests.sheet", project, actor=manager, now=now)
    assert not Document.objects.exists()
    assert "草稿" in services.preview_html("tests.sheet", project, now=now)
    make.make_company()
    assert (
        services.draft("tests.sheet", project, actor=manager, now=now).data["letterhead"]["company"] == COMPANY["name"]
    )


def test_no_labels_are_printed_in_the_name_of_nobody(now: Any) -> None:
    manager, equipment = make.make_staff("manager"), make.make_equipment()
    labels: dict[str, Any] = {"kind": PrintRun.Kind.LABELS, "keys": [equipment.pk], "actor": manager, "now": now}
    with pytest.raises(DomainError):
        printing.request_print(**labels)
    make.make_company()
    assert printing.request_print(**labels).selection == [equipment.pk]


def test_administrator_is_reminded_until_the_company_is_set_up(administrator: Any, client_of: Any) -> None:
    page = reverse("documents:company")
    browser = client_of(administrator)
    assert 'id="panel-company-missing"' in browser.get(HOME).content.decode()
    assert 'id="panel-company-missing"' not in client_of(make.make_staff("manager")).get(HOME).content.decode()
    assert browser.post(page, COMPANY).status_code == 302
    assert 'id="panel-company-missing"' not in browser.get(HOME).content.decode()


@pytest.mark.parametrize("field", ["name", "seal_text"])
def test_name_that_the_seal_cannot_show_is_refused_on_its_field(administrator: Any, client_of: Any, field: str) -> None:
    """Else every paper would stay “being issued”: a seal with a gap in its name is not printed."""
    response = client_of(administrator).post(reverse("documents:company"), COMPANY | {field: "江州😀服务"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "😀" in str(response.context["form"].errors[field])
    assert not CompanyProfile.objects.exists()


def test_page_shows_the_seal_as_it_is_printed(administrator: Any, client_of: Any) -> None:
    page = reverse("documents:company")
    browser = client_of(administrator)
    assert 'class="seal"' not in browser.get(page).content.decode()
    row = make.make_company()
    assert 'class="seal" src="data:image/svg' in browser.get(page).content.decode()
    CompanyProfile.objects.filter(pk=row.pk).update(name="江州😀")
    assert 'class="seal"' not in browser.get(page).content.decode()
