"""The standard list: scopes, filters, sorts, pages, renders, exports; rows alone for htmx."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core import paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig
from openpyxl import Workbook

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
LAST_PAGE = 100
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
EXPORTED = declare_event("core.exported", _("List exported"), icon="file-export")


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
        filters = {key: value for key, value in query.items() if value and key not in {"tab", "sort", "saved"}}
        context = super().get_context_data(**kwargs)
        return context | {
            "filterset": self.filterset,
            "filtered": bool(filters),
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
            "last_page": LAST_PAGE,
        }

    def _export(self, table: Any, kind: str) -> HttpResponse:
        lines = [[inert(value) for value in line] for line in _lines(table)]
        name = f"{self.model._meta.model_name}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
        data = {
            "list": self.model._meta.label_lower,
            "rows": len(lines) - 1,
            "query": self.request.GET.urlencode(),
        }
        user = self.request.user
        with transaction.atomic():
            record(user, EXPORTED, actor=user, now=timezone.now(), audience=Audience.STAFF, data=data)
        if kind == "csv":
            out = io.StringIO()
            csv.writer(out).writerows(lines)
            response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        else:
            book = Workbook(write_only=True)
            sheet = book.create_sheet(str(self.model._meta.verbose_name_plural)[:31])
            for line in lines:
                sheet.append(line)
            stream = io.BytesIO()
            book.save(stream)
            response = HttpResponse(
                stream.getvalue(),
                content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def inert(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and (value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)):
        return f"'{value}"
    return value


def _lines(table: Any) -> Iterator[list[Any]]:
    for count, line in enumerate(table.as_values(exclude_columns=("select",))):
        if count > EXPORT_LIMIT:
            return
        yield ["" if value is None else str(value) for value in line]
