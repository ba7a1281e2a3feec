"""The forms of an import: the file, and the meaning of its columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedForm

from ..models import ImportRun
from .columns import COLUMNS

ACCEPTED = ".xlsx,.csv,.txt,.tsv,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(ScopedForm):
    """The spreadsheet to import."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX or CSV, up to 50,000 rows. Nothing is written before you have seen what would happen."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": _("The file is empty. Choose a file with a header and at least one row.")},
    )


class ColumnsForm(ScopedForm):
    """What each column of the file means; a meaning is given to one column at most."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        choices = [("", _("Leave out")), *((column.field, column.label) for column in COLUMNS)]
        for position, name in enumerate(run.header):
            self.fields[f"column_{position}"] = forms.ChoiceField(
                label=name or _("Column %(number)s without a name") % {"number": position + 1},
                choices=choices,
                required=False,
                initial=run.columns.get(str(position), ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def lines(self) -> list[tuple[Any, list[str]]]:
        """Return each column's field with the first cells of that column, the recognised ones first."""
        samples = self.run.report.get("samples", {})
        lines = [
            (self[f"column_{position}"], samples.get(str(position), [])) for position in range(len(self.run.header))
        ]
        return sorted(lines, key=lambda line: not line[0].value())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: dict[str, str] = {}
        for name, field in list(cleaned.items()):
            if field and first.setdefault(field, name) != name:
                other = self.fields[first[field]].label
                self.add_error(
                    name, ValidationError(_("“%(other)s” has this meaning already."), params={"other": other})
                )
        return cleaned

    @property
    def columns(self) -> dict[int, str]:
        """The chosen meanings by position."""
        return {int(name.partition("_")[2]): field for name, field in self.cleaned_data.items() if field}
