"""Licences of our people: kept, renewed, reminded of, and asked for before somebody is sent (R-19, T-06)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.sweeps import one_by_one
from apps.core.uploads import AcceptedFile

from . import retraining
from .models import Certificate, Licence, LicenceFile, LicenceKind, LicenceNeed

ADDED = declare_event("training.licence.added", gettext_lazy("Licence added"), icon="rosette-discount-check")
declare_event("training.licence.changed", gettext_lazy("Licence changed"), icon="pencil")
ENDING = declare_event("training.licence.ending", gettext_lazy("Licence ends soon"), icon="clock", tone="warn")
NEED_SET = declare_event("training.licenceneed.set", gettext_lazy("Needed licence set"), icon="lock")
NEED_REMOVED = declare_event("training.licenceneed.removed", gettext_lazy("Needed licence removed"), icon="trash")

#: The kinds of work on site, as they are asked for.
REPAIR, VISIT = LicenceNeed.Work.REPAIR, LicenceNeed.Work.VISIT
REMIND_BEFORE = timedelta(days=60)
#: By person and kind: the first and the last day of each licence.
Held = dict[tuple[int, str], list[tuple[date, date | None]]]


def save_licence(
    *,
    user: Any,
    kind: str,
    number: str,
    issued_by: str,
    issued_on: date,
    expires_on: date | None,
    actor: Any,
    now: datetime,
    files: Iterable[AcceptedFile] = (),
    licence: Licence | None = None,
) -> Licence:
    """Keep a licence of one of ours with its scan; a renewed one is a new licence beside the old."""
    if not user.is_staff_side:
        raise DomainError(_("Licences are kept of our own people."), field="user")
    if expires_on is not None and expires_on <= issued_on:
        raise DomainError(_("The licence must end after it was issued."), field="expires_on")
    with transaction.atomic():
        before = None
        if licence is not None:
            licence = lock(licence)
            if licence.certificate_id:
                raise DomainError(_("This licence comes with a certificate and follows it."))
            before = values_of(licence)
        licence = licence or Licence()
        if licence.expires_on != expires_on:
            licence.reminded_at = None
        licence.user, licence.kind, licence.number = user, kind, number
        licence.issued_by, licence.issued_on, licence.expires_on = issued_by, issued_on, expires_on
        licence.save()
        for file in files:
            LicenceFile.keep(file, actor=actor, now=now, licence=licence)
        retraining.settle(licence, now=now)
        if before is None:
            note = {"note": f"{user} {licence}"}
            record(licence, ADDED, actor=actor, now=now, audience=Audience.STAFF, data=note, tells=[user])
        else:
            record_change(licence, before, actor=actor, now=now)
    return licence


def set_need(
    *, kind: str, blocks: bool, actor: Any, now: datetime, trade: str = "", work: str = "", equipment_model: Any = None
) -> LicenceNeed:
    """Say which licence some work needs, and whether its lack keeps somebody from being sent.

    With an equipment model the need follows the equipment; set again it changes what is there.
    """
    if trade and equipment_model is not None:
        raise DomainError(_("Choose a trade or an equipment model, not both."), field="equipment_model")
    with transaction.atomic():
        need, _made = LicenceNeed.objects.update_or_create(
            trade=trade, work=work, equipment_model=equipment_model, kind=kind, defaults={"blocks": blocks}
        )
        record(need, NEED_SET, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(need)})
    return need


def remove_need(*, need: LicenceNeed, actor: Any, now: datetime) -> None:
    """Ask for a licence no longer."""
    with transaction.atomic():
        record(need, NEED_REMOVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(need)})
        need.delete()


@dataclass(frozen=True)
class Lack:
    """A licence that some work needs and a person has not: why it is asked for, and since when theirs is over."""

    need: LicenceNeed
    ended_on: date | None = None

    @property
    def kind(self) -> str:
        return self.need.kind

    @property
    def blocks(self) -> bool:
        return self.need.blocks

    def __str__(self) -> str:
        state = _("ended %(day)s") % {"day": self.ended_on} if self.ended_on else _("none kept")
        return _("%(licence)s (for %(reason)s; %(state)s)") % {
            "licence": LicenceKind(self.need.kind).label,
            "reason": self.need.reason,
            "state": state,
        }


def needs_of(*, trade: str, work: str = "", equipment_model: int | None = None) -> Any:
    """Return what the work needs: of its trade or every trade, of its kind or all work, of the equipment worked on."""
    of_trade = Q(equipment_model=None) & (Q(trade="") | Q(trade=trade))
    of_model = Q(equipment_model=equipment_model) if equipment_model else Q(pk__in=[])
    rows = LicenceNeed.objects.filter(of_trade | of_model)
    return (rows.filter(Q(work="") | Q(work=work)) if work else rows).select_related("equipment_model").order_by("pk")


def lacking(person: Any, *, trade: str, day: date, work: str = "", equipment_model: int | None = None) -> list[Lack]:
    """Return the licences that this work needs and the person does not hold on that day, blocking ones first."""
    found = lacking_of_many([person], trade=trade, day=day, work=work, equipment_model=equipment_model)[person.pk]
    return sorted(found, key=lambda lack: not lack.blocks)


def lacking_of_many(
    people: Iterable[Any], *, trade: str, day: date, work: str = "", equipment_model: int | None = None
) -> dict[int, list[Lack]]:
    """Return for each person by key what they lack, with two queries however many they are.

    Without ``work`` every kind of it counts; equipment counts by its model.
    """
    keys = [person.pk for person in people]
    asked = _weightiest(needs_of(trade=trade, work=work, equipment_model=equipment_model))
    held = _held(keys, asked)
    return {key: _lacks(asked, held, key, day) for key in keys}


@dataclass(frozen=True)
class Job:
    """Who does some work of a trade on a day."""

    person: int
    trade: str
    day: date


def lacking_on(jobs: Iterable[Job], *, work: str) -> dict[Job, list[Lack]]:
    """Return for each job what its person lacks by the needs of its trade, with two queries however many they are."""
    wanted = set(jobs)
    rows = LicenceNeed.objects.filter(Q(work="") | Q(work=work), equipment_model=None)
    needs = list(rows.order_by("pk")) if wanted else []
    held = _held({job.person for job in wanted}, {need.kind for need in needs})
    return {
        job: _lacks(_weightiest(need for need in needs if need.trade in {"", job.trade}), held, job.person, job.day)
        for job in wanted
    }


def lacked(*, person: str, day: str, trade: str, work: str) -> Exists:
    """Say of rows of work, by the names of their columns, that who does it lacks a licence it needs on its day."""
    held = Licence.objects.in_force(OuterRef(OuterRef(day))).filter(user=OuterRef(OuterRef(person)))
    needs = LicenceNeed.objects.filter(Q(trade="") | Q(trade=OuterRef(trade)), Q(work="") | Q(work=work))
    return Exists(needs.filter(~Exists(held.filter(kind=OuterRef("kind"))), equipment_model=None))


def _weightiest(needs: Iterable[LicenceNeed]) -> dict[str, LicenceNeed]:
    """Keep one need of each licence: one that blocks before one that warns."""
    found: dict[str, LicenceNeed] = {}
    for need in needs:
        if need.kind not in found or (need.blocks and not found[need.kind].blocks):
            found[need.kind] = need
    return found


def _held(people: Iterable[int], kinds: Iterable[str]) -> Held:
    """Return the licences of these kinds that people have had; a withdrawn one was none."""
    found: Held = defaultdict(list)
    if wanted := list(kinds):
        rows = Licence.objects.standing().filter(user__in=people, kind__in=wanted).order_by()
        for user, kind, begins, ends in rows.values_list("user", "kind", "issued_on", "expires_on"):
            found[user, kind].append((begins, ends))
    return found


def _lacks(asked: dict[str, LicenceNeed], held: Held, person: int, day: date) -> list[Lack]:
    """Return what a person lacks on a day; a licence without an end never ends."""
    found = []
    for kind, need in asked.items():
        last = max((ends or date.max for begins, ends in held.get((person, kind), []) if begins <= day), default=None)
        if last is None or last < day:
            found.append(Lack(need, last))
    return found


def in_words(lacks: Iterable[Lack]) -> str:
    """Name the licences with the reason and their state."""
    return "、".join(str(lack) for lack in lacks)


def must_hold(
    person: Any, *, trade: str, day: date, work: str = "", equipment_model: int | None = None, field: str = "engineer"
) -> str:
    """Raise ``DomainError`` when a licence that blocks is missing or over on that day (R-19).

    Return a warning in words about those that do not block; "" when all is in order.
    """
    missing = lacking(person, trade=trade, day=day, work=work, equipment_model=equipment_model)
    if blocking := [lack for lack in missing if lack.blocks]:
        raise DomainError(
            _("%(name)s cannot be sent: no valid licence on %(day)s for: %(licences)s. Renew it, or choose another.")
            % {"name": person, "day": day, "licences": in_words(blocking)},
            field=field,
        )
    if not missing:
        return ""
    return _("%(name)s has no valid licence for: %(licences)s.") % {"name": person, "licences": in_words(missing)}


def give(
    *,
    user: Any,
    kind: str,
    number: str,
    issued_by: str,
    issued_on: date,
    expires_on: date | None,
    certificate: Certificate,
    now: datetime,
) -> Licence:
    """Keep the licence that comes with a certificate; a retraining that waited for it is settled (T-06)."""
    licence = Licence.objects.create(
        user=user,
        kind=kind,
        number=number,
        issued_by=issued_by,
        issued_on=issued_on,
        expires_on=expires_on,
        certificate=certificate,
    )
    retraining.settle(licence, now=now)
    return licence


def remind_of_ends(*, now: datetime, limit: int = 200) -> int:
    """Tell the person and the managers once that a licence ends within two months."""
    today = timezone.localdate(now)
    managers = list(User.objects.with_role(Role.MANAGER))
    due = Licence.objects.ending(today, today + REMIND_BEFORE).filter(reminded_at=None)

    def remind(row: Licence) -> bool:
        if row.reminded_at is not None:
            return False
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        note = {"note": f"{row.user} {row} {row.expires_on}"}
        people = [row.user, *managers]
        record(row, ENDING, actor=None, now=now, audience=Audience.STAFF, data=note, tells=people)
        return True

    return one_by_one(due[:limit], remind)
