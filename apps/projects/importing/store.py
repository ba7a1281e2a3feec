"""Between drafts and database: what the rows may be about is read, what the plan says is written, both in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from apps.core.events import record_many
from apps.core.numbering import next_numbers
from apps.core.search import FragmentField, normalize

from ..models import Equipment, EquipmentModel, Owner, Project, Site
from ..services import equipment as equipment_services
from ..services import owners as owner_services
from ..services import projects as project_services
from .drafts import KINDS, Book, Draft, existing, shown
from .projects import project_name
from .rules import Plan
from .values import Row

MODELS: dict[str, Any] = {
    "owner": Owner,
    "project": Project,
    "model": EquipmentModel,
    "site": Site,
    "equipment": Equipment,
}
#: The events of each kind: created, changed.
EVENTS = {
    "owner": (owner_services.CREATED, owner_services.CHANGED),
    "project": (project_services.CREATED, project_services.CHANGED),
    "model": (equipment_services.MODEL_CREATED, equipment_services.MODEL_CHANGED),
    "site": (project_services.SITE_ADDED, project_services.SITE_CHANGED),
    "equipment": (equipment_services.CREATED, equipment_services.CHANGED),
}
PLAIN_VALUES = {
    "project": ("number", "name", "trade", "contract_number", "address", "department"),
    "equipment": ("asset_code", "name", "serial_number", "place", "installed_on", "commissioning_settings"),
}
BATCH = 1000
#: How many values one question names, well under what SQLite takes.
AT_ONCE = 500


def hold(rows: Sequence[Row], *, now: datetime) -> None:
    """Hold the projects that the rows name, and the asset codes, until the transaction ends.

    Equipment is changed with its project held and added with the codes held, so what ``load`` reads stays true.
    """
    for pks in _portions(sorted(_named_projects(rows))):
        list(Project.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    next_numbers("SB", 0, now=now, yearly=False)


def load(rows: Sequence[Row]) -> Book:
    """Read what the rows may be about.

    Owners and models compare by folded names, so all are read, their names alone. Equipment is read of those
    projects that the rows name.
    """
    book = Book()
    owners = {pk: book.add(existing("owner", pk, name=name)) for pk, name in Owner.objects.values_list("pk", "name")}
    named = _named_projects(rows)
    owner_pks = set(_owners_in(rows))
    owner_pks |= {pk for pks in _portions(named) for pk in _column(Project, "owner", pk__in=pks)}
    projects: dict[int, Draft] = {}
    for line in _lines(Project, "owner", owner_pks, ("pk", "owner", *PLAIN_VALUES["project"])):
        pk, owner = line.pop("pk"), owners[line.pop("owner")]
        projects[pk] = book.add(existing("project", pk, owner=owner, **line))
    kinds = {
        line.pop("pk"): line
        for line in EquipmentModel.objects.order_by("pk").values("pk", "maker", "name", "size_class")
    }
    found_models = {pk: book.add(existing("model", pk, **line)) for pk, line in kinds.items()}
    sites = _load_sites(book, projects, named)
    _load_equipment(book, projects, named, found_models, sites)
    return book


def _load_sites(book: Book, projects: dict[int, Draft], named: Iterable[int]) -> dict[int, Draft]:
    lines = {line["pk"]: line for line in _lines(Site, "project", named, ("pk", "project", "parent", "name"))}
    sites: dict[int, Draft] = {}

    def take(pk: int) -> Draft:
        if pk not in sites:
            line = lines[pk]
            parent = take(line["parent"]) if line["parent"] else None
            values = {"project": projects[line["project"]], "parent": parent, "name": line["name"]}
            sites[pk] = book.add(existing("site", pk, **values))
        return sites[pk]

    for pk in lines:
        take(pk)
    return sites


def _load_equipment(
    book: Book, projects: dict[int, Draft], named: Iterable[int], kinds: dict[int, Draft], sites: dict[int, Draft]
) -> None:
    columns = ("pk", "project", "parent", "model", "site", *PLAIN_VALUES["equipment"])
    pieces: dict[int, Draft] = {}
    parents: dict[int, int] = {}
    for line in _lines(Equipment, "project", named, columns):
        pk, parent = line.pop("pk"), line.pop("parent")
        line |= {
            "project": projects[line["project"]],
            "model": kinds.get(line["model"]),
            "site": sites.get(line["site"]),
        }
        pieces[pk] = book.add(existing("equipment", pk, **line))
        if parent:
            parents[pk] = parent
    for pk, parent in parents.items():
        piece, above = pieces[pk], pieces.get(parent)
        piece.values["parent"] = above
        piece.before = {**piece.before, "parent": above}


def _named_projects(rows: Sequence[Row]) -> set[int]:
    """Return the projects whose equipment the rows may be about."""
    found: set[int] = set()
    for model, column, field, answer in (
        (Project, "number", "project_number", "pk"),
        (Project, "contract_number", "contract_number", "pk"),
        (Equipment, "asset_code", "asset_code", "project"),
        (Equipment, "serial_number", "serial_number", "project"),
    ):
        for values in _portions({row.text(field) for row in rows} - {""}):
            found.update(_column(model, answer, **{f"{column}__in": values}))
    owners = _owners_in(rows)
    names = {(normalize(row.text("owner")), normalize(project_name(row))) for row in rows}
    for line in _lines(Project, "owner", owners, ("pk", "owner", "name")):
        if (owners[line["owner"]], normalize(line["name"])) in names:
            found.add(line["pk"])
    return found


def _owners_in(rows: Sequence[Row]) -> dict[int, str]:
    """Return {pk: folded name} of the owners that the rows name."""
    wanted = {normalize(row.text("owner")) for row in rows} - {""}
    if not wanted:
        return {}
    folded = ((pk, normalize(name)) for pk, name in Owner.objects.values_list("pk", "name"))
    return {pk: name for pk, name in folded if name in wanted}


def _portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = list(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _column(model: Any, column: str, **wanted: Any) -> set[Any]:
    return set(model.objects.filter(Q(**wanted)).values_list(column, flat=True))


def _lines(model: Any, column: str, keys: Iterable[Any], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for portion in _portions(sorted(keys)):
        yield from model.objects.filter(**{f"{column}__in": portion}).order_by("pk").values(*names)


def write(plan: Plan, *, source: str, actor: Any, now: datetime) -> None:
    """Write the plan and its events in the running transaction. ``source`` names the file in the timeline."""
    events: list[tuple[models.Model, str, dict[str, Any], tuple[()]]] = []
    known = {draft.pk: draft for draft in plan.book.written("project") if not draft.is_new}
    rows: dict[Draft, Any] = {
        known[pk]: row for pks in _portions(known) for pk, row in _in_bulk("project", pks).items()
    }
    projects = plan.created("project")
    for draft, number in zip(projects, next_numbers("GC", len(projects), now=now) if projects else (), strict=True):
        draft.values |= {"number": number, "created_at": now}
    pieces = [draft for draft in plan.created("equipment") if not draft.values.get("asset_code")]
    codes = next_numbers("SB", len(pieces), now=now, yearly=False) if pieces else ()
    for draft, code in zip(pieces, codes, strict=True):
        draft.values["asset_code"] = code
    for kind in KINDS:
        created, changed = plan.created(kind), plan.changed(kind)
        for level in _levels(created):
            made = [_instance(kind, draft, rows) for draft in level]
            for draft, row in zip(level, MODELS[kind].objects.bulk_create(made, batch_size=BATCH), strict=True):
                draft.pk, rows[draft] = row.pk, row
        events += [(rows[draft], EVENTS[kind][0], {"note": _note(kind, draft, source)}, ()) for draft in created]
        events += _update(kind, changed, rows, source)
    record_many(events, actor=actor, now=now)


def _levels(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Return new drafts in portions, those that others are part of before these."""
    by_depth: defaultdict[int, list[Draft]] = defaultdict(list)
    new = set(drafts)
    for draft in drafts:
        depth, above = 0, draft.values.get("parent")
        while above in new:
            depth, above = depth + 1, above.values.get("parent")
        by_depth[depth].append(draft)
    for depth in sorted(by_depth):
        yield by_depth[depth]


