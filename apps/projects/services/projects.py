"""Writing projects: what they are, who serves them, their sites, their acceptance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.numbering import next_number
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile

from .. import lifecycle
from ..models import Acceptance, AcceptanceFile, Owner, Project, ProjectPerson, Site

MAX_DESIGNATED_ENGINEERS = 2

#: Functions of a project that return the keys of the people who were sent to it, one for each kind of work.
_sent: list[Callable[[Project], Iterable[int]]] = []

CREATED = declare_event("projects.project.created", gettext_lazy("Project created"), icon="plus", tone="info")
CHANGED = declare_event("projects.project.changed", gettext_lazy("Project particulars changed"), icon="edit")
AMOUNT_CHANGED = declare_event("projects.project.amount_changed", gettext_lazy("Contract amount changed"), icon="edit")
PEOPLE_SET = declare_event("projects.project.people_set", gettext_lazy("People of the project changed"), icon="users")
ENGINEER_ADDED = declare_event("projects.project.engineer_added", gettext_lazy("Engineer added"), icon="user-plus")
SITE_ADDED = declare_event("projects.project.site_added", gettext_lazy("Site added"), icon="map-pin")
SITE_CHANGED = declare_event("projects.project.site_changed", gettext_lazy("Site changed"), icon="map-pin")
ACCEPTED = declare_event(
    "projects.project.accepted", gettext_lazy("Acceptance recorded"), icon="circle-check", tone="ok"
)
declare_event("projects.acceptance.changed", gettext_lazy("Acceptance corrected"), icon="edit", tone="warn")


def create_project(
    *,
    name: str,
    owner: Owner,
    actor: Any,
    now: datetime,
    trade: str = Project.Trade.OTHER,
    contract_number: str = "",
    contract_amount: Any = None,
    address: str = "",
    department: str = "",
    manager: Any = None,
    engineers: Iterable[Any] = (),
) -> Project:
    """Create a project with its number; it is being prepared until its acceptance is recorded."""
    with transaction.atomic():
        _refuse_same_name(owner, name)
        project = Project.objects.create(
            number=next_number("GC", now=now),
            name=name.strip(),
            owner=owner,
            trade=trade,
            contract_number=contract_number.strip(),
            contract_amount=contract_amount,
            address=address.strip(),
            department=department.strip(),
            created_at=now,
        )
        record(project, CREATED, actor=actor, now=now, data={"note": project.number})
        if manager or (engineers := list(engineers)):
            set_project_people(project, manager=manager, engineers=engineers, actor=actor, now=now)
    return project


def change_project(project: Project, *, actor: Any, now: datetime, **values: Any) -> Project:
    """Change a project's own values, those given alone. Its status and number are no such values."""
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"Not changed this way: {sorted(unknown)}")
    with transaction.atomic():
        project = lock(project)
        before = values_of(project)
        for field, value in values.items():
            setattr(project, field, value.strip() if isinstance(value, str) else value)
        if {"name", "owner"} & values.keys():
            _refuse_same_name(project.owner, project.name, but=project)
        project.save()
        amount = before.pop("contract_amount")
        record_change(project, before, actor=actor, now=now)
        if amount != project.contract_amount:
            # The sums themselves stay out of the timeline: not everybody who reads it may see them.
            record(project, AMOUNT_CHANGED, actor=actor, now=now, audience=Audience.STAFF)
    return project


CHANGEABLE = frozenset({"name", "owner", "trade", "contract_number", "contract_amount", "address", "department"})


def set_project_people(
    project: Project,
    *,
    manager: Any,
    actor: Any,
    now: datetime,
    engineers: Iterable[Any] = (),
    others: Iterable[Any] = (),
) -> Project:
    """Set who serves a project: one manager, at most two designated engineers, others.

    Whoever was sent to the project stays on it as an engineer: what they serve and served remains theirs.
    """
    wanted: dict[Any, str] = {}
    given: tuple[tuple[Iterable[Any], str], ...] = (
        (others, ProjectPerson.Role.OTHER),
        (engineers, ProjectPerson.Role.DESIGNATED_ENGINEER),
        ([manager] if manager else [], ProjectPerson.Role.MANAGER),
    )
    for people, role in given:
        for person in people:
            if not person.is_staff_side:
                raise DomainError(_("%(name)s is an owner's person and cannot serve a project.") % {"name": person})
            if person in wanted:
                raise DomainError(_("%(name)s is named twice. Give each person one role.") % {"name": person})
            wanted[person] = role
    if sum(role == ProjectPerson.Role.DESIGNATED_ENGINEER for role in wanted.values()) > MAX_DESIGNATED_ENGINEERS:
        raise DomainError(
            _("At most two engineers are designated. Put further ones under “others”."), field="engineers"
        )
    with transaction.atomic():
        project = lock(project)
        rows = {row.user: row for row in project.people.select_related("user")}
        before = _people_in_words(rows)
        gone = {user.pk for user, row in rows.items() if user not in wanted and row.role != ProjectPerson.Role.ENGINEER}
        sent = gone & {key for find in _sent for key in find(project)} if gone else set()
        project.people.filter(user__in=gone - sent).delete()
        project.people.filter(user__in=sent).update(role=ProjectPerson.Role.ENGINEER)
        # One manager at a time, by constraint: whoever ceases to be it goes first.
        for person, role in sorted(wanted.items(), key=lambda item: item[1] == ProjectPerson.Role.MANAGER):
            ProjectPerson.objects.update_or_create(project=project, user=person, defaults={"role": role})
        after = _people_in_words({row.user: row for row in project.people.select_related("user")})
        if before != after:
            note = "；".join(after)
            record(
                project, PEOPLE_SET, actor=actor, now=now, audience=Audience.STAFF, tells=wanted, data={"note": note}
            )
    return project


