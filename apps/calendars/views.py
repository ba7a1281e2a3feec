"""Pages of the work calendars: a year, special days, service hours, imports of holidays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.pages import ActionPage, DetailPage, FormPage, ListPage, ScopedPage, Tab

from . import access, services
from .filters import DayFilter, HoursFilter, ImportFilter
from .forms import OFF, WORKS, DayForm, HoursForm, NewDayForm, NoticeForm
from .loading import full_name
from .models import CalendarDay, CalendarImport, CalendarYear, ServiceHours
from .months import Mark, months_of, workdays_of
from .rules import differences, windows_in_words
from .tables import DayTable, HoursTable, ImportTable

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CalendarPage(ScopedPage):
    """What the pages of the calendars share: our people look at them."""

    section = "calendars"

    def permitted(self, user: Any) -> bool:
        return access.may_see(user)


class YearPage(CalendarPage):
    """Twelve months with holidays, make-up days and the company's days; the running year unless another is named."""

    model = CalendarDay
    related = ("hours",)
    template_name = "calendars/year.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        year = self.kwargs.get("year", today.year)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        days = list(self.get_queryset().filter(on__year=year).order_by("on", "pk"))
        national = [(row.on, row.is_working) for row in days if row.layer == CalendarDay.Layer.NATIONAL]
        shared = sorted(
            (row for row in days if row.hours_id is None), key=lambda row: row.layer == CalendarDay.Layer.COMPANY
        )
        marks = {row.on: Mark(row.layer, row.is_working, full_name(row)) for row in shared}
        return super().get_context_data(**kwargs) | {
            "title": _("Work calendar %(year)s") % {"year": year},
            "year": year,
            "stored": CalendarYear._default_manager.visible_to(user).filter(year=year).first(),
            "months": months_of(year, marks),
            "own_days": [row for row in days if row.hours_id is not None],
            "workdays": workdays_of(year, national),
            "today": today,
            "years": range(max(year - 2, FIRST_YEAR), min(year + 2, LAST_YEAR) + 1),
            "may_edit": access.may_edit_days(user),
        }


class DayList(CalendarPage, ListPage):
    """The days that differ for the company, or for certain service hours."""

    model = CalendarDay
    title = gettext_lazy("Company days")
    related = ("hours",)
    template_name = "calendars/list.html"
    filterset_class = DayFilter
    table_class = DayTable
    tabs = (
        Tab("coming", gettext_lazy("Coming"), lambda rows: rows.coming(timezone.localdate())),
        Tab("past", gettext_lazy("Past"), lambda rows: rows.past(timezone.localdate())),
    )
    create_url = "calendars:day_create"
    create_label = gettext_lazy("Add a day")
    empty_text = gettext_lazy("No company day is coming. Add one where the company differs from the national calendar.")

    def get_queryset(self) -> Any:
        return super().get_queryset().ours()

    def may_create(self, user: Any) -> bool:
        return access.may_edit_days(user)

    def hidden_columns(self) -> tuple[str, ...]:
        return () if access.may_edit_days(self.request.user) else ("edit",)


class DayPage(CalendarPage):
    """What adding, changing and removing a day share."""

    model = CalendarDay
    related = ("hours",)

    def permitted(self, user: Any) -> bool:
        return access.may_edit_days(user)

    def get_queryset(self) -> Any:
        return super().get_queryset().ours()


class DayCreate(DayPage, FormPage):
    title = gettext_lazy("Add a company day")
    form_class = NewDayForm
    submit_label = gettext_lazy("Add")
    back_url: Any = reverse_lazy("calendars:days")

    def perform(self, form: Any) -> CalendarDay:
        return services.add_days(**form.cleaned_data, actor=self.request.user, now=self.now)


class DayEdit(DayPage, FormPage):
    title = gettext_lazy("Change the day")
    template_name = "calendars/day_form.html"
    form_class = DayForm
    back_url: Any = reverse_lazy("calendars:days")

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        works = WORKS if row.is_working else OFF
        return {"name": row.name, "works": works, "windows": windows_in_words(row.windows)}

    def perform(self, form: Any) -> CalendarDay:
        return services.change_day(day=self.object, **form.cleaned_data, actor=self.request.user, now=self.now)


class DayRemove(DayPage, ActionPage):
    def perform(self, row: CalendarDay) -> str:
        services.remove_day(day=row, actor=self.request.user, now=timezone.now())
        messages.success(self.request, _("Removed: %(day)s") % {"day": row})
        return reverse("calendars:days")


class HoursList(CalendarPage, ListPage):
    """When service is given; promises count in these hours."""

    model = ServiceHours
    title = gettext_lazy("Service hours")
    template_name = "calendars/list.html"
    filterset_class = HoursFilter
    table_class = HoursTable
    create_url = "calendars:hours_create"
    create_label = gettext_lazy("New service hours")
    empty_text = gettext_lazy(
        "No service hours yet. Until there are, the office works Mon–Fri 08:30-12:00 13:30-17:30."
    )
    exportable = False

    def may_create(self, user: Any) -> bool:
        return access.may_edit_hours(user)

    def hidden_columns(self) -> tuple[str, ...]:
        return () if access.may_edit_hours(self.request.user) else ("edit",)


class HoursCreate(CalendarPage, FormPage):
    model = ServiceHours
    title = gettext_lazy("New service hours")
    template_name = "calendars/hours_form.html"
    form_class = HoursForm
    back_url: Any = reverse_lazy("calendars:hours")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_hours(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"hours": self.object}

    def perform(self, form: Any) -> ServiceHours:
        values = {"key": self.object.key} if self.object else {}
        return services.save_hours(
            hours=self.object, values=values | form.values, actor=self.request.user, now=self.now
        )


class HoursEdit(HoursCreate):
    title = gettext_lazy("Change the service hours")


class ImportList(CalendarPage, ListPage):
    """The imports of holidays so far, the latest first."""

    model = CalendarImport
    title = gettext_lazy("Imports of holidays")
    related = ("made_by",)
    template_name = "calendars/list.html"
    filterset_class = ImportFilter
    table_class = ImportTable
    create_url = "calendars:import_create"
    create_label = gettext_lazy("Import a year")
    empty_text = gettext_lazy(
        "Nothing was imported yet. When the State Council publishes the next year, import it here."
    )
    exportable = False

    def may_create(self, user: Any) -> bool:
        return access.may_edit_days(user)


class ImportCreate(CalendarPage, FormPage):
    """Upload or paste a year's notice; it is shown against what is stored before anything changes."""

    model = CalendarImport
    title = gettext_lazy("Import a year's holidays")
    form_class = NoticeForm
    submit_label = gettext_lazy("Check and compare")
    back_url: Any = reverse_lazy("calendars:imports")

    def permitted(self, user: Any) -> bool:
        return access.may_edit_days(user)

    def perform(self, form: Any) -> CalendarImport:
        data = form.cleaned_data
        return services.start_import(
            text=data["file"] or data["text"], source=data["source"], actor=self.request.user, now=self.now
        )


class ImportDetail(CalendarPage, DetailPage):
    """What an import changes, or changed."""

    model = CalendarImport
    related = ("made_by", "applied_by", "rolled_back_by")
    template_name = "calendars/import_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.object
        return super().get_context_data(**kwargs) | {
            "differences": differences(run.before, run.after),
            "workdays": workdays_of(run.year, services.national_days_with(run)),
        }
