"""Forms of questions and of marking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ScopedForm

from .authoring import LONGEST_ANSWER, LONGEST_QUESTION, MOST_POINTS, QuestionLine
from .models import AttemptQuestion, Part, Question
from .question_import import LETTERS, read_answer


def answer_in_words(question: Question) -> str:
    """Return an answer as it is typed: ACD, 对, 220±5."""
    answer = question.answer
    if "chosen" in answer:
        return "".join(LETTERS[place] for place in answer["chosen"] if place < len(LETTERS))
    if "is_true" in answer:
        return "对" if answer["is_true"] else "错"
    if "value" in answer:
        tolerance = answer.get("tolerance") or "0"
        return str(answer["value"]) if tolerance == "0" else f"{answer['value']}±{tolerance}"
    return str(answer.get("words", ""))


class QuestionForm(ScopedForm):
    """A question with its answer, typed as people write it."""

    part = forms.ChoiceField(label=_("Part"), choices=Part)
    kind = forms.ChoiceField(label=_("Kind"), choices=Question.Kind)
    text = forms.CharField(
        label=_("Exam question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 3})
    )
    options = forms.CharField(
        label=_("Choices, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Of a practical task: what is looked at, one point a line."),
    )
    answer = forms.CharField(
        label=_("Right answer"),
        max_length=LONGEST_ANSWER,
        required=False,
        help_text=_("Letters of the right choices (A, ACD), 对 or 错, a number with tolerance (220±5), or key words."),
    )
    points = forms.IntegerField(label=_("Marks"), min_value=1, max_value=MOST_POINTS, initial=1)

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question is not None:
            names = ("part", "kind", "text", "points")
            self.initial = {name: getattr(question, name) for name in names} | {
                "options": "\n".join(question.options),
                "answer": answer_in_words(question),
            }

    @property
    def line(self) -> QuestionLine:
        data = self.cleaned_data
        options = [line.strip() for line in data["options"].splitlines() if line.strip()]
        answer = read_answer(data["kind"], data["answer"])
        return QuestionLine(data["part"], data["kind"], data["text"].strip(), options, answer, data["points"])


class ImportForm(ScopedForm):
    file = forms.FileField(label=_("Excel workbook"))
    is_trial = forms.BooleanField(
        label=_("Only check, keep nothing"), required=False, initial=True, help_text=_("Errors are told line by line.")
    )


class MarkForm(ScopedForm):
    """What a person marks: short texts by a share, practical tasks point by point."""

    SHARES = [("0", _("Wrong")), ("0.5", _("Half right")), ("1", _("Correct"))]

    def __init__(self, *args: Any, answers: list[AttemptQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        for row in answers:
            if row.question.kind == Question.Kind.PRACTICAL:
                self.fields[f"seen_{row.pk}"] = forms.MultipleChoiceField(
                    choices=list(enumerate(row.question.options)), required=False, widget=forms.CheckboxSelectMultiple
                )
            else:
                self.fields[f"share_{row.pk}"] = forms.ChoiceField(choices=self.SHARES, widget=forms.RadioSelect)
            self.fields[f"remark_{row.pk}"] = forms.CharField(label=_("Remark"), max_length=200, required=False)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "seen": self[f"seen_{row.pk}"] if f"seen_{row.pk}" in self.fields else None,
                "share": self[f"share_{row.pk}"] if f"share_{row.pk}" in self.fields else None,
                "remark": self[f"remark_{row.pk}"],
            }
            for row in self.answers
        ]

    @property
    def marks(self) -> dict[int, tuple[Decimal, str]]:
        data = self.cleaned_data
        return {row.pk: (self._share(row), data[f"remark_{row.pk}"]) for row in self.answers}

    def _share(self, row: AttemptQuestion) -> Decimal:
        if f"share_{row.pk}" in self.fields:
            return Decimal(self.cleaned_data[f"share_{row.pk}"])
        seen = len(self.cleaned_data[f"seen_{row.pk}"])
        return (Decimal(seen) / len(row.question.options)).quantize(Decimal("0.001"))
