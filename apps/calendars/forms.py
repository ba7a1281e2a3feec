"""Forms of special days, service hours and imports. They validate only; services write."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateInput, ScopedForm

from .models import ServiceHours
from .rules import LONGEST_NAME, WEEKDAYS, Unreadable, parse_windows, windows_in_words

MAX_NOTICE_BYTES = 1_000_000
WEEKDAY_NAMES = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]
OFF, WORKS = "off", "works"


class WindowsField(forms.CharField):
    """Windows of a day as people write them; cleans to what is stored."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(required=False, max_length=120, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return parse_windows(super().clean(value))
        except Unreadable as error:
            raise ValidationError(str(error)) from error


class DayForm(ScopedForm):
    """What a special day is; the same for a new one and an old one."""

    name = forms.CharField(label=_("What it is called"), max_length=LONGEST_NAME, help_text=_("It explains due times."))
    works = forms.ChoiceField(label=_("What it is"), choices=[(OFF, _("Day off")), (WORKS, _("Worked"))])
    windows = WindowsField(
        label=_("Own windows"), help_text=_("Only if the hours differ on that day, such as 08:30-12:00.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("works") == OFF and cleaned.get("windows"):
            self.add_error("windows", _("A day off has no windows. Empty them, or let the day be worked."))
        cleaned["is_working"] = cleaned.pop("works", OFF) == WORKS
        return cleaned


class NewDayForm(DayForm):
    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(label=_("Last day"), widget=DateInput(), required=False, help_text=_("Empty: one day."))
    hours = forms.ModelChoiceField(
        label=_("Applies to"),
        queryset=ServiceHours._default_manager.filter(is_always=False),
        required=False,
        empty_label=_("The whole company"),
        help_text=_("A day for certain service hours goes before the company's."),
    )

    def layout(self) -> Layout:
        return Layout("name", Row("first", "last"), "works", "windows", "hours")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["last"] = cleaned.get("last") or cleaned.get("first")
        return cleaned


class HoursForm(ScopedForm):
    """A week of windows, a line a day."""

    name = forms.CharField(label=_("What it is called"), max_length=60)
    key = forms.SlugField(
        label=_("Key"), max_length=40, help_text=_("Latin letters and digits; policies name the hours by it.")
    )
    is_always = forms.BooleanField(
        label=_("Round the clock (7×24)"), required=False, help_text=_("Then the windows below do not matter.")
    )
    observes_holidays = forms.BooleanField(
        label=_("Observes national holidays and make-up days"), required=False, initial=True
    )
    is_default = forms.BooleanField(label=_("Default hours of the office"), required=False)

    def __init__(self, *args: Any, hours: ServiceHours | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, label in enumerate(WEEKDAY_NAMES):
            self.fields[f"day_{weekday}"] = WindowsField(label=label)
        if hours is not None:
            del self.fields["key"]
            self.initial = {
                **self.initial,
                "name": hours.name,
                "is_always": hours.is_always,
                "observes_holidays": hours.observes_holidays,
                "is_default": hours.is_default,
            }
            for weekday in range(WEEKDAYS):
                self.initial[f"day_{weekday}"] = windows_in_words(hours.windows.get(str(weekday)))

    def layout(self) -> Layout:
        head = Row("name", "key") if "key" in self.fields else "name"
        return Layout(head, "is_always", *(f"day_{n}" for n in range(WEEKDAYS)), "observes_holidays", "is_default")

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        week = {str(weekday): self.cleaned_data[f"day_{weekday}"] for weekday in range(WEEKDAYS)}
        names = ("name", "key", "is_always", "observes_holidays", "is_default")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data} | {
            "windows": {weekday: windows for weekday, windows in week.items() if windows}
        }


class NoticeForm(ScopedForm):
    """A year's notice, as a file or pasted."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("The year's JSON file of holiday-cn, or a text file with a line per date."),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.txt,.tsv,application/json,text/plain,text/csv"}),
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        max_length=MAX_NOTICE_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("A line per date: date, 休 or 班, name; for example 2026-10-01, 休, 国庆节."),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_("Number or address of the notice; shown with the year."),
    )

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > MAX_NOTICE_BYTES:
            raise ValidationError(_("The file is too large for one year's holidays."))
        content = upload.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise ValidationError(_("The file is no text. Save it as UTF-8 and upload it again."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("text"):
            raise ValidationError(_("Choose a file or paste the lines."))
        return cleaned
