"""The system checks have bite: a model that forgets to say who sees it does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from apps.core.checks import every_model_declares_who_sees_it
from apps.core.scoping import Audience, ScopedModel


@pytest.fixture
def declare() -> Iterator[Any]:
    """Return a function that makes a model for as long as the test runs."""
    made: list[str] = []

    def make(*bases: Any, **attributes: Any) -> list[str]:
        name = f"Temporary{len(made)}"
        made.append(name.lower())
        meta = type("Meta", (), {"app_label": "core"})
        model = type(name, bases, {"__module__": "apps.core.temporary", "Meta": meta, **attributes})
        return [error.id for error in every_model_declares_who_sees_it(None) if error.msg.startswith(model._meta.label)]

    yield make
    for name in made:
        del apps.all_models["core"][name]
    apps.clear_cache()


@pytest.mark.parametrize(
    ("attributes", "errors"),
    [
        ({}, ["core.E002", "core.E004"]),
        ({"project_path": "project"}, ["core.E004"]),
        ({"audience": Audience.OWNER}, ["core.E002"]),
        ({"project_path": "project", "scope": "staff", "audience": Audience.STAFF}, ["core.E002"]),
        ({"scope": "everybody", "audience": Audience.STAFF}, ["core.E003"]),
        ({"scope": "staff", "audience": Audience.STAFF, "audience_path": "audience"}, ["core.E004"]),
        ({"scope": "staff", "audience": "friends"}, ["core.E005"]),
        ({"scope": "own", "audience": Audience.OWNER}, ["core.E006"]),
        ({"scope": "own organisation", "audience": Audience.OWNER}, ["core.E007"]),
        ({"scope": "staff", "audience": Audience.STAFF}, []),
        ({"project_path": "ticket__project", "audience_path": "audience"}, []),
    ],
)
def test_model_must_say_where_its_project_is_and_for_whose_eyes_it_is(
    declare: Any, attributes: dict[str, Any], errors: list[str]
) -> None:
    assert declare(ScopedModel, **attributes) == errors


def test_model_must_be_scoped(declare: Any) -> None:
    assert declare(models.Model) == ["core.E001"]


def test_paths_of_every_model_lead_somewhere() -> None:
    """A misspelt path would fail only when somebody looks."""
    for model in apps.get_models():
        if not issubclass(model, ScopedModel):
            continue
        for path in ("project_path", "audience_path", "own_path", "organisation_path", "organisation_projects_path"):
            if getattr(model, path):
                str(model._base_manager.filter(**{f"{getattr(model, path)}__isnull": False}).query)


def test_default_manager_of_every_model_can_be_narrowed() -> None:
    for model in apps.get_models():
        if issubclass(model, ScopedModel):
            assert hasattr(model._default_manager.all(), "visible_to"), model


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