def _instance(kind: str, draft: Draft, rows: dict[Draft, Any]) -> Any:
    row = MODELS[kind]()
    _set(row, draft.values, rows)
    return row


def _set(row: Any, values: dict[str, Any], rows: dict[Draft, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, Draft):
            setattr(row, f"{name}_id", value.pk)
            if value in rows:
                setattr(row, name, rows[value])
        else:
            setattr(row, name, value)


def _update(kind: str, changed: Sequence[Draft], rows: dict[Draft, Any], source: str) -> list[Any]:
    """Write the changed rows: one statement a portion, which meets each row by its key and sets what changed."""
    model = MODELS[kind]
    found: dict[int | None, Any] = {
        pk: row for pks in _portions(draft.pk for draft in changed) for pk, row in _in_bulk(kind, pks).items()
    }
    events = []
    names: set[str] = set()
    for draft in changed:
        row = rows[draft] = found[draft.pk]
        changes = draft.changes
        names |= changes.keys()
        _set(row, {name: new for name, (_, new) in changes.items()}, rows)
        told = {name: [shown(old), shown(new)] for name, (old, new) in changes.items()}
        events.append((row, EVENTS[kind][1], {"note": source, "changes": told}, ()))
    if changed:
        # Inserting fills the searchable text, as saving does.
        names |= {field.name for field in model._meta.concrete_fields if isinstance(field, FragmentField)}
        model.objects.bulk_create(
            list(found.values()),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=sorted(names),
        )
    return events


def _in_bulk(kind: str, pks: Sequence[int]) -> dict[int, Any]:
    rows = MODELS[kind].objects.select_for_update(of=("self",)).order_by("pk")
    if MODELS[kind].project_path not in {None, "pk"}:
        rows = rows.select_related("project")
    return dict(rows.in_bulk(pks))


def _note(kind: str, draft: Draft, source: str) -> str:
    """Return how the creation reads in a timeline."""
    code = draft.values.get("asset_code") or draft.values.get("number") or ""
    return f"{code} {draft} ({source})".strip()
