"""What apps add to the pages of apps below them. Low pages render what is registered and know nobody by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Value
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
    """Something the search box finds: a function of (user, text) that returns a queryset, and how a row reads.

    ``list_name`` is the address name of the list that shows all of it, for those whom ``list_shown_to`` names.
    """

    name: str
    label: str | Promise
    icon: str
    find: Callable[[Any, str], Any]
    line: Callable[[Any], tuple[str, str]]
    order: int = 50
    list_name: str = ""
    list_shown_to: Callable[[Any], bool] = lambda user: True

    def list_url(self, user: Any, text: str) -> str:
        """Return where all that ``text`` finds is listed; nothing where the person has no such list."""
        if not self.list_name or not self.list_shown_to(user):
            return ""
        return f"{reverse(self.list_name)}?{urlencode({'tab': 'all', 'q': text})}"


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
class HistoryView:
    """A part of a row's timeline that can be read alone: what happened to rows of these models."""

    target: str
    name: str
    label: str | Promise
    models: tuple[type[Any], ...]


@dataclass(frozen=True)
class DaySource:
    """Days that a ruler of a row marks, such as a project's repairs: a queryset of (row, user), with a column ``day``.

    ``look`` is how each is drawn: a ``ring`` on the ruler, a ``notch`` below it.
    """

    target: str
    name: str
    label: str | Promise
    look: str
    days: Callable[[Any, Any], Any]


@dataclass(frozen=True)
class JobSource:
    """Jobs that make up the day of people who go out: a function of the person that returns them.

    A job knows its day (``on``) and time of it (``at``, None for any), its ``title``, whether it ``is_in_hand``, and
    there ``is_done`` but for a signature. ``template`` draws it (``job``, ``framed``), ``next_template`` its next
    step, with what ``next_step(user)`` returns.
    """

    name: str
    jobs: Callable[[Any], Sequence[Any]]


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
_history_views: dict[tuple[str, str], HistoryView] = {}
_days: dict[tuple[str, str], DaySource] = {}
_jobs: dict[str, JobSource] = {}
_chrome: dict[str, ChromeSource] = {}

Entry = (
    Panel
    | BadgeSource
    | MenuEntry
    | SearchSource
    | HomeCard
    | HistorySource
    | HistoryView
    | DaySource
    | JobSource
    | ChromeSource
)


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
        case HistoryView():
            _history_views[entry.target, entry.name] = entry
        case DaySource():
            _days[entry.target, entry.name] = entry
        case JobSource():
            _jobs[entry.name] = entry
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


def history_views(target: str) -> list[HistoryView]:
    return [view for (name, _), view in _history_views.items() if name == target]


def days(row: Any, user: Any, *, first: date, last: date) -> list[tuple[DaySource, list[date]]]:
    """Return the days to mark on a ruler of a row, by source, each day once; one query. Sources without any are out."""
    sources = [source for (target, _), source in _days.items() if target == row._meta.label_lower]
    asked = [
        source.days(row, user).filter(day__range=(first, last)).order_by().values_list(Value(place), "day").distinct()
        for place, source in enumerate(sources)
    ]
    found: dict[int, list[date]] = {}
    for place, day in asked[0].union(*asked[1:]) if asked else ():
        found.setdefault(place, []).append(day)
    return [(sources[place], sorted(days)) for place, days in sorted(found.items())]


def jobs() -> Iterable[JobSource]:
    return _jobs.values()


def chrome() -> Iterable[ChromeSource]:
    return _chrome.values()
