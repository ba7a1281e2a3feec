"""A document of no one project: as restricted as its subject, and nobody signs it for an owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.documents import access, services
from apps.documents.models import Document
from tests.factories.complaints import make_complaint

STATUS = {"manager": 200, "quality": 200, "auditor": 404, "engineer": 404, "owner_admin": 404, "owner_member": 404}


@pytest.fixture
def document(world: Any, now: Any, django_capture_on_commit_callbacks: Callable[..., Any]) -> Document:
    with django_capture_on_commit_callbacks(execute=True):
        return services.issue_now("complaint_sheet", make_complaint(project=None), actor=world.quality, now=now)


@pytest.mark.parametrize(("person", "status"), STATUS.items())
def test_opens_for_those_who_see_its_subject(
    document: Document, world: Any, client_of: Callable[..., Client], person: str, status: int
) -> None:
    client = client_of(getattr(world, person))
    assert client.get(document.get_absolute_url()).status_code == status
    listed = client.get(reverse("documents:list"), {"q": document.number}).content.decode()
    assert (document.get_absolute_url() in listed) is (status == 200)


def test_nobody_signs_it_for_an_owner(document: Document, world: Any) -> None:
    assert document.project is None
    assert not access.may_sign(document, world.owner_admin)
    assert not access.may_take_signature(document, world.quality)
