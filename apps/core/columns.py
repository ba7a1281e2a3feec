"""Columns that tables of several apps share."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables

from .timewords import brief


class BriefColumn(tables.Column):
    """A day or moment, with the year where it is not this one; an export holds the value itself."""

    def __init__(self, *args: Any, form: str = "m-d H:i", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form

    def render(self, value: date) -> str:
        return brief(value, self.form)

    def value(self, value: date) -> date:
        return value
