"""Every address × everybody × GET and POST: nothing foreign is seen, nothing is changed without right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.core.pages import StepPage
from apps.tickets.models import Ticket
from tests.world import MARK_A, MARK_B

from .addresses import ADDRESSES, BY_SECRET, NOWHERE, Address, people_who_must_find_nothing, samples, urls, written
from .conftest import Sweep
from .rights import RIGHTS
from .watch import difference, snapshot, undone

pytestmark = pytest.mark.usefixtures("contexts_unnoted")

#: The addresses that answer those who are not signed in. Nothing else does.
PUBLIC = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "complaints:anonymous",
    "complaints:enter_code",
    "core:health",
    "set_language",
    "training:check",
}
#: Addresses about the person in front of the screen, never about a row.
ABOUT_ONESELF = {address.name for address in ADDRESSES if address.name.startswith("account_")} | {"set_language"}

PAGE_BUDGET = 12
STAFF_NOTE = f"{MARK_A}内部说明"
#: What must stand on no page of these people.
HIDDEN = (
    dict.fromkeys(("stranger", "other_owner"), (MARK_A,))
    | dict.fromkeys(("owner_admin", "owner_member", "limited_member"), (MARK_B, STAFF_NOTE))
    | dict.fromkeys(("engineer", "trainer", "project_manager"), (MARK_B,))
)

#: The step page has its own sweep, edge by edge.
every_address = pytest.mark.parametrize(
    "address", [address for address in ADDRESSES if address.page is not StepPage], ids=str
)


@pytest.mark.django_db  # one such test a module makes the test database; see conftest.py
def test_addresses_open_by_secret_exist() -> None:
    assert {address.name for address in ADDRESSES} >= BY_SECRET


def test_public_views_are_these_and_no_others(sweep: Sweep) -> None:
    """Whoever is not signed in sees the public addresses alone; everything else leads to the sign-in page."""
    sign_in = reverse("account_login")
    open_to_all = set()
    for address in ADDRESSES:
        for url in urls(address, sweep.world)[:5]:
            for method in ("get", "post"):
                response, watch = sweep.ask(None, method, url)
                assert response.status_code < 500, (method, url)
                assert not watch.written, (method, url, watch.written)
                turned_away = response.status_code in {404, 405} or (
                    response.status_code == 302 and response["Location"].startswith(f"{sign_in}?next=")
                )
                if not turned_away:
                    open_to_all.add(address.name)
    assert open_to_all == PUBLIC | BY_SECRET


@pytest.mark.parametrize("name", ["complaints:follow", "tickets:label", "tickets:track", "verify"])
def test_public_page_names_no_person_and_no_telephone(name: str, sweep: Sweep) -> None:
    """Anybody can photograph a label or a paper: no names, no prices, no telephone numbers of people."""
    [address] = [address for address in ADDRESSES if address.name == name]
    [url] = urls(address, sweep.world)
    response, _ = sweep.ask(None, "get", url)
    assert response.status_code == 200
    ticket = sweep.world.rows[Ticket]
    private = {ticket.contact_name, ticket.contact_phone, ticket.description, STAFF_NOTE, sweep.world.owner.name}
    private |= {person.name for person in sweep.world.people.values()}
    private |= {person.phone for person in sweep.world.people.values()}
    assert not {text for text in private if text in response.text_shown}


@every_address
def test_get_changes_nothing_fails_for_nobody_and_shows_nothing_foreign(address: Address, sweep: Sweep) -> None:
    """A state changes by POST alone; no page breaks; each keeps within its queries; each reads in English too."""
    parts = ["", *(f"?part={part}" for part in getattr(address.page, "deferred", ()))]
    for arguments in samples(address, sweep.world):
        nothing_there = people_who_must_find_nothing(address, arguments, sweep.world)
        for url in [written(address, arguments, sweep.world) + part for part in parts]:
            for name in sweep.world.people:
                response, watch = sweep.ask(name, "get", url, language="en" if name == "finance" else "zh-hans")
                assert response.status_code < 500, (name, url)
                assert not watch.written, (name, url, watch.written)
                if response.status_code == 200:
                    assert len(watch.queries) <= PAGE_BUDGET, (
                        f"{url} as {name}: {len(watch.queries)} queries\n" + "\n".join(q[:170] for q in watch.queries)
                    )
                for mark in HIDDEN.get(name, ()) if address.name not in BY_SECRET else ():
                    assert mark not in response.text_shown, (name, url, _around(response.text_shown, mark))
                if name == "finance" and response.status_code == 200 and "<html" in response.text_shown:
                    assert 'lang="en' in response.text_shown or 'lang="zh-CN"' in response.text_shown, url
                assert ">---------<" not in response.text_shown, f"{url}: a blank choice without a name"
                if name in nothing_there:
                    _cannot_be_told_from_nothing(sweep, name, "get", address, arguments, response.status_code)


@every_address
def test_post_without_right_changes_nothing(address: Address, sweep: Sweep) -> None:
    """Those whom the table of rights names get in and nobody else; a refusal leaves no trace; nothing breaks."""
    let_in = set()
    for arguments in samples(address, sweep.world):
        url = written(address, arguments, sweep.world)
        nothing_there = people_who_must_find_nothing(address, arguments, sweep.world)
        for name in sweep.world.people:
            response, watch = sweep.ask(name, "post", url)
            status = response.status_code
            assert status < 500, (name, url)
            if name in nothing_there:
                _cannot_be_told_from_nothing(sweep, name, "post", address, arguments, status)
            elif status not in {403, 404, 405}:
                let_in.add(name)
            if watch.written and (status >= 400 or name == "auditor"):
                with undone():
                    sweep.client(name).post(url)  # again, to see what is left of it
                    changed = difference(sweep.as_made, snapshot())
                assert not changed, (name, url, status, changed)
    if address.name not in ABOUT_ONESELF:
        assert let_in == RIGHTS.get(address.name, set()), f"{address}: compare with tests/access/rights.py"


def _cannot_be_told_from_nothing(
    sweep: Sweep, name: str, method: str, address: Address, arguments: dict[str, Any], status: int
) -> None:
    """A foreign id is 404, by GET and by POST, or it is refused exactly as an id that nobody has."""
    assert status in {403, 404, 405}, (name, method, address, status)
    if status != 404:
        nowhere = {name: NOWHERE if isinstance(value, int) else value for name, value in arguments.items()}
        lost = sweep.ask(name, method, reverse(address.name, kwargs=nowhere))[0].status_code
        assert status == lost, (name, method, address, status)


def test_table_of_rights_names_addresses_that_exist() -> None:
    assert set(RIGHTS) <= {address.name for address in ADDRESSES}


def _around(text: str, needle: str) -> str:
    at = text.find(needle)
    return text[max(0, at - 120) : at + 60]
