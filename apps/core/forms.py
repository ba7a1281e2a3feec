"""Bases of every form and filter: relation pickers narrowed to what the person may see; photo fields."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .search import matching
from .uploads import AcceptedFile, accept_file, accept_photo

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:  # only the stubs know it as generic
    ModelForm = forms.ModelForm

MAX_PHOTOS = 12
#: The key of a row as an address or a form has it: a number that every database holds, in plain digits.
KEY = re.compile(r"[0-9]{1,18}")
#: Days that people mean; what lies outside is a slip, and next to it calendars end.
FIRST_YEAR, LAST_YEAR = 1950, 2099


def as_key(value: Any) -> int | None:
    """Return the key that a browser sent; None for what can be no row's."""
    return int(value) if KEY.fullmatch(str(value or "")) else None


def in_our_time(value: date) -> None:
    """Refuse a day or a moment that nobody means."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Enter a day between %(first)s and %(last)s."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
        )


class ScopedForm(forms.Form):
    """A form that knows who fills it in. Pickers offer, and accept, only rows that person may see."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        narrow_pickers(self.fields, user)
        name_blanks(self.fields)
        for field in self.fields.values():
            if isinstance(field, (forms.DateField, forms.DateTimeField)):
                field.validators.append(in_our_time)

    @property
    def helper(self) -> FormHelper:
        """The crispy helper: fields only; the page draws the form tag, the key and the buttons."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        layout = self.layout()
        if layout is not None:
            helper.layout = layout
        return helper

    def layout(self) -> Any:
        """Return a crispy layout, or None for the fields in their order."""
        return None


class ScopedModelForm(ScopedForm, ModelForm):
    """A model form with narrowed pickers. It validates only; the page's service writes."""


def narrow_pickers(fields: dict[str, forms.Field], user: Any) -> None:
    """Narrow every relation picker to the rows that ``user`` may see."""
    for field in fields.values():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            rows: Any = field.queryset
            field.queryset = rows.visible_to(user)


def name_blanks(fields: dict[str, Any]) -> None:
    """Let drop-downs whose blank choice has no name of its own ask for a choice, or say that there may be none."""
    unnamed = BLANK_CHOICE_DASH[0]
    for field in fields.values():
        name = _("Please choose") if field.required else "—"
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == unnamed[1]:
                field.empty_label = name
        elif isinstance(field, forms.TypedChoiceField):
            choices: Any = field.choices
            if next(iter(choices), None) == unnamed:
                field.choices = [("", name), *list(choices)[1:]]


class ScopedFilterSet(django_filters.FilterSet):
    """A filter set with narrowed pickers; declare ``q`` to search the fragments."""

    @property
    def form(self) -> forms.Form:
        form = super().form
        if self.request is not None and not getattr(form, "is_narrowed", False):
            narrow_pickers(form.fields, self.request.user)
            if not self.request.htmx:
                read_pickers_once(form.fields)
            form.is_narrowed = True
        return cast(forms.Form, form)


def read_pickers_once(fields: dict[str, Any]) -> None:
    """Let pickers of one row judge what is asked for by the rows that the page draws in them anyway: one query each."""
    for field in fields.values():
        if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
            _read_once(field)


def _read_once(field: Any) -> None:
    offered: list[Any] = []
    read, judge = field.queryset.iterator, field.to_python

    def rows() -> list[Any]:
        if not offered:
            offered.extend(read())
        return offered

    def to_python(value: Any) -> Any:
        if value in field.empty_values:
            return judge(value)
        key = field.to_field_name or "pk"
        return next((row for row in rows() if str(getattr(row, key)) == str(value)), None) or judge(value)

    field.queryset.iterator, field.to_python = rows, to_python


class FragmentFilter(django_filters.CharFilter):
    """The search box of a list: two characters or more, found anywhere."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Search"))
        super().__init__(**kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return matching(qs, value, field=self.field_name or "search_text") if value else qs


class FileInput(forms.ClearableFileInput):
    """A file input for several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class UploadsField(forms.FileField):
    """Several files, each looked into by ``accept``; cleans to a list of ``AcceptedFile``."""

    widget = FileInput
    accept = staticmethod(accept_file)
    mime = ""

    def __init__(self, *args: Any, max_files: int = MAX_PHOTOS, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return attrs | ({"accept": self.mime} if self.mime else {})

    def clean(self, data: Any, initial: Any = None) -> list[AcceptedFile]:
        uploads = [upload for upload in (data if isinstance(data, list | tuple) else [data]) if upload]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.max_files:
            raise ValidationError(_("At most %(count)s files at once."), params={"count": self.max_files})
        try:
            return [type(self).accept(upload) for upload in uploads]
        except DomainError as error:
            raise ValidationError(str(error)) from error


class PhotosField(UploadsField):
    """Several photos: turned, scaled, position removed. On a phone the camera is offered."""

    accept = staticmethod(accept_photo)
    mime = "image/*"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
