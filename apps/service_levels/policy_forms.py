"""Forms of policies: a new version in rows of targets and terms, a copy, the choice for a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.calendars.models import ServiceHours
from apps.core.forms import ScopedForm
from apps.core.scoping import Audience

from .differences import PEOPLE
from .editions import Edition, TargetLine, TermLine
from .models import ServicePolicy, Target
from .presets.shape import COURSE
from .rules import Unit
from .sentences import KINDS, LEVELS, STARTS, sentence

EMPTY_ROWS = 3
#: Keeps the events of a promise that starts with none or several of those on offer.
AS_BEFORE = "as_before"
UNITS = [
    (Unit.MINUTES.value, _("minutes")),
    ("hours", _("hours")),
    (Unit.DAYS.value, _("days")),
    (Unit.WORKING_DAYS.value, _("working days")),
    (Unit.MONTHS.value, _("months")),
    (Unit.WINDOW.value, _("the planned window")),
]
AUDIENCES = [(Audience.OWNER.value, _("Promise to the owner")), (Audience.STAFF.value, _("House duty, staff only"))]
HOUR = 60
LONGEST = 100_000


class _Row(ScopedForm):
    """A row of the version form; ``before`` is the line it was, None for a new one."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, user: Any, before: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.before = before["line"] if before else None
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs |= {"class": "form-select", "aria-label": field.label}
            elif isinstance(field.widget, forms.TextInput | forms.NumberInput):
                field.widget.attrs |= {"class": "form-control", "autocomplete": "off", "aria-label": field.label}

    def original(self, name: str) -> str:
        """Return a text as entered; one left as it was shown, in the reader's language, is kept as its source."""
        entered: str = self.cleaned_data[name]
        before: str = getattr(self.before, name) if self.before is not None else ""
        return before if before and gettext(before) == entered else entered


