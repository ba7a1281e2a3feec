"""Every form of every page: a foreign id in a picker is refused, and pickers offer nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps

from apps.core.forms import ScopedForm
from apps.core.lifecycle import machines
from apps.core.pages import FormPage, StepPage
from apps.core.scoping import ScopedModel

from .addresses import pages_of, urls
from .conftest import Sweep
from .test_steps import address_of, put_into
from .watch import undone

PAGES = [address for address in pages_of(FormPage) if address.page is not StepPage]
STEPS = [edge for edges in machines().values() for edge in edges.values() if edge.form]
#: For each reader the rows that are foreign to them: theirs is the other project.
READERS = {"engineer": "foreign", "project_manager": "foreign", "owner_admin": "foreign", "stranger": "rows"}


def pickers(form: Any) -> Iterator[tuple[str, forms.ModelChoiceField]]:
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and issubclass(field.queryset.model, ScopedModel):
            yield name, field


def assert_refuses(sweep: Sweep, reader: str, url: str, foreign: dict[Any, Any]) -> int:
    """Post a foreign id into each picker of the form that was shown; return how many there were."""
    response, _ = sweep.ask(reader, "get", url)
    form = (response.context or {}).get("form") if response.status_code == 200 else None
    count = 0
    for name, field in pickers(form) if form is not None else ():
        row = foreign.get(field.queryset.model)
        if row is None or field.queryset.model.scope in {"reference", "staff"}:
            continue
        count += 1
        assert not field.queryset.filter(pk=row.pk).exists(), (reader, url, name, "offers a foreign row")
        value = row.pk if field.to_field_name is None else getattr(row, field.to_field_name)
        answer, _ = sweep.ask(reader, "post", url, **{form.add_prefix(name): value})
        assert answer.status_code == 422, (reader, url, name, answer.status_code)
        assert name in answer.context["form"].errors, (reader, url, name, answer.context["form"].errors)
    return count


def test_forms_refuse_foreign_rows(sweep: Sweep) -> None:
    """Every form page, as everybody who may open it; and there are pickers at all."""
    count = 0
    for address in PAGES:
        for url in urls(address, sweep.world):
            for reader, where in READERS.items():
                count += assert_refuses(sweep, reader, url, getattr(sweep.world, where))
    assert count >= 2


@pytest.mark.parametrize("edge", STEPS, ids=lambda edge: edge.event_name)
def test_form_of_a_step_refuses_a_foreign_row(edge: Any, sweep: Sweep) -> None:
    with undone():
        row = put_into(sweep.world, edge, min(edge.sources))
        for reader, where in READERS.items():
            assert_refuses(sweep, reader, address_of(edge, row.pk), getattr(sweep.world, where))


@pytest.mark.django_db  # one such test a module makes the test database; see conftest.py
def test_every_form_of_ours_knows_who_fills_it_in() -> None:
    """A form that does not derive from the scoped bases would offer every row there is."""
    loose = []
    for config in apps.get_app_configs():
        if not config.name.startswith("apps."):
            continue
        for form in _forms_of(config.name):
            fields = form.base_fields.values()
            has_picker = any(isinstance(field, forms.ModelChoiceField) for field in fields)
            if has_picker and not issubclass(form, ScopedForm):
                loose.append(f"{form.__module__}.{form.__name__}")
    assert not loose


def _forms_of(package: str) -> list[Any]:
    def below(base: Any) -> Iterator[Any]:
        for child in base.__subclasses__():
            yield child
            yield from below(child)

    return [form for form in below(forms.BaseForm) if form.__module__.startswith(f"{package}.")]