def declare_sent(find: Callable[[Project], Iterable[int]]) -> None:
    """Declare where people are sent to projects: a function of a project that returns their keys."""
    _sent.append(find)


def ensure_serves(project: Project, user: Any, now: datetime, *, actor: Any = None) -> ProjectPerson:
    """Write that an engineer was sent to a project, which brings it into their sight for good; once."""
    if not user.is_staff_side:
        raise DomainError(_("%(name)s is an owner's person and cannot serve a project.") % {"name": user})
    with transaction.atomic():
        row, created = ProjectPerson.objects.get_or_create(
            project=project, user=user, defaults={"role": ProjectPerson.Role.ENGINEER}
        )
        if created:
            data = {"note": user.name}
            record(project, ENGINEER_ADDED, actor=actor, now=now, audience=Audience.STAFF, data=data)
    return row


def add_site(
    project: Project, *, name: str, actor: Any, now: datetime, parent: Site | None = None, address: str = ""
) -> Site:
    """Add a place to a project, or an area inside a place."""
    with transaction.atomic():
        site = Site(project=project)
        _place(site, name=name, parent=parent, address=address)
        record(project, SITE_ADDED, actor=actor, now=now, data={"note": str(site)})
    return site


def change_site(site: Site, *, name: str, actor: Any, now: datetime, parent: Site | None, address: str) -> Site:
    """Rename or move a place."""
    with transaction.atomic():
        site = lock(site)
        before = values_of(site)
        _place(site, name=name, parent=parent, address=address)
        if values_of(site) != before:
            record(site.project, SITE_CHANGED, actor=actor, now=now, data={"note": str(site)})
    return site


def record_acceptance(
    project: Project,
    *,
    basis: str,
    accepted_on: date,
    actor: Any,
    now: datetime,
    completed_on: date | None = None,
    reference: str = "",
    files: Iterable[AcceptedFile] = (),
) -> Acceptance:
    """Record the acceptance from which the warranty runs, with its evidence (W-01); the project is handed over."""
    _refuse_future(accepted_on, now)
    with transaction.atomic():
        project = lock(project)
        if Acceptance.objects.filter(project=project).exists():
            raise DomainError(_("The acceptance of this project is already recorded. The page shows it."))
        acceptance = Acceptance.objects.create(
            project=project,
            basis=basis,
            accepted_on=accepted_on,
            completed_on=completed_on,
            reference=reference.strip(),
            recorded_by=actor,
            recorded_at=now,
        )
        for accepted in files:
            AcceptanceFile.keep(accepted, actor=actor, now=now, acceptance=acceptance)
        record(project, ACCEPTED, actor=actor, now=now, data={"note": f"{acceptance} {acceptance.reference}".strip()})
        if project.status == Project.Status.PREPARING:
            lifecycle.hand_over(project, actor=actor, now=now)
    return acceptance


def correct_acceptance(
    acceptance: Acceptance,
    *,
    basis: str,
    accepted_on: date,
    completed_on: date | None,
    reference: str,
    actor: Any,
    now: datetime,
) -> Acceptance:
    """Set right what was recorded wrongly of an acceptance. The warranty that runs from it is corrected with it."""
    _refuse_future(accepted_on, now)
    with transaction.atomic():
        before = values_of(acceptance)
        acceptance.basis = basis
        acceptance.accepted_on = accepted_on
        acceptance.completed_on = completed_on
        acceptance.reference = reference.strip()
        acceptance.save()
        record_change(acceptance, before, actor=actor, now=now)
    return acceptance


def _refuse_future(accepted_on: date, now: datetime) -> None:
    if accepted_on > timezone.localtime(now).date():
        raise DomainError(_("The acceptance lies in the future. Record it on its day or later."), field="accepted_on")


def _refuse_same_name(owner: Owner, name: str, *, but: Project | None = None) -> None:
    same = Project.objects.filter(owner=owner, name=name.strip())
    if same.exclude(pk=but.pk if but else None).exists():
        raise DomainError(
            _("This owner already has a project of that name. Open it, or choose another name."), field="name"
        )


def _people_in_words(rows: dict[Any, ProjectPerson]) -> list[str]:
    return sorted(f"{row.get_role_display()} {user.name}" for user, row in rows.items())


def _place(site: Site, *, name: str, parent: Site | None, address: str) -> None:
    """Set a site's values; it can be part of a place of the same project that is no area itself."""
    if parent is not None:
        if parent.project_id != site.project_id:
            raise DomainError(_("That place belongs to another project. Choose one of this project."), field="parent")
        if parent == site or parent.parent_id is not None or (site.pk and site.areas.exists()):
            raise DomainError(
                _("A place has areas, an area has none. Choose a place, or leave this empty."), field="parent"
            )
    site.name, site.parent, site.address = name.strip(), parent, address.strip()
    taken = DomainError(_("This project already has a place of that name there."), field="name")
    # SQLite does not hold this constraint for places without a parent; elsewhere it settles what two do at once.
    if Site.objects.filter(project=site.project_id, parent=parent, name=site.name).exclude(pk=site.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as error:
        raise taken from error
