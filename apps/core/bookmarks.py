"""Named views: how a person likes to see a list (its tab, filters and order), kept under a name of their own.

They are bookmarks of one person: nobody else sees them, nothing else reads them, so they leave no events.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from .errors import DomainError
from .models import SavedView

#: As many as fit beside each other; more would be a list of lists.
MAX_VIEWS = 12
MAX_QUERY = 1000
#: What the address of a list says beside how it is seen.
NOT_KEPT = {"page", "export", "saved", "part", "csrfmiddlewaretoken", "submission_key"}
#: What the blank choice of a drop-down sends.
BLANK = {"", "unknown"}


def kept_query(query: str | Mapping[str, Any]) -> str:
    """Return the part of a list's query that a view keeps: tab, filters and order, in a fixed order, no blanks."""
    asked = QueryDict(query) if isinstance(query, str) else query
    lists: Any = asked.lists() if isinstance(asked, QueryDict) else ((key, [value]) for key, value in asked.items())
    kept = QueryDict(mutable=True)
    for key, values in sorted(lists):
        if key not in NOT_KEPT and (told := [value for value in values if value not in BLANK]):
            kept.setlist(key, told)
    return kept.urlencode()


def views_of(user: Any, path: str) -> list[SavedView]:
    """Return a person's views of a list, the oldest first."""
    return list(SavedView.objects.visible_to(user).filter(path=path))


def save_view(*, user: Any, path: str, query: str, name: str, is_start: bool, now: datetime) -> SavedView:
    """Keep a view of the list at ``path`` under a name. ``is_start``: the list opens with it."""
    with transaction.atomic():
        # The person's row is locked: two tabs cannot both make the last one, or both make the start.
        user._meta.model._base_manager.select_for_update().get(pk=user.pk)
        if SavedView.objects.filter(user=user, path=path).count() >= MAX_VIEWS:
            raise DomainError(_("A list has room for %(count)s views. Delete one first.") % {"count": MAX_VIEWS})
        view = SavedView(user=user, path=path, created_at=now)
        return _write(view, query=query, name=name, is_start=is_start)


def change_view(*, view: SavedView, name: str, is_start: bool) -> SavedView:
    """Give a view another name; make it the one the list opens with, or not."""
    with transaction.atomic():
        locked = _locked(view)
        return _write(locked, query=locked.query, name=name, is_start=is_start)


def keep_query(*, view: SavedView, query: str) -> SavedView:
    """Let a view show from now on what the list shows."""
    with transaction.atomic():
        locked = _locked(view)
        return _write(locked, query=query, name=locked.name, is_start=locked.is_start)


def delete_view(*, view: SavedView) -> None:
    """Forget a view. The list and its rows stay as they are."""
    SavedView.objects.filter(pk=view.pk).delete()


def _locked(view: SavedView) -> SavedView:
    found: SavedView | None = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if found is None:
        raise DomainError(_("This view was deleted in the meantime."))
    return found


def _write(view: SavedView, *, query: str, name: str, is_start: bool) -> SavedView:
    others = SavedView.objects.filter(user=view.user_id, path=view.path).exclude(pk=view.pk)
    if others.filter(name=name).exists():
        raise DomainError(_("You have a view of this name on this list already. Choose another name."), field="name")
    view.query = kept_query(query)
    if len(view.query) > MAX_QUERY:
        raise DomainError(_("So many filters do not fit into one view. Take some away."))
    if is_start:
        others.filter(is_start=True).update(is_start=False)
    view.name, view.is_start = name, is_start
    view.save()
    return view
