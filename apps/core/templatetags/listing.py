"""Tags of the list page: its filters as controls and as sentences, its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

register = template.Library()

#: A picker with more choices than this belongs below "more filters"; so does everything after the fifth control.
SHOWN_AT_ONCE = 6
AROUND = 2
#: What the blank choice of a drop-down sends.
NO_VALUE = {"", "unknown"}


@dataclass(frozen=True)
class ActiveFilter:
    """One filter in use: its name, its value in words, and the address without it."""

    label: str
    value: str
    without: str


@register.simple_tag(takes_context=True)
def active_filters(context: template.Context, filterset: Any) -> list[ActiveFilter]:
    """Return the filters in use, each with the address that removes it."""
    form, query = filterset.form, context["request"].GET
    if not form.is_bound:
        return []
    cleaned = form.cleaned_data if form.is_valid() else {}
    found = []
    for field in form:
        keys = [key for key in query if key == field.name or key in subnames(field)]
        if any(set(query.getlist(key)) - NO_VALUE for key in keys):
            rest = query.copy()
            for key in [*keys, "page"]:
                rest.pop(key, None)
            value = _in_words(field, cleaned.get(field.name))
            label = _("Search") if field.name == "q" else str(field.label)
            found.append(ActiveFilter(label, value, f"?{rest.urlencode()}"))
    return found


@register.simple_tag
def filter_controls(filterset: Any) -> dict[str, Any]:
    """Return the controls of the filter bar: the search box, those shown at once, and those behind "more"."""
    fields = [field for field in filterset.form if not field.is_hidden]
    for field in fields:
        _name_the_blank(field.field)
    search = next((field for field in fields if field.name == "q"), None)
    others = [field for field in fields if field is not search]
    return {"search": search, "shown": others[:SHOWN_AT_ONCE], "more": others[SHOWN_AT_ONCE:]}


@register.filter
def is_set(field: Any) -> bool:
    """Say whether a filter is in use."""
    value = field.value()
    return bool(value) and value not in NO_VALUE if isinstance(value, str) else bool(value)


@register.filter
def offers_many(field: Any) -> bool:
    """Say whether a field lets several values be ticked."""
    return isinstance(field.field.widget, forms.SelectMultiple | forms.CheckboxSelectMultiple)


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Return the page numbers to offer, with None for a gap: the first, those around this one, the last."""
    last = page.paginator.num_pages
    wanted = {1, last, *range(page.number - AROUND, page.number + AROUND + 1)}
    numbers: list[int | None] = []
    for number in sorted(number for number in wanted if 1 <= number <= last):
        if numbers and numbers[-1] is not None and number > numbers[-1] + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def _name_the_blank(field: forms.Field) -> None:
    """Call the choice that does not filter "All", instead of dashes or "unknown"."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = _("All")
    elif isinstance(field.widget, forms.Select):
        field.widget.choices = [
            (key, _("All") if key in NO_VALUE or key is None else label) for key, label in field.widget.choices
        ]


def subnames(field: Any) -> set[str]:
    """Return the names by which a field of several inputs sends its parts (``opened_after``, ``opened_before``)."""
    suffixes: Any = getattr(field.field.widget, "suffixes", None) or getattr(field.field.widget, "widgets_names", ())
    return {f"{field.name}_{suffix.strip('_')}" for suffix in suffixes if suffix}


def _in_words(field: Any, value: Any) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case slice():
            return f"{_day(value.start)} – {_day(value.stop)}".strip()
        case Model():
            return str(value)
        case QuerySet() | list() | tuple() | set():
            return "、".join(_in_words(field, part) for part in value)
    for key, label in _flat(getattr(field.field, "choices", ())):
        if str(key) == str(value):
            return str(label)
    return _day(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat = []
    for key, label in choices:
        flat += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat


def _day(value: Any) -> str:
    if hasattr(value, "strftime"):
        return date_format(value, "DATE_FORMAT")
    return "" if value is None else str(value)
