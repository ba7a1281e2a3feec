"""Pages of warranties: take a project over, the cards by due day, one card, issue and print many."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage
from apps.core.pages.list import Tab
from apps.documents.services import document_of
from apps.projects.access import may_hand_over
from apps.projects.models import Project
from apps.service_levels.models import Target
from apps.service_levels.standing import watching

from . import access, services
from .filters import CardFilter
from .forms import AcceptForm, CorrectForm
from .models import Warranty, WarrantyCard
from .tables import CardTable


class AcceptProject(FormPage):
    """Take a project over: its acceptance with the evidence; the warranty starts, the card becomes due."""

    model = Project
    title = _("Record the acceptance")
    section = "projects"
    form_class = AcceptForm
    related = ("owner",)
    submit_label = _("Start the warranty")
    success_message = _("The warranty runs. Its card is due within one month of completion.")

    def permitted_on(self, row: Project, user: Any) -> bool:
        return may_hand_over(row, user)

    def perform(self, form: Any) -> Warranty:
        data = form.cleaned_data
        return services.accept_project(
            project=self.object,
            basis=data["basis"],
            accepted_on=data["accepted_on"],
            completed_on=data["completed_on"],
            months=data["months"],
            reference=data["reference"],
            scope_text=data["scope_text"],
            files=data["files"],
            actor=self.request.user,
            now=self.now,
        )


class CorrectAcceptance(FormPage):
    """Set right what was recorded wrongly when a project was taken over."""

    model = Warranty
    title = _("Correct the acceptance")
    section = "warranties"
    form_class = CorrectForm
    related = ("project__owner", "project__acceptance", "card")
    template_name = "warranties/correct.html"
    submit_label = _("Save the correction")
    success_message = _("Corrected. The history keeps what was recorded before.")

    def permitted_on(self, row: Warranty, user: Any) -> bool:
        return access.may_correct(row, user)

    def get_initial(self) -> dict[str, Any]:
        warranty = self.object
        acceptance = warranty.project.acceptance
        return {
            "basis": warranty.basis,
            "accepted_on": warranty.starts_on,
            "completed_on": acceptance.completed_on,
            "months": warranty.months,
            "reference": acceptance.reference,
            "scope_text": warranty.scope_text,
        }

    def perform(self, form: Any) -> Warranty:
        return services.correct_acceptance(
            warranty=self.object, **form.cleaned_data, actor=self.request.user, now=self.now
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"document": document_of(access.CARD, self.object.card)}


class CardList(ListPage):
    model = WarrantyCard
    title = _("Warranty cards")
    section = "warranties"
    related = ("warranty__project__owner",)
    filterset_class = CardFilter
    table_class = CardTable
    tabs = (
        Tab("due", _("To be issued"), lambda rows: rows.due()),
        Tab("overdue", _("Overdue"), lambda rows: rows.overdue(timezone.localdate())),
        Tab("issued", _("Issued"), lambda rows: rows.issued()),
        Tab("all", _("All"), lambda rows: rows),
    )
    bulk_actions = (("warranties:print_selected", _("Issue and print"), "printer"),)
    empty_text = _("No card is waiting. A card becomes due when a project's acceptance is recorded.")

    def may_use_bulk(self, user: Any) -> bool:
        return access.may_use_bulk(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if table := context.get("table"):
            cards = [row.record for row in table.page.object_list]
            table.clocks = watching(Target.Metric.CARD, cards, self.request.user)
        return context


class CardDetail(DetailPage):
    model = WarrantyCard
    section = "warranties"
    template_name = "warranties/card_detail.html"
    related = ("warranty__project__owner",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        card = self.object
        return context | {
            "title": _now("Warranty card"),
            "document": document_of(access.CARD, card),
            "may_issue": access.may_issue(card, self.request.user),
            "may_correct": access.may_correct(card.warranty, self.request.user),
            "overdue": card.is_overdue(timezone.localdate()),
        }


class PrintSelected(ActionPage):
    """Issue the chosen cards that are due, and put all of them into one PDF."""

    model = WarrantyCard

    def permitted(self, user: Any) -> bool:
        return access.may_use_bulk(user)

    def perform(self, row: Any) -> str:
        keys = self.selected_keys()
        cards = list(self.get_queryset().filter(pk__in=keys).select_related("warranty__project"))
        if not cards:
            raise DomainError(_now("Choose at least one card."))
        run = services.issue_and_print(cards=cards, actor=self.request.user, now=timezone.now())
        return run.get_absolute_url()

    def get_back_url(self) -> str:
        return reverse("warranties:list")


class PrintDueThisMonth(PrintSelected):
    """Issue and print every card that is due by the end of this month: one tap."""

    def perform(self, row: Any) -> str:
        cards = services.due_this_month(self.get_queryset(), timezone.localdate())
        if not cards:
            raise DomainError(_now("No card is due this month."))
        run = services.issue_and_print(cards=list(cards), actor=self.request.user, now=timezone.now())
        return run.get_absolute_url()
