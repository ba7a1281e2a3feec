"""The named views of a list: what the list page shows of them, and the pages that make, change and delete them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import bookmarks
from ..forms import ScopedForm
from ..models import SavedView
from ..templatetags.listing import subnames
from .form import ActionPage, FormPage


class ListViews:
    """A person's views of one list, and which of them is shown. All of it costs one query.

    ``saved=7`` in the address says which one it is; the address carries the filters of the view themselves, so that
    pages, orders and exports work as ever. ``saved=`` says: none of them, not even the one the list opens with.
    """

    def __init__(self, request: Any, *, tabs: tuple[Any, ...], tab: Any) -> None:
        self.request = request
        self._tabs = tabs
        asked = request.GET.copy()
        if tab is not None:
            asked["tab"] = tab.name  # the first tab is the same with its name and without
        self.path = request.path
        self.query = bookmarks.kept_query(asked)

    @cached_property
    def saved(self) -> list[SavedView]:
        return bookmarks.views_of(self.request.user, self.path)

    @cached_property
    def current(self) -> SavedView | None:
        """The view that is shown, perhaps with filters changed since."""
        asked = self.request.GET.get("saved")
        return next((view for view in self.saved if str(view.pk) == asked), None) if asked else None

    @cached_property
    def start(self) -> SavedView | None:
        """The view the list opens with."""
        return next((view for view in self.saved if view.is_start), None)

    @property
    def opening(self) -> str:
        """The address to open instead, when the list is asked for without saying how."""
        asks_nothing = not self.request.GET and not self.request.htmx
        return self.start.get_absolute_url() if asks_nothing and self.start else ""

    @property
    def is_changed(self) -> bool:
        return self.current is not None and self.current.query != self.query

    @property
    def may_save(self) -> bool:
        return not self.request.user.is_auditor_only

    def lost(self, filterset: Any, table: Any) -> list[str]:
        """Name what the view asks for and the list does not know any more: such parts are left out, never an error."""
        if self.current is None:
            return []
        form, asked = filterset.form, QueryDict(self.current.query)
        errors = form.errors if form.is_bound else {}
        fields = {name: field for field in form for name in {field.name, *subnames(field)}}
        lost = [str(fields[key].label) if key in fields else "" for key in asked if self._is_lost(key, fields, errors)]
        if "tab" in asked and asked["tab"] not in {tab.name for tab in self._tabs}:
            lost.append(_("its tab"))
        sortable = {column.name for column in table.columns if column.orderable}
        if {one.lstrip("-") for one in asked.getlist("sort")} - sortable - {""}:
            lost.append(_("its order"))
        return [label or _("a filter that this list no longer has") for label in dict.fromkeys(lost)]

    @staticmethod
    def _is_lost(key: str, fields: dict[str, Any], errors: Any) -> bool:
        if key in {"tab", "sort"}:
            return False
        return key not in fields or fields[key].name in errors


class ViewForm(ScopedForm):
    """The name of a view, and whether the list opens with it."""

    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=24)
    is_start = forms.BooleanField(label=gettext_lazy("Open the list with it"), required=False)


class NewViewForm(ViewForm):
    """Also the list, and how it is seen: what the list's page sends along."""

    path = forms.CharField(widget=forms.HiddenInput, max_length=200)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"]
        try:
            page: Any = getattr(resolve(path).func, "view_class", None)
        except Resolver404:
            page = None
        # Asked by what a list page has: its module imports this one.
        if page is None or not hasattr(page, "filterset_class"):
            raise ValidationError(_("Save a view from the page of a list."))
        return path


class ViewCreate(FormPage):
    """Keep the present tab, filters and order of a list under a name."""

    model = SavedView
    title = gettext_lazy("Save this view")
    form_class = NewViewForm
    success_message = gettext_lazy("The view is saved. You find it above the list.")

    def get_initial(self) -> dict[str, Any]:
        return {"path": self.request.GET.get("list", ""), "query": self.request.GET.get("query", "")}

    def perform(self, form: Any) -> SavedView:
        return bookmarks.save_view(user=self.request.user, now=self.now, **form.cleaned_data)


class ViewEdit(FormPage):
    """Name a view anew; let the list open with it, or not any more."""

    model = SavedView
    title = gettext_lazy("Change the view")
    form_class = ViewForm
    template_name = "core/view_form.html"
    success_message = gettext_lazy("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "is_start": self.object.is_start}

    def perform(self, form: Any) -> SavedView:
        return bookmarks.change_view(view=self.object, **form.cleaned_data)


class ViewKeep(ActionPage):
    """Let a view show what its list shows now."""

    model = SavedView

    def perform(self, row: SavedView) -> str:
        return bookmarks.keep_query(view=row, query=self.request.POST.get("query", "")[:4000]).get_absolute_url()


class ViewDelete(ActionPage):
    """Forget a view."""

    model = SavedView

    def perform(self, row: SavedView) -> str:
        bookmarks.delete_view(view=row)
        return f"{row.path}?saved="
