"""Policies: the presets are loaded, policies are copied, edited as new versions, chosen for projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import DomainError
from apps.core.events import declare_event, record, record_many
from apps.core.lifecycle import lock
from apps.core.scoping import Audience
from apps.documents import services as documents
from apps.documents.models import Document
from apps.projects.models import Project

from .access import SERVICE_PROMISE
from .editions import Edition, TargetLine, TermLine
from .models import PolicyTerm, PolicyVersion, ProjectPolicy, ServicePolicy, Target
from .presets import PRESETS, Preset
from .reading import edition_of

LOADED = declare_event("service_levels.servicepolicy.loaded", gettext_lazy("Preset loaded"), icon="table-import")
COPIED = declare_event("service_levels.servicepolicy.copied", gettext_lazy("Policy copied"), icon="copy")
SAVED = declare_event("service_levels.servicepolicy.saved", gettext_lazy("New version of the policy"), icon="pencil")
CHOSEN = declare_event(
    "service_levels.projectpolicy.chosen", gettext_lazy("Service policy chosen"), icon="shield-check", tone="ok"
)


def load_presets(*, now: datetime, actor: Any = None) -> int:
    """Create the preset policies that are missing and renew those nobody has edited; return how many were written.

    A policy whose current version an administrator made is never changed. Loading again changes nothing.
    """
    with transaction.atomic():
        known = {
            row.key: row
            for row in ServicePolicy.objects.filter(key__in=PRESETS)
            .select_for_update(of=("self",))
            .select_related("current")
            .prefetch_related("current__targets", "current__terms")
        }
        due = [one for one in PRESETS.values() if _is_due(one, known.get(one.key))]
        if not due:
            return 0
        known |= _create_missing(due, known)
        versions = PolicyVersion.objects.bulk_create(
            PolicyVersion(
                policy=known[one.key],
                number=_number(known[one.key]) + 1,
                is_preset=True,
                created_at=now,
                created_by=actor,
            )
            for one in due
        )
        _write_lines((version, PRESETS[version.policy.key].edition) for version in versions)
        for version in versions:
            version.policy.current = version
        ServicePolicy.objects.bulk_update([version.policy for version in versions], ["current"])
        record_many(
            [(version.policy, LOADED, {"note": f"v{version.number}"}, []) for version in versions],
            actor=actor,
            now=now,
            audience=Audience.STAFF,
        )
    return len(due)


def _is_due(one: Preset, policy: ServicePolicy | None) -> bool:
    if policy is None or policy.current is None:
        return True
    return policy.current.is_preset and edition_of(policy.current) != one.edition


def _number(policy: ServicePolicy) -> int:
    return policy.current.number if policy.current is not None else 0


def _create_missing(due: Iterable[Preset], known: dict[str, ServicePolicy]) -> dict[str, ServicePolicy]:
    missing = [one for one in due if one.key not in known]
    rows = ServicePolicy.objects.bulk_create(
        ServicePolicy(key=one.key, name=one.name, source=one.source, preset_key=one.key) for one in missing
    )
    return {row.key: row for row in rows}


def _write_lines(editions: Iterable[tuple[PolicyVersion, Edition]]) -> None:
    targets: list[Target] = []
    terms: list[PolicyTerm] = []
    for version, edition in editions:
        for position, line in enumerate(edition.targets, start=1):
            targets.append(
                Target(
                    version=version,
                    position=position,
                    metric=line.metric,
                    kinds=list(line.kinds),
                    levels=list(line.levels),
                    complexity=line.complexity,
                    amount=line.amount,
                    unit=line.unit,
                    hours_id=line.hours_id,
                    start_events=list(line.start_events),
                    stop_events=list(line.stop_events),
                    is_pausable=line.is_pausable,
                    pauses_for_parts=line.pauses_for_parts,
                    audience=line.audience,
                    ladder=[list(step) for step in line.ladder],
                    note=line.note,
                    source=line.source,
                )
            )
        for position, term in enumerate(edition.terms, start=1):
            terms.append(
                PolicyTerm(
                    version=version,
                    position=position,
                    name=term.name,
                    value=term.value,
                    unit=term.unit,
                    rule=term.rule,
                    audience=term.audience,
                )
            )
    Target.objects.bulk_create(targets, batch_size=500)
    PolicyTerm.objects.bulk_create(terms, batch_size=500)


def copy_policy(*, policy: ServicePolicy, key: str, name: str, actor: Any, now: datetime) -> ServicePolicy:
    """Make a policy of one's own from another's current version; it can be compared with the same preset."""
    with transaction.atomic():
        if ServicePolicy.objects.filter(key=key).exists():
            raise DomainError(_("There is a policy with this key already. Choose another key."), field="key")
        copied = ServicePolicy.objects.create(
            key=key, name=name, source=policy.source, preset_key=policy.preset_key or policy.key
        )
        note = _("Copied from %(name)s") % {"name": policy}
        _add_version(copied, 1, edition_of(policy.current), note=note, actor=actor, now=now)
        record(copied, COPIED, actor=actor, now=now, audience=Audience.STAFF, data={"note": note})
    return copied


def save_version(
    *,
    policy: ServicePolicy,
    targets: Sequence[TargetLine],
    terms: Sequence[TermLine],
    note: str,
    based_on: int,
    actor: Any,
    now: datetime,
) -> PolicyVersion:
    """Write the next version of a policy and make it the current one. Clocks that run keep what they were promised.

    ``based_on`` is the number of the version that was edited. Raises ``DomainError`` when somebody saved another one
    meanwhile, when nothing changed, and for a promise or a term that is there twice.
    """
    edition = Edition(tuple(targets), tuple(terms))
    _check_lines(targets, terms)
    with transaction.atomic():
        policy = lock(policy)
        number = _number(policy)
        if number != based_on:
            raise DomainError(
                _("Somebody saved version %(number)s meanwhile. Nothing was saved. Open the policy again and repeat.")
                % {"number": number}
            )
        if policy.current is not None and edition_of(policy.current) == edition:
            raise DomainError(_("Nothing was changed."))
        version = _add_version(policy, number + 1, edition, note=note, actor=actor, now=now)
        words = " · ".join(part for part in (f"v{version.number}", note) if part)
        record(policy, SAVED, actor=actor, now=now, audience=Audience.STAFF, data={"note": words})
    return version


def _check_lines(targets: Sequence[TargetLine], terms: Sequence[TermLine]) -> None:
    cases = Counter((line.metric, frozenset(line.kinds), frozenset(line.levels), line.complexity) for line in targets)
    for (metric, *_case), count in cases.items():
        if count > 1:
            raise DomainError(
                _("“%(name)s” is there twice for the same requests.") % {"name": Target.Metric(metric).label}
            )
    for (name, _rule), count in Counter((line.name, line.rule) for line in terms).items():
        if count > 1:
            raise DomainError(_("The term “%(name)s” is there twice.") % {"name": name})


def _add_version(
    policy: ServicePolicy, number: int, edition: Edition, *, note: str, actor: Any, now: datetime
) -> PolicyVersion:
    version = PolicyVersion.objects.create(policy=policy, number=number, note=note, created_at=now, created_by=actor)
    _write_lines([(version, edition)])
    policy.current = version
    policy.save(update_fields=["current"])
    return version


def set_project_policy(*, project: Project, policy: ServicePolicy, actor: Any, now: datetime) -> ProjectPolicy:
    """Choose the policy by which a project is served from now on. Clocks that run keep what they were promised."""
    with transaction.atomic():
        project = lock(project)
        chosen = ProjectPolicy.objects.filter(project=project).first() or ProjectPolicy(project=project)
        if chosen.policy_id == policy.pk:
            return chosen
        chosen.policy, chosen.since = policy, now
        chosen.save()
        record(chosen, CHOSEN, actor=actor, now=now, data={"note": str(policy)})
    return chosen


def issue_promise(*, chosen: ProjectPolicy, actor: Any, now: datetime) -> Document:
    """Issue the service promise (服务承诺书) of a project as it stands now; one issued before is replaced."""
    with transaction.atomic():
        chosen = ProjectPolicy.objects.select_for_update(of=("self",)).select_related("policy").get(pk=chosen.pk)
        return documents.issue_anew(SERVICE_PROMISE, chosen, actor=actor, now=now)
