"""Named views of a list: a person's own, found again, never in the way of the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.bookmarks import MAX_VIEWS, change_view, keep_query, kept_query, save_view
from apps.core.errors import DomainError
from apps.core.models import SavedView
from apps.tickets.models import Ticket
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/tickets/"


@pytest.fixture
def person() -> Any:
    return make.make_staff("customer_service")


@pytest.fixture
def client(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def save(person: Any, name: str = "我的", query: str = "tab=all&q=路灯", *, is_start: bool = False) -> SavedView:
    return save_view(user=person, path=LIST, query=query, name=name, is_start=is_start, now=timezone.now())


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("q=a&tab=open&page=3&export=csv&saved=7", "q=a&tab=open"),
        ("tab=open&sort=-number&q=a", "q=a&sort=-number&tab=open"),
        ("status=open&status=closed&flag=unknown&q=", "status=open&status=closed"),
        ("saved=", ""),
        ("", ""),
    ],
)
def test_view_keeps_tab_filters_and_order_alone(asked: str, kept: str) -> None:
    assert kept_query(asked) == kept


def test_person_names_what_the_list_shows_and_finds_it_above_the_list(client: Client, person: Any) -> None:
    """Filters, tab and order come back as they were; sent twice (double click) there is one view."""
    form = {"path": LIST, "query": "tab=all&q=路灯&sort=-number&page=2", "name": "路灯", "submission_key": "k1"}
    first, second = (client.post(reverse("core:view_create"), form) for _ in range(2))
    [view] = SavedView.objects.all()
    assert first["Location"] == second["Location"] == view.get_absolute_url()
    assert (view.user, view.path, view.query) == (person, LIST, kept_query(form["query"]))
    page = client.get(first["Location"])
    assert page.context["views"].current == view
    assert not page.context["views"].is_changed
    assert page.context["filterset"].form.cleaned_data["q"] == "路灯"
    assert f'aria-current="page">{view.name}</a>' in page.text


def test_view_is_offered_while_another_is_shown_and_on_a_list_shown_in_part(client: Client, person: Any) -> None:
    """What is saved is what the list shows now: the rows that htmx fetches bring the menu with them."""
    view = save(person)
    part = client.get(f"{LIST}?tab=all&q=水泵&saved={view.pk}", headers={"HX-Request": "true"})
    assert part.context["views"].is_changed
    assert 'id="list-views" hx-swap-oob="true"' in part.text
    assert reverse("core:view_keep", args=[view.pk]) in part.text
    client.post(reverse("core:view_keep", args=[view.pk]), {"query": "tab=all&q=水泵"})
    view.refresh_from_db()
    assert view.query == kept_query("tab=all&q=水泵")


def test_list_opens_with_the_chosen_view_unless_it_is_asked_for_otherwise(client: Client, person: Any) -> None:
    save(person, "另一个")
    view = save(person, "每天", is_start=True)
    assert client.get(LIST)["Location"] == view.get_absolute_url()
    assert client.get(view.get_absolute_url()).status_code == 200
    for query in ("?saved=", "?tab=all", "?q=a", "?export=csv", "?page=1"):
        assert client.get(LIST + query).status_code == 200, query
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    assert 'name="saved" value=""' in client.get(f"{LIST}?saved=").text, "cleared filters stay cleared"


def test_one_view_at_most_opens_a_list(person: Any) -> None:
    first, second = save(person, "一", is_start=True), save(person, "二", is_start=True)
    assert list(SavedView.objects.filter(is_start=True)) == [second]
    change_view(view=first, name="一", is_start=True)
    assert list(SavedView.objects.filter(is_start=True)) == [first]


def test_view_is_renamed_and_deleted(client: Client, person: Any) -> None:
    view = save(person)
    assert client.post(reverse("core:view_edit", args=[view.pk]), {"name": "新名"}).status_code == 302
    assert SavedView.objects.get().name == "新名"
    answer = client.post(reverse("core:view_delete", args=[view.pk]))
    assert answer["Location"] == f"{LIST}?saved="
    assert not SavedView.objects.exists()
    assert client.get(view.get_absolute_url()).status_code == 200, "an old bookmark still opens the list"


def test_view_deleted_in_another_tab_is_said_to_be_gone(client: Client, person: Any) -> None:
    """Both ways of writing it: the row went after the page had read it."""
    view = save(person)
    SavedView.objects.filter(pk=view.pk).delete()
    with pytest.raises(DomainError, match="已被删除"):
        change_view(view=view, name="新名", is_start=False)
    with pytest.raises(DomainError, match="已被删除"):
        keep_query(view=view, query="tab=all")
    assert not SavedView.objects.exists()


def test_name_is_given_once_a_list_and_a_list_has_room_for_twelve(person: Any) -> None:
    save(person)
    with pytest.raises(DomainError):
        save(person)
    for number in range(MAX_VIEWS - 1):
        save(person, f"第{number}个")
    with pytest.raises(DomainError):
        save(person, "太多")
    assert SavedView.objects.count() == MAX_VIEWS


@pytest.mark.parametrize("path", ["/", "/nowhere/", "https://evil.example/", "//evil.example/", "/health/", ""])
def test_view_belongs_to_a_list_of_ours(client: Client, path: str) -> None:
    """Saving leads back to the list: never anywhere else."""
    answer = client.post(reverse("core:view_create"), {"path": path, "query": "", "name": "x"})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query", ["tab=gone", "sort=gone", "project=999999999", "gone=1", "status=gone", "sort=", "q=" + "长" * 100]
)
def test_view_whose_filter_no_longer_applies_still_opens_and_says_so(client: Client, person: Any, query: str) -> None:
    """A project that was deleted, a filter that a later version dropped: the rest applies, nothing breaks."""
    make.make_ticket()
    view = SavedView.objects.create(user=person, path=LIST, name="旧", query=query, created_at=timezone.now())
    page = client.get(view.get_absolute_url())
    assert page.status_code == 200
    assert bool(page.context["lost"]) == (query not in {"sort=", "q=" + "长" * 100})
    assert client.get(f"{view.get_absolute_url()}&export=csv").status_code == 200


def test_view_shows_nobody_more_than_they_may_see(person: Any) -> None:
    """A view is an address: rows come through the reader's own scope, and views of others do not exist."""
    view = save(person, query=f"tab=all&project={make.make_ticket().project_id}")
    stranger = make.make_staff("engineer")
    client = Client()
    client.force_login(stranger)
    page = client.get(view.get_absolute_url())
    assert page.context["views"].current is None
    assert not page.context["table"].page.object_list
    assert Ticket.objects.exists()
    assert client.get(reverse("core:view_edit", args=[view.pk])).status_code == 404


def test_owner_has_views_of_their_own_lists(client: Client) -> None:
    owner = make.make_owner_admin()
    client.force_login(owner)
    client.post(reverse("core:view_create"), {"path": "/projects/", "query": "q=路灯", "name": "路灯"})
    assert client.get("/projects/").context["views"].saved == list(SavedView.objects.filter(user=owner))


def test_auditor_changes_nothing_not_even_views(client: Client) -> None:
    client.force_login(make.make_staff("auditor"))
    assert client.post(reverse("core:view_create"), {"path": LIST, "query": "", "name": "x"}).status_code == 403
    assert reverse("core:view_create") not in client.get(f"{LIST}?tab=all").text
