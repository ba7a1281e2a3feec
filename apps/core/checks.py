"""System checks: what may not be forgotten when a model is added."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from .lifecycle import machines
from .scoping import SCOPES, Audience, ScopedModel


@register()
def every_model_declares_who_sees_it(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Fail on a model of ours that declares neither its project nor its scope, or no audience."""
    errors = []
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        label = model._meta.label
        if not issubclass(model, ScopedModel):
            errors.append(
                Error(
                    f"{label} is not a ScopedModel.",
                    hint="Derive it from core.scoping.ScopedModel.",
                    id="core.E001",
                )
            )
            continue
        if (model.project_path is None) == (model.scope is None):
            errors.append(
                Error(f"{label} must declare project_path or scope, and not both.", obj=model, id="core.E002")
            )
        if model.scope is not None and model.scope not in SCOPES:
            errors.append(Error(f"{label} has an unknown scope {model.scope!r}.", obj=model, id="core.E003"))
        # Where a column is called "audience", Django puts its descriptor in the constant's place.
        constant = model.audience if isinstance(model.audience, str) else None
        if (constant is None) == (model.audience_path is None):
            errors.append(
                Error(
                    f"{label} must declare audience or audience_path, and not both.",
                    obj=model,
                    id="core.E004",
                )
            )
        if constant is not None and constant not in Audience.values:
            errors.append(Error(f"{label} has an unknown audience.", obj=model, id="core.E005"))
        if model.scope == "own" and not model.own_path:
            errors.append(Error(f"{label} must say whose it is (own_path).", obj=model, id="core.E006"))
        if model.scope == "own organisation" and not (model.organisation_path and model.organisation_projects_path):
            errors.append(
                Error(
                    f"{label} must say whose it is (organisation_path, organisation_projects_path).",
                    obj=model,
                    id="core.E007",
                )
            )
    return errors


@register()
def every_edge_joins_known_states(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Fail on a transition whose source or target is no status of its model."""
    errors = []
    for edges in machines().values():
        for edge in edges.values():
            status: Any = edge.model._meta.get_field("status")
            known = set(dict(status.choices or ()))
            if unknown := ({*edge.sources, edge.target} - known):
                errors.append(
                    Error(
                        f"{edge.event_name} names unknown states {sorted(unknown)}.",
                        obj=edge.model,
                        id="core.E010",
                    )
                )
    return errors
