"""What apps add to the pages of apps below them. Low pages render what is registered and know nobody by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A part of a detail page: a template, and a function of (row, user) that returns its context or None."""

    target: str
    name: str
    title: str | Promise
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int = 50
    column: str = "main"


@dataclass(frozen=True)
class BadgeSource:
    """Badges for many rows at once: a function of (rows, user) that returns {pk: Badge} with one query."""

    target: str
    name: str
    badges: Callable[[Sequence[Any], Any], dict[Any, Badge]]


@dataclass(frozen=True)
class Badge:
    """A status in colour, word and icon; ``note`` is the sentence behind it, ``url`` the page that explains it."""

    word: str | Promise
    tone: str
    icon: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the top navigation, shown to whom ``shown_to`` says."""

    name: str
    label: str | Promise
    url_name: str
    icon: str
    order: int
    shown_to: Callable[[Any], bool]

    @cached_property
    def address(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class SearchSource:
    """Something the search box finds: a function of (user, text) that returns a queryset, and how a row reads."""

    name: str
    label: str | Promise
    icon: str
    find: Callable[[Any, str], Any]
    line: Callable[[Any], tuple[str, str]]
    order: int = 50


@dataclass(frozen=True)
class HomeCard:
    """A card on the home page of those whom ``shown_to`` names."""

    name: str
    title: str | Promise
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    shown_to: Callable[[Any], bool]
    order: int = 50
    column: str = "main"


@dataclass(frozen=True)
class HistorySource:
    """Rows whose events belong to the timeline of another row, such as the tickets of a piece of equipment."""

    target: str
    model: type[Any]
    lookup: str


@dataclass(frozen=True)
class ChromeSource:
    """A value for the frame of every page, such as the company's name or the unread count."""

    name: str
    value: Callable[[HttpRequest], Any]


_panels: dict[tuple[str, str], Panel] = {}
_badges: dict[tuple[str, str], BadgeSource] = {}
_menu: dict[str, MenuEntry] = {}
_searches: dict[str, SearchSource] = {}
_cards: dict[str, HomeCard] = {}
_histories: dict[tuple[str, str], HistorySource] = {}
_chrome: dict[str, ChromeSource] = {}

Entry = Panel | BadgeSource | MenuEntry | SearchSource | HomeCard | HistorySource | ChromeSource


def register(entry: Entry) -> None:
    """Add an entry; one with the same name takes its place. Called from ``panels.py`` of the app that adds it."""
    match entry:
        case Panel():
            _panels[entry.target, entry.name] = entry
        case BadgeSource():
            _badges[entry.target, entry.name] = entry
        case MenuEntry():
            _menu[entry.name] = entry
        case SearchSource():
            _searches[entry.name] = entry
        case HomeCard():
            _cards[entry.name] = entry
        case HistorySource():
            _histories[entry.target, entry.model._meta.label_lower] = entry
        case ChromeSource():
            _chrome[entry.name] = entry


def panels(row: Any, user: Any, *, columns: set[str] | None = None) -> list[tuple[Panel, dict[str, Any]]]:
    """Return the panels of a row's page with their contexts, in order; those without context are left out.

    ``columns`` names the columns that are wanted; None wants all.
    """
    target = row._meta.label_lower
    wanted = [panel for panel in _panels.values() if panel.target == target]
    found = sorted(
        (panel for panel in wanted if columns is None or panel.column in columns), key=lambda panel: panel.order
    )
    drawn = ((panel, panel.context(row, user)) for panel in found)
    return [(panel, context) for panel, context in drawn if context is not None]


def badges(rows: Sequence[Any], user: Any, *, without: str = "") -> dict[Any, list[Badge]]:
    """Return {pk: badges} as a person sees them for rows of one model, one query a source (but the one named)."""
    if not rows:
        return {}
    target = rows[0]._meta.label_lower
    found: dict[Any, list[Badge]] = {row.pk: [] for row in rows}
    for source in _badges.values():
        if source.target == target and source.name != without:
            for pk, badge in source.badges(rows, user).items():
                found[pk].append(badge)
    return found


def menu(user: Any) -> list[MenuEntry]:
    return sorted((entry for entry in _menu.values() if entry.shown_to(user)), key=lambda entry: entry.order)


def searches() -> list[SearchSource]:
    return sorted(_searches.values(), key=lambda source: source.order)


def home_cards(request: HttpRequest, column: str) -> list[tuple[HomeCard, dict[str, Any]]]:
    """Return the cards of a column of the person's home page with their contexts, in order."""
    wanted = [card for card in _cards.values() if card.column == column and card.shown_to(request.user)]
    mine = sorted(wanted, key=lambda card: card.order)
    drawn = ((card, card.context(request)) for card in mine)
    return [(card, context) for card, context in drawn if context is not None]


def histories(target: str) -> Iterable[HistorySource]:
    return [source for (name, _), source in _histories.items() if name == target]


def chrome() -> Iterable[ChromeSource]:
    return _chrome.values()
