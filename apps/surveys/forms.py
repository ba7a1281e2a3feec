"""Forms of surveys: the questions themselves, a request by hand, the outcome of a call, a questionnaire in rows."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import ScopedForm, ScopedModelForm, UploadsField
from apps.projects.models import Project

from .models import LowAnswer, Question, Questionnaire, QuestionnaireVersion, SurveyRequest
from .presets import QuestionLine

K = Question.Kind
EMPTY_ROWS = 3
#: What stands under the numbers of a scale.
GRADES = {1: _("Very poor"), 2: _("Poor"), 3: _("Fair"), 4: _("Good"), 5: _("Very good")}
SEPARATORS = re.compile(r"[、,，;；|]+")


class QuestionsForm(ScopedForm):
    """The questions of a request's version."""

    def __init__(self, *args: Any, row: SurveyRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(row.version.questions.all())
        for question in self.questions:
            self.fields[f"q{question.pk}"] = self._field(question)

    @staticmethod
    def _field(question: Question) -> forms.Field:
        told: dict[str, Any] = {"label": question.text, "required": question.is_required}
        if question.kind == K.TEXT:
            return forms.CharField(
                max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}), **told
            )
        if question.kind == K.CHOICE:
            return forms.ChoiceField(choices=[(text, text) for text in question.choices], **told)
        grades = GRADES if question.kind == K.SCALE else {}
        return forms.TypedChoiceField(
            choices=[(n, grades.get(n, "")) for n in question.numbers], coerce=int, empty_value=None, **told
        )

    @property
    def lines(self) -> list[tuple[Question, Any]]:
        """The questions with their fields, as the page draws them."""
        return [(question, self[f"q{question.pk}"]) for question in self.questions]

    @property
    def values(self) -> dict[int, Any]:
        """What was answered, by question."""
        return {question.pk: self.cleaned_data[f"q{question.pk}"] for question in self.questions}


class PaperForm(QuestionsForm):
    """What stands on the paper, with its scan."""

    scans: Any = UploadsField(
        label=_("Scan or photo of the paper"), help_text=_("So that what was typed can be checked."), max_files=4
    )


class AskForm(ScopedForm):
    """Ask somebody about a project as a whole."""

    questionnaire: Any = forms.ModelChoiceField(
        label=_("Questionnaire"), queryset=Questionnaire._default_manager.active()
    )
    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=Project._default_manager.all())
    person: Any = forms.ModelChoiceField(
        label=_("One of the owner's people"),
        queryset=User._default_manager.filter(kind=User.Kind.OWNER, is_active=True),
        required=False,
        help_text=_("They find it on their home page. Empty: somebody without an account, who gets the link."),
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The link goes there; without one, by SMS to the telephone.")
    )

    def layout(self) -> Layout:
        return Layout("questionnaire", Row("project", "person"), "name", Row("phone", "email"))


class OutcomeForm(ScopedModelForm):
    class Meta:
        model = LowAnswer
        fields = ["outcome"]
        widgets = {"outcome": forms.Textarea(attrs={"rows": 4})}
        labels = {"outcome": _("What was said, and what was done about it")}

    def __init__(self, *args: Any, row: LowAnswer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].required = True


class QuestionForm(forms.Form):
    """One row of a questionnaire; a row whose text is emptied is dropped."""

    text = forms.CharField(label=_("Question"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Question.Kind.choices, required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=10, required=False)
    choices = forms.CharField(label=_("Choices, separated by commas"), max_length=300, required=False)
    is_optional = forms.BooleanField(label=_("May stay empty"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            look = {"kind": "form-select", "is_optional": "form-check-input"}.get(name, "form-control")
            field.widget.attrs |= {"class": look, "aria-label": field.label, "placeholder": field.label}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("text") and data.get("kind") == K.CHOICE and len(self._choices(data)) < 2:  # noqa: PLR2004
            raise ValidationError(_("Write at least two choices, separated by commas."))
        return data

    @staticmethod
    def _choices(data: dict[str, Any]) -> list[str]:
        return [part.strip() for part in SEPARATORS.split(data.get("choices") or "") if part.strip()]

    @property
    def line(self) -> QuestionLine:
        data = self.cleaned_data
        kind = data["kind"] or K.SCALE
        weight = 1 if data["weight"] is None else data["weight"]
        return QuestionLine(
            text=data["text"],
            kind=kind,
            weight=weight if kind in {K.SCALE, K.NPS} else 0,
            choices=self._choices(data) if kind == K.CHOICE else [],
            is_required=not data["is_optional"],
        )


QuestionRows = forms.formset_factory(QuestionForm, extra=EMPTY_ROWS)


class QuestionnaireForm(ScopedModelForm):
    """A questionnaire with its questions in rows."""

    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands above the questions. Say how long it takes and who reads it."),
    )
    low_index = forms.IntegerField(
        label=_("Low below an index of"),
        min_value=0,
        max_value=100,
        initial=60,
        help_text=_("A low answer is called about within one working day."),
    )
    low_scale = forms.IntegerField(
        label=_("Or with any scale of at most"), min_value=0, max_value=4, initial=2, help_text=_("0: never.")
    )

    class Meta:
        model = Questionnaire
        fields = ["name", "occasion", "is_active"]
        help_texts = {"is_active": _("One questionnaire an occasion can be in use.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version: QuestionnaireVersion | None = self.instance.current if self.instance.pk else None
        if self.version is not None:
            for name in ("introduction", "low_index", "low_scale"):
                self.initial[name] = getattr(self.version, name)

    def layout(self) -> Layout:
        return Layout(Row("name", "occasion"), "introduction", Row("low_index", "low_scale"), "is_active")

    @cached_property
    def rows(self) -> Any:
        if self.is_bound:
            return QuestionRows(self.data, prefix="questions")
        questions = self.version.questions.all() if self.version is not None else []
        initial = [
            {
                "text": question.text,
                "kind": question.kind,
                "weight": question.weight,
                "choices": "、".join(question.choices),
                "is_optional": not question.is_required,
            }
            for question in questions
        ]
        return QuestionRows(initial=initial, prefix="questions")

    def validate_unique(self) -> None:
        """The service says which other questionnaire is in the way."""

    def validate_constraints(self) -> None:
        """Likewise."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.rows.is_valid():
            raise ValidationError(_("Look at the marked rows below."))
        data["questions"] = [row.line for row in self.rows if row.cleaned_data.get("text")]
        return data
