"""Error pages answer whatever else is broken."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.http import Http404
from django.test import Client, RequestFactory

from apps.core import errors
from tests import factories as make

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.mark.django_db
def test_error_page_is_the_portals_own() -> None:
    client = Client()
    client.force_login(make.make_staff("manager"))
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "/nowhere/" in answer.text


def test_error_page_without_collected_files_is_bare_and_keeps_its_status(settings: Any, tmp_path: Any) -> None:
    """A forgotten ``collectstatic`` breaks every template; the answer still says what happened."""
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
    settings.STATIC_ROOT = tmp_path
    request = RequestFactory().get("/")
    for answer, status in ((errors.server_error(request), 500), (errors.bad_request(request, Exception()), 400)):
        assert answer.status_code == status
        assert "<h1>" in answer.text
        assert "<link" not in answer.text


def test_error_page_without_a_database_is_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("gone")

    monkeypatch.setattr(errors, "render", broken)
    answer = errors.page_not_found(RequestFactory().get("/<script>"), Http404())
    assert answer.status_code == 404
    assert "<script>" not in answer.text
