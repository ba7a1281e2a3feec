"""Licences of our people: kept, renewed, reminded of, and asked for before somebody is sent (R-19, T-06)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Role, User
from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_change, values_of
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.core.uploads import AcceptedFile

from .models import Licence, LicenceFile, LicenceKind, LicenceNeed

ADDED = declare_event("training.licence.added", gettext_lazy("Licence added"), icon="rosette-discount-check")
declare_event("training.licence.changed", gettext_lazy("Licence changed"), icon="pencil")
ENDING = declare_event("training.licence.ending", gettext_lazy("Licence ends soon"), icon="clock", tone="warn")
NEED_SET = declare_event("training.licenceneed.set", gettext_lazy("Needed licence set"), icon="lock")
NEED_REMOVED = declare_event("training.licenceneed.removed", gettext_lazy("Needed licence removed"), icon="trash")

REMIND_BEFORE = timedelta(days=60)


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
        if before is None:
            note = {"note": f"{user} {licence}"}
            record(licence, ADDED, actor=actor, now=now, audience=Audience.STAFF, data=note, tells=[user])
        else:
            record_change(licence, before, actor=actor, now=now)
    return licence


def set_need(*, trade: str, kind: str, blocks: bool, actor: Any, now: datetime) -> LicenceNeed:
    """Say which licence the work of a trade needs, and whether its lack keeps somebody from being sent."""
    with transaction.atomic():
        need, _made = LicenceNeed.objects.update_or_create(trade=trade, kind=kind, defaults={"blocks": blocks})
        record(need, NEED_SET, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(need)})
    return need


def remove_need(*, need: LicenceNeed, actor: Any, now: datetime) -> None:
    """Ask for a licence no longer."""
    with transaction.atomic():
        record(need, NEED_REMOVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": str(need)})
        need.delete()


def lacking(person: Any, trade: str, day: date) -> list[LicenceNeed]:
    """Return the licences that this trade needs and the person does not hold on that day, blocking ones first."""
    needs = list(LicenceNeed.objects.filter(Q(trade="") | Q(trade=trade)))
    if not needs:
        return []
    held = set(Licence.objects.in_force(day).filter(user=person).values_list("kind", flat=True))
    return sorted((need for need in needs if need.kind not in held), key=lambda need: not need.blocks)


def lacking_of_many(people: Iterable[Any], trade: str, day: date) -> dict[int, list[LicenceNeed]]:
    """Return for each person by key what they lack, with one query however many they are."""
    keys = [person.pk for person in people]
    nobody = Value(None, output_field=BigIntegerField())
    needs = LicenceNeed.objects.filter(Q(trade="") | Q(trade=trade)).order_by()
    held = Licence.objects.in_force(day).filter(user__in=keys).order_by()
    asked: list[LicenceNeed] = []
    has: set[tuple[int, str]] = set()
    both = needs.values_list("kind", "blocks", nobody).union(held.values_list("kind", Value(False), "user"), all=True)
    for kind, blocks, person in both:
        if person is None:
            asked.append(LicenceNeed(kind=kind, blocks=blocks))
        else:
            has.add((person, kind))
    return {key: [need for need in asked if (key, need.kind) not in has] for key in keys}


def in_words(needs: Iterable[LicenceNeed]) -> str:
    """Name the licences, each once."""
    return "、".join(dict.fromkeys(str(LicenceKind(need.kind).label) for need in needs))


def must_hold(person: Any, *, trade: str, day: date) -> str:
    """Raise ``DomainError`` when a licence that blocks is missing or over on that day (R-19).

    Return a warning in words about those that do not block; "" when all is in order.
    """
    missing = lacking(person, trade, day)
    if blocking := [need for need in missing if need.blocks]:
        raise DomainError(
            _("%(name)s cannot be sent: no valid licence on %(day)s for: %(licences)s. Renew it, or choose another.")
            % {"name": person, "day": day, "licences": in_words(blocking)},
            field="engineer",
        )
    if not missing:
        return ""
    return _("%(name)s has no valid licence for: %(licences)s.") % {"name": person, "licences": in_words(missing)}


def remind_of_ends(*, now: datetime, limit: int = 200) -> int:
    """Tell the person and the managers once that a licence ends within two months."""
    today = timezone.localdate(now)
    managers = list(User.objects.with_role(Role.MANAGER))
    due = Licence.objects.ending(today, today + REMIND_BEFORE).filter(reminded_at=None)
    reminded = 0
    for licence in due.select_related("user")[:limit]:
        with transaction.atomic():
            row = lock(licence)
            if row.reminded_at is not None:
                continue
            row.reminded_at = now
            row.save(update_fields=["reminded_at"])
            note = {"note": f"{licence.user} {row} {row.expires_on}"}
            people = [licence.user, *managers]
            record(row, ENDING, actor=None, now=now, audience=Audience.STAFF, data=note, tells=people)
            reminded += 1
    return reminded
