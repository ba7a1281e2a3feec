"""What the plan works on: rows as they are in the database and as the file would have them, without the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.core.search import normalize

#: In the order in which they are written: each refers only to those before it, or to its own kind.
KINDS = ("owner", "project", "model", "site", "equipment")


@dataclass(eq=False)
class Draft:
    """An owner, project, model, site or piece of equipment: as it is (``before``) and as it should be (``values``).

    A value that refers to another row is that row's draft.
    """

    kind: str
    values: dict[str, Any]
    #: None until it is written.
    pk: int | None = None
    is_new: bool = True
    before: Mapping[str, Any] = field(default_factory=dict)
    #: The first row of the file that is about it; 0 when none is.
    row: int = 0
    #: Which row said what: {field: (row, value)}.
    said: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def touch(self, row: int) -> None:
        """Note that a row of the file is about it, and so about what it hangs under."""
        self.row = min(self.row or row, row)
        for name in ("owner", "parent"):
            if (above := self.values.get(name)) is not None:
                above.touch(row)

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Old and new values of what would change in an existing row."""
        return {
            name: (self.before.get(name), value)
            for name, value in self.values.items()
            if not self.is_new and self.before.get(name) != value
        }

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")

    def __str__(self) -> str:
        return f"{self.values.get('maker', '')} {self.name}".strip()


def existing(kind: str, pk: int, **values: Any) -> Draft:
    """Return the draft of a row of the database."""
    return Draft(kind, values, pk, is_new=False, before=dict(values))


def site_key(site: Draft | None) -> tuple[str, ...]:
    """Return a site's names from the outside in, as they are compared."""
    names = []
    while site is not None:
        names.append(normalize(site.name))
        site = site.values.get("parent")
    return tuple(reversed(names))


SpotKey = tuple[Draft, tuple[str, ...], str, str]


class Book:
    """The drafts by everything that identifies them. Names compare without regard to width, case and spaces."""

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self.drafts: dict[str, list[Draft]] = {kind: [] for kind in KINDS}
        self.owners: dict[str, Draft] = {}
        self.projects_by_number: dict[str, Draft] = {}
        self.projects_by_contract: defaultdict[str, list[Draft]] = defaultdict(list)
        self.projects_by_name: dict[tuple[Draft, str], Draft] = {}
        self.models: dict[tuple[str, str], Draft] = {}
        self.models_by_name: defaultdict[str, list[Draft]] = defaultdict(list)
        self.sites: dict[tuple[Draft, tuple[str, ...]], Draft] = {}
        self.by_code: dict[str, Draft] = {}
        self.by_serial: defaultdict[tuple[Draft, str], list[Draft]] = defaultdict(list)
        self.by_spot: defaultdict[SpotKey, list[Draft]] = defaultdict(list)
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> Draft:
        """Take a draft in; what it refers to must be in already."""
        self.drafts[draft.kind].append(draft)
        getattr(self, f"_index_{draft.kind}")(draft)
        return draft

    def _index_owner(self, owner: Draft) -> None:
        self.owners.setdefault(normalize(owner.name), owner)

    def _index_project(self, project: Draft) -> None:
        if number := project.values.get("number"):
            self.projects_by_number[number] = project
        if contract := project.values.get("contract_number"):
            self.projects_by_contract[contract].append(project)
        self.projects_by_name.setdefault((project.values["owner"], normalize(project.name)), project)

    def _index_model(self, model: Draft) -> None:
        self.models.setdefault((normalize(model.values["maker"]), normalize(model.name)), model)
        # Lists of ours show maker and name in one.
        for name in {normalize(model.name), normalize(str(model))}:
            self.models_by_name[name].append(model)

    def _index_site(self, site: Draft) -> None:
        self.sites.setdefault((site.values["project"], site_key(site)), site)

    def _index_equipment(self, piece: Draft) -> None:
        if code := piece.values.get("asset_code"):
            self.by_code[code] = piece
        model, serial = piece.values.get("model"), piece.values.get("serial_number")
        if model is not None and serial:
            self.by_serial[model, serial].append(piece)
        self.by_spot[spot_of(piece)].append(piece)

    def written(self, kind: str) -> list[Draft]:
        """The drafts of a kind that the file is about, in the order of its rows."""
        return sorted((draft for draft in self.drafts[kind] if draft.row), key=lambda draft: draft.row)


def spot_of(piece: Draft) -> SpotKey:
    """Return project, site, place and name of a piece of equipment, as they are compared."""
    values = piece.values
    return (
        values["project"],
        site_key(values.get("site")),
        normalize(values.get("place") or ""),
        normalize(piece.name),
    )


def where(piece: Draft) -> str:
    """Return site, area and place in one, as our own lists show them."""
    names, site = [piece.values.get("place") or ""], piece.values.get("site")
    while site is not None:
        names.insert(0, site.name)
        site = site.values.get("parent")
    return " · ".join(name for name in names if name)


def shown(value: Any) -> str:
    """Return a draft's value as a report shows it."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
