"""Every address of the portal, found in the resolver, with sample arguments out of the world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import Invitation
from apps.complaints.models import Complaint
from apps.core.lifecycle import machines
from apps.core.models import StoredFile
from apps.core.pages import FilePage, StepPage
from apps.documents.models import Document
from apps.inspections.models import Visit
from apps.projects.models import Equipment, Owner, Project
from apps.surveys.models import SurveyRequest
from apps.tickets.models import Ticket, WorkOrder
from apps.training.models import Session
from tests.world import World


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, its argument names, and the page class that answers, if it is one."""

    name: str
    arguments: tuple[str, ...]
    view: Any

    @property
    def page(self) -> Any:
        return getattr(self.view, "view_class", None)

    @property
    def model(self) -> Any:
        return getattr(self.page, "model", None)

    def __str__(self) -> str:
        return f"{self.name}({','.join(self.arguments)})"


def walk(resolver: Any = None, namespaces: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Iterator[Address]:
    """Yield every address under a resolver, allauth's included."""
    for entry in (resolver or get_resolver()).url_patterns:
        arguments = above + _arguments(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, inner, arguments)
        elif isinstance(entry, URLPattern):
            if not entry.name:
                raise LookupError(f"Give the address {entry.pattern} a name; the sweeps find it by that.")
            yield Address(":".join([*namespaces, entry.name]), arguments, entry.callback)


def _arguments(pattern: Any) -> tuple[str, ...]:
    converters = tuple(getattr(pattern, "converters", ()))
    if converters:
        return converters
    regex = getattr(pattern, "_regex", "")
    return tuple(re.compile(str(regex)).groupindex) if regex else ()


ADDRESSES = sorted(walk(), key=str)

#: Arguments that are the key of a row, by their name; ``pk`` is of the page's model unless ``KEYS`` says otherwise.
ROW_ARGUMENTS: dict[str, type[Model]] = {
    "project": Project,
    "owner": Owner,
    "equipment": Equipment,
    "ticket": Ticket,
    "order": WorkOrder,
    "visit": Visit,
}
KEYS: dict[str, type[Model]] = {
    "documents:sign": Document,
    "documents:preview": WorkOrder,
}

#: Arguments that are no keys: by address and name, what they are for project A.
WORDS: dict[tuple[str, str], Callable[[World], Any]] = {
    ("accounts:accept", "secret"): lambda world: world.row(Invitation).secret,
    ("complaints:follow", "code"): lambda world: world.row(Complaint).code,
    ("calendars:year", "year"): lambda world: 2026,
    ("verify", "token"): lambda world: world.row(Document).verification_token,
    ("documents:sign_by_link", "token"): lambda world: world.draft.signing_token,
    ("documents:content_by_link", "token"): lambda world: world.draft.signing_token,
    ("documents:preview", "type"): lambda world: world.row(Document).type,
    ("documents:signature", "side"): lambda world: "owner",
    ("training:attend", "token"): lambda world: world.row(Session).attendance_token,
    ("training:session_paper", "paper"): lambda world: "sheet",
    ("training:session_paper_pdf", "paper"): lambda world: "sheet",
    ("tickets:label", "token"): lambda world: world.row(Equipment).label_token,
    ("tickets:track", "token"): lambda world: world.row(Ticket).tracking_token,
    ("surveys:answer", "token"): lambda world: world.row(SurveyRequest).token,
    # allauth's reset link: the key is wrong on purpose, the page must say so kindly.
    ("account_reset_password_from_key", "uidb36"): lambda world: "1",
    ("account_reset_password_from_key", "key"): lambda world: "x-y",
}
#: Addresses whose argument is a secret and is the permission: who holds it is let in, whoever they are.
BY_SECRET = {
    "accounts:accept",
    "complaints:follow",
    "documents:content_by_link",
    "documents:sign_by_link",
    "surveys:answer",
    "tickets:label",
    "tickets:track",
    "training:attend",
    "verify",
}
NOWHERE = 999_999_999


def model_of(address: Address, argument: str) -> type[Model] | None:
    """Return the model of which an argument is the key; None if it is no key."""
    if argument == "pk":
        return KEYS.get(address.name) or address.model
    return ROW_ARGUMENTS.get(argument)


def samples(address: Address, world: World) -> list[dict[str, Any]]:
    """Return the arguments with which the address is swept; every one of them belongs to project A.

    Fails on an argument nobody has thought of: a new address cannot be forgotten.
    """
    if address.page is StepPage:
        return [
            {"model": label, "pk": world.rows[edge.model].pk, "step": edge.name}
            for label, edges in machines().items()
            for edge in edges.values()
        ]
    if address.page is FilePage:
        return [
            {"model": model._meta.label_lower, "pk": row.pk}
            for model, row in world.rows.items()
            if issubclass(model, StoredFile)
        ]
    found = [{argument: _sample(address, argument, world) for argument in address.arguments}]
    if model_of(address, "pk") is Document and "pk" in address.arguments:
        found.append(found[0] | {"pk": world.draft.pk})
    return found


def _sample(address: Address, argument: str, world: World) -> Any:
    if (address.name, argument) in WORDS:
        return WORDS[address.name, argument](world)
    if (model := model_of(address, argument)) is not None:
        return world.rows[model].pk
    raise AssertionError(
        f"{address} takes {argument!r}, for which the sweep knows no sample. Add it to KEYS or WORDS in {__name__}."
    )


def people_who_must_find_nothing(address: Address, arguments: dict[str, Any], world: World) -> set[str]:
    """Return the people for whom the row in the address does not exist, by what its model declares."""
    if address.name in BY_SECRET:
        return set()
    if "model" in arguments:
        models: list[Any] = [apps.get_model(arguments["model"])]
    else:
        models = [model for name in address.arguments if (model := model_of(address, name)) is not None]
    nothing: set[str] = set()
    for model in models:
        if model.project_path:
            nothing |= {"stranger", "other_owner", "limited_member"}
        elif model.scope == "own organisation":
            nothing |= {"stranger", "other_owner"}
        elif model.scope == "staff":
            nothing |= {"owner_admin", "owner_member", "limited_member", "other_owner"}
        elif model.scope == "own":
            row = world.rows[model]
            nothing |= {name for name, person in world.people.items() if person != getattr(row, model.own_path)}
    return nothing


#: Addresses that find a row by the query: its name and the model.
QUERIES: dict[str, tuple[str, type[Model]]] = {
    "projects:equipment_create": ("project", Project),
    "tickets:create": ("equipment", Equipment),
    "tickets:equipment_options": ("project", Project),
    "tickets:open_hints": ("project", Project),
}


def written(address: Address, arguments: dict[str, Any], world: World) -> str:
    """Return the address written out, with the query that it needs."""
    url = reverse(address.name, kwargs=arguments)
    if address.name in QUERIES:
        name, model = QUERIES[address.name]
        url += f"?{name}={world.rows[model].pk}"
    return url


def urls(address: Address, world: World) -> list[str]:
    """Return the address written out for each of its samples."""
    return [written(address, arguments, world) for arguments in samples(address, world)]


def pages_of(base: type[Any]) -> list[Address]:
    """Return the addresses answered by a page class of this kind."""
    return [address for address in ADDRESSES if address.page is not None and issubclass(address.page, base)]
