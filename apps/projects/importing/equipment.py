"""Which piece of equipment a row is: by asset code, else by serial number within the model, else by place and name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from apps.core.search import normalize

from .columns import BY_FIELD
from .drafts import Book, Draft, SpotKey, where
from .problems import Problem
from .projects import is_of_register
from .values import Row

ABOUT_EQUIPMENT = (
    "asset_code", "maker", "model", "size_class", "serial_number", "site", "area", "place", "installed_on",
    "parent", "commissioning_settings",
)  # fmt: skip
TAKEN_AS_THEY_ARE = ("asset_code", "serial_number", "place", "installed_on", "commissioning_settings")
OUR_CODES = re.compile(r"SB-\d{6,}")


class EquipmentFinder:
    """Finds or drafts the piece of each row. ``project_of`` holds the project of each row that names one."""

    def __init__(self, book: Book, problems: list[Problem], project_of: dict[int, Draft]) -> None:
        self.book, self.problems, self.project_of = book, problems, project_of
        self.model_of: dict[int, Draft] = {}
        self.row_of: dict[Draft, Row] = {}
        #: The names that rows were given to tell alike ones apart.
        self.given_names: dict[int, str] = {}

    def find_all(self, rows: Sequence[Row]) -> None:
        """Find each row's piece. Sure matches come first, so that no row takes what belongs to another."""
        self._find_models(rows)
        waiting = [row for row in rows if not self._by_code(row)]
        waiting = self._by_serial(waiting)
        waiting = self._tell_apart([row for row in waiting if self._may_be_placed(row)])
        waiting = [row for row in waiting if not self._by_place(row, same_serial=True)]
        waiting = [row for row in waiting if not self._by_place(row, same_serial=False)]
        for row in waiting:
            self._create(row)
        self._join_parents()

    def _find_models(self, rows: Sequence[Row]) -> None:
        """Find or draft the models; one without a maker is that of the only maker who has it."""
        for row in sorted(rows, key=lambda row: "maker" not in row.values):
            name, maker = row.text("model"), row.text("maker")
            if not name:
                continue
            model = self.book.models.get((normalize(maker), normalize(name)))
            of_name = self.book.models_by_name.get(normalize(name), [])
            if model is None and not maker and len(of_name) == 1:
                model = of_name[0]
            self.model_of[row.number] = model or self.book.add(Draft("model", {"maker": maker, "name": name}))

    def _by_code(self, row: Row) -> bool:
        code = row.text("asset_code")
        if not code:
            return False
        piece = self.book.by_code.get(code)
        if piece is not None:
            self._take(piece, row)
        elif OUR_CODES.fullmatch(code):
            self._tell("code_not_given", row, "asset_code", code)
        elif self._may_be_placed(row):
            self._create(row)
        return True

    def _by_serial(self, rows: Sequence[Row]) -> list[Row]:
        """Find pieces by serial number within the model; return the rows that are still to be found."""
        first: dict[tuple[Draft, str], Row] = {}
        waiting = []
        for row in rows:
            model, serial = self.model_of.get(row.number), row.text("serial_number")
            if model is None or not serial:
                waiting.append(row)
                continue
            earlier = first.setdefault((model, serial), row)
            found = self.book.by_serial.get((model, serial), [])
            if earlier is not row:
                self._tell_repeated(row, earlier)
            elif len(found) > 1:
                self._tell("serial_ambiguous", row, "serial_number", serial)
            elif found:
                self._take(found[0], row)
            else:
                waiting.append(row)
        return waiting

    def _may_be_placed(self, row: Row) -> bool:
        """Say whether the row tells enough to find or make a piece by its place."""
        if row.number not in self.project_of:
            missing = "project" if "owner" in row.values else "owner"
            self._tell(f"{missing}_missing", row, missing)
        elif not self._name(row):
            self._tell("name_missing", row, "name")
        else:
            return True
        return False

    def _spot(self, row: Row) -> SpotKey:
        sites = tuple(normalize(row.text(name)) for name in ("site", "area") if name in row.values)
        return (self.project_of[row.number], sites, normalize(row.text("place")), normalize(self._name(row)))

    def _tell_apart(self, rows: Sequence[Row]) -> list[Row]:
        """Give rows alike an ordinal and say so; in a register of faults they are the same piece, once."""
        first: dict[tuple[SpotKey, str], Row] = {}
        kept = []
        for row in rows:
            serial = row.text("serial_number")
            earlier = first.setdefault((self._spot(row), serial), row)
            if earlier is row:
                kept.append(row)
            elif not is_of_register(row):
                for ordinal in itertools.count(2):
                    self.given_names[row.number] = f"{row.text('name')} ({ordinal})"
                    if first.setdefault((self._spot(row), serial), row) is row:
                        break
                name, limit = self._name(row), BY_FIELD["name"].max_length
                if len(name) > limit:
                    self._tell("too_long", row, "name", name, limit=limit)
                else:
                    self._tell("ordinal", row, "name", name, other=str(earlier.number))
                    kept.append(row)
        return kept

    def _by_place(self, row: Row, *, same_serial: bool) -> bool:
        """Find a piece of this place and name: with the same serial number, or the only one that may be meant."""
        serial, model = row.text("serial_number"), self.model_of.get(row.number)
        found = []
        for piece in self.book.by_spot.get(self._spot(row), []):
            if piece.is_new or piece in self.row_of:
                continue
            theirs, their_model = piece.values.get("serial_number") or "", piece.values.get("model")
            if same_serial:
                other_model = bool(serial and model and their_model) and model is not their_model
                is_meant = serial == theirs and not other_model
            else:
                is_meant = not serial or not theirs
            if is_meant:
                found.append(piece)
        if not found or (not same_serial and len(found) > 1):
            return False
        self._take(found[0], row)
        return True

    def _take(self, piece: Draft, row: Row) -> None:
        """Let the row have its say about a piece, unless another row had it already."""
        theirs = piece.values["project"]
        owner = theirs.values["owner"]
        if self.project_of.get(row.number, theirs) is not theirs:
            code = str(piece.values.get("asset_code") or piece.name)
            self._tell("elsewhere", row, "project", code, other=theirs.name)
        elif "owner" in row.values and normalize(row.text("owner")) != normalize(owner.name):
            self._tell("owner_differs", row, "owner", other=owner.name)
        elif (earlier := self.row_of.get(piece)) is not None:
            self._tell_repeated(row, earlier)
        else:
            self._fill(piece, row)

    def _tell_repeated(self, row: Row, earlier: Row) -> None:
        if not is_of_register(row):
            same = dict(earlier.values) == dict(row.values)
            self._tell("repeated" if same else "repeated_differently", row, other=str(earlier.number))

    def _create(self, row: Row) -> None:
        piece = Draft("equipment", {"project": self.project_of[row.number]})
        self._fill(piece, row)
        self.book.add(piece)

    def _fill(self, piece: Draft, row: Row) -> None:
        """Set what the row says of its piece."""
        self.row_of[piece] = row
        piece.row = row.number
        piece.values["project"].touch(row.number)
        if name := self._name(row):
            piece.values["name"] = name
        for field in TAKEN_AS_THEY_ARE:
            if field in row.values and not (field == "place" and row.text(field) == where(piece)):
                piece.values[field] = row.values[field]
        if site := self._site(row, piece.values["project"]):
            piece.values["site"] = site
        if model := self.model_of.get(row.number):
            piece.values["model"] = model
            self._fill_model(model, row)
            sharing = self.book.by_serial.get((model, row.text("serial_number")), [])
            if other := next((known for known in sharing if known is not piece), None):
                self._tell("serial_shared", row, "serial_number", other=other.values.get("asset_code") or other.name)
        else:
            for field in ("maker", "size_class"):
                if field in row.values:
                    self._tell("model_missing", row, field)

    def _fill_model(self, model: Draft, row: Row) -> None:
        model.touch(row.number)
        if "size_class" in row.values:
            size = row.values["size_class"]
            first, said = model.said.setdefault("size_class", (row.number, size))
            model.values["size_class"] = said
            if said != size:
                self._tell("size_differs", row, "size_class", other=str(first))

    def _name(self, row: Row) -> str:
        return self.given_names.get(row.number) or row.text("name") or row.text("affected")

    def _site(self, row: Row, project: Draft) -> Draft | None:
        """Find or draft the row's site, and the area inside it."""
        site: Draft | None = None
        names: tuple[str, ...] = ()
        for name in (row.text("site"), row.text("area")):
            if name:
                names = (*names, normalize(name))
                known = self.book.sites.get((project, names))
                site = known or self.book.add(Draft("site", {"project": project, "parent": site, "name": name}))
                site.touch(row.number)
        return site

    def _join_parents(self) -> None:
        """Join each piece to the one that its row says it is part of, in the file or already there."""
        called: dict[tuple[Draft, str], list[Draft]] = {}
        for piece in self.book.drafts["equipment"]:
            called.setdefault((piece.values["project"], normalize(piece.name)), []).append(piece)
        joined = []
        for piece, row in self.row_of.items():
            wanted, project = row.text("parent"), piece.values["project"]
            if not wanted:
                continue
            of_name = called.get((project, normalize(wanted)), [])
            parent = self.book.by_code.get(wanted) or (of_name[0] if len(of_name) == 1 else None)
            if parent is None:
                self._tell("parent_ambiguous" if of_name else "parent_unknown", row, "parent", wanted)
            elif parent.values["project"] is not project:
                self._tell("parent_elsewhere", row, "parent", wanted)
            else:
                piece.values["parent"] = parent
                joined.append((piece, row))
        for piece, row in joined:
            if _is_part_of_itself(piece):
                self._tell("parent_circular", row, "parent", row.text("parent"))

    def _tell(self, code: str, row: Row, field: str = "", value: str = "", *, other: str = "", limit: int = 0) -> None:
        self.problems.append(Problem(code, row.number, field, value, other, limit))


def _is_part_of_itself(piece: Draft) -> bool:
    seen = set()
    above: Draft | None = piece.values.get("parent")
    while above is not None and above not in seen:
        if above is piece:
            return True
        seen.add(above)
        above = above.values.get("parent")
    return False
