"""Every state machine: its edges are transitions, and a table of each app's tests covers them all."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from apps.core.events import declared_events
from apps.core.lifecycle import Transition, machines
from apps.core.scoping import ScopedModel

from .sources import ROOT, layer_files, parsed, short

EDGES = [(label, name) for label, edges in sorted(machines().items()) for name in sorted(edges)]


def test_every_public_function_of_a_lifecycle_is_a_transition() -> None:
    plain = [
        f"{short(path)}:{node.name}"
        for path in layer_files("lifecycle")
        if "core" not in path.parts
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not _is_transition(node)
    ]
    assert not plain, f"A lifecycle holds edges alone; predicates live in access.py: {plain}"


def _is_transition(node: ast.FunctionDef) -> bool:
    return any("transition" in ast.unparse(decorator).split("(")[0] for decorator in node.decorator_list)


@cache
def tables_of(app: str) -> set[tuple[str, str]]:
    """Return (model, step) of every row of every ``TABLE`` that an app's tests publish.

    A row is (role, state, step, outcome); ``step`` is the edge's name, its event name or the transition itself.
    """
    covered: set[tuple[str, str]] = set()
    for path in sorted((ROOT / "tests" / app).glob("test_*.py")):
        if not any(_assigns_table(node) for node in parsed(path).body):
            continue
        module = import_module(f"tests.{app}.{path.stem}")
        for name in [name for name in dir(module) if name == "TABLE" or name.endswith("_TABLE")]:
            for row in getattr(module, name):
                covered |= {_named(part, app) for part in _parts(row) if _named(part, app)}
    return covered


def _assigns_table(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id.endswith("TABLE") for target in targets)


def _parts(row: Any) -> list[Any]:
    values = getattr(row, "values", row)
    return list(values() if callable(values) else values)


def _named(part: Any, app: str) -> Any:
    if isinstance(part, Transition):
        return (part.model._meta.label_lower, part.name)
    if isinstance(part, str):
        known = [(label, name) for label, name in EDGES if label.startswith(f"{app}.")]
        exact = [edge for edge in known if part in {edge[1], ".".join(edge)}]
        return exact[0] if len(exact) == 1 else None
    return None


@pytest.mark.parametrize(("label", "name"), EDGES)
def test_edge_has_a_row_in_its_apps_table(label: str, name: str) -> None:
    """Publish ``TABLE`` in tests/<app>/: (role, state, step, outcome)."""
    assert (label, name) in tables_of(label.split(".", maxsplit=1)[0]), f"No row for {label}.{name}"


@pytest.mark.parametrize(("label", "name"), EDGES)
def test_edge_reads_well(label: str, name: str) -> None:
    edge = machines()[label][name]
    assert isinstance(edge, Transition)
    assert str(edge.label).strip()
    assert edge.event_name in declared_events()
    assert edge.body.__doc__, f"{edge.event_name} has no docstring"
    assert edge.style in {"primary", "secondary", "danger"}
    if edge.form:
        assert edge.form_class() is not None
        missing = edge.accepts - set(edge.form_class().base_fields) - {edge.body.__code__.co_varnames[0]}
        assert not {n for n in missing if _required(edge, n)}, (
            f"{edge.event_name} asks for {missing}, its form does not"
        )


def _required(edge: Transition, name: str) -> bool:
    import inspect  # noqa: PLC0415

    return inspect.signature(edge.body).parameters[name].default is inspect.Parameter.empty


def test_every_status_has_a_look() -> None:
    """Colour, word and icon for every state of every model that shows one."""
    from django.apps import apps  # noqa: PLC0415

    for model in apps.get_models():
        if not issubclass(model, ScopedModel) or not hasattr(model, "STATUS_LOOK"):
            continue
        states = set(dict(model._meta.get_field("status").choices or ()))
        assert set(model.STATUS_LOOK) == states, model


def test_every_icon_is_in_the_sprite() -> None:
    """A step, a state or an event with an icon that is not there would show nothing."""
    from django.apps import apps  # noqa: PLC0415

    sprite = (ROOT / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    wanted = {edge.icon for edges in machines().values() for edge in edges.values()}
    wanted |= {kind.icon for kind in declared_events().values()}
    wanted |= {look[1] for model in apps.get_models() for look in getattr(model, "STATUS_LOOK", {}).values()}
    missing = sorted(name for name in wanted if f'id="{name}"' not in sprite)
    assert not missing, f"Add them by tools/make_icons.py: {missing}"
