"""Pages of quality: the week's sample, a verdict on one request, the month's summary, proposals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.forms import FIRST_YEAR, LAST_YEAR
from apps.core.lifecycle import available
from apps.core.pages import FormPage, ScopedPage
from apps.tickets.models import WorkOrder

from .. import access, reviews, rules, sampling, summary
from ..models import Analysis, Proposal, Sample, Sampling, Verdict
from ..quality_forms import JudgeForm, ProposalForm

WEEKS_SHOWN = 8
#: How far back agreement between two checkers is counted.
COMPARED = 60


SPANS = {
    "month": pgettext_lazy("span of time", "Month"),
    "quarter": pgettext_lazy("span of time", "Quarter"),
    "year": pgettext_lazy("span of time", "Year"),
}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None


class Samples(ScopedPage):
    """The sample of a week: what is judged, by whom, and how far two checkers agree."""

    model = Sampling
    section = "complaints"
    title = _("Quality samples")
    template_name = "complaints/samples.html"

    def permitted(self, user: Any) -> bool:
        return access.may_judge(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        weeks = list(self.get_queryset()[:WEEKS_SHOWN])
        wanted = _day(self.request.GET.get("week", ""))
        chosen = next((one for one in weeks if one.week == wanted), weeks[0] if weeks else None)
        rows = Sample._default_manager.visible_to(user).filter(sampling=chosen)
        samples = list(rows.select_related("ticket__project", "engineer").prefetch_related("verdicts__checker"))
        doubles = Sample._default_manager.visible_to(user).filter(is_double=True).prefetch_related("verdicts")
        pairs = [[one.marks for one in row.verdicts.all()] for row in doubles.order_by("-pk")[:COMPARED]]
        agreed, compared = rules.agreement((pair[0], pair[1]) for pair in pairs if len(pair) > 1)
        return super().get_context_data(**kwargs) | {
            "weeks": weeks,
            "chosen": chosen,
            "lines": [self._line(sample, user) for sample in samples],
            "judged": sum(len(sample.verdicts.all()) >= sample.wanted for sample in samples),
            "total": len(samples),
            "tallies": _tallies(samples),
            "agreed": agreed,
            "compared": compared,
            "percent": round(100 * agreed / compared) if compared else None,
        }

    def _line(self, sample: Sample, user: Any) -> dict[str, Any]:
        """A sampled request; marks of others are shown only once all are in, so that nobody copies."""
        verdicts = list(sample.verdicts.all())
        done = len(verdicts) >= sample.wanted
        mine = any(one.checker_id == user.pk for one in verdicts)
        return {
            "sample": sample,
            "verdicts": verdicts if done else [one for one in verdicts if one.checker_id == user.pk],
            "given": len(verdicts),
            "done": done,
            "may_judge": not done and not mine and not user.is_auditor_only,
        }


def _tallies(samples: list[Sample]) -> list[tuple[Any, int, int]]:
    """How many of each kind of mark pass, of those that apply."""
    given = [one for sample in samples for one in sample.verdicts.all() if len(sample.verdicts.all()) >= sample.wanted]
    found = []
    for name in ("response_time", "response_quality", "service_quality"):
        marks = [getattr(one, name) for one in given]
        counted = [mark for mark in marks if mark != Verdict.Mark.NOT_APPLICABLE]
        label = Verdict._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        found.append((label, counted.count(Verdict.Mark.PASS), len(counted)))
    return found


class Judge(FormPage):
    """Three verdicts on one sampled request, beside what happened to it."""

    model = Sample
    section = "complaints"
    title = _("Judge a request")
    submit_label = _("Record the verdict")
    form_class = JudgeForm
    template_name = "complaints/judge.html"
    related = ("ticket__project", "engineer", "sampling")

    def permitted(self, user: Any) -> bool:
        return access.may_judge(user)

    def perform(self, form: Any) -> Sample:
        sampling.judge(sample=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)
        return self.object

    def get_success_url(self, row: Sample) -> str:
        return row.sampling.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket = self.object.ticket
        orders = WorkOrder._default_manager.visible_to(self.request.user).filter(ticket=ticket)
        return super().get_context_data(**kwargs) | {
            "sample": self.object,
            "ticket": ticket,
            "orders": orders.select_related("engineer").order_by("pk"),
            "back_url": self.object.sampling.get_absolute_url(),
        }


class Summary(FormPage):
    """A month's, quarter's or year's complaints by every side; hot spots; proposals and what came of them (C-07)."""

    model = Proposal
    section = "complaints"
    title = _("Summary of complaints")
    submit_label = _("Propose")
    form_class = ProposalForm
    template_name = "complaints/summary.html"

    def permitted(self, user: Any) -> bool:
        return access.may_see_summary(user)

    @property
    def month(self) -> date:
        return _day(f"{self.request.GET.get('month', '')}-01") or timezone.localdate().replace(day=1)

    @property
    def span(self) -> str:
        wanted = self.request.GET.get("span", "")
        return wanted if wanted in SPANS else "month"

    def perform(self, form: Any) -> Proposal:
        return reviews.make_proposal(month=self.month, **form.cleaned_data, actor=self.request.user, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        figures = summary.of_span(self.span, self.month, user)
        proposals = self.get_queryset().of_span(figures["begin"], figures["next"]).select_related("made_by")
        kind = self.span if self.span in Analysis.Kind else ""
        analyses = Analysis._default_manager.visible_to(user).filter(kind=kind, begins_on=figures["begin"])
        return (
            super().get_context_data(**kwargs)
            | figures
            | {
                "spans": SPANS.items(),
                "month": self.month,
                "proposals": [(one, available(one, user)) for one in proposals],
                "analysis": analyses.first(),
                "back_url": reverse("complaints:list"),
            }
        )