class TargetRow(_Row):
    """One target: what, in what time, from when on, for which requests."""

    metric = forms.ChoiceField(label=_("What"), choices=[("", "—"), *Target.Metric.choices], required=False)
    amount = forms.IntegerField(
        label=_("Time"),
        min_value=0,
        max_value=LONGEST,
        required=False,
        help_text=_("Empty: as contracted. 0: at once."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=Unit.MINUTES.value)
    start = forms.ChoiceField(label=_("Counts from"), choices=(), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    levels = forms.TypedMultipleChoiceField(
        label=_("Fault levels"),
        choices=list(LEVELS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    complexity = forms.ChoiceField(label=_("Complexity"), choices=Target.Complexity.choices, required=False)
    hours = forms.ModelChoiceField(
        label=_("Service hours"),
        queryset=ServiceHours._default_manager.all(),
        required=False,
        empty_label=_("Round the clock"),
    )
    audience = forms.ChoiceField(label=_("Who sees it"), choices=AUDIENCES, initial=Audience.OWNER.value)
    is_pausable = forms.BooleanField(label=_("May be paused"), required=False, initial=True)
    pauses_for_parts = forms.BooleanField(label=_("Waiting for parts pauses it"), required=False)
    note = forms.CharField(label=_("In words"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts = [("", _("What is usual for it")), *STARTS.items()]
        if self.initial.get("start") == AS_BEFORE:
            starts.append((AS_BEFORE, _("As before")))
        start: Any = self.fields["start"]
        start.choices = starts
        for who, label in PEOPLE.items():
            self.fields[f"step_{who}"] = forms.IntegerField(
                label=label,
                min_value=1,
                max_value=1000,
                required=False,
                widget=forms.NumberInput({"class": "form-control"}),
            )

    @property
    def steps(self) -> list[Any]:
        """The fields of the escalation ladder."""
        return [self[f"step_{who}"] for who in PEOPLE]

    @property
    def summary(self) -> Any:
        """The promise as a sentence, as it stands before the edit."""
        return sentence(self.before) if self.before is not None else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("metric"):
            if self.has_changed() and not data.get("DELETE"):
                raise ValidationError(_("Choose what is promised, or leave the row out."))
            return data
        if data.get("unit") == Unit.WINDOW and data["metric"] != Target.Metric.VISIT:
            raise ValidationError(_("Only a visit has a planned window. Choose another unit."))
        if data.get("pauses_for_parts") and not data.get("is_pausable"):
            raise ValidationError(_("A promise that is never paused does not wait for parts either."))
        return data

    def line(self) -> TargetLine:
        """Return the target that was entered; what the form does not ask is kept from before."""
        data, before = self.cleaned_data, self.before
        metric, amount, unit = data["metric"], data["amount"], data["unit"]
        if unit == "hours":
            amount, unit = (None if amount is None else amount * HOUR), Unit.MINUTES.value
        if unit == Unit.WINDOW:
            amount = None
        starts, stops = COURSE[metric]
        if before is not None and before.metric == metric:
            stops = before.stop_events
        if data["start"] == AS_BEFORE and before is not None:
            starts = before.start_events
        elif data["start"]:
            starts = (data["start"],)
        same_time = before is not None and (before.metric, before.amount, before.unit) == (metric, amount, unit)
        ladder = sorted((percent, who) for who in PEOPLE if (percent := data.get(f"step_{who}")))
        return TargetLine(
            metric=metric,
            amount=amount,
            unit=unit,
            kinds=tuple(data["kinds"]),
            levels=tuple(data["levels"]),
            complexity=data["complexity"],
            hours_id=data["hours"].pk if data["hours"] else None,
            start_events=starts,
            stop_events=stops,
            is_pausable=data["is_pausable"],
            pauses_for_parts=data["pauses_for_parts"],
            audience=data["audience"],
            ladder=tuple(ladder),
            note=self.original("note"),
            source=before.source if before is not None and same_time else "",
        )


class TermRow(_Row):
    """One term: name, value, unit, the rule it comes from."""

    name = forms.CharField(label=_("Name of the term"), max_length=80, required=False)
    value = forms.CharField(label=_("Value"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=80, required=False)
    rule = forms.CharField(label=_("Rule"), max_length=40, required=False)
    audience = forms.ChoiceField(label=_("Who sees it"), choices=AUDIENCES, initial=Audience.OWNER.value)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("name")) != bool(data.get("value")) and not data.get("DELETE"):
            raise ValidationError(_("A term has a name and a value."))
        return data

    def line(self) -> TermLine:
        """Return the term that was entered."""
        words = {name: self.original(name) for name in ("name", "value", "unit")}
        return TermLine(**words, rule=self.cleaned_data["rule"], audience=self.cleaned_data["audience"])


class _Rows(forms.BaseFormSet):
    """Rows that know the lines they were."""

    def __init__(self, *args: Any, lines: list[dict[str, Any]], **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        before = self.lines[index] if index is not None and index < len(self.lines) else None
        return kwargs | {"before": before}

    def kept(self) -> list[Any]:
        """The rows that say something and are not left out, in their order."""
        first = "metric" if "metric" in self.empty_form.fields else "name"
        return [row for row in self if row.cleaned_data.get(first) and not row.cleaned_data.get("DELETE")]


TargetRows = forms.formset_factory(TargetRow, formset=_Rows, extra=EMPTY_ROWS, can_delete=True)
TermRows = forms.formset_factory(TermRow, formset=_Rows, extra=EMPTY_ROWS, can_delete=True)


class VersionForm(ScopedForm):
    """The next version of a policy: its targets and terms in rows, and what changed."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What changed"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "form-control"}),
        help_text=_("Stands beside the version in its list."),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        self.edition = edition
        super().__init__(*args, **kwargs)

    @cached_property
    def targets(self) -> Any:
        return self._rows(TargetRows, "targets", [_target_initial(line) for line in self.edition.targets])

    @cached_property
    def terms(self) -> Any:
        return self._rows(TermRows, "terms", [_term_initial(line) for line in self.edition.terms])

    def _rows(self, kind: Any, prefix: str, initial: list[dict[str, Any]]) -> Any:
        data = self.data if self.is_bound else None
        return kind(data, prefix=prefix, initial=initial, lines=initial, form_kwargs={"user": self.user})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (self.targets.is_valid() and self.terms.is_valid()):
            raise ValidationError(_("Look at the marked rows below."))
        data["targets"] = [row.line() for row in self.targets.kept()]
        data["terms"] = [row.line() for row in self.terms.kept()]
        return data


def _target_initial(line: TargetLine) -> dict[str, Any]:
    amount, unit = line.amount, str(line.unit)
    if unit == Unit.MINUTES and amount and amount % HOUR == 0:
        amount, unit = amount // HOUR, "hours"
    starts = line.start_events
    start = "" if starts == COURSE[line.metric][0] else starts[0] if len(starts) == 1 else AS_BEFORE
    steps = {f"step_{who}": percent for percent, who in line.ladder}
    return {
        "line": line,
        "metric": line.metric,
        "amount": amount,
        "unit": unit,
        "start": start if start in STARTS or not start else AS_BEFORE,
        "kinds": list(line.kinds),
        "levels": list(line.levels),
        "complexity": line.complexity,
        "hours": line.hours_id,
        "audience": line.audience,
        "is_pausable": line.is_pausable,
        "pauses_for_parts": line.pauses_for_parts,
        "note": gettext(line.note) if line.note else "",
        **steps,
    }


def _term_initial(line: TermLine) -> dict[str, Any]:
    texts = {name: getattr(line, name) for name in ("name", "value", "unit")}
    shown = {name: gettext(text) if text else "" for name, text in texts.items()}
    return {"line": line, **shown, "rule": line.rule, "audience": line.audience}


class CopyForm(ScopedForm):
    name = forms.CharField(label=_("Name of the policy"), max_length=120)
    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("Letters, digits, hyphens and underscores. It is never changed.")
    )


class ChoosePolicyForm(ScopedForm):
    policy = forms.ModelChoiceField(
        label=_("Service policy"),
        queryset=ServicePolicy._default_manager.filter(current__isnull=False),
        help_text=_("It counts from now on. Promises that run keep their times."),
    )
