"""The world has a row of every model, so that the sweeps leave none out."""

from django.apps import apps

from apps.core.models import Counter, SubmissionKey
from tests.factories import project_of
from tests.world import World

#: Rows that no page shows and no address names.
NOT_IN_WORLD = {Counter, SubmissionKey}


def test_world_has_a_row_of_every_model(world: World) -> None:
    ours = {model for model in apps.get_models() if model.__module__.startswith("apps.")}
    missing = {model.__name__ for model in ours - NOT_IN_WORLD - set(world.rows)}
    assert not missing, f"Give tests/world.py a row of {sorted(missing)}."


def test_rows_lie_under_project_a_as_far_as_they_have_a_project(world: World) -> None:
    for model, row in world.rows.items():
        if model.project_path:
            assert project_of(row) == world.project, model
