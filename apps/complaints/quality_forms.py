"""Forms of quality: verdicts, proposals, analyses and what they resolve. They validate only; services write."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import DateInput, ScopedForm

from .models import Analysis, Resolution, Verdict
from .reviews import periods_over

#: For how many months and years back an analysis may be made by hand.
CHOICES = {Analysis.Kind.MONTH: 14, Analysis.Kind.YEAR: 3}


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class JudgeForm(ScopedForm):
    """Three verdicts on one request (K-09)."""

    response_time = forms.ChoiceField(label=_("Response time"), choices=Verdict.Mark.choices, widget=forms.RadioSelect)
    response_quality = forms.ChoiceField(
        label=_("Response quality"), choices=Verdict.Mark.choices, widget=forms.RadioSelect
    )
    service_quality = forms.ChoiceField(
        label=_("Service quality"), choices=Verdict.Mark.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=_text(2))


class ProposalForm(ScopedForm):
    department = forms.CharField(label=_("Department"), max_length=80)
    text = forms.CharField(label=_("Proposal"), max_length=1000, widget=_text())


def _periods() -> list[tuple[str, str]]:
    """The periods that are over, as ``month:2026-10-01`` and how they read."""
    found = [(kind, day) for kind, back in CHOICES.items() for day in periods_over(kind, now=timezone.now(), back=back)]
    return [(f"{kind}:{day}", str(Analysis(kind=kind, begins_on=day))) for kind, day in found]


class PeriodForm(ScopedForm):
    """Of which month or year."""

    period = forms.ChoiceField(label=_("Month or year"), choices=_periods)

    @property
    def chosen(self) -> tuple[str, date]:
        kind, _colon, day = self.cleaned_data["period"].partition(":")
        return kind, date.fromisoformat(day)


class ConclusionForm(ScopedForm):
    conclusion = forms.CharField(
        label=_("Conclusion"),
        max_length=2000,
        widget=_text(6),
        help_text=_("What the figures say, and what follows. Names of people are covered on the paper."),
    )


class ResolutionForm(ScopedForm):
    """A goal, a decision, an improvement."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Resolution.Kind.choices, widget=forms.RadioSelect, initial=Resolution.Kind.DECISION
    )
    text = forms.CharField(label=_("What is resolved"), max_length=300, widget=_text(2))
    responsible = forms.ModelChoiceField(
        label=_("Who"), queryset=User._default_manager.staff().order_by("name", "pk"), required=False
    )
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput, required=False)


class ResultOfResolutionForm(ScopedForm):
    outcome = forms.CharField(label=_("What came of it"), max_length=300, widget=_text())
