"""The standard list: scopes, filters, sorts, pages, renders, exports; rows alone for htmx."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_plus

from django.apps import apps
from django.conf import settings
from django.core import paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tables2 import BooleanColumn, DateColumn, DateTimeColumn, RequestConfig
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from .. import registry
from ..events import declare_event, record
from ..scoping import Audience
from .base import ScopedPage
from .saved_views import ListViews

if TYPE_CHECKING:
    Paginator = paginator.Paginator[Any]
else:  # only the stubs know it as generic
    Paginator = paginator.Paginator

EXPORT_LIMIT = 20_000
#: In characters: what a day with its time takes; in a narrower cell a spreadsheet shows ####.
CELL_WIDTH = 18
SHOWN_SHORT = (BooleanColumn, DateColumn, DateTimeColumn)
LAST_PAGE = 100
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def _told(data: dict[str, Any]) -> str:
    """Say which list was exported, how much of it, and how it was narrowed."""
    rows = ngettext("%(n)s row", "%(n)s rows", data["rows"]) % {"n": data["rows"]}
    try:
        listed = apps.get_model(data["list"])._meta.verbose_name_plural
    except LookupError:
        listed = data["list"]
    return " · ".join(part for part in (str(listed), rows, unquote_plus(data["query"])) if part)


EXPORTED = declare_event("core.exported", _("List exported"), icon="file-export", tell=_told)


@dataclass(frozen=True)
class Tab:
    """A named view of a list."""

    name: str
    label: str | Promise
    narrow: Callable[[Any], Any]


class CappedPaginator(Paginator):
    """Counts no further than ``COUNT_LIMIT``, so that a page costs the same whatever the table's size.

    ``known`` is the number of rows, where the page has counted them already.
    """

    def __init__(self, *args: Any, known: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = known

    @cached_property
    def count(self) -> int:
        if self._known is not None:
            return self._known
        rows: Any = self.object_list.data.data if hasattr(self.object_list, "data") else self.object_list
        return cast(int, rows.order_by()[: settings.COUNT_LIMIT + 1].count())

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, LAST_PAGE)

    @property
    def is_capped(self) -> bool:
        return self.count > settings.COUNT_LIMIT


class ListPage(ScopedPage):
    """A list as attributes: ``model``, ``filterset_class``, ``table_class``, ``related``, ``tabs``.

    The first of ``tabs`` is shown unless ``?tab=`` names another. Only columns the table declares orderable sort.
    People keep views of it under names of their own (``saved_views``); every list has that without saying so.
    """

    template_name = "core/list.html"
    filterset_class: Any = None
    table_class: Any = None
    tabs: tuple[Tab, ...] = ()
    create_url: Any = ""
    create_label: Any = ""
    empty_text: Any = _("Nothing here yet.")
    #: Steps or documents for several rows at once: (address name, label, icon).
    bulk_actions: tuple[tuple[str, Any, str], ...] = ()
    exportable = True

    def may_create(self, user: Any) -> bool:
        return False

    def hidden_columns(self) -> tuple[str, ...]:
        """Name the columns that are not for this person's eyes: out of the page and out of the export."""
        return ()

    def may_use_bulk(self, user: Any) -> bool:
        return False

    @cached_property
    def tab(self) -> Tab | None:
        wanted = self.request.GET.get("tab")
        return next((tab for tab in self.tabs if tab.name == wanted), self.tabs[0] if self.tabs else None)

    @cached_property
    def views(self) -> ListViews:
        return ListViews(self.request, tabs=self.tabs, tab=self.tab)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if opening := self.views.opening:
            return HttpResponseRedirect(opening)
        rows = self.get_queryset()
        if self.tab is not None:
            rows = self.tab.narrow(rows)
        self.filterset = self.filterset_class(request.GET, queryset=rows, request=request)
        # Given the request, the table would page itself at once, by a count of everything.
        table = self.table_class(self.filterset.qs.order_by(*self._default_order(rows)), exclude=self.hidden_columns())
        RequestConfig(request, paginate=False).configure(table)
        # A column that was chosen has taken the place of the whole order: rows alike in it keep one of their own.
        table.data.data = table.data.data.order_by(*table.data.data.query.order_by, "-pk")
        if request.GET.get("export") in {"xlsx", "csv"} and self.exportable:
            return self._export(table, request.GET["export"])
        table.paginate(per_page=settings.PAGE_SIZE, paginator_class=CappedPaginator, known=self.counted())
        table.page = table.paginator.get_page(request.GET.get("page"))
        table.badges = registry.badges([row.record for row in table.page.object_list], request.user)
        context = self.get_context_data(table=table)
        # Cells drawn by a template know the table, the moment and who looks.
        table.context = Context({"table": table, "now": context["now"], "request": request})
        part = request.htmx and not request.htmx.boosted
        response = HttpResponse(self._render_rows(context)) if part else self.render_to_response(context)
        patch_vary_headers(response, ["HX-Request"])  # or the browser's history would show the rows without their page
        return response

    def counted(self) -> int | None:
        """Return how many rows the filtered list has, if the page counts them anyway."""
        return None

    def _default_order(self, rows: Any) -> list[str]:
        return [*(rows.query.order_by or self.model._meta.ordering or ()), "-pk"]

    def _render_rows(self, context: dict[str, Any]) -> str:
        return render_to_string("core/list_rows.html", context, request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        query = self.request.GET.copy()
        for key in ("page", "export"):
            query.pop(key, None)
        context = super().get_context_data(**kwargs)
        return context | {
            "filterset": self.filterset,
            "tabs": self.tabs,
            "tab": self.tab,
            "views": self.views,
            "lost": self.views.lost(self.filterset, kwargs["table"]) if "table" in kwargs else [],
            "query": query.urlencode(),
            "create_url": self.create_url if self.create_url and self.may_create(user) else "",
            "create_label": self.create_label,
            "bulk_actions": self.bulk_actions if self.may_use_bulk(user) else (),
            "empty_text": self.empty_text,
            "exportable": self.exportable,
            "export_limit": EXPORT_LIMIT,
            "last_page": LAST_PAGE,
        }

    def _export(self, table: Any, kind: str) -> HttpResponse:
        rows = list(table.rows[: EXPORT_LIMIT + 1])
        lines = list(_lines(table, rows[:EXPORT_LIMIT]))
        name = f"{self.model._meta.model_name}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
        data = {
            "list": self.model._meta.label_lower,
            "rows": len(rows[:EXPORT_LIMIT]),
            "query": self.request.GET.urlencode(),
        }
        user = self.request.user
        with transaction.atomic():
            record(user, EXPORTED, actor=user, now=timezone.now(), audience=Audience.STAFF, data=data)
        if len(rows) > EXPORT_LIMIT:
            note = _now("Only the first %(count)s rows. Filter the list for the others.")
            lines.append([note % {"count": EXPORT_LIMIT}])
        if kind == "csv":
            out = io.StringIO()
            csv.writer(out).writerows([_text(value) for value in line] for line in lines)
            response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        else:
            response = HttpResponse(
                _workbook(str(self.model._meta.verbose_name_plural), lines),
                content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def inert(value: Any) -> Any:
    """Return a cell that every spreadsheet takes, and none for a formula."""
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{value}" if value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS) else value


def _lines(table: Any, rows: list[Any]) -> Iterator[list[Any]]:
    """Return the header and the rows as cells, with what is only to be clicked left out."""
    columns = [one for one in table.columns.iterall() if one.name != "select" and not one.column.exclude_from_export]
    yield [inert(str(column.header)) for column in columns]
    for row in rows:
        yield [_cell(_value(table, row, column)) for column in columns]


def _value(table: Any, row: Any, column: Any) -> Any:
    """Return what a column holds: of days and moments themselves, not what the page shows of them."""
    if isinstance(column.column, SHOWN_SHORT) and not hasattr(table, f"value_{column.name}"):
        return column.accessor.resolve(row.record, quiet=True)
    return row.get_cell_value(column.name)


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet takes it: moments by our own clock to the minute, numbers and days as such."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _now("Yes") if value else _now("No")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(second=0, microsecond=0, tzinfo=None)
    return value if isinstance(value, (date, int, float, Decimal)) else inert(str(value))


def _text(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _workbook(title: str, lines: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number in range(1, len(lines[0]) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = CELL_WIDTH
    for line in lines:
        sheet.append([_dated(sheet, value) if isinstance(value, datetime) else value for value in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dated(sheet: Any, value: datetime) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "yyyy-mm-dd hh:mm"
    return cell
